"""Every window and dialog that Tagloom opens, each openable by its name: for walks through all of them.

`python -m tests.support.loopback tests.widgets.every_window FOLDER [LANGUAGE [THEME]]` makes a picture of
each; the language is the pseudo language where none is named.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from app.basics.faults import BadInput, DiskTrouble, Where
from app.basics.languages import PSEUDO
from app.basics.money import Money
from app.document import project_file
from app.document.copies import LeftCopy, OwnCopy, Story, left_copies
from app.document.name_template import Facts
from app.preferences import declared
from app.studio.batch_values import DryRun, Progress, Stage, Standing, TableProblem
from app.studio.contact_sheet import Captions, Preview, SheetSettings
from app.studio.exports import Subject
from app.studio.lost import LostPhotograph
from app.studio.parts import Consent
from tests.app.document.samples import product_shot
from tests.widgets.batch.conftest import batch_row
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import EXAMPLES, example
from tests.widgets.telling import settle
from widgets.cannot_begin import cannot_begin
from widgets.desktop import ALONE, Shell
from widgets.dialogs import asking
from widgets.dialogs.contact_sheet_dialog import ContactSheetDialog
from widgets.dialogs.layers_dialog import LayersDialog
from widgets.dialogs.lost_dialog import LostDialog
from widgets.dialogs.notice import Answer, Question
from widgets.dialogs.own_templates import NameDialog
from widgets.dialogs.recovery_dialog import RecoveryDialog
from widgets.dialogs.shortcuts_dialog import ShortcutsDialog
from widgets.loop import FONTS
from widgets.parts.shown import Shown
from widgets.theme import Choice, load_fonts
from widgets.watch import Watch
from widgets.workbench import Workbench

Ask = Callable[[Workbench], Awaitable[object]]
QUESTIONS: Mapping[str, Ask] = MappingProxyType(
    {
        "spend": lambda bench: asking.consent_of(
            bench.window,
            Consent(
                question="Spend 100 credits?",
                uploads=("Photographs go up.",),
                credits=100,
                money=Money(1),
                count=1,
            ),
        ),
        "saving": lambda bench: asking.saving_of(bench.window, "sneaker"),
        "replacing": lambda bench: asking.replacing_of(
            bench.window, BadInput("It has changed.", advice="Save it as another.", code="x")
        ),
        "leaving": lambda bench: asking.leaving_of(bench.window, 1, 2, silent=1),
        "losing": lambda bench: asking.losing_of(bench.window, ("Hero",)),
        "again": lambda bench: asking.again_of(bench.window, "Hero", "It may have been charged."),
        "deleting": lambda bench: asking.deleting_of(bench.window, "12"),
        "taken": lambda bench: asking.taken_of(bench.window, ("hero.png",)),
        "cannot-begin": lambda bench: cannot_begin(
            Shell(
                app=bench.language.app, window=bench.window, themes=bench.themes, start=ALONE, watch=Watch({})
            ),
            DiskTrouble("The disk is full.", advice="Free some space.", code="x"),
        ),
    }
)
"""What waits for an answer."""
PAGES = tuple(f"settings-{page}" for page in declared.PAGES)
COMMANDS = MappingProxyType({"switch-model": "hero", "fan-out": "hero", "compare-models": "", "report": "",
                             "diagnostics": "", "about": "", "compare-documents": ""})  # fmt: skip
"""Dialogs that a command opens, with the node that has to be selected."""
PARTS = ("settings-found", "shortcuts", "commands", "queue", "spending", "history", "find", "replace",
         "search", "link-to", "template", "recovered", "viewer", "guide", "first-steps", "banner",
         "notice", "export", "contact-sheet", "layers", "lost", "library", "comparer", "batch",
         "batch-rows")  # fmt: skip
ALL = (*QUESTIONS, *PAGES, *COMMANDS, *PARTS)
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(QUESTIONS, "QDialog"),
        **dict.fromkeys(PAGES, "SettingsDialog"),
        "cannot-begin": "QMessageBox", "switch-model": "SwitchModel", "fan-out": "FanOut",
        "compare-models": "CompareModels", "report": "ReportDialog", "diagnostics": "DiagnosticsDialog",
        "about": "AboutDialog", "settings-found": "SettingsDialog", "shortcuts": "ShortcutsDialog",
        "commands": "CommandPalette", "queue": "QDialog", "spending": "QDialog", "link-to": "LinkList",
        "template": "NameDialog", "recovered": "RecoveryDialog", "guide": "GuideWindow",
        "first-steps": "FirstSteps", "banner": "Banner", "notice": "Notice", "find": "FindBar",
        "export": "ExportDialog", "contact-sheet": "ContactSheetDialog", "layers": "LayersDialog",
        "lost": "LostDialog", "compare-documents": "Differences", "library": "LibraryPanel",
        "comparer": "Comparer", "replace": "FindBar", "search": "Search", "viewer": "Viewer",
        "history": "History", "batch": "BatchWindow", "batch-rows": "BatchWindow",
    }
)  # fmt: skip
"""Name → the class of what is shown: a dialog that is not here is in no walk."""


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[tuple[LeftCopy, ...]]:
    found = _copies(tmp_path)
    yield found
    for copy in found:
        copy.let_go()


def _copies(folder: Path) -> tuple[LeftCopy, ...]:
    """What two sessions left behind: one of a saved document, one that had no name."""
    saved = folder / "shoes.tagloom"
    project_file.save(saved, product_shot())
    for path in (str(saved), ""):
        own = OwnCopy(folder / "recovery")
        own.write(product_shot(), Story(path=path, name="New"))
        own.let_go()
    return left_copies(folder / "recovery")


def _opened(bench: Workbench, name: str, copies: Sequence[LeftCopy]) -> QWidget | None:
    """Opens it; what it is, where that is no dialog of the window's."""
    if name in COMMANDS:
        bench.graph.select((COMMANDS[name],) if COMMANDS[name] else ())
        bench.commands.refresh()
        bench.commands.action(name).trigger()
        return None
    if name in PAGES:
        bench.settings.open(name.removeprefix("settings-"))
        return None
    return _over(bench, name) or _of_results(bench, name) or _dialog(bench, name, copies)


