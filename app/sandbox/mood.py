"""The light of a draft, from the words of the prompt; what they leave open comes from the order's hash."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageEnhance

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """`vignette`, `glow` and `blend` from 0 to 1; `contrast` and `saturation` around 1; `tint` multiplies,
    255 leaves a channel alone; `glow_colour` is the light that comes from the key side."""

    vignette: float = 0.42
    contrast: float = 1.04
    saturation: float = 1.0
    tint: Colour = (255, 255, 255)
    glow: float = 0.30
    glow_colour: Colour = (255, 246, 232)
    split: float = 0.35
    """Cool shadows against warm lights, from 0 to 1."""
    behind: float = 0.94
    """How bright the place behind is, so that what stands in it is seen first."""
    shade: float = 0.34
    """How dark a thing gets on the side away from the light."""


_WORDS: tuple[tuple[str, dict[str, object]], ...] = (
    (
        r"dramatic|moody|cinematic|contrast|noir|dark",
        {"vignette": 0.72, "contrast": 1.16, "shade": 0.58, "glow": 0.5, "split": 0.9, "behind": 0.62},
    ),
    (
        r"golden|sunset|sunrise|warm|autumn|candle|hour",
        {"tint": (255, 238, 210), "glow": 0.55, "glow_colour": (255, 190, 108)},
    ),
    (
        r"neon|night|midnight|cyber|moon|cool|winter|blue",
        {"tint": (206, 220, 255), "glow": 0.46, "glow_colour": (96, 150, 255), "vignette": 0.62},
    ),
    (r"natural|daylight|lifestyle|airy|morning|bright", {"vignette": 0.24, "glow": 0.36, "shade": 0.24}),
    (r"pastel|soft|clean|minimal|white", {"vignette": 0.2, "contrast": 0.98, "shade": 0.2}),
    (r"vivid|vibrant|colou?rful|pop", {"saturation": 1.25}),
    (r"vintage|film|faded|retro", {"saturation": 0.82, "contrast": 0.94, "tint": (255, 246, 226)}),
    (r"monochrome|black.and.white|greyscale|grayscale", {"saturation": 0.0}),
)


def mood_of(prompt: str) -> Mood:
    """Later words in the table win where two speak of the same thing; `dramatic` is never softened."""
    text = prompt.lower()
    mood = Mood()
    for pattern, changes in _WORDS:
        if re.search(rf"\b(?:{pattern})", text):
            keep = {"vignette", "contrast", "shade", "glow", "behind"} if mood.shade > 0.5 else set()
            mood = replace(mood, **{k: v for k, v in changes.items() if k not in keep})  # type: ignore[arg-type]
    return mood


def keyed(frame: Image.Image, mood: Mood, *, from_left: bool, strength: float) -> Image.Image:
    """The key light's haze over what is there so far."""
    glow = _glow(*frame.size, from_left).point(lambda value: int(value * mood.glow * strength))
    light = Image.new("RGB", frame.size, mood.glow_colour)
    return Image.composite(ImageChops.screen(frame, light), frame, glow)


def dimmed(frame: Image.Image, mood: Mood) -> Image.Image:
    return frame.point(lambda value: value * mood.behind) if mood.behind != 1.0 else frame


def graded(frame: Image.Image, mood: Mood) -> Image.Image:
    """The whole frame as one photograph: tint, contrast, split tones, vignette. RGB in, RGB out."""
    if mood.tint != (255, 255, 255):
        frame = ImageChops.multiply(frame, Image.new("RGB", frame.size, mood.tint))
    if mood.saturation != 1.0:
        frame = ImageEnhance.Color(frame).enhance(mood.saturation)
    frame = frame.point([value for warmth in (1, 0, -1) for value in _curve(mood, warmth)])
    edge = _vignette(*frame.size).point(lambda value: int(value * mood.vignette))
    frame.paste((6, 7, 12), (0, 0), edge)
    return frame


def _glow(width: int, height: int, from_left: bool) -> Image.Image:
    """255 at the key light, above and to one side, falling to 0."""
    side = int(max(width, height) * 1.7)
    disc = Image.radial_gradient("L").point(lambda value: max(0, 255 - int(value * 1.45)))
    disc = disc.resize((side, side))
    mask = Image.new("L", (width, height), 0)
    centre = int(width * (0.22 if from_left else 0.78))
    mask.paste(disc, (centre - side // 2, int(height * 0.12) - side // 2))
    return mask


def _vignette(width: int, height: int) -> Image.Image:
    """0 in the middle, up to 255 in the corners."""
    wide, high = int(width * 1.1), int(height * 1.16)
    disc = Image.radial_gradient("L").point(lambda value: max(0, min(255, int((value - 86) * 1.5))))
    left, top = (wide - width) // 2, (high - height) // 2
    return disc.resize((wide, high)).crop((left, top, left + width, top + height))


def _curve(mood: Mood, warmth: int) -> list[int]:
    """A gentle S for contrast above 1, a lift below; `warmth` 1 for red, -1 for blue. 256 values."""
    curve = []
    for value in range(256):
        at = value / 255
        bent = at * at * (3 - 2 * at)
        made = at + (bent - at) * (mood.contrast - 1) * 2.4
        made += warmth * mood.split * 0.05 * (2 * bent - 1) * (1 - abs(2 * at - 1) * 0.5)
        curve.append(max(0, min(255, round(255 * made))))
    return curve
