"""Checks: errors first, each with what mends it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.basics.faults import Where
from app.document.problems import Fix, Problem, Severity
from tests.widgets.conftest import stand
from widgets.inspector.check_list import CheckList


def problem(title: str, severity: Severity, *fixes: str) -> Problem:
    return Problem(
        code=title, severity=severity, where=Where(node="hero"), title=title, advice=f"Mend {title}.",
        fixes=tuple(Fix(label=one, edit=lambda document: document) for one in fixes),
    )  # fmt: skip


HINT = problem("hint", Severity.HINT)
ERROR = problem("<b>error</b>", Severity.ERROR, "Use @sneaker", "Remove it")


@pytest.fixture
def checks(stage: QWidget) -> CheckList:
    made = CheckList()
    stand(stage, made)
    return made


def words(checks: CheckList) -> list[str]:
    QApplication.processEvents()
    return [one.text() for one in checks.findChildren(QLabel) if one.isVisible() and len(one.text()) > 1]


def test_errors_stand_before_hints_and_these_before_what_is_well(checks: CheckList) -> None:
    checks.show_checks([HINT, ERROR], ["All is well"])
    assert words(checks) == ["<b>error</b>", "Mend <b>error</b>.", "hint", "Mend hint.", "All is well"]
    plain = [one for one in checks.findChildren(QLabel) if one.text() == "<b>error</b>"]
    assert plain[0].textFormat() == Qt.TextFormat.PlainText, "a name is no markup"


def test_a_fix_is_told_with_its_problem(checks: CheckList) -> None:
    told: list[tuple[Any, Any]] = []
    checks.fix_chosen.connect(lambda one, fix: told.append((one, fix)))
    checks.show_checks([HINT, ERROR], [])
    buttons = checks.findChildren(QPushButton)
    assert [one.text() for one in buttons] == ["Use @sneaker", "Remove it"]
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert told == [(ERROR, ERROR.fixes[1])]


def test_what_was_mended_goes(checks: CheckList) -> None:
    checks.show_checks([HINT, ERROR], [])
    checks.show_checks([], ["All is well"])
    QApplication.processEvents()
    assert words(checks) == ["All is well"]