def _over(bench: Workbench, name: str) -> QWidget | None:
    """What lies over the canvas."""
    handling = bench.graph.handling
    match name:
        case "commands":
            bench.command_palette.toggle()
            return bench.command_palette
        case "history":
            bench.history.toggle()
            return bench.history
        case "find" | "replace":
            handling.find.open(replacing=name == "replace")
            return handling.find
        case "search":
            handling.search.open_at(QPoint(300, 200), list(bench.studio.kinds))
            return handling.search
        case "viewer":
            bench.studio.desk.trust(EXAMPLES / "astronaut.png")
            bench.look("ana")
            return bench.viewer
        case "first-steps":
            bench.help.steps.open()
            return _at(bench.help.steps.panel)
        case "banner":
            bench.say(
                BadInput("It has changed.", advice="Save it as another.", code="x", where=Where(node="hero"))
            )
            return _at(bench.banner)
        case "notice":
            bench.helping.notice.ask(_question())
            return _at(bench.helping.notice)
    return None


def _of_results(bench: Workbench, name: str) -> QWidget | None:
    """What is done with pictures."""
    picture, window = EXAMPLES / "astronaut.png", bench.window
    match name:
        case "export":
            facts = Facts(document="New", node="hero", title="Hero")
            bench.exports.open([Subject(path=picture, facts=facts, size=(512, 512))])
        case "contact-sheet":
            ContactSheetDialog("Shoes", "2026-11-26", _no_page, bench.tasks, window).open()
        case "layers":
            LayersDialog(2, window).open()
        case "lost":
            LostDialog([LostPhotograph(node="ana", file="refs/ana.png", sha256="")], window).open()
        case "library":
            bench.shelving.open()
            return bench.shelving.panel
        case "comparer":
            bench.comparing.comparer.compare([Shown(picture, "A"), Shown(EXAMPLES / "coffee.png", "B")])
            return bench.comparing.comparer
    return None


async def _no_page(settings: SheetSettings, captions: Captions, versions: bool) -> Preview:
    raise BadInput("…", advice="…", code="x")


