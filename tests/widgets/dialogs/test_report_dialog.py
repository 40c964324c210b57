from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QPushButton, QWidget

from app.basics.reports import Report
from tests.widgets.conftest import comes
from widgets.dialogs.report_dialog import ReportDialog


@pytest.fixture
def dialog(stage: QWidget) -> Iterator[ReportDialog]:
    made = ReportDialog("It broke.", "Words.", Report(short="short <b>", long="long", mark="m"), stage)
    made.open()
    assert comes(made.isVisible)
    yield made
    made.close()
    made.deleteLater()


def press(dialog: ReportDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def said(dialog: ReportDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def test_what_was_changed_is_what_is_copied_and_saved(dialog: ReportDialog) -> None:
    saved: list[str] = []
    dialog.save_wanted.connect(saved.append)
    field = dialog.findChild(QPlainTextEdit)
    assert isinstance(field, QPlainTextEdit)
    assert not field.isReadOnly()
    assert field.toPlainText() == "short <b>"
    field.setPlainText("mine")
    press(dialog, "report-copy")
    assert QGuiApplication.clipboard().text() == "mine"
    assert "Copied." in said(dialog)
    press(dialog, "report-save")
    assert saved == ["mine"]


def test_the_long_form_only_where_it_is_asked_for(dialog: ReportDialog) -> None:
    box = dialog.findChild(QCheckBox)
    assert isinstance(box, QCheckBox)
    assert not box.isChecked()
    box.click()
    assert dialog.text == "long"
    box.click()
    assert dialog.text == "short <b>"
    field = dialog.findChild(QPlainTextEdit)
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("mine")
    assert not box.isEnabled(), "what was written by hand is not replaced"
    field.setPlainText("short <b>")
    assert box.isEnabled()


def test_the_page_opens_with_nothing_attached(dialog: ReportDialog) -> None:
    opened: list[str] = []
    dialog.page_wanted.connect(lambda: opened.append("page"))
    dialog.logs_wanted.connect(lambda: opened.append("logs"))
    press(dialog, "report-page")
    press(dialog, "report-logs")
    assert opened == ["page", "logs"]
    assert "with nothing attached" in said(dialog)


def test_more_errors_are_counted(dialog: ReportDialog) -> None:
    dialog.count_again()
    assert "Since then another error has come" in said(dialog)
    dialog.count_again()
    assert "Since then 2 more errors have come" in said(dialog)


def test_enter_and_escape_close_it(dialog: ReportDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
