"""One prompt and one set of references over several models and seeds: the price first, then the nodes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.faults import Fault
from app.basics.words import joined
from app.nodes.models import Choice
from widgets.parts.model_words import row_words
from widgets.tasks import Tasks

SIZE = (560, 480)
SEEDS = 16
_KIND = Qt.ItemDataRole.UserRole
_PAUSE_MS = 120
_BETWEEN = re.compile("[,，、;；]")
"""As people part numbers, also with the signs of a Chinese keyboard."""

Price = Callable[[tuple[str, ...], tuple[int | None, ...]], Awaitable[str]]
"""(models, seeds) → what it would cost, in words. :raises Fault: it cannot be done"""


class FanOut(QDialog):
    """`models`, `seeds` and `run` are what was asked for, once it is accepted."""

    def __init__(
        self, title: str, choices: Sequence[Choice], seed: int | None, price: Price, tasks: Tasks,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._price, self._tasks = price, tasks
        self.run = False
        self.setObjectName("fan-out")
        self.setWindowTitle(self.tr("Fan out {title}").format(title=title))
        self.resize(*SIZE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        self.list = QListWidget()
        self.list.setObjectName("fan-out-models")
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for choice in choices:
            self.list.addItem(_item(choice))
        self.list.setCurrentRow(0)
        rows.addWidget(self.list, 1)
        self.line = QLineEdit("" if seed is None else str(seed))
        self.line.setObjectName("fan-out-seeds")
        self.line.setAccessibleName(self.tr("Seeds"))
        self.line.setPlaceholderText(self.tr("42, 43, 44 — empty: one, drawn anew"))
        form = QFormLayout()
        form.addRow(self.tr("Seeds"), self.line)
        rows.addLayout(form)
        self.words = QLabel()
        self.words.setObjectName("fan-out-price")
        self.words.setAccessibleName(self.tr("What it costs"))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        rows.addWidget(self.words)
        rows.addWidget(self._buttons())
        self._timer = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(lambda: self._tasks.start(self._tell()))
        self.list.itemChanged.connect(lambda _: self._changed())
        self.line.textChanged.connect(lambda _: self._changed())
        self._changed()
        self.list.setFocus()

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.make = QPushButton(self.tr("Make nodes"))
        self.make_and_run = QPushButton(self.tr("Make and run"))
        self.make_and_run.setProperty("kind", "primary")
        for one in (self.make, self.make_and_run):
            buttons.addButton(one, QDialogButtonBox.ButtonRole.ActionRole)
            one.setAutoDefault(False)
        self.make.clicked.connect(self.accept)
        self.make_and_run.clicked.connect(self._run)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def models(self) -> tuple[str, ...]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(str(one.data(_KIND)) for one in items if one.checkState() is Qt.CheckState.Checked)

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """Whole numbers in the order in which they were written, each once; one empty seed for none.

        :raises ValueError: something else stands there, or too many
        """
        parts = _BETWEEN.sub(" ", self.line.text()).split()
        seeds = tuple(dict.fromkeys(int(one) for one in parts))
        if len(seeds) > SEEDS or any(one < 0 for one in seeds):
            raise ValueError
        return seeds or (None,)

    def _run(self) -> None:
        self.run = True
        self.accept()

    def _changed(self) -> None:
        self._allow(False)
        self._timer.start()

    def _allow(self, yes: bool) -> None:
        self.make.setEnabled(yes)
        self.make_and_run.setEnabled(yes)

    async def _tell(self) -> None:
        models, text = self.models, self.line.text()
        try:
            seeds = self.seeds
        except ValueError:
            self.words.setText(
                self.tr("Seeds are whole numbers, at most {n}, with commas between.").format(n=SEEDS)
            )
            return
        if not models:
            self.words.setText(self.tr("Choose the models."))
            return
        try:
            words = await self._price(models, seeds)
        except Fault as fault:
            self.words.setText(fault.sentence())
            return
        if (models, text) == (self.models, self.line.text()):
            self.words.setText(words)
            self._allow(True)


def _item(choice: Choice) -> QListWidgetItem:
    item = QListWidgetItem(row_words(choice.card, joined(*(choice.why_not or choice.lost))))
    item.setData(_KIND, choice.kind)
    if choice.why_not:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    else:
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if choice.current else Qt.CheckState.Unchecked)
    return item
