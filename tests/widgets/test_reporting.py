"""What is done about errors that nobody caught, in the whole window. The hooks themselves are tried in
`test_mishaps`, the real program in the journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QPlainTextEdit

from app.basics.faults import BadInput
from app.document import edits
from tests.widgets.bench import turns, until
from tests.widgets.whole import bench as bench
from widgets import reporting
from widgets.dialogs.report_dialog import ReportDialog
from widgets.mishaps import Mishap, Mishaps
from widgets.reporting import MOST_DIALOGS
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")


@pytest.fixture
async def window(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workbench]:
    """Listening, and quick."""
    monkeypatch.setattr(reporting, "QUIET", 0.0)
    mishaps = Mishaps()
    monkeypatch.setattr(bench.helping.reporting, "_mishaps", mishaps)
    bench.studio.safekeeping.begin()
    yield bench
    for one in dialogs(bench):
        one.close()
    await turns()
    bench.studio.safekeeping.give_up()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def dialogs(bench: Workbench) -> list[ReportDialog]:
    return [one for one in bench.window.findChildren(ReportDialog) if one.isVisible()]


def mistake(name: str, words: str = "a red shoe") -> Mishap:
    """An error of its own place for each name."""
    try:
        exec(compile(f"raise ValueError({words!r})", f"/x/{name}.py", "exec"))
    except ValueError as error:
        return Mishap(error=error, where="the window")
    raise AssertionError


def reports(home: Path) -> list[Path]:
    return sorted((home / "logs" / "reports").glob("*"))


async def test_the_document_is_kept_and_the_report_is_read_first(
    window: Workbench, tagloom_home: Path
) -> None:
    window.studio.commit("Seed", lambda document: edits.set_value(document, "picture", "seed", 9))
    window.helping.reporting.hear(mistake("one"))
    [dialog] = dialogs(window)
    [report] = reports(tagloom_home)
    assert report.read_text() == dialog.text
    assert "ValueError" in dialog.text
    assert "Qt: " in dialog.text
    assert "red shoe" not in dialog.text
    await until(lambda: list((tagloom_home / "state" / "recovery").glob("*.tagloom")))
    assert window.studio.commit("Seed", lambda document: edits.set_value(document, "picture", "seed", 8))


async def test_a_hundred_errors_are_one_dialog(window: Workbench, tagloom_home: Path) -> None:
    for _ in range(100):
        window.helping.reporting.hear(mistake("one"))
    for number in range(100):
        window.helping.reporting.hear(mistake(f"other{number}"))
    [dialog] = dialogs(window)
    assert "Since then 199 more errors have come" in _said(dialog)
    assert len(reports(tagloom_home)) == 20, "the oldest go"


async def test_after_some_dialogs_only_the_banner_speaks(window: Workbench) -> None:
    for number in range(MOST_DIALOGS):
        window.helping.reporting.hear(mistake(f"n{number}"))
        [dialog] = dialogs(window)
        dialog.reject()
        await turns(0.02)
    window.helping.reporting.hear(mistake("last"))
    assert dialogs(window) == []
    assert "Something went wrong again." in window.banner.accessibleName()


async def test_the_same_mistake_is_shown_once(window: Workbench) -> None:
    window.helping.reporting.hear(mistake("one"))
    dialogs(window)[0].reject()
    await turns(0.02)
    window.helping.reporting.hear(mistake("one"))
    assert dialogs(window) == []


async def test_a_fault_is_no_mistake(window: Workbench, tagloom_home: Path) -> None:
    fault = BadInput("It is so.", advice="Do that.", code="a.b")
    window.helping.reporting.hear(Mishap(error=fault, where="the window"))
    assert dialogs(window) == []
    assert window.banner.accessibleName() == "It is so. Do that."
    assert reports(tagloom_home) == []


async def test_a_task_that_breaks_is_reported(window: Workbench) -> None:
    async def broken() -> None:
        raise LookupError("x")

    window.tasks.start(broken())
    await until(lambda: dialogs(window))
    assert dialogs(window)[0].text.startswith("An error arose in a task: LookupError")
    assert not window.banner.isVisible()


async def test_it_is_saved_where_the_artist_says(window: Workbench, tmp_path: Path) -> None:
    window.helping.reporting.hear(mistake("one"))
    [dialog] = dialogs(window)
    field = dialog.findChild(QPlainTextEdit)
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("my words")
    dialog.save_wanted.emit(dialog.text)
    await until(lambda: dialog.findChild(QFileDialog) is not None)
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.selectFile(str(tmp_path / "mine.txt"))
    chooser.done(QDialog.DialogCode.Accepted)
    await until(lambda: (tmp_path / "mine.txt").is_file())
    await until(lambda: "Saved." in _said(dialog))
    assert (tmp_path / "mine.txt").read_text() == "my words"


async def test_where_it_cannot_be_written_it_is_shown_all_the_same(
    window: Workbench, tagloom_home: Path
) -> None:
    (tagloom_home / "logs").mkdir(exist_ok=True)
    (tagloom_home / "logs" / "reports").write_text("a file")
    window.helping.reporting.hear(mistake("one"))
    [dialog] = dialogs(window)
    assert "It could not be written to the disk." in _said(dialog)


def _said(dialog: ReportDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())
