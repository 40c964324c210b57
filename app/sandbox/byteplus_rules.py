"""What ModelArk's POST /images/generations takes for Seedream 4.5, and how it says no.

Source: BytePlus ModelArk documentation, "Image generation API" and "Error codes". That a field of other
models (`seed`, `output_format`) or an unknown one is refused, and the wording of messages, is ours.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

Body = Mapping[str, object]

MODELS = ("seedream-4-5-251128",)
MOST_IMAGES = 14
MOST_TOGETHER = 15
"""References and pictures."""
LEAST_PIXELS, MOST_PIXELS = 3_686_400, 16_777_216
LARGEST_RATIO = 16
SIZES: Mapping[str, tuple[int, int]] = {"2K": (2048, 2048), "4K": (4096, 4096)}
"""The shape is up to the words of the prompt; here it is a square."""
ENDINGS = ("jpeg", "jpg", "png", "webp", "bmp", "tiff", "gif")
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_PIXELS = 36_000_000
SHORTEST_SIDE = 15
FIELDS = (
    *(
        "model",
        "prompt",
        "image",
        "size",
        "sequential_image_generation",
        "sequential_image_generation_options",
    ),
    *("stream", "response_format", "watermark", "optimize_prompt_options"),
)
_DATA_URI = re.compile(r"data:image/([^;,]*);base64,(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class No:
    """A refusal: its HTTP status, and the words of the envelope."""

    status: int
    code: str
    message: str
    param: str = ""


def without_nulls(value: object) -> object:
    """The official SDK sends null for everything that is not set."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


def refusal_of(body: object) -> No | None:
    """The first thing that is wrong with a create, but for its pictures."""
    if not isinstance(body, dict):
        return invalid("", "The request body must be a JSON object.")
    return next(_faults(body), None)


def invalid(param: str, message: str) -> No:
    return No(status=400, code="InvalidParameter", message=message, param=param)


def _faults(body: Body) -> Iterator[No]:
    for name in ("model", "prompt"):
        if name not in body:
            yield No(
                status=400,
                code="MissingParameter",
                message=f"The request is missing the required parameter `{name}`.",
                param=name,
            )
        elif not isinstance(body[name], str):
            yield _typed(name, "a string")
        elif name == "model" and body[name] not in MODELS:
            yield No(
                status=404,
                code="InvalidEndpointOrModel.NotFound",
                message=f"The model or endpoint {body[name]} does not exist or you do not have access to it.",
            )
    if not str(body.get("prompt", "x")).strip():
        yield invalid("prompt", "The parameter `prompt` must not be empty.")
    for name in body:
        if name not in FIELDS:
            yield invalid(str(name), f"The parameter `{name}` is not supported by this model.")
    yield from _images(body.get("image", []))
    yield from _size(body.get("size", "2048x2048"))
    yield from _choices(body)
    yield from _sequence(body)


def _typed(name: str, kind: str) -> No:
    return invalid(name, f"The parameter `{name}` must be {kind}.")


def images_of(body: Body) -> list[str]:
    given = body.get("image", [])
    return [str(one) for one in given] if isinstance(given, list) else [str(given)]


def _images(value: object) -> Iterator[No]:
    if not isinstance(value, str | list) or any(not isinstance(one, str) for one in value):
        yield _typed("image", "a string or an array of strings")
    elif isinstance(value, list) and len(value) > MOST_IMAGES:
        yield invalid("image", f"The parameter `image` has {len(value)} images; the most is {MOST_IMAGES}.")


def _size(value: object) -> Iterator[No]:
    if not isinstance(value, str):
        yield _typed("size", "a string")
        return
    pixels = pixels_of(value)
    if pixels is None:
        yield invalid("size", f"The parameter `size` {value} is not 2K, 4K or WxH.")
        return
    width, height = pixels
    if not LEAST_PIXELS <= width * height <= MOST_PIXELS:
        yield invalid(
            "size", f"The parameter `size` must have {LEAST_PIXELS} to {MOST_PIXELS} pixels; got {value}."
        )
    elif max(width, height) > LARGEST_RATIO * min(width, height):
        yield invalid("size", f"The parameter `size` must have an aspect ratio of 1/16 to 16; got {value}.")


def pixels_of(size: str) -> tuple[int, int] | None:
    if size in SIZES:
        return SIZES[size]
    found = re.fullmatch(r"([1-9]\d{0,5})x([1-9]\d{0,5})", size, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def _choices(body: Body) -> Iterator[No]:
    for name, offered in (
        ("sequential_image_generation", ("disabled", "auto")),
        ("response_format", ("url", "b64_json")),
        ("stream", (True, False)),
        ("watermark", (True, False)),
    ):
        value = body.get(name, offered[0])
        # 1 is not true here, although it equals it
        if not any(value is one if isinstance(one, bool) else value == one for one in offered):
            yield invalid(name, f"The parameter `{name}` must be one of {', '.join(map(str, offered))}.")
    options = body.get("optimize_prompt_options", {})
    if (
        not isinstance(options, dict)
        or set(options) - {"mode"}
        or options.get("mode", "standard") != "standard"
    ):
        yield invalid("optimize_prompt_options", "The mode must be standard for this model.")


def _sequence(body: Body) -> Iterator[No]:
    name = "sequential_image_generation_options"
    options = body.get(name, {})
    if not isinstance(options, dict) or set(options) - {"max_images"}:
        yield invalid(name, f"The parameter `{name}` takes max_images alone.")
        return
    most = options.get("max_images", MOST_TOGETHER)
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= MOST_TOGETHER:
        yield invalid(f"{name}.max_images", f"max_images must be from 1 to {MOST_TOGETHER}.")
    elif "max_images" in options and most + len(images_of(body)) > MOST_TOGETHER:
        yield invalid("image", f"References and pictures together must be at most {MOST_TOGETHER}.")


def file_of(uri: str, at: int) -> bytes | No:
    """The bytes of a reference in the request, looked at; decode it in a thread."""
    param = f"image[{at}]"
    found = _DATA_URI.fullmatch(uri)
    if found is None:
        return invalid(param, f"The parameter `{param}` is neither an address nor a data URI.")
    if found[1] not in ENDINGS:
        return invalid(
            param, f"The image format {found[1][:20]!r} of `{param}` is not known; use lower case."
        )
    try:
        content = base64.b64decode(found[2], validate=True)
    except (binascii.Error, ValueError):
        return invalid(param, f"The parameter `{param}` is not valid base64.")
    if len(content) > LARGEST_FILE:
        return invalid(param, f"The image size of `{param}` exceeds 10 MB.")
    wrong = _wrong_with(content)
    return invalid(param, f"The image of `{param}` {wrong}") if wrong else content


def _wrong_with(content: bytes) -> str:
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > LARGEST_PIXELS:
                return f"has more than {LARGEST_PIXELS} pixels."
            if min(width, height) < SHORTEST_SIDE:
                return "must have sides of more than 14 pixels."
            if max(width, height) > LARGEST_RATIO * min(width, height):
                return "must have an aspect ratio of 1/16 to 16."
            picture.load()
    except UnidentifiedImageError:
        return "is of a format that is not supported."
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "cannot be decoded."
    return ""
