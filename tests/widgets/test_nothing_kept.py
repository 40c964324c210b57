"""What is gone from the window is gone from memory: an hour of clicking keeps no dead widgets."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from tests.widgets.bench import turns
from tests.widgets.whole import bench as bench
from widgets.parts.inside import inside
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")
TIMES = 3


def dead() -> Counter[str]:
    """Python's halves of widgets that Qt has deleted."""
    gc.collect()
    known = [one for one in gc.get_objects() if isinstance(one, QWidget)]
    return Counter(type(one).__name__ for one in known if not isValid(one))


def close(bench: Workbench) -> None:
    for one in inside(bench.window):
        if isinstance(one, QDialog) and one.isVisible():
            one.reject()


def walk(bench: Workbench) -> None:
    for _ in range(5):
        bench.commands.action("next-panel").trigger()


DOINGS: dict[str, tuple[Callable[[Workbench], object], Callable[[Workbench], object]]] = {
    **{
        node: (lambda bench, node=node: bench.graph.select((node,)), lambda bench: bench.graph.select(()))
        for node in ("picture", "words", "note", "cup")
    },
    "several": (
        lambda bench: bench.graph.select(("cup", "person")),
        lambda bench: bench.graph.select(("cup", "words")),
    ),
    "on a card": (
        lambda bench: bench.graph.handling.edit_words("words"),
        lambda bench: bench.graph.handling.in_place.close(),
    ),
    "panels": (lambda bench: bench.graph.select(("words",)), walk),
    "shortcuts": (lambda bench: bench.commands.action("shortcuts").trigger(), close),
    "link to": (lambda bench: (bench.graph.select(("words",)), bench.outlines.link_to()), close),
    "guide": (lambda bench: bench.help.open("tags"), lambda bench: bench.help.guide.close()),
    "first steps": (lambda bench: bench.help.steps.open(), lambda bench: bench.help.steps.panel.shut()),
    "queue": (lambda bench: bench.accounts.open_queue(), close),
    "search": (
        lambda bench: bench.graph.handling.search.open_at(QPoint(99, 99), list(bench.studio.kinds)),
        lambda bench: bench.graph.handling.search.close_empty(),
    ),
    "commands": (lambda bench: bench.command_palette.toggle(), lambda bench: bench.command_palette.toggle()),
}  # fmt: skip


@pytest.mark.parametrize("name", DOINGS)
async def test_again_and_again_leaves_no_dead_widgets(bench: Workbench, name: str) -> None:
    begin, end = DOINGS[name]
    await turns()
    before, there = dead(), len(list(inside(bench.window)))
    counts = []
    for _ in range(TIMES):
        for doing in (begin, end):
            doing(bench)
            await turns(0.05)
        bench.graph.select(())
        await turns(0.05)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        counts.append(len(list(inside(bench.window))))
    assert dead() - before == Counter()
    assert counts[-1] == counts[0], (there, counts)
