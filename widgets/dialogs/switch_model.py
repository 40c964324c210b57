"""Another model in a node's place: each says what would be lost, or why it cannot take what is linked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.words import joined
from app.nodes.models import Choice
from widgets.parts.model_words import row_words

SIZE = (560, 460)
_KIND = Qt.ItemDataRole.UserRole


class SwitchModel(QDialog):
    """`kind` is what was chosen, once it is accepted."""

    def __init__(self, title: str, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(parent)
        self._choices = {choice.kind: choice for choice in choices}
        self.setObjectName("switch-model")
        self.setWindowTitle(self.tr("Switch model of {title}").format(title=title))
        self.resize(*SIZE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        self.list = QListWidget()
        self.list.setObjectName("model-choices")
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        for choice in choices:
            self.list.addItem(self._item(choice))
        rows.addWidget(self.list, 1)
        self.words = QLabel()
        self.words.setObjectName("model-changes")
        self.words.setAccessibleName(self.tr("What changes"))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        rows.addWidget(self.words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.switch = QPushButton(self.tr("Switch"))
        self.switch.setProperty("kind", "primary")
        buttons.addButton(self.switch, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        self.switch.setDefault(True)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.list.itemActivated.connect(lambda _: self.switch.click())
        self._first()
        self.list.setFocus()

    @property
    def kind(self) -> str:
        return next((str(item.data(_KIND)) for item in self.list.selectedItems()), "")

    def _item(self, choice: Choice) -> QListWidgetItem:
        note = self.tr("it is this one") if choice.current else joined(*choice.why_not)
        item = QListWidgetItem(row_words(choice.card, note))
        item.setData(_KIND, choice.kind)
        if choice.current or choice.why_not:
            item.setFlags(item.flags() & ~(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable))
        return item

    def _first(self) -> None:
        """The first that can be chosen."""
        free = [row for row, one in enumerate(self._choices.values()) if not one.current and not one.why_not]
        if free:
            self.list.setCurrentRow(free[0])
        self._show()

    def _show(self) -> None:
        choice = self._choices.get(self.kind)
        self.switch.setEnabled(choice is not None and not choice.current and not choice.why_not)
        if choice is None:
            self.words.setText(self.tr("No other model can take what is linked."))
        elif choice.lost:
            self.words.setText("\n".join(choice.lost))
        else:
            self.words.setText(self.tr("Everything goes along: links, tags, and all values."))
