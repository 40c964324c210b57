"""Every dialog as screen readers and keyboards meet it: names, roles, states, an order, a seen focus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.basics.faults import BadInput
from app.basics.money import Money
from app.document import project_file
from app.document.copies import LeftCopy, OwnCopy, Story, left_copies
from app.document.name_template import Facts
from app.studio.exports import Subject
from app.studio.parts import Consent
from tests.app.document.samples import product_shot
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import EXAMPLES, example
from tests.widgets.tabbing import out_of_order, unseen
from tests.widgets.test_accessible import ROLES, walked
from widgets.dialogs import asking
from widgets.dialogs.own_templates import NameDialog
from widgets.dialogs.recovery_dialog import RecoveryDialog
from widgets.dialogs.shortcuts_dialog import ShortcutsDialog
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")

QUESTIONS: dict[str, Callable[[QWidget], object]] = {
    "spend": lambda window: asking.consent_of(
        window,
        Consent(
            question="Spend 100 credits?",
            uploads=("Photographs go up.",),
            credits=100,
            money=Money(1),
            count=1,
        ),
    ),
    "saving": lambda window: asking.saving_of(window, "sneaker"),
    "replacing": lambda window: asking.replacing_of(
        window, BadInput("It has changed.", advice="Save it as another.", code="x")
    ),
    "leaving": lambda window: asking.leaving_of(window, 1, 2),
    "losing": lambda window: asking.losing_of(window, ("Hero",)),
    "taken": lambda window: asking.taken_of(window, ("hero.png",)),
    "again": lambda window: asking.again_of(window, "Hero", "It may have been charged."),
}
PANELS = ("keys", "settings", "money", "files", "shortcuts", "commands", "queue", "spending", "history",
          "find", "replace", "search", "link-to", "template", "recovered", "viewer", "report", "diagnostics",
          "about", "export")  # fmt: skip
ALL = (*QUESTIONS, *PANELS)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[tuple[LeftCopy, ...]]:
    folder = tmp_path / "recovery"
    saved = tmp_path / "shoes.tagloom"
    project_file.save(saved, product_shot())
    for path in (str(saved), ""):
        own = OwnCopy(folder)
        own.write(product_shot(), Story(path=path, name="New"))
        own.let_go()
    found = left_copies(folder)
    yield found
    for copy in found:
        copy.let_go()


def opened(bench: Workbench, name: str, copies: Sequence[LeftCopy]) -> QWidget | None:
    """Opens it; what it is, where that is no dialog of the window's."""
    graph, window = bench.graph, bench.window
    match name:
        case "commands":
            bench.command_palette.toggle()
            return bench.command_palette
        case "history":
            bench.history.toggle()
            return bench.history
        case "find" | "replace":
            graph.handling.find.open(replacing=name == "replace")
            return graph.handling.find
        case "search":
            graph.handling.search.open_at(QPoint(300, 200), list(bench.studio.kinds))
            return graph.handling.search
        case "viewer":
            path = EXAMPLES / "astronaut.png"
            bench.studio.desk.trust(path)
            bench.look("ana")
            return bench.viewer
        case "link-to":
            graph.select(("words",))
            bench.outlines.link_to()
        case "template":
            NameDialog("Shoes", window).open()
        case "recovered":
            RecoveryDialog(copies, window).open()
        case "shortcuts":
            ShortcutsDialog(bench.hotkeys, window).open()
        case "keys":
            bench.open_keys()
        case "settings":
            bench.settings.open()
        case "money" | "files":
            bench.settings.open(name)
        case "report" | "diagnostics" | "about":
            bench.commands.action(name).trigger()
        case "queue":
            bench.accounts.open_queue()
        case "export":
            facts = Facts(document="Shoes", node="hero", title="Hero")
            picture = EXAMPLES / "astronaut.png"
            bench.exports.open([Subject(path=picture, facts=facts, size=(512, 512))])
        case "spending":
            bench.accounts.open_spending()
    return None


@asynccontextmanager
async def shown(bench: Workbench, name: str, copies: Sequence[LeftCopy]) -> AsyncIterator[QWidget]:
    """It is there, with its keyboard; closed afterwards."""
    asked = QUESTIONS.get(name)
    waiting = asyncio.ensure_future(asked(bench.window)) if asked else None  # type: ignore[arg-type]
    await turns()
    there = opened(bench, name, copies) if asked is None else None

    def dialogs() -> list[QDialog]:
        return [one for one in bench.window.findChildren(QDialog) if one.isVisible()]

    if there is None:
        await until(dialogs)
        there = dialogs()[-1]
        there.activateWindow()
    await turns(0.2)
    try:
        yield there
    finally:
        for one in dialogs():
            one.close()
            one.deleteLater()
        if waiting is not None:
            await waiting
        there.hide()
        await turns()


@pytest.mark.parametrize("name", ALL)
async def test_every_control_of_a_dialog_is_told(
    qapp: QApplication, tagloom_home: Path, copies: tuple[LeftCopy, ...], name: str
) -> None:
    QAccessible.setActive(True)
    async with bench_in(tagloom_home, qapp, example()) as bench, shown(bench, name, copies) as there:
        all_told = list(walked(QAccessible.queryAccessibleInterface(there)))
        seen = [one for one in all_told if one.takes_keys or one.role in ROLES]
        assert seen
        assert all_told[0].name or there.windowTitle(), "the dialog itself"
        assert [one for one in seen if one.role == QAccessible.Role.NoRole] == []
        assert [one for one in seen if not one.name] == []
        assert [one for one in seen if one.focused and not one.usable] == []
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus is there or there.isAncestorOf(focus), "the keyboard is in it"


@pytest.mark.parametrize("name", ALL)
async def test_tab_goes_through_a_dialog(
    qapp: QApplication, tagloom_home: Path, copies: tuple[LeftCopy, ...], name: str
) -> None:
    """Every control is reached, in the order in which it is read."""
    async with bench_in(tagloom_home, qapp, example()) as bench, shown(bench, name, copies) as there:
        focus = QApplication.focusWidget()
        assert focus is not None
        assert await out_of_order(there, focus) == []


@pytest.mark.parametrize("name", ALL)
async def test_the_focus_is_seen(
    qapp: QApplication, tagloom_home: Path, copies: tuple[LeftCopy, ...], name: str
) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench, shown(bench, name, copies) as there:
        assert await unseen(there) == []
