"""The icon's sizes from its two drawings: `python packaging/papers/icons.py` into resources/icons
(committed), `… ico FILE` and `… icns FILE` for Windows and macOS (made when packaging)."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parents[2] / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
SMALL = 24
"""Up to this size the drawing for few pixels is taken."""


def picture(size: int) -> QImage:
    drawing = QSvgRenderer(str(ICONS / ("tagloom-small.svg" if size <= SMALL else "tagloom.svg")))
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def main(words: list[str]) -> None:
    if not words:
        for size in SIZES:
            picture(size).save(str(ICONS / f"tagloom-{size}.png"))
        return
    kind, target = words
    sizes = [size for size in SIZES if size <= 256] if kind == "ico" else [32, 64, 128, 256, 512]
    images = [Image.open(ICONS / f"tagloom-{size}.png") for size in sizes]
    images[-1].save(target, format=kind.upper(), append_images=images[:-1], sizes=[i.size for i in images])


if __name__ == "__main__":
    main(sys.argv[1:])
