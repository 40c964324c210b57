from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.widgets.conftest import comes
from widgets.compare.comparer import Comparer
from widgets.compare.comparison import Mode
from widgets.parts.shown import Shown
from widgets.theme import Themes

RED, GREEN, BLUE, GREY = (220, 20, 20), (20, 200, 20), (20, 60, 230), (100, 110, 120)


def saved(folder: Path, name: str, image: Image.Image, **options: object) -> Path:
    path = folder / name
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def noise(width: int, height: int) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise((width, height), sigma) for sigma in (40, 60, 80)])


def flat(folder: Path, *colours: Sequence[int], size: tuple[int, int] = (400, 300)) -> tuple[Shown, ...]:
    """A picture of each colour."""
    made = []
    for place, colour in enumerate(colours):
        path = saved(folder, f"flat{place}.png", Image.new("RGB", size, tuple(colour)))
        made.append(Shown(path, f"Hero {place + 1}  ·  seed {40 + place}  ·  Gen4 Image"))
    return tuple(made)


def pixels(image: QImage) -> Image.Image:
    """What was grabbed, for Pillow."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    data = bytes(plain.constBits())
    size = (plain.width(), plain.height())
    return Image.frombuffer("RGB", size, data, "raw", "RGB", plain.bytesPerLine(), 1)


def part(image: Image.Image, box: QRectF) -> Image.Image:
    return image.crop((round(box.left()), round(box.top()), round(box.right()), round(box.bottom())))


def turn(widget: QWidget, at: QPointF, turned: int) -> None:
    none, held = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        widget.mapToGlobal(at),
        QPoint(),
        QPoint(0, turned),
        none,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


class Table:
    """A comparer that is looked at."""

    def __init__(self, comparer: Comparer) -> None:
        self.comparer, self.surface = comparer, comparer.surface

    def compare(self, shown: Sequence[Shown], mode: Mode) -> None:
        self.comparer.compare(shown, mode)
        assert comes(self.calm), "all that is seen is decoded"

    def calm(self) -> bool:
        """Nothing that the screen needs is still on its way."""
        self.picture()
        gallery, known = self.comparer.gallery, [one.path for one in self.comparer.state.seen]
        there = all(gallery.size(path) or gallery.fault(path) for path in known)
        return there and not gallery.at_work

    def picture(self) -> Image.Image:
        return pixels(self.surface.grab().toImage())

    def colour(self, x: int, y: int) -> tuple[int, ...]:
        found = self.picture().getpixel((x, y))
        assert isinstance(found, tuple)
        return found


@pytest.fixture
def still() -> list[bool]:
    """Whether less motion is wanted."""
    return [False]


@pytest.fixture
def table(stage: QWidget, themes: Themes, still: list[bool]) -> Iterator[Table]:
    stage.resize(1000, 700)
    made = Comparer(themes, stage, still=lambda: still[0])
    yield Table(made)
    made.close_down()
