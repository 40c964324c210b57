"""A report, read and changed by the artist before anybody else sees it. Nothing is sent from here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.reports import Report
from widgets.messages import counted


class ReportDialog(QDialog):
    """`save_wanted` carries the text as it stands; `logs_wanted` and `page_wanted` open things outside."""

    save_wanted = Signal(str)
    logs_wanted = Signal()
    page_wanted = Signal()

    def __init__(self, title: str, words: str, report: Report, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("report-dialog")
        self.setWindowTitle(self.tr("Report"))
        self.setMinimumSize(560, 420)
        self._report = report
        self._more = 0
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(_label(title, "title"))
        rows.addWidget(_label(words, "muted"))
        self._again = _label("", "warning")
        self._again.hide()
        rows.addWidget(self._again)
        rows.addWidget(self._text_field(), 1)
        self._whole = QCheckBox(self.tr("Add what the errors and the log say"))
        self._whole.setObjectName("report-whole")
        about = self.tr("It helps most, and may name your files or repeat words of a prompt. Never a key.")
        self._whole.setToolTip(about)
        self._whole.setAccessibleDescription(about)
        self._whole.toggled.connect(self._show_text)
        rows.addWidget(self._whole)
        rows.addWidget(_label(about, "caption"))
        self._said = _label("", "good")
        self._said.hide()
        rows.addWidget(self._said)
        rows.addLayout(self._buttons())
        self.resize(max(720, self.sizeHint().width()), 600)

    def _text_field(self) -> QPlainTextEdit:
        self._text = QPlainTextEdit(self._report.short)
        self._text.setObjectName("report-text")
        self._text.setAccessibleName(self.tr("The report; it can be changed"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._text.setTabChangesFocus(True)
        self._text.textChanged.connect(self._on_change)
        return self._text

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        for name, words, tip, what in (
            ("report-copy", self.tr("Copy"), self.tr("The text, to the clipboard"), self._copy),
            (
                "report-save",
                self.tr("Save…"),
                self.tr("The text, into a file"),
                lambda: self.save_wanted.emit(self._text.toPlainText()),
            ),
            ("report-logs", self.tr("Open log folder"), "", self.logs_wanted.emit),
            (
                "report-page",
                self.tr("Report…"),
                self.tr("Opens the project's page in the browser, with nothing attached"),
                self._open_page,
            ),
        ):
            button = QPushButton(words)
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.clicked.connect(what)
            line.addWidget(button)
        line.addStretch(1)
        box = QDialogButtonBox()
        close = box.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("report-close")
        close.setProperty("kind", "primary")
        close.setDefault(True)
        box.rejected.connect(self.reject)
        line.addWidget(box)
        return line

    @property
    def text(self) -> str:
        return self._text.toPlainText()

    def count_again(self) -> None:
        """Another error has come while this one is read."""
        self._more += 1
        self._again.setText(
            counted(
                self._more,
                self.tr("Since then another error has come; it is in the log."),
                self.tr("Since then {n} more errors have come; they are in the log."),
            )
        )
        self._again.show()

    def say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()

    def _show_text(self, whole: bool) -> None:
        self._text.setPlainText(self._report.long if whole else self._report.short)

    def _on_change(self) -> None:
        """Once it was changed by hand, it is not replaced any more."""
        changed = self.text not in (self._report.short, self._report.long)
        self._whole.setEnabled(not changed)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.say(self.tr("Copied."))

    def _open_page(self) -> None:
        self.page_wanted.emit()
        self.say(self.tr("The page opens in your browser, with nothing attached. Paste there what you like."))


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
