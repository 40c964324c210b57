"""The batch panel: a table of products over the document, before, while and after it runs.

It shows what it is given and says what is wanted; `widgets.batching` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.money import show_usd
from app.basics.words import say_many
from app.studio.batch_values import REPEATABLE, DryRun, Progress, Stage, Standing
from widgets.batch.summary import Summary
from widgets.batch.table import RowsTable
from widgets.batch.words import standing_words
from widgets.parts.flow import Flow
from widgets.parts.picture_source import PictureSource
from widgets.parts.sized import times
from widgets.theme import Themes

_TYPING_MS = 180
_LOW = 440
OF_ROWS = ("open", "retry", "again", "front", "folder")
"""What is done with rows that are chosen."""
CHIPS = tuple(one for one in Standing if one is not Standing.WRONG)
"""What is shown by itself; what is wrong with the table has a list of its own."""


class BatchPanel(QWidget):
    """`doing` carries `start`, `pause`, `resume`, `stop`, `open`, `retry`, `again`, `retry-failed`, `front`,
    `folder`, `report`, `sheet`, `table`, `look`, `leave`; `asked`: another question about the rows;
    `row_wanted` the number of a row that is to be shown."""

    doing = Signal(str)
    asked = Signal()
    row_wanted = Signal(int)

    def __init__(self, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("batch-panel")
        self.standing: Standing | None = None
        """The only state that is shown; None: all."""
        self._stage = Stage.NONE
        self._dry: DryRun | None = None
        self._title = QLabel()
        self._title.setObjectName("batch-title")
        self._title.setProperty("role", "title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.summary = Summary()
        self.summary.row_wanted.connect(self.row_wanted)
        self.words = self._search()
        self.table = RowsTable(pictures, themes)
        self.table.doing.connect(self._do)
        self.table.moved.connect(self.show_chosen)
        self._buttons = self._made()
        self._chips: dict[Standing | None, QToolButton] = {}
        self._filters = QWidget()
        self._flow = Flow(self._filters)
        for standing in (None, *CHIPS):
            self._chips[standing] = self._chip(standing)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.asked)
        self._lay_out()
        self.show_progress(Progress())
        self.show_dry(None)

    # --- building ---

    def _search(self) -> QLineEdit:
        line = _Words()
        line.setObjectName("batch-search")
        line.setPlaceholderText(self.tr("Search the rows…"))
        line.setAccessibleName(self.tr("Search the rows"))
        line.setClearButtonEnabled(True)
        for clear in line.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear the search"))
        line.textChanged.connect(lambda _: self._typing.start())
        line.down.connect(lambda: self._enter())
        line.left.connect(lambda: self._leave())
        return line

    def _made(self) -> dict[str, QPushButton]:
        tr = self.tr
        made = {
            "table": self._button(
                "table", tr("Choose a table…"), tr("A CSV, TSV or Excel file, a product a row")
            ),
            "look": self._button(
                "look", tr("Look again"), tr("Reads the table anew and works out the price")
            ),
            "pause": self._button(
                "pause", tr("Pause"), tr("Nothing more is sent; what a vendor is at comes home")
            ),
            "resume": self._button("resume", tr("Go on"), tr("Sending goes on")),
            "stop": self._button("stop", tr("Stop"), tr("What waits is not sent; the rest can be run later")),
            "start": self._button("start", tr("Start"), tr("Makes the pictures of all rows")),
            "open": self._button(
                "open", tr("Show on the canvas"), tr("The document with this row in it (Enter)")
            ),
            "retry": self._button(
                "retry", tr("Run again"), tr("Those chosen that failed or were cancelled (R)")
            ),
            "again": self._button(
                "again",
                tr("Send again…"),
                tr("Those chosen whose charge is not known; asks first, since they may be paid twice"),
            ),
            "retry-failed": self._button(
                "retry-failed", tr("Run all failed again"), tr("Every row that failed")
            ),
            "front": self._button("front", tr("In front"), tr("These go next (F)")),
            "folder": self._button("folder", tr("Open folder"), tr("Where the pictures of this row lie (O)")),
            "report": self._button("report", tr("Report"), tr("What each row made and cost")),
            "sheet": self._button("sheet", tr("Contact sheet"), tr("All pictures with their captions")),
        }
        made["start"].setProperty("kind", "primary")
        return made

    def _button(self, name: str, title: str, tip: str) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName(f"batch-{name}")
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda *_: self._do(name))
        return button

    def _chip(self, standing: Standing | None) -> QToolButton:
        chip = QToolButton()
        chip.setObjectName(f"batch-only-{standing or 'all'}")
        chip.setProperty("segment", "true")
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda *_: self._narrow(standing))
        self._flow.addWidget(chip)
        return chip

    def _lay_out(self) -> None:
        buttons = self._buttons
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._title, 1)
        for name in ("table", "look", "pause", "resume", "stop", "start"):
            top.addWidget(buttons[name])
        narrowing = QHBoxLayout()
        narrowing.setSpacing(8)
        narrowing.addWidget(self._filters, 2)
        narrowing.addWidget(self.words, 1)
        self._doings = QWidget()
        flow = Flow(self._doings)
        for name in (*OF_ROWS, "retry-failed", "report", "sheet"):
            flow.addWidget(buttons[name])
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        rows.addLayout(top)
        rows.addWidget(self.summary)
        rows.addLayout(narrowing)
        rows.addWidget(self.table, 1)
        rows.addWidget(self._doings)
        order = (
            *(buttons[name] for name in ("table", "look", "pause", "resume", "stop", "start")),
            *(self.summary.problems, *self._chips.values(), self.words, self.table),
            *(buttons[name] for name in (*OF_ROWS, "retry-failed", "report", "sheet")),
        )
        for one, other in pairwise(order):
            self.setTabOrder(one, other)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.summary.show_small(self.height() < times(_LOW))

    # --- hands ---

    def _do(self, name: str) -> None:
        if name == "search":
            self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.words.selectAll()
        elif name == "leave":
            self._leave()
        elif name not in self._buttons or self._buttons[name].isEnabled():
            self.doing.emit(name)

    def _enter(self) -> None:
        """The keyboard into the rows; what is typed is asked for first."""
        if self._typing.isActive():
            self._typing.stop()
            self.table.clearSelection()
            self.table.setFocus(Qt.FocusReason.MouseFocusReason)  # nothing is chosen before the answer
            self.asked.emit()
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        """Esc: the words first, then the state, then the window."""
        if self.words.text():
            self.words.clear()
        elif self.standing is not None:
            self._narrow(None)
        else:
            self.doing.emit("leave")

    def _narrow(self, standing: Standing | None) -> None:
        self.standing = standing
        self._show_chips_checked()
        self.asked.emit()

    def show_everything(self) -> None:
        """No words, no state: before a row is shown that may not be among them."""
        blocked = self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(blocked)
        self.standing = None
        self._show_chips_checked()

    # --- showing ---

    def show_dry(self, dry: DryRun | None) -> None:
        self._dry = dry
        self.summary.show_dry(dry)
        self._show_start()

    def show_progress(self, progress: Progress) -> None:
        self._stage = stage = progress.stage
        self._title.setText(progress.table or self.tr("Batch"))
        self.summary.show_progress(progress)
        shown = {
            "table": stage is Stage.NONE,
            "look": stage in (Stage.READY, Stage.ENDED),
            "pause": stage is Stage.RUNNING,
            "resume": stage is Stage.PAUSED,
            "stop": stage in (Stage.RUNNING, Stage.PAUSED, Stage.STOPPING),
            "start": stage in (Stage.READY, Stage.OPENING),
        }
        for name, visible in shown.items():
            self._keep_focus(self._buttons[name], visible)
        self._buttons["stop"].setEnabled(stage is not Stage.STOPPING)
        for name in ("report", "sheet"):
            self._buttons[name].setEnabled(stage in (Stage.READY, Stage.ENDED) and progress.ended > 0)
        failed = progress.counts.get(Standing.FAILED, 0)
        self._buttons["retry-failed"].setEnabled(bool(failed))
        self._show_chips(progress.counts)
        self._show_start()
        self.show_chosen()

    def _keep_focus(self, button: QPushButton, visible: bool) -> None:
        """The keyboard is not lost with a button that goes."""
        if button.hasFocus() and not visible:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        button.setVisible(visible)

    def _show_start(self) -> None:
        """The price stands on the button that spends it."""
        button, dry = self._buttons["start"], self._dry
        can = dry is not None and not dry.wrong and dry.rows > dry.finished
        button.setEnabled(self._stage is Stage.READY and can)
        title = self.tr("Start")
        if dry is not None and dry.pictures and not dry.wrong:
            if dry.draft:
                title = self.tr("Start · free drafts")
            elif dry.money is None:
                title = self.tr("Start · price not known")
            else:
                title = self.tr("Start · {price}").format(price=show_usd(dry.money))
        button.setText(title)

    def _show_chips(self, counts: Mapping[Standing, int]) -> None:
        for standing, chip in self._chips.items():
            count = sum(counts.values()) if standing is None else counts.get(standing, 0)
            words = self.tr("All") if standing is None else standing_words(standing)
            chip.setText(f"{words}  {count:,}")
            named = say_many(count, "{words}: 1 row", "{words}: {n} rows", words=words)
            chip.setAccessibleName(named)
            chip.setVisible(standing is None or bool(count) or standing is self.standing)
        self._filters.setVisible(bool(counts))
        self.words.setVisible(bool(counts))
        self._doings.setVisible(bool(counts))
        self._show_chips_checked()

    def _show_chips_checked(self) -> None:
        for standing, chip in self._chips.items():
            chip.setChecked(standing is self.standing)

    def show_empty(self, words: str) -> None:
        self.table.empty = words
        self.table.setAccessibleDescription(words)
        self.table.viewport().update()

    def show_chosen(self) -> None:
        """What can be done with what is chosen."""
        chosen = self.table.chosen()
        can = {
            "open": len(chosen) == 1,
            "retry": any(row.standing in REPEATABLE for row in chosen),
            "again": any(row.standing is Standing.UNKNOWN for row in chosen),
            "front": any(row.standing is Standing.WAITING for row in chosen),
            "folder": len(chosen) == 1 and chosen[0].folder is not None,
        }
        for name, yes in can.items():
            self._buttons[name].setEnabled(yes)

    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be done with what is chosen: name and words."""
        names = (*OF_ROWS, "retry-failed")
        return tuple((name, self._buttons[name].text()) for name in names if self._buttons[name].isEnabled())


class _Words(QLineEdit):
    down = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.down.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)
