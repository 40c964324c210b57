"""One picture, large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.studio.outgoing import Leaving
from tests.widgets.conftest import Pictures, comes
from widgets.compare.viewer import Viewer
from widgets.theme import Themes

NONE, NO_MODIFIER = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
PHASE = Qt.ScrollPhase.NoScrollPhase


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """2000 × 1000, red at the left and green at the right."""
    whole = Image.new("RGB", (2000, 1000), (220, 20, 20))
    whole.paste((20, 200, 20), (1000, 0, 2000, 1000))
    path = tmp_path / "picture.png"
    whole.save(path)
    return path


@pytest.fixture
def viewer(stage: QWidget, pictures: Pictures, themes: Themes) -> Iterator[Viewer]:
    stage.resize(1000, 700)
    made = Viewer(pictures, themes, stage)
    yield made
    made.close_down()


def looked(viewer: Viewer, path: Path) -> Viewer:
    viewer.look(path, "Hero  ·  seed 42")
    assert comes(lambda: colour(viewer, 300) == "red"), "the picture itself has come"
    return viewer


def colour(viewer: Viewer, x: int) -> str:
    pixel = QColor(viewer.grab().toImage().pixel(x, viewer.height() // 2 - 12))
    if pixel.red() > 150:
        return "red"
    return "green" if pixel.green() > 150 else "ground"


def wheel(viewer: Viewer, at: QPointF, turned: int) -> None:
    event = QWheelEvent(
        at, viewer.mapToGlobal(at), QPoint(), QPoint(0, turned), NONE, NO_MODIFIER, PHASE, False
    )
    QApplication.sendEvent(viewer, event)


def red_to_green(viewer: Viewer) -> int:
    """Where the middle of the picture is, in px from the left; -1 where it is not seen."""
    image = viewer.grab().toImage()
    y = viewer.height() // 2 - 12
    greens = [x for x in range(viewer.width()) if QColor(image.pixel(x, y)).green() > 150]
    before = QColor(image.pixel(max(0, greens[0] - 4), y)) if greens else QColor()  # smoothed between the two
    return greens[0] if before.red() > 150 else -1


def test_it_covers_the_window_and_fits_the_picture(viewer: Viewer, stage: QWidget, picture: Path) -> None:
    looked(viewer, picture)
    assert viewer.size() == stage.size()
    assert viewer.hasFocus()
    assert (colour(viewer, 10), colour(viewer, 30), colour(viewer, 970)) == ("ground", "red", "green")
    assert red_to_green(viewer) == pytest.approx(500, abs=2)


def test_the_wheel_zooms_at_the_pointer_within_bounds(viewer: Viewer, picture: Path) -> None:
    looked(viewer, picture)
    middle = QPointF(500, 338)
    wheel(viewer, middle, 480)
    assert red_to_green(viewer) == pytest.approx(500, abs=2), "what is under the pointer stays"
    assert colour(viewer, 5) == "red", "larger than the window now"
    for _ in range(60):
        wheel(viewer, middle, 1200)
    assert red_to_green(viewer) == pytest.approx(500, abs=40)
    for _ in range(60):
        wheel(viewer, middle, -1200)
    assert viewer.isVisible()
    assert colour(viewer, 300) == "ground", "small, and still there"
    assert red_to_green(viewer) == pytest.approx(500, abs=40)


def test_a_drag_moves_it_and_a_double_click_shows_real_pixels(viewer: Viewer, picture: Path) -> None:
    looked(viewer, picture)
    QTest.mouseDClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    assert (colour(viewer, 2), colour(viewer, 997)) == ("red", "green")
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    QTest.mouseMove(viewer, QPoint(620, 300))
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=QPoint(620, 300))
    assert red_to_green(viewer) == pytest.approx(620, abs=2)
    QTest.mouseDClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    assert colour(viewer, 10) == "ground", "fitted again"


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_puts_it_away(viewer: Viewer, picture: Path, key: Qt.Key) -> None:
    closed: list[None] = []
    viewer.closed.connect(lambda: closed.append(None))
    looked(viewer, picture)
    QTest.keyClick(viewer, key)
    assert not viewer.isVisible()
    assert len(closed) == 1


def test_a_file_that_is_no_picture_leaves_what_is_known(viewer: Viewer, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    viewer.look(broken, "Broken")
    QTest.qWait(100)
    assert viewer.isVisible()
    assert colour(viewer, 500) == "ground" or not viewer.grab().isNull()
    QTest.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


@pytest.mark.parametrize("clean", [False, True])
def test_dragged_out_of_the_window_it_leaves_and_lies_as_before(
    viewer: Viewer, picture: Path, clean: bool
) -> None:
    gone: list[tuple[Leaving, int, bool]] = []
    viewer.carried_off.connect(lambda leaving, image, clean: gone.append((leaving, image.width(), clean)))
    viewer.look(picture, "Hero", name="Hero shot", seed=42)
    assert comes(lambda: colour(viewer, 300) == "red")
    before = viewer.grab().toImage()
    held = Qt.KeyboardModifier.ShiftModifier if clean else NO_MODIFIER
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, NO_MODIFIER, QPoint(500, 300))
    for at in (QPoint(300, 300), QPoint(5, 300), QPoint(-40, 300), QPoint(-60, 300)):
        point = QPointF(at)
        move = QMouseEvent(
            QEvent.Type.MouseMove, point, viewer.mapToGlobal(point), NONE, Qt.MouseButton.LeftButton, held
        )
        QApplication.sendEvent(viewer, move)
    assert gone == [(Leaving(path=picture, name="Hero shot", seed=42), 1000, clean)], "as large as it is seen"
    assert viewer.grab().toImage() == before
