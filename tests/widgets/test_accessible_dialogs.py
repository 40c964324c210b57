"""Every dialog as screen readers and keyboards meet it: names, roles, states, an order, a seen focus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from app.document.copies import LeftCopy
from tests.widgets.bench import bench_in
from tests.widgets.canvas.world import example
from tests.widgets.every_window import ALL, CLASSES, QUESTIONS, shown
from tests.widgets.every_window import copies as copies
from tests.widgets.tabbing import out_of_order, unseen
from tests.widgets.test_accessible import ROLES, walked

pytestmark = pytest.mark.qt_log_ignore("does not support")
ROOT = Path(__file__).parents[2] / "widgets"
MADE = re.compile(r"\b(?:QDialog|QMessageBox|QWizard|QProgressDialog)\((?!\w+\.DialogCode)[^)]")


def test_no_dialog_is_left_out() -> None:
    """Whoever writes a new one adds it to `every_window`: it is then walked through, read in the pseudo
    language and seen in every theme."""
    sources = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in ROOT.rglob("*.py")}
    whole = "\n".join(sources.values())
    dialogs = set(re.findall(r"^class (\w+)\((?:QDialog|QMessageBox|QWizard|QProgressDialog)\b", whole, re.M))
    assert len(dialogs) > 8
    assert dialogs - {*CLASSES.values()} == set()
    made = {name: found for name, text in sources.items() if (found := len(MADE.findall(text)))}
    assert made == {"accounts.py": 1, "cannot_begin.py": 1, "dialogs/asking.py": 2}, (
        "without a class of its own"
    )
    asked = set(re.findall(r"^async def (\w+)_of\(\n?\s*parent", sources["dialogs/asking.py"], re.M))
    assert asked - {"files", "folder", "target", "_choice"} == {*QUESTIONS, "consent"} - {
        "spend",
        "cannot-begin",
    }
    assert CLASSES.keys() == {*ALL}


@pytest.mark.parametrize("name", ALL)
async def test_a_dialog_is_told_reached_and_seen(
    qapp: QApplication, tagloom_home: Path, copies: tuple[LeftCopy, ...], name: str
) -> None:
    """Told to a screen reader, reached by Tab in the order in which it is read, and the focus seen. One
    window for all three: to open it takes longest."""
    QAccessible.setActive(True)
    async with bench_in(tagloom_home, qapp, example()) as bench, shown(bench, name, copies) as there:
        every_control_is_told(there)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus is there or there.isAncestorOf(focus), "the keyboard is in it"
        assert await out_of_order(there, focus) == []
        assert await unseen(there) == []


def every_control_is_told(there: QWidget) -> None:
    all_told = list(walked(QAccessible.queryAccessibleInterface(there)))
    seen = [one for one in all_told if one.takes_keys or one.role in ROLES]
    assert seen
    assert all_told[0].name or there.windowTitle(), "the dialog itself"
    assert [one for one in seen if one.role == QAccessible.Role.NoRole] == []
    assert [one for one in seen if not one.name] == []
    assert [one for one in seen if one.focused and not one.usable] == []
