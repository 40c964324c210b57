"""What BFL's POST /v1/flux-2-pro takes, what it costs, and how it says no (FastAPI's 422).

Source: `Flux2Inputs` of BFL's OpenAPI description of 2026-04-23. Stricter than the schema in three things, so
that a mistake of ours is seen: unknown fields, an empty prompt, and sizes that BFL's documentation forbids.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

MODEL = "flux-2-pro"
MEGAPIXEL = 1024 * 1024
LARGEST = 4 * MEGAPIXEL
STEP = 16
LEAST_SIDE = 64
FORMATS = ("jpeg", "png", "webp")
IMAGES = ("input_image", *(f"input_image_{number}" for number in range(2, 9)))
FIELDS = (
    *("prompt", "seed", "width", "height", "safety_tolerance", "output_format"),
    *("webhook_url", "webhook_secret", *IMAGES),
)
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 20_000_000

Issue = dict[str, object]
Body = Mapping[str, object]


def issue(kind: str, message: str, *loc: str | int) -> Issue:
    return {"type": kind, "loc": ["body", *loc], "msg": message}


def create_issues(body: object) -> list[Issue]:
    """Everything that is wrong with the body of a create; empty when right."""
    if not isinstance(body, dict):
        return [issue("model_attributes_type", "Input should be a valid dictionary or object")]
    return [
        *_prompt(body),
        *_texts(body, (*IMAGES, "webhook_url", "webhook_secret")),
        *_numbers(body),
        *_size(body),
        *_format(body),
        *(
            issue("extra_forbidden", "Extra inputs are not permitted", str(name))
            for name in body
            if name not in FIELDS
        ),
    ]


def images_of(body: Body) -> tuple[tuple[str, str], ...]:
    """Field and content of each reference, in the order of their numbers."""
    return tuple((name, text) for name in IMAGES if isinstance(text := body.get(name), str))


def output_size(body: Body, first: tuple[int, int] | None) -> tuple[int, int]:
    """Pixels of the picture: what is asked for, else those of the first reference, else a square."""
    width, height = body.get("width"), body.get("height")
    if isinstance(width, int) and isinstance(height, int):
        return width, height
    if first is None:
        return 1024, 1024
    share = min(1.0, math.sqrt(LARGEST / (first[0] * first[1])))
    sides = [max(LEAST_SIDE, math.floor(side * share / STEP) * STEP) for side in first]
    return sides[0], sides[1]


def credits_for(output: tuple[int, int], inputs: list[tuple[int, int]]) -> float:
    """3 credits for the first megapixel of the picture, 1.5 for each further one and for each of the
    references; a begun one counts."""
    return 3 + 1.5 * (_begun(output) - 1) + 1.5 * sum(_begun(one) for one in inputs)


def megapixels(*sizes: tuple[int, int]) -> float:
    return round(sum(width * height for width, height in sizes) / MEGAPIXEL, 2)


def _begun(size: tuple[int, int]) -> int:
    return math.ceil(size[0] * size[1] / MEGAPIXEL)


def _prompt(body: Body) -> Iterator[Issue]:
    if "prompt" not in body:
        yield issue("missing", "Field required", "prompt")
    elif not isinstance(prompt := body["prompt"], str):
        yield issue("string_type", "Input should be a valid string", "prompt")
    elif not prompt.strip():
        yield issue("string_too_short", "String should have at least 1 character", "prompt")


def _texts(body: Body, names: tuple[str, ...]) -> Iterator[Issue]:
    for name in names:
        if not isinstance(body.get(name), str | None):
            yield issue("string_type", "Input should be a valid string", name)


def _numbers(body: Body) -> Iterator[Issue]:
    bounds: Mapping[str, tuple[int | None, int | None]] = {
        "seed": (None, None),
        "width": (LEAST_SIDE, None),
        "height": (LEAST_SIDE, None),
        "safety_tolerance": (0, 5),
    }
    for name, (low, high) in bounds.items():
        value = body.get(name)
        if value is None and (name != "safety_tolerance" or name not in body):
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            yield issue("int_type", "Input should be a valid integer", name)
        elif low is not None and value < low:
            yield issue("greater_than_equal", f"Input should be greater than or equal to {low}", name)
        elif high is not None and value > high:
            yield issue("less_than_equal", f"Input should be less than or equal to {high}", name)


def _size(body: Body) -> Iterator[Issue]:
    sides = {name: body.get(name) for name in ("width", "height")}
    known = [side for side in sides.values() if isinstance(side, int) and not isinstance(side, bool)]
    for name, side in sides.items():
        if isinstance(side, int) and side % STEP:
            yield issue("multiple_of", f"Input should be a multiple of {STEP}", name)
    if len([side for side in sides.values() if side is not None]) == 1:
        yield issue("value_error", "Value error, give both width and height", "width")
    if len(known) == 2 and math.prod(known) > LARGEST:
        yield issue("value_error", "Value error, width × height must not exceed 4 megapixels", "width")


def _format(body: Body) -> Iterator[Issue]:
    if body.get("output_format") not in (None, *FORMATS):
        yield issue("enum", "Input should be 'jpeg', 'png' or 'webp'", "output_format")
