"""Run as a program, once for each scaling of the screen: grabs pictures at whole multiples and says whether
each device pixel is what it must be. `python -m tests.widgets.compare.real_pixels FOLDER`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.widgets.compare.conftest import noise, part, pixels, saved
from tests.widgets.conftest import comes
from widgets.compare.comparer import Comparer
from widgets.compare.comparison import Mode
from widgets.compare.viewer import Viewer
from widgets.parts.shown import Shown
from widgets.theme import Themes


class Nothing:
    """No previews."""

    def picture(self, path: Path, side: int, show: Callable[[QImage], None]) -> None:
        """Never calls `show`."""


def equal(seen: Image.Image, box: QRectF, room: QRectF, image: Image.Image, times: int) -> bool:
    """What is within the room is the picture, each pixel `times` × `times`."""
    within = box.intersected(room)
    large = image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)
    wanted = part(large, within.translated(-box.topLeft()))
    return part(seen, within).tobytes() == wanted.tobytes()


def viewed(window: QWidget, themes: Themes, path: Path, image: Image.Image) -> dict[str, bool]:
    viewer = Viewer(Nothing(), themes, window)
    viewer.look(path, "")
    found = {}
    for times in (1, 2, 3, 4):
        viewer.zoom_to(float(times))
        viewer.grab()
        comes(lambda: viewer.gallery.bytes > 0 and not viewer.gallery.at_work)
        seen = pixels(viewer.grab().toImage())
        found[f"viewer {times}"] = equal(seen, viewer.camera.box(viewer.room()), viewer.whole(), image, times)
    viewer.close_down()
    viewer.hide()
    return found


def compared(window: QWidget, themes: Themes, path: Path, image: Image.Image) -> dict[str, bool]:
    comparer = Comparer(themes, window)
    comparer.compare([Shown(path, ""), Shown(path, "")], Mode.SIDE)
    surface, found = comparer.surface, {}
    for times in (1, 2):
        surface.zoom_to(float(times))
        surface.grab()
        comes(lambda: comparer.gallery.bytes > 0 and not comparer.gallery.at_work)
        seen = pixels(comparer.grab().toImage())
        low = round(60 * comparer.devicePixelRatioF())  # below the label
        for place, pane in enumerate(surface.panes()):
            room = pane.adjusted(0, low, 0, 0)
            found[f"pane {place} {times}"] = equal(seen, surface.camera.box(pane), room, image, times)
    comparer.close_down()
    return found


def main(folder: Path) -> None:
    app = QApplication([])
    window, themes = QWidget(), Themes(app)
    window.resize(641, 447)
    window.move(QPoint(3, 5))
    window.show()
    image = noise(301, 203)
    path = saved(folder, "noise.png", image)
    found = viewed(window, themes, path, image) | compared(window, themes, path, image)
    print(json.dumps({"ratio": window.devicePixelRatioF(), "equal": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
