"""The queue: what runs, waits, is not known or failed, over all documents; paused, put in order, cancelled,
run again. The studio's `Lineup` says it; nothing here sends anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.studio.lineup import Line, Standing
from widgets.messages import counted

_ID = Qt.ItemDataRole.UserRole
_MOVABLE = (Standing.WAITING, Standing.HELD)


class QueuePanel(QWidget):
    """`show_lines` whenever something has changed. What is chosen stays chosen."""

    pause_wanted = Signal(bool)
    front_wanted = Signal(tuple)
    """Ids of waiting lines, in the order in which they are to go."""
    move_wanted = Signal(str, object)
    """A waiting line's id, and the id before which it is to go (None: last)."""
    cancel_wanted = Signal(tuple)
    """Lines that wait or run here."""
    retry_wanted = Signal(tuple)
    """Lines that failed, or that an earlier session never began."""
    dismiss_wanted = Signal(tuple)
    decide_wanted = Signal(object, str)
    """An unknown line, and `arrived`, `not-charged`, `send-again` or `compare`."""
    node_wanted = Signal(str, str)
    """Document and node of a line that was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("queue-panel")
        self._lines: dict[str, Line] = {}
        self._paused = False
        self._head = QLabel()
        self._head.setProperty("role", "title")
        self._tree = self._list()
        self._words = QLabel()
        self._words.setObjectName("queue-words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("role", "muted")
        self._pause = self._button("queue-pause", self.tr("Pause"), lambda: self._toggle())
        self._buttons = self._actions()
        self._decisions = self._choices()
        self._lay_out()
        self.show_lines((), paused=False)

    # -- building

    def _list(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("queue-list")
        tree.setAccessibleName(self.tr("Queue"))
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setHeaderLabels([self.tr("State"), self.tr("Node"), self.tr("Document"), self.tr("Since")])
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        tree.itemSelectionChanged.connect(self._chosen_changed)
        tree.itemActivated.connect(self._opened)
        return tree

    def _button(self, name: str, title: str, what: Callable[[], object], tip: str = "") -> QPushButton:
        button = QPushButton(title)
        button.setObjectName(name)
        button.setToolTip(tip or title)
        button.clicked.connect(lambda *_: what())
        return button

    def _actions(self) -> dict[str, QPushButton]:
        cancel, again, remove = self.cancel_wanted, self.retry_wanted, self.dismiss_wanted
        made = (
            ("front", self.tr("In front"), self._front, self.tr("These go next")),
            ("up", self.tr("Up"), lambda: self._step(-1), self.tr("One place earlier")),
            ("down", self.tr("Down"), lambda: self._step(1), self.tr("One place later")),
            ("cancel", self.tr("Cancel"), lambda: cancel.emit(self._of(_stoppable)), ""),
            ("cancel-all", self.tr("Cancel all"), self._cancel_all, self.tr("All that waits or runs here")),
            ("retry", self.tr("Run again"), lambda: again.emit(self._of(_repeatable)), ""),
            ("dismiss", self.tr("Remove"), lambda: remove.emit(self._of(_repeatable)), ""),
        )
        return {name: self._button(f"queue-{name}", title, what, tip) for name, title, what, tip in made}

    def _choices(self) -> dict[str, QPushButton]:
        made = (
            ("compare", self.tr("Compare…"), self.tr("The vendor's own page, and the times to compare")),
            ("arrived", self.tr("It arrived elsewhere"), self.tr("It was charged; the sum keeps it")),
            ("not-charged", self.tr("It was not charged"), self.tr("The sum goes down by it")),
            ("send-again", self.tr("Send again…"), self.tr("It may be charged a second time")),
        )
        return {
            name: self._button(f"queue-{name}", title, lambda name=name: self._decide(name), tip)  # type: ignore[misc]
            for name, title, tip in made
        }

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self._head)
        top.addStretch(1)
        top.addWidget(self._pause)
        rows.addLayout(top)
        rows.addWidget(self._tree, 1)
        rows.addWidget(self._words)
        for buttons in (self._decisions, self._buttons):
            row = QHBoxLayout()
            row.setSpacing(6)
            for button in buttons.values():
                row.addWidget(button)
            row.addStretch(1)
            rows.addLayout(row)

    # -- showing

    def show_lines(self, lines: Sequence[Line], *, paused: bool) -> None:
        chosen = {line.id for line in self.chosen()}
        current = self._tree.selectionModel().currentIndex()
        at = current.siblingAtColumn(0).data(_ID) if current.isValid() else ""
        self._lines = {line.id: line for line in lines}
        self._paused = paused
        self._tree.blockSignals(True)
        self._tree.clear()
        for line in lines:
            item = QTreeWidgetItem([self._state(line), line.title, line.document_name, _time(line.since)])
            item.setData(0, _ID, line.id)
            item.setToolTip(2, line.document)
            self._tree.addTopLevelItem(item)
            item.setSelected(line.id in chosen)
            if line.id == at:
                self._tree.setCurrentItem(item, 0, self._tree.selectionModel().SelectionFlag.NoUpdate)
        self._tree.blockSignals(False)
        self._show_head(lines)
        self._chosen_changed()

    def _show_head(self, lines: Sequence[Line]) -> None:
        running = sum(line.standing is Standing.RUNNING for line in lines)
        waiting = sum(line.standing in _MOVABLE for line in lines)
        words = [
            counted(running, "1 running", "{n} running"),
            counted(waiting, "1 waiting", "{n} waiting"),
        ]
        self._head.setText(" · ".join(words) if lines else self.tr("Nothing in the queue"))
        self._pause.setText(self.tr("Go on") if self._paused else self.tr("Pause"))
        self._pause.setToolTip(
            self.tr("Sending goes on")
            if self._paused
            else self.tr("Nothing more is sent; what a vendor is at comes home")
        )

    def _state(self, line: Line) -> str:
        elsewhere = "" if line.here or line.standing is not Standing.RUNNING else " " + self.tr("(elsewhere)")
        return {
            Standing.RUNNING: self.tr("running"),
            Standing.WAITING: self.tr("waiting"),
            Standing.HELD: self.tr("paused"),
            Standing.UNKNOWN: self.tr("charge not known"),
            Standing.FAILED: self.tr("failed"),
            Standing.LEFT: self.tr("not begun"),
        }[line.standing] + elsewhere

    def _chosen_changed(self) -> None:
        chosen = self.chosen()
        movable = [line for line in chosen if line.standing in _MOVABLE]
        stoppable = [line for line in chosen if _stoppable(line)]
        again = [line for line in chosen if _repeatable(line)]
        unknown = len(chosen) == 1 and chosen[0].standing is Standing.UNKNOWN
        for name in ("front", "up", "down"):
            self._buttons[name].setEnabled(bool(movable))
        self._buttons["cancel"].setEnabled(bool(stoppable))
        self._buttons["cancel-all"].setEnabled(any(map(_stoppable, self._lines.values())))
        for name in ("retry", "dismiss"):
            self._buttons[name].setEnabled(bool(again))
        for button in self._decisions.values():
            button.setVisible(unknown)
        self._words.setText(self._about(chosen[0]) if len(chosen) == 1 else "")
        self._words.setVisible(bool(self._words.text()))

    def _about(self, line: Line) -> str:
        if line.fault is not None:
            return f"{line.fault.title} {line.fault.advice}"
        if line.standing is Standing.LEFT:
            return self.tr("An earlier session never began it. Nothing was sent or charged.")
        return ""

    def chosen(self) -> tuple[Line, ...]:
        """In the order of the list."""
        ids = [
            str(item.data(0, _ID))
            for row in range(self._tree.topLevelItemCount())
            if (item := self._tree.topLevelItem(row)) is not None and item.isSelected()
        ]
        return tuple(self._lines[id] for id in ids if id in self._lines)

    # -- doing

    def tell(self, words: str) -> None:
        """About what is chosen, until something else is."""
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _toggle(self) -> None:
        self.pause_wanted.emit(not self._paused)

    def _front(self) -> None:
        self.front_wanted.emit(tuple(line.id for line in self.chosen() if line.standing in _MOVABLE))

    def _step(self, by: int) -> None:
        """What is chosen moves by one place, all of it together."""
        order = [id for id, line in self._lines.items() if line.standing in _MOVABLE]
        moved = [line.id for line in self.chosen() if line.id in order]
        for id in moved if by < 0 else reversed(moved):
            at = order.index(id)
            to = at + by
            if to < 0 or to >= len(order) or order[to] in moved:
                continue
            order.insert(to, order.pop(at))
            behind = order[to + 1] if to + 1 < len(order) else None
            self.move_wanted.emit(id, behind)

    def _cancel_all(self) -> None:
        self.cancel_wanted.emit(tuple(line for line in self._lines.values() if _stoppable(line)))

    def _of(self, which: Callable[[Line], bool]) -> tuple[Line, ...]:
        return tuple(line for line in self.chosen() if which(line))

    def _decide(self, what: str) -> None:
        chosen = self.chosen()
        if len(chosen) == 1 and chosen[0].standing is Standing.UNKNOWN:
            self.decide_wanted.emit(chosen[0], what)

    def _opened(self, item: QTreeWidgetItem) -> None:
        line = self._lines.get(str(item.data(0, _ID)))
        if line is not None:
            self.node_wanted.emit(line.document, line.node)


def _stoppable(line: Line) -> bool:
    return line.here and line.standing in (Standing.RUNNING, *_MOVABLE)


def _repeatable(line: Line) -> bool:
    return line.standing in (Standing.FAILED, Standing.LEFT)


def _time(when: datetime) -> str:
    here = when.astimezone()
    today = here.date() == datetime.now(here.tzinfo).date()
    return here.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
