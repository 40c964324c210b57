"""Pixels of ours as an image that Qt paints fast."""

from __future__ import annotations

from PySide6.QtGui import QImage

from app.imaging.thumbnails import Thumbnail


def image_of(pixels: Thumbnail) -> QImage:
    """A copy; premultiplied where there is transparency. May be made in a thread."""
    rgba = pixels.mode == "RGBA"
    kind = QImage.Format.Format_RGBA8888 if rgba else QImage.Format.Format_RGB888
    image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, kind)
    painted = QImage.Format.Format_ARGB32_Premultiplied if rgba else QImage.Format.Format_RGB32
    return image.convertToFormat(painted)
