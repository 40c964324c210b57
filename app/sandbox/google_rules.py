"""What Google takes in :generateContent for pictures, and its words for what it does not. Pixels as in the
table of its documentation of image generation."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

MODEL = "gemini-3-pro-image"
MOST_REFERENCES = 14
SIZES = ("1K", "2K", "4K")
PIXELS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "1:1": ((1024, 1024), (2048, 2048), (4096, 4096)),
    "2:3": ((848, 1264), (1696, 2528), (3392, 5056)),
    "3:2": ((1264, 848), (2528, 1696), (5056, 3392)),
    "3:4": ((896, 1200), (1792, 2400), (3584, 4800)),
    "4:3": ((1200, 896), (2400, 1792), (4800, 3584)),
    "4:5": ((928, 1152), (1856, 2304), (3712, 4608)),
    "5:4": ((1152, 928), (2304, 1856), (4608, 3712)),
    "9:16": ((768, 1376), (1536, 2752), (3072, 5504)),
    "16:9": ((1376, 768), (2752, 1536), (5504, 3072)),
    "21:9": ((1584, 672), (3168, 1344), (6336, 2688)),
}
"""By aspect ratio, for 1K, 2K and 4K."""
MIMES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
_PLAIN = str.maketrans("-_", "+/")
"""Both alphabets of base64 are taken; the SDK writes the one for addresses."""
_SEED = range(-(2**31), 2**31)
_BODY = ("contents", "generationConfig", "systemInstruction", "safetySettings", "tools", "toolConfig")
_CONFIG = (
    "responseModalities", "imageConfig", "seed", "candidateCount", "temperature", "topP", "topK",
    "maxOutputTokens", "stopSequences", "thinkingConfig", "mediaResolution",
)  # fmt: skip
_PART = ("text", "inlineData", "fileData", "thought", "thoughtSignature")


class No(Exception):
    """A refusal, as the envelope tells it."""

    def __init__(self, message: str, *, code: int = 400, status: str = "INVALID_ARGUMENT") -> None:
        super().__init__(message)
        self.message, self.code, self.status = message, code, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`files` are mime and bytes, in their order. `width` and `height` None: like the first reference."""

    prompt: str
    files: tuple[tuple[str, bytes], ...]
    ratio: str
    size: str
    seed: int | None

    @property
    def pixels(self) -> tuple[int, int]:
        return PIXELS[self.ratio][SIZES.index(self.size)]


def asked(body: object) -> Asked:
    """:raises No"""
    fields = _object(body, "", _BODY)
    contents = fields.get("contents")
    if not isinstance(contents, list) or not contents:
        raise No("* GenerateContentRequest.contents: contents is not specified")
    texts: list[str] = []
    files: list[tuple[str, bytes]] = []
    for at, content in enumerate(contents):
        where = f"contents[{at}]"
        parts = _object(content, where, ("parts", "role")).get("parts")
        if not isinstance(parts, list) or not parts:
            raise No(f"* GenerateContentRequest.{where}.parts: contents.parts must not be empty.")
        for number, part in enumerate(parts):
            _part(_object(part, f"{where}.parts[{number}]", _PART), f"{where}.parts[{number}]", texts, files)
    prompt = "\n".join(texts).strip()
    if not prompt:
        raise No("Unable to submit request because it must have a text parameter.")
    if len(files) > MOST_REFERENCES:
        raise No(f"Too many images: {len(files)}. The model takes at most {MOST_REFERENCES}.")
    config = _object(fields.get("generationConfig", {}), "generation_config", _CONFIG)
    return Asked(prompt=prompt, files=tuple(files), **_shape(config), seed=_seed(config))


def _shape(config: Mapping[str, object]) -> dict[str, str]:
    modalities = config.get("responseModalities", ["TEXT", "IMAGE"])
    if not isinstance(modalities, list) or "IMAGE" not in [str(one).upper() for one in modalities]:
        raise No("The sandbox makes pictures: response_modalities has to hold IMAGE.")
    if config.get("candidateCount", 1) != 1:
        raise No("Multiple candidates is not enabled for this model")
    image = _object(
        config.get("imageConfig", {}), "generation_config.image_config", ("aspectRatio", "imageSize")
    )
    ratio, size = image.get("aspectRatio", "1:1"), image.get("imageSize", "1K")
    if not isinstance(ratio, str) or ratio not in PIXELS:
        raise No(f"Invalid value at 'generation_config.image_config.aspect_ratio': {str(ratio)[:40]!r}.")
    if not isinstance(size, str) or size not in SIZES:
        raise No(f"Invalid value at 'generation_config.image_config.image_size': {str(size)[:40]!r}.")
    return {"ratio": ratio, "size": size}


def _seed(config: Mapping[str, object]) -> int | None:
    seed = config.get("seed")
    if seed is None:
        return None
    if isinstance(seed, bool) or not isinstance(seed, int) or seed not in _SEED:
        raise No(f"Invalid value at 'generation_config.seed' (TYPE_INT32), {str(seed)[:40]}")
    return seed


def _part(part: Mapping[str, object], where: str, texts: list[str], files: list[tuple[str, bytes]]) -> None:
    if isinstance(part.get("text"), str):
        texts.append(str(part["text"]))
    if "inlineData" not in part:
        return
    blob = _object(part["inlineData"], f"{where}.inline_data", ("mimeType", "data", "displayName"))
    mime, data = blob.get("mimeType"), blob.get("data")
    if mime not in MIMES:
        raise No(f"Unsupported MIME type: {str(mime)[:40]}")
    try:
        content = base64.b64decode(data.translate(_PLAIN) if isinstance(data, str) else "", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise No(
            f"Invalid value at '{where}.inline_data.data' (TYPE_BYTES), Base64 decoding failed"
        ) from wrong
    if not content:
        raise No("Unable to process input image. Please retry or report in the issue tracker.")
    files.append((str(mime), content))


def _object(value: object, where: str, known: tuple[str, ...]) -> Mapping[str, object]:
    """An object with its names in camel case; both spellings are taken."""
    if not isinstance(value, dict):
        raise No(f"Invalid value at '{where or 'body'}': an object is expected.")
    told = {_camel(str(name)): one for name, one in value.items() if one is not None}
    for name, original in zip(told, value, strict=False):
        if name not in known:
            at = f" at '{where}'" if where else ""
            raise No(
                f'Invalid JSON payload received. Unknown name "{str(original)[:40]}"{at}: Cannot find field.'
            )
    return told


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