def _at(card: QWidget) -> QWidget:
    """These never take the keyboard by themselves: as if Tab had come to it."""
    card.findChildren(QPushButton)[0].setFocus(Qt.FocusReason.TabFocusReason)
    return card


def _question() -> Question:
    answers = (Answer(name="yes", words="Hero", what=int), Answer(name="no", words="New", what=int))
    return Question(title="It has changed.", words="Save it as another.", answers=answers)


def _dialog(bench: Workbench, name: str, copies: Sequence[LeftCopy]) -> None:
    window = bench.window
    match name:
        case "settings-found":
            bench.settings.open()
            assert bench.settings.dialog is not None
            bench.settings.dialog.line.setText("e")
        case "link-to":
            bench.graph.select(("words",))
            bench.outlines.link_to()
        case "template":
            NameDialog("Shoes", window).open()
        case "recovered":
            RecoveryDialog(copies, window).open()
        case "shortcuts":
            ShortcutsDialog(bench.hotkeys, window).open()
        case "queue":
            bench.accounts.open_queue()
        case "batch" | "batch-rows":
            bench.batching.open()
        case "spending":
            bench.accounts.open_spending()
        case "guide":
            bench.help.open("kind-gen4-image")


def _fill(bench: Workbench) -> None:
    """A batch in its midst, with something of everything."""
    panel = bench.batching.panel
    assert panel is not None
    standings = list(Standing)
    rows = [batch_row(2 + at, standing) for at, standing in enumerate(standings)]
    counts = {standing: 1 for standing in standings if standing is not Standing.WRONG}
    panel.show_dry(
        DryRun(
            rows=7, pictures=5, here=1, money=Money(400_000), wrong=1,
            problems=(TableProblem(row=8, column="photo", words="New"),),
        )
    )  # fmt: skip
    panel.show_progress(
        Progress(
            stage=Stage.PAUSED, table="Shoes", counts=counts, spent=Money(80_000), estimate=Money(400_000)
        )
    )
    model = panel.table.rows
    model.begin(len(rows))
    model.take(model.question, 0, rows)
    panel.table.go_to(1)


@asynccontextmanager
async def shown(bench: Workbench, name: str, copies: Sequence[LeftCopy]) -> AsyncIterator[QWidget]:
    """It is there, with its keyboard; closed afterwards."""
    asked = QUESTIONS.get(name)
    waiting = asyncio.ensure_future(asked(bench)) if asked else None
    await turns()
    there = _opened(bench, name, copies) if asked is None else None

    def dialogs() -> list[QDialog]:
        return [one for one in bench.window.findChildren(QDialog) if one.isVisible()]

    if there is None:
        await until(dialogs)
        there = dialogs()[-1]
        there.activateWindow()
    await turns(0.2)
    if name == "batch-rows":
        _fill(bench)
        await turns()
    assert type(there).__name__ == CLASSES[name]
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


async def _pictures(app: QApplication, folder: Path, home: Path, language: str, theme: Choice) -> None:
    """One window for each: what one dialog leaves behind is not in the next one's picture."""
    settle(home, language)
    copies = _copies(home)
    for name in ALL:
        async with bench_in(home, app, example()) as bench:
            bench.themes.choose(theme)
            async with shown(bench, name, copies) as there:
                there.grab().save(str(folder / f"{name}.png"))
                print(folder / f"{name}.png", flush=True)
    async with bench_in(home, app, example()) as bench:
        bench.themes.choose(theme)
        bench.outlines.toggle()
        bench.graph.select(("hero",))
        await turns(0.5)
        bench.window.grab().save(str(folder / "window.png"))


def main(words: Sequence[str]) -> None:
    folder, language, theme = (*words, *("", PSEUDO, "dark")[len(words) :])
    app = QApplication([])
    app.setStyle("Fusion")
    load_fonts(FONTS)
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tagloom-") as home:
        os.environ["TAGLOOM_HOME"] = home
        asyncio.run(_pictures(app, Path(folder), Path(home), language, Choice(theme)))


if __name__ == "__main__":
    main(sys.argv[1:])
