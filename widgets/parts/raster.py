"""Pixels of ours as an image that Qt paints fast."""

from __future__ import annotations

from PySide6.QtGui import QImage

from app.imaging.thumbnails import Thumbnail


def image_of(pixels: Thumbnail, *, exact: bool = False) -> QImage:
    """A copy; premultiplied where there is transparency, or `exact`: then colours under it keep all their
    levels, and are painted a little slower. May be made in a thread."""
    rgba = pixels.mode == "RGBA"
    kind = QImage.Format.Format_RGBA8888 if rgba else QImage.Format.Format_RGB888
    image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, kind)
    if not rgba:
        return image.convertToFormat(QImage.Format.Format_RGB32)
    form = QImage.Format
    return image.convertToFormat(form.Format_ARGB32 if exact else form.Format_ARGB32_Premultiplied)
