"""Cards that are dragged out of the window: their pictures go on as files, the cards stay."""

from __future__ import annotations

import math

from PySide6.QtCore import QMimeData, QPointF

from widgets.canvas.stage import Stage
from widgets.parts.drag_out import SIDE, drag_out, lasting_paths


def outside(stage: Stage, at: QPointF) -> bool:
    """Whether a point of the viewport lies outside of the whole window."""
    viewport = stage.viewer.viewport()
    window = viewport.window()
    return not window.rect().contains(viewport.mapTo(window, at.toPoint()))


def carry_off(stage: Stage, data: QMimeData) -> bool:
    """Returns when the pictures were let go; whether another program took them."""
    easel = stage.viewer.easel
    pictures = lasting_paths(data)
    box = math.ceil(SIDE * easel.ratio)
    images = [easel.pictures.request(path, box, _nobody_waits) for path in pictures[:3]]
    shown = [image for image in images if image is not None]
    return drag_out(stage.viewer.viewport(), data, shown, len(pictures))


def _nobody_waits() -> None:
    """A drag's picture does not change any more."""
