"""One picture, large."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.studio.outgoing import Leaving
from tests.widgets.conftest import Pictures, comes
from widgets.compare.loupe import pixel_at
from widgets.compare.viewer import Viewer
from widgets.parts.shown import Shown
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


# --- through a list, loupe, histogram, transparency ---


def listed(folder: Path, *colours: tuple[int, ...], size: tuple[int, int] = (300, 200)) -> list[Shown]:
    made = []
    for place, shade in enumerate(colours):
        path = folder / f"{place}.png"
        Image.new("RGBA" if len(shade) == 4 else "RGB", size, shade).save(path)
        made.append(Shown(path, f"Hero {place + 1}"))
    return made


def middle(viewer: Viewer) -> tuple[int, int, int]:
    pixel = QColor(viewer.grab().toImage().pixel(viewer.width() // 2, viewer.height() // 2 - 30))
    return pixel.red(), pixel.green(), pixel.blue()


def test_arrow_keys_go_through_the_list_and_stop_at_its_ends(viewer: Viewer, tmp_path: Path) -> None:
    shades = [(200, 0, 0), (0, 200, 0), (0, 0, 200)]
    viewer.look_through(listed(tmp_path, *shades), 1)
    assert comes(lambda: middle(viewer) == shades[1])
    assert "2 of 3" in viewer.bar.words.text()
    for key, place in (
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_End, 2),
    ):
        QTest.keyClick(viewer, key)
        assert comes(lambda place=place: middle(viewer) == shades[place])  # type: ignore[misc]
        assert viewer.accessibleName() == f"Hero {place + 1}"
    assert (viewer.bar.back.isEnabled(), viewer.bar.on.isEnabled()) == (True, False)
    QTest.mouseClick(viewer.bar.back, Qt.MouseButton.LeftButton)
    assert comes(lambda: middle(viewer) == shades[1])
    assert viewer.hasFocus()


def hover(viewer: Viewer, at: QPoint) -> None:
    point = QPointF(at)
    move = QMouseEvent(QEvent.Type.MouseMove, point, viewer.mapToGlobal(point), NONE, NONE, NO_MODIFIER)
    QApplication.sendEvent(viewer, move)


def test_the_loupe_shows_real_pixels_and_says_which(viewer: Viewer, tmp_path: Path) -> None:
    """Of a picture shown at half its size: single columns, red and blue."""
    image = Image.new("RGB", (1800, 1200), (255, 0, 0))
    for x in range(0, 1800, 2):
        image.paste((0, 0, 255), (x, 0, x + 1, 1200))
    path = tmp_path / "columns.png"
    image.save(path)
    viewer.look(path, "Columns")
    assert comes(lambda: viewer.gallery.bytes > 0 and not viewer.gallery.at_work and bool(viewer.grab()))
    at = QPoint(500, 300)
    hover(viewer, at)
    plain = viewer.grab().toImage()
    QTest.keyPress(viewer, Qt.Key.Key_Z)
    assert comes(lambda: viewer.grab().toImage() != plain and not viewer.gallery.at_work)
    seen = viewer.grab().toImage()
    row = [QColor(seen.pixel(x, 300 + 40)).name() for x in range(420, 580)]
    runs = [len(list(same)) for _, same in groupby(row)]
    assert set(row) == {"#ff0000", "#0000ff"}
    assert set(runs[1:-1]) == {4}, "four device pixels for each of the picture's, and none smoothed"
    turn_up = QPointF(at)
    wheel(viewer, turn_up, 120)
    row = [QColor(viewer.grab().toImage().pixel(x, 340)).name() for x in range(420, 580)]
    assert {len(list(same)) for _, same in groupby(row[8:-8])} >= {8}
    QTest.keyRelease(viewer, Qt.Key.Key_Z)
    assert viewer.grab().toImage() == plain
    place = viewer.camera.pixel(QPointF(at), viewer.room())
    level = viewer.gallery.finest_at_hand(path)
    assert level is not None
    pixel = pixel_at(level.plain, place)
    assert pixel is not None
    told = "#0000ff" if int(place.x()) % 2 == 0 else "#ff0000"
    assert pixel.words == f"{told}  ·  {int(place.x())}, {int(place.y())}"


def test_a_pixel_tells_its_opacity() -> None:
    image = QImage(2, 1, QImage.Format.Format_ARGB32)
    image.fill(QColor(200, 100, 50, 128))
    pixel = pixel_at(image, QPointF(1.5, 0.2))
    assert pixel is not None
    assert pixel.words == "#c86432  ·  1, 0  ·  α 50 %"
    assert pixel_at(image, QPointF(2.0, 0.0)) is None
    assert pixel_at(image, QPointF(-0.1, 0.0)) is None


def test_the_histogram_is_counted_in_a_thread_and_drawn(viewer: Viewer, tmp_path: Path) -> None:
    viewer.look_through(listed(tmp_path, (200, 100, 50), (10, 20, 30)))
    assert comes(lambda: middle(viewer) == (200, 100, 50))
    plain = viewer.grab().toImage()
    QTest.keyClick(viewer, Qt.Key.Key_H)
    viewer.grab()
    assert comes(lambda: viewer.tones.tones is not None)
    tones = viewer.tones.tones
    assert tones is not None
    assert (tones.red[200], tones.green[100], tones.blue[50]) == (60000, 60000, 60000)
    assert viewer.grab().toImage() != plain
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert comes(lambda: bool(viewer.grab()) and viewer.tones.tones is not None)
    assert viewer.tones.tones.red[10] == 60000
    QTest.keyClick(viewer, Qt.Key.Key_H)
    assert not viewer.bar.tones.isChecked()


def test_behind_what_is_transparent_there_is_a_chequer(
    viewer: Viewer, themes: Themes, tmp_path: Path
) -> None:
    viewer.look_through(listed(tmp_path, (255, 0, 0, 0), (255, 0, 0, 255)))
    assert comes(lambda: viewer.gallery.bytes > 0 and not viewer.gallery.at_work and bool(viewer.grab()))
    seen, box = viewer.grab().toImage(), viewer.camera.box(viewer.room()).toRect()
    within = {seen.pixelColor(x, box.center().y()).name() for x in range(box.left(), box.right())}
    assert within == {themes.theme.roles.line, themes.theme.roles.line_strong}
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert comes(lambda: middle(viewer) == (255, 0, 0))


def test_a_file_that_cannot_be_read_says_why(viewer: Viewer, tmp_path: Path) -> None:
    viewer.look(tmp_path / "gone.png", "Gone")
    assert comes(lambda: viewer.gallery.fault(tmp_path / "gone.png") is not None)
    assert viewer.gallery.fault(tmp_path / "gone.png").advice
