"""The queue's panel: what it shows, which buttons fit what is chosen, and what they ask for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget, QWidget

from app.basics.faults import BadInput, Lost
from app.studio.lineup import Line, Standing
from tests.widgets.conftest import stand
from widgets.runs.queue_panel import QueuePanel

DECISIONS = ("compare", "arrived", "not-charged", "send-again")


def line(id: str, standing: Standing, *, here: bool = True, **more: object) -> Line:
    return Line(
        id=id,
        standing=standing,
        document="/shop/shoes.tagloom",
        node=id,
        title=id.title(),
        card="gen4-image",
        vendor="runway",
        since=datetime(2026, 11, 25, 20, 0, tzinfo=UTC),
        draft=False,
        here=here,
        run="r",
        **more,  # type: ignore[arg-type]
    )


LINES = (
    line("away", Standing.RUNNING, here=False),
    line("now", Standing.RUNNING),
    line("a", Standing.WAITING),
    line("b", Standing.WAITING),
    line("c", Standing.WAITING),
    line("lost", Standing.UNKNOWN, fault=Lost("The answer was lost.", advice="Compare first.", code="x")),
    line("bad", Standing.FAILED, fault=BadInput("The words were refused.", advice="Change them.", code="y")),
    line("old", Standing.LEFT, here=False),
)


@pytest.fixture
def panel(stage: QWidget) -> QueuePanel:
    stage.resize(760, 460)
    made = QueuePanel()
    stand(stage, made)
    made.show_lines(LINES, paused=False)
    return made


def choose(panel: QueuePanel, *ids: str) -> None:
    tree = panel.findChild(QTreeWidget, "queue-list")
    tree.clearSelection()
    for row in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(row)
        if item.data(0, Qt.ItemDataRole.UserRole) in ids:
            item.setSelected(True)


def button(panel: QueuePanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, f"queue-{name}")
    assert found is not None
    return found


def press(panel: QueuePanel, name: str) -> None:
    assert button(panel, name).isEnabled()
    QTest.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def enabled(panel: QueuePanel) -> set[str]:
    names = ("front", "up", "down", "cancel", "cancel-all", "retry", "dismiss")
    return {name for name in names if button(panel, name).isEnabled()}


def test_every_line_has_its_state_in_words(panel: QueuePanel) -> None:
    tree = panel.findChild(QTreeWidget, "queue-list")
    states = [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]
    assert states[0] == "running (elsewhere)"
    assert states[1:] == [
        "running", "waiting", "waiting", "waiting", "charge not known", "failed", "not begun",
    ]  # fmt: skip
    assert tree.topLevelItem(2).text(2) == "shoes.tagloom"


@pytest.mark.parametrize(
    ("chosen", "can"),
    [
        ((), {"cancel-all"}),
        (("away",), {"cancel-all"}),
        (("now",), {"cancel", "cancel-all"}),
        (("b",), {"front", "up", "down", "cancel", "cancel-all"}),
        (("bad", "old"), {"retry", "dismiss", "cancel-all"}),
        (("lost",), {"cancel-all"}),
    ],
)
def test_the_buttons_fit_what_is_chosen(panel: QueuePanel, chosen: tuple[str, ...], can: set[str]) -> None:
    choose(panel, *chosen)
    assert enabled(panel) == can
    shown = [name for name in DECISIONS if button(panel, name).isVisible()]
    assert shown == (list(DECISIONS) if chosen == ("lost",) else [])


def test_what_is_unknown_says_why_and_gives_the_choices(panel: QueuePanel) -> None:
    choose(panel, "lost")
    assert panel.findChild(QLabel, "queue-words").text() == "The answer was lost. Compare first."
    asked = QSignalSpy(panel.decide_wanted)
    for name in DECISIONS:
        press(panel, name)
    assert [asked.at(place)[1] for place in range(asked.count())] == list(DECISIONS)
    assert asked.at(0)[0].id == "lost"


def test_moving_keeps_the_order_of_what_is_chosen(panel: QueuePanel) -> None:
    moved = QSignalSpy(panel.move_wanted)
    front = QSignalSpy(panel.front_wanted)
    choose(panel, "b", "c")
    press(panel, "up")
    assert [tuple(moved.at(place)) for place in range(moved.count())] == [("b", "a"), ("c", "a")]
    press(panel, "front")
    assert front.at(0)[0] == ("b", "c")
    choose(panel, "c")
    press(panel, "down")
    assert moved.count() == 2, "the last stays the last"


def test_cancel_takes_only_what_is_here(panel: QueuePanel) -> None:
    cancelled = QSignalSpy(panel.cancel_wanted)
    press(panel, "cancel-all")
    assert [one.id for one in cancelled.at(0)[0]] == ["now", "a", "b", "c"]
    choose(panel, "away", "b")
    press(panel, "cancel")
    assert [one.id for one in cancelled.at(1)[0]] == ["b"]


def test_what_is_chosen_stays_chosen_when_the_list_changes(panel: QueuePanel) -> None:
    choose(panel, "b", "bad")
    panel.show_lines((LINES[3], LINES[2], *LINES[5:]), paused=True)
    assert {one.id for one in panel.chosen()} == {"b", "bad"}
    paused = QSignalSpy(panel.pause_wanted)
    press(panel, "pause")
    assert paused.at(0)[0] is False
    assert button(panel, "pause").text() == "Go on"
