"""The strip of results follows the events of runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.basics.faults import Charged, Refused
from app.basics.money import Money
from app.engine.events import NodeCancelled, NodeDone, NodeFailed, NodeQueued, NodeRunning, RunFinished
from app.engine.results import Result
from app.studio.outgoing import Leaving
from tests.widgets.conftest import Pictures, stand
from widgets.runs.strip import MOST, Strip
from widgets.theme import Themes

PATH = Path("/nowhere/picture.png")


def result(node: str, *, seed: int | None = 42, reused: bool = False, operation: str = "op") -> Result:
    return Result(
        node=node,
        path=PATH,
        sha256="00",
        width=1920,
        height=1080,
        seed=seed,
        reused=reused,
        operation=operation,
    )


@pytest.fixture
def strip(stage: QWidget, pictures: Pictures, themes: Themes) -> Strip:
    made = Strip(pictures, themes)
    stand(stage, made)
    return made


def told(strip: Strip) -> list[str]:
    model = strip.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(model.index(row, 0).data(role)) for row in range(model.rowCount())]


def test_a_node_has_one_entry_from_the_queue_to_its_picture(strip: Strip, pictures: Pictures) -> None:
    strip.tell(NodeQueued(run="a", node="hero", reason="vendor"), "Hero")
    assert told(strip) == ["Hero Queued"]
    strip.tell(NodeRunning(run="a", node="hero", progress=0.5), "Hero")
    assert told(strip) == ["Hero · running 50 %"]
    strip.tell(NodeRunning(run="a", node="hero", progress=None), "Hero")
    assert told(strip) == ["Hero · running Running"]
    strip.tell(NodeDone(run="a", node="hero", result=result("hero")), "Hero")
    assert told(strip) == ["seed 42 · 1920 × 1080"]
    assert pictures.asked == [PATH]
    QApplication.processEvents()
    strip.grab()


def test_another_run_stands_before_the_last_and_says_reused(strip: Strip) -> None:
    strip.tell(NodeDone(run="a", node="hero", result=result("hero")), "Hero")
    strip.tell(NodeDone(run="b", node="hero", result=result("hero", reused=True)), "Hero")
    assert told(strip) == ["seed 42 · reused", "seed 42 · 1920 × 1080"]


@pytest.mark.parametrize(
    ("charged", "words"),
    [(Charged.NO, "not charged"), (Charged.YES, "charged"), (Charged.UNKNOWN, "maybe charged")],
)
def test_a_failure_says_whether_it_was_charged(strip: Strip, charged: Charged, words: str) -> None:
    fault = Refused("Refused.", advice="Change it.", code="x", charged=charged)
    strip.tell(NodeFailed(run="a", node="hero", fault=fault), "Hero")
    assert told(strip) == [f"Hero · {words} Refused."]
    strip.tell(NodeFailed(run="a", node="keep", fault=fault, because="hero"), "Keep")
    assert len(told(strip)) == 1, "what could not go on because of it is no failure of its own"
    strip.grab()


def test_what_makes_no_picture_of_its_own_is_not_listed(strip: Strip) -> None:
    strip.tell(NodeDone(run="a", node="words", result=None), "Prompt")
    strip.tell(NodeDone(run="a", node="photo", result=result("photo", seed=None, operation="")), "Photo")
    strip.tell(NodeQueued(run="a", node="hero", reason="waiting"), "Hero")
    assert told(strip) == []


def test_a_cancelled_node_says_the_truth_about_money(strip: Strip) -> None:
    strip.tell(NodeQueued(run="a", node="hero", reason="sending"), "Hero")
    strip.tell(NodeCancelled(run="a", node="hero", words="Not started, free."), "Hero")
    assert told(strip) == ["Hero Not started, free."]


def test_a_press_chooses_the_node_and_enter_opens_the_picture(strip: Strip) -> None:
    chosen, opened = [], []
    strip.chosen.connect(chosen.append)
    strip.opened.connect(lambda node, path: opened.append((node, path)))
    strip.tell(NodeQueued(run="a", node="other", reason="vendor"), "Other")
    strip.tell(NodeDone(run="a", node="hero", result=result("hero")), "Hero")
    QApplication.processEvents()
    place = strip.visualRect(strip.model().index(0, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["hero"]
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert opened == [("hero", str(PATH))]
    strip.setCurrentIndex(strip.model().index(1, 0))
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert len(opened) == 1, "there is no picture yet"


@pytest.mark.parametrize("clean", [False, True])
def test_a_picture_is_dragged_away(strip: Strip, clean: bool) -> None:
    gone: list[tuple[Leaving, bool]] = []
    strip.carried_off.connect(lambda leaving, image, clean: gone.append((leaving, clean)))
    strip.tell(NodeQueued(run="a", node="other", reason="vendor"), "Other")
    strip.tell(NodeDone(run="a", node="hero", result=result("hero")), "Hero shot")
    QApplication.processEvents()
    held = Qt.KeyboardModifier.ShiftModifier if clean else Qt.KeyboardModifier.NoModifier
    for row in (1, 0):
        start = strip.visualRect(strip.model().index(row, 0)).center()
        QTest.mousePress(strip.viewport(), Qt.MouseButton.LeftButton, held, start)
        for step in (6, 12, 30, 60):
            at = QPointF(start + QPoint(0, -step))
            move = QMouseEvent(
                QEvent.Type.MouseMove, at, strip.viewport().mapToGlobal(at),
                Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, held,
            )  # fmt: skip
            QApplication.sendEvent(strip.viewport(), move)
        QTest.mouseRelease(strip.viewport(), Qt.MouseButton.LeftButton, held, start)
    assert gone == [(Leaving(path=PATH, name="Hero shot", seed=42), clean)], "what has no picture stays"


def test_the_oldest_go_when_there_are_too_many(strip: Strip) -> None:
    for number in range(MOST + 5):
        strip.tell(NodeDone(run=str(number), node="hero", result=result("hero", seed=number)), "Hero")
    words = told(strip)
    assert len(words) == MOST
    assert words[0].startswith(f"seed {MOST + 4} ")
    assert words[-1].startswith("seed 5 ")


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_run_whose_document_left_the_desk_ends_in_its_entries(strip: Strip, cancelled: bool) -> None:
    """Of such a run no node is told any more, only the end."""
    fault = Refused("Refused.", advice="Change it.", code="x", charged=Charged.NO)
    for node in ("hero", "other", "third"):
        strip.tell(NodeRunning(run="a", node=node, progress=0.01), node.title())
    strip.tell(NodeRunning(run="b", node="hero", progress=0.01), "Hero")
    strip.tell(
        RunFinished(
            run="a", results=(result("hero"),), failures=(NodeFailed(run="a", node="other", fault=fault),),
            cancelled=cancelled, credits=0, money=Money(0),
        ),
        "",
    )  # fmt: skip
    assert told(strip) == [
        "Hero · running 1 %",
        "Third Cancelled" if cancelled else "Third Ended",
        "Other · not charged Refused.",
        "seed 42 · 1920 × 1080",
    ]
