"""Layers as a Photoshop document: names, alpha, colour profile, resolution, and the merged picture."""

from __future__ import annotations

from typing import Any, BinaryIO

from app.imaging.layers import Stack, blank, upwards

_INCH, _FIXED = 1, 1 << 16


def write_psd(file: BinaryIO, stack: Stack, dpi: float) -> None:
    """Raises what `layers.pixels` raises.

    :raises OSError: it cannot be written
    """
    import psd_tools  # most of a second to import, with numpy

    parts: Any = psd_tools  # its rooms come with it
    kinds, bits = parts.constants.Resource, parts.psd.image_resources
    made = psd_tools.PSDImage.new("RGBA", (stack.width, stack.height))
    merged = blank(stack)
    for lying, image in upwards(stack):
        layer = made.create_pixel_layer(image, name="Layer", top=lying.top, left=lying.left)
        layer.name = _named(lying.layer.name)
        merged.alpha_composite(image, (lying.left, lying.top))
    record: Any = made._record  # the file itself, to which `save` would add a slower merged picture
    resolution = bits.ResoulutionInfo(round(dpi * _FIXED), _INCH, _INCH, round(dpi * _FIXED), _INCH, _INCH)
    values: tuple[tuple[Any, Any], ...] = (
        (kinds.RESOLUTION_INFO, resolution),
        (kinds.ICC_PROFILE, stack.profile),
    )
    for kind, value in values:
        record.image_resources[kind] = bits.ImageResource(key=kind.value, data=value)
    layers = record.layer_and_mask_information.layer_info
    layers.layer_count = -abs(layers.layer_count)  # the fourth channel of the merged picture is its alpha
    record.image_data = parts.psd.image_data.ImageData(compression=parts.constants.Compression.RLE)
    record.image_data.set_data([band.tobytes() for band in merged.split()], record.header)
    record.write(file)


def _named(name: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in name)
    return plain[:255].strip() or "Layer"
