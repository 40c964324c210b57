"""Cards dragged out of the window: their pictures go on as files, the cards stay where they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.studio.outgoing import Parcel
from tests.widgets.canvas.steps import ALT, SHIFT, no_step, one_step
from tests.widgets.canvas.world import EXAMPLES, Canvas, canvas, example
from widgets.canvas.hooks import Hooks
from widgets.parts.drag_out import OutgoingData

OUT = QPoint(-60, 200)
"""Left of the window."""


@dataclass
class Studio:
    """Which nodes have pictures, and what was asked for."""

    pictures: dict[str, Path] = field(default_factory=lambda: {"hero": EXAMPLES / "coffee.png"})
    asked: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)

    def carry_off(self, nodes: Sequence[str], clean: bool) -> QMimeData | None:
        lasting = [self.pictures[node] for node in nodes if node in self.pictures]
        if not lasting:
            return None
        self.asked.append((tuple(nodes), clean))
        parcel: Future[Parcel] = Future()
        parcel.set_result(Parcel(files=tuple(lasting)))
        return OutgoingData(parcel, lasting)


@dataclass
class Drag:
    """What another program would be handed."""

    paths: list[str]
    formats: list[str]
    pictured: bool
    source: object
    step: int


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
def made(qapp: QApplication, studio: Studio) -> Iterator[Canvas]:
    with canvas(qapp, example(), Hooks(carry_off=studio.carry_off)) as one:
        yield one


@pytest.fixture
def drags(made: Canvas, monkeypatch: pytest.MonkeyPatch) -> list[Drag]:
    """Drags that another program takes at once: the platform of tests has no other programs."""
    begun: list[Drag] = []

    def taken(drag: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        assert actions == Qt.DropAction.CopyAction, "what was paid for is never moved away"
        data = drag.mimeData()
        begun.append(
            Drag(
                [url.toLocalFile() for url in data.urls()],
                data.formats(),
                not drag.pixmap().isNull(),
                drag.source(),
                made.editor.position,
            )
        )
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", taken)
    return begun


def dragged_out(made: Canvas, id: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    made.press(made.on(id))
    made.move(made.on(id) + QPoint(-20, 10))
    made.move(QPoint(20, 200), held=held)
    made.move(OUT, held=held)


def test_a_card_with_a_picture_leaves_as_a_file_and_stays(made: Canvas, drags: list[Drag]) -> None:
    with no_step(made):
        dragged_out(made, "hero")
        assert made.view.handling.hands.gesture is None
        made.release(OUT)
    (drag,) = drags
    assert drag.paths == [str(EXAMPLES / "coffee.png")]
    assert "text/uri-list" in drag.formats
    assert drag.source is made.viewport
    assert made.view.viewer.overlay.ghosts == ()


def test_the_view_goes_back_to_where_it_was(made: Canvas, drags: list[Drag]) -> None:
    """On its way to another program the pointer crosses the edge, where the view scrolls."""
    before = made.view.viewer.seen()
    made.press(made.on("hero"))
    made.move(made.on("hero") + QPoint(-20, 10))
    made.move(QPoint(2, 300))
    QTest.qWait(200)
    assert made.view.viewer.seen() != before
    made.move(OUT)
    assert drags
    assert made.view.viewer.seen() == before
    QTest.qWait(60)
    assert made.view.viewer.seen() == before, "nothing scrolls any more"


@pytest.mark.parametrize(("held", "clean"), [(SHIFT, True), (ALT, False)])
def test_shift_at_the_moment_of_leaving_makes_it_clean(
    made: Canvas, drags: list[Drag], studio: Studio, held: Qt.KeyboardModifier, clean: bool
) -> None:
    with no_step(made):
        dragged_out(made, "hero", held)
    assert studio.asked == [(("hero",), clean)]
    assert len(drags) == 1


def test_several_cards_leave_together_those_without_a_picture_stay_behind(
    made: Canvas, drags: list[Drag], studio: Studio
) -> None:
    studio.pictures["save"] = EXAMPLES / "brick.png"
    made.view.select(("words", "hero", "save"))
    with no_step(made):
        dragged_out(made, "hero")
    assert set(studio.asked[0][0]) == {"words", "hero", "save"}
    assert {Path(path).name for path in drags[0].paths} == {"coffee.png", "brick.png"}


def test_a_card_without_a_picture_is_only_moved(made: Canvas, drags: list[Drag]) -> None:
    with one_step(made, "Move"):
        dragged_out(made, "words")
        made.release(OUT)
    assert drags == []


def test_within_the_window_nothing_leaves(made: Canvas, drags: list[Drag], studio: Studio) -> None:
    with one_step(made, "Move"):
        made.drag(made.on("hero"), made.on("hero") + QPoint(40, 130))
    assert drags == []
    assert studio.asked == []


def test_outside_of_the_canvas_is_not_outside_of_the_window(
    qapp: QApplication, made: Canvas, drags: list[Drag]
) -> None:
    """Panels lie between the canvas and the edge of the window."""
    whole = QWidget()
    whole.resize(1600, 900)
    made.view.setParent(whole)
    made.view.move(200, 0)
    whole.show()
    made.view.show()
    made.press(made.on("hero"))
    made.move(made.on("hero") + QPoint(-20, 10))
    made.move(OUT)
    assert drags == []
    made.move(QPoint(-220, 200))
    assert len(drags) == 1
    made.view.setParent(None)
    whole.close()
    whole.deleteLater()


def drop(made: Canvas, data: QMimeData, at: QPoint) -> bool:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(made.viewport, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(made.viewport, event)
    return event.isAccepted()


def test_another_window_takes_the_picture_where_it_lasts(made: Canvas, tmp_path: Path) -> None:
    """The files of a drag go with the day."""
    short, lasting = tmp_path / "sneaker Gen4 1.png", EXAMPLES / "brick.png"
    short.write_bytes(lasting.read_bytes())
    parcel: Future[Parcel] = Future()
    parcel.set_result(Parcel(files=(short,)))
    with one_step(made, "Add photographs"):
        assert drop(made, OutgoingData(parcel, [lasting]), made.at(800, 500))
    assert made.document.nodes["brick"].values["file"] == lasting.as_posix()


def test_a_list_of_pictures_that_lies_is_not_believed(made: Canvas, tmp_path: Path) -> None:
    for told in (b"", b"{", b'"x"', b"[1, null]", b'["/nowhere/at/all.png"]'):
        data = QMimeData()
        data.setData("application/x-tagloom-pictures", told)
        assert not drop(made, data, made.at(800, 500)), told
