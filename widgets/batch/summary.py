"""What a batch would be before it starts, and how far it is: numbers, a bar, what is wrong with the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.basics.money import NOTHING, show_usd
from app.studio.batch_values import DryRun, Progress, Stage, TableProblem
from widgets.batch.words import left_words
from widgets.messages import counted
from widgets.parts.flow import Flow
from widgets.parts.sized import times

MOST_PROBLEMS = 200
_LINES = 4
_PARTS = 1000
"""Steps of the bar."""


class Figure(QFrame):
    """A number and what it counts, read as one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "card")
        self._number = QLabel()
        self._number.setProperty("role", "title")
        self._caption = QLabel()
        self._caption.setProperty("role", "caption")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 5, 12, 6)
        rows.setSpacing(0)
        for label in (self._number, self._caption):
            label.setTextFormat(Qt.TextFormat.PlainText)
            rows.addWidget(label)

    def show_number(self, number: str, caption: str, *, wrong: bool = False) -> None:
        self._number.setText(number)
        self._caption.setText(caption)
        self.setAccessibleName(f"{number} {caption}")
        self._number.setProperty("role", "error" if wrong else "title")
        self._number.style().polish(self._number)


class Summary(QWidget):
    """`row_wanted` carries the number of the row that a problem of the table is in."""

    row_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._small = self._known = False
        self._figures = QWidget()
        flow = Flow(self._figures)
        names = ("rows", "buy", "here", "price", "problems")
        self.figures = {name: Figure(f"batch-{name}") for name in names}
        for figure in self.figures.values():
            flow.addWidget(figure)
        self._bar = QProgressBar()
        self._bar.setObjectName("batch-bar")
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How far the batch is"))
        self._far = QLabel()
        self._far.setObjectName("batch-far")
        self._far.setProperty("role", "muted")
        self._far.setTextFormat(Qt.TextFormat.PlainText)
        self._far.setWordWrap(True)
        self.problems = self._list()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        for widget in (self._figures, self._bar, self._far, self.problems):
            rows.addWidget(widget)

    def _list(self) -> QListWidget:
        made = QListWidget()
        made.setObjectName("batch-problem-list")
        made.setAccessibleName(self.tr("What is wrong with the table"))
        made.setWordWrap(False)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.itemActivated.connect(self._opened)
        made.itemClicked.connect(self._opened)
        made.hide()
        return made

    def _opened(self, item: QListWidgetItem) -> None:
        row = int(item.data(Qt.ItemDataRole.UserRole))
        if row:
            self.row_wanted.emit(row)

    # --- before ---

    def show_dry(self, dry: DryRun | None) -> None:
        """None: nothing is known yet."""
        self._known = dry is not None
        self._figures.setVisible(self._known and not self._small)
        self._show_problems(dry.problems if dry is not None else (), dry.wrong if dry is not None else 0)
        if dry is None:
            return
        price = show_usd(dry.money) if dry.money is not None else self.tr("not known")
        wrong = dry.wrong
        for name, number, caption in (
            ("rows", f"{dry.rows:,}", counted(dry.rows, "row", "rows")),
            ("buy", f"{dry.pictures:,}", counted(dry.pictures, "picture to make", "pictures to make")),
            ("here", f"{dry.here:,}", self.tr("in the library")),
            (
                "price",
                show_usd(NOTHING) if dry.draft else price,
                self.tr("free drafts") if dry.draft else self.tr("price"),
            ),
            ("problems", f"{wrong:,}", counted(wrong, "problem", "problems")),
        ):
            self.figures[name].show_number(number, caption, wrong=name == "problems" and bool(wrong))
        self.figures["problems"].setVisible(bool(wrong))
        left = dry.rows > dry.finished and (bool(dry.pictures) or not wrong)
        for name in ("buy", "here", "price"):  # nothing is left to be made
            self.figures[name].setVisible(left)

    def _show_problems(self, problems: Sequence[TableProblem], wrong: int) -> None:
        self.problems.clear()
        for problem in problems[:MOST_PROBLEMS]:
            item = QListWidgetItem(problem.words)
            item.setData(Qt.ItemDataRole.UserRole, problem.row)
            item.setToolTip(problem.words)
            self.problems.addItem(item)
        rest = wrong - self.problems.count()
        if rest > 0:
            more = QListWidgetItem(counted(rest, "and 1 more", "and {n} more"))
            more.setData(Qt.ItemDataRole.UserRole, 0)
            self.problems.addItem(more)
        self.problems.setVisible(bool(problems))
        lines = min(self.problems.count(), _LINES)
        tall = max(self.problems.sizeHintForRow(0), times(22)) * lines + 6 if lines else 0
        self.problems.setFixedHeight(tall)

    def show_small(self, small: bool) -> None:
        """In a low window the rows are more than the numbers."""
        self._small = small
        self._figures.setVisible(self._known and not small)

    # --- during ---

    def show_progress(self, progress: Progress) -> None:
        at_work = progress.stage in (Stage.RUNNING, Stage.PAUSED, Stage.STOPPING)
        under_way = at_work or progress.ended > 0
        looking = progress.stage is Stage.OPENING
        self._bar.setVisible(under_way or looking)
        if looking:
            self._bar.setRange(0, 0)
        elif under_way:
            self._bar.setRange(0, _PARTS)
            self._bar.setValue(round(_PARTS * progress.ended / max(1, progress.rows)))
        words = self._words_of(progress, under_way=under_way)
        self._far.setText(words)
        self._far.setVisible(bool(words))
        self._bar.setAccessibleDescription(words)

    def _words_of(self, progress: Progress, *, under_way: bool) -> str:
        if progress.stage is Stage.OPENING:
            return counted(progress.looked, "1 row looked at…", "{n} rows looked at…")
        if not under_way:
            return progress.why
        parts = [
            self.tr("{n} of {all} rows").format(n=f"{progress.ended:,}", all=f"{progress.rows:,}"),
            self._spent(progress),
        ]
        if progress.left is not None and progress.stage is Stage.RUNNING:
            parts.append(left_words(progress.left))
        if progress.why:
            parts.append(progress.why)
        return "  ·  ".join(one for one in parts if one)

    def _spent(self, progress: Progress) -> str:
        spent = show_usd(progress.spent)
        if progress.estimate is None:
            return self.tr("{spent} spent").format(spent=spent)
        if not progress.estimate and not progress.spent:
            return self.tr("free drafts")
        return self.tr("{spent} of {price} spent").format(spent=spent, price=show_usd(progress.estimate))
