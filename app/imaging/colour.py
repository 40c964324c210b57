"""Every mode and profile to plain sRGB, or to the colours of a screen, eight bits a channel."""

from __future__ import annotations

from io import BytesIO
from itertools import product

from PIL import Image, ImageChops, ImageCms

_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_PROFILE_ERRORS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
_SAME = 1
"""Levels of 255 by which a profile may differ from sRGB and still be called sRGB."""


def resizable(image: Image.Image) -> Image.Image:
    """The same picture in a mode that can be averaged: L, LA, RGB, RGBA, CMYK or LAB, eight bits.

    A colour key becomes alpha here, since after resizing no pixel has exactly that colour any more.
    """
    mode = image.mode
    if mode in ("I;16", "I;16L", "I;16B", "I;16N"):
        return _levels(image.convert("I"), 65535)
    if mode in ("I", "F"):
        return _levels(image, _range(image))
    if "transparency" in image.info and mode in ("1", "L", "RGB", "P"):
        return image.convert("RGBA")
    if mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    return image.convert({"1": "L", "La": "LA", "PA": "RGBA", "RGBa": "RGBA"}.get(mode, "RGB"))


def to_srgb(image: Image.Image, profile: bytes | None, screen: bytes | None = None) -> Image.Image:
    """RGB or RGBA in sRGB, or in the space of `screen`, an RGB profile. `image` is as `resizable` gives it.

    A profile that is broken or belongs to other channels counts as none, as in browsers. CMYK with no
    profile is converted by Pillow's plain formula, since no press is known.
    """
    if image.mode in ("RGBA", "LA"):
        alpha = image.getchannel("A")
        plain = image.convert("RGB" if image.mode == "RGBA" else "L")
        coloured = to_srgb(plain, profile, screen)
        coloured.putalpha(alpha)
        return coloured
    transform = _transform(image.mode, profile, screen)
    if transform is None:
        return image if image.mode == "RGB" else image.convert("RGB")
    source, change = transform
    return change.apply(image if image.mode == source else image.convert(source))


def is_of_a_screen(profile: bytes) -> bool:
    """Whether pictures can be converted to this profile."""
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        return _space(opened) == "RGB" and _build(_srgb(), "RGB", opened) is not None
    except _PROFILE_ERRORS:
        return False


def is_srgb(profile: bytes | None) -> bool:
    """Whether an RGB picture with this profile looks the same without it."""
    return _transform("RGB", profile) is None


def _transform(
    mode: str, profile: bytes | None, screen: bytes | None = None
) -> tuple[str, ImageCms.ImageCmsTransform] | None:
    """The mode to convert from and the transform, or None where there is nothing to do."""
    if mode == "LAB":
        return (
            "LAB",
            _build(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB", _target(screen)),
        )
    found = _embedded(mode, profile)
    if found is None and screen is None:
        return None
    opened, source = found or (_srgb(), "RGB")
    try:
        change = _build(opened, source, _target(screen))
    except _PROFILE_ERRORS:
        return None
    return None if source == "RGB" and _changes_nothing(change) else (source, change)


def _embedded(mode: str, profile: bytes | None) -> tuple[ImageCms.ImageCmsProfile, str] | None:
    """A profile that can be used for a picture of this mode, with the mode that it is for."""
    if not profile:
        return None
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        source = _space(opened)
        if source != mode and (mode, source) != ("L", "RGB"):
            return None
        _build(opened, source, _srgb())
        return opened, source
    except _PROFILE_ERRORS:
        return None


def _space(profile: ImageCms.ImageCmsProfile) -> str:
    return _SPACES.get(profile.profile.xcolor_space.strip(), "")


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _target(screen: bytes | None) -> ImageCms.ImageCmsProfile:
    return _srgb() if screen is None else ImageCms.ImageCmsProfile(BytesIO(screen))


def _build(
    profile: ImageCms.ImageCmsProfile, mode: str, target: ImageCms.ImageCmsProfile
) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(profile, target, mode, "RGB", _INTENT, _FLAGS)


def _changes_nothing(change: ImageCms.ImageCmsTransform) -> bool:
    """Tried on 729 colours, since a profile's name proves nothing and most photographs are sRGB."""
    steps = range(0, 256, 255 // 8)
    colours = bytes(level for colour in product(steps, repeat=3) for level in colour)
    sample = Image.frombytes("RGB", (27, 27), colours)
    spread = ImageChops.difference(sample, change.apply(sample)).getextrema()
    return all(most <= _SAME for _, most in spread)  # type: ignore[misc]


def _range(image: Image.Image) -> float:
    """What white is in a picture of whole or real numbers, which do not say: the next usual scale."""
    most = image.getextrema()[1]
    assert isinstance(most, int | float)
    usual = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    return next((white for white in usual if most <= white), 4294967295.0)


def _levels(image: Image.Image, white: float) -> Image.Image:
    scale = 255.0 / white
    return image.point(lambda value: value * scale + 0.5).convert("L")
