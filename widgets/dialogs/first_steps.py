"""A small card over the canvas that teaches by doing: each step ticks itself. It blocks nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.studio.first_steps import Step

WIDTH, NARROW, EDGE = 316, 290, 14
ROOMY = (760, 480)
"""A canvas smaller than this shows the next step alone."""


class FirstSteps(QFrame):
    """`shown_where` carries a step whose place is to be shown, `closed` comes when it is put away by hand."""

    shown_where = Signal(Step)
    guide_wanted = Signal()
    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("first-steps")
        self.setProperty("role", "card")
        self.setProperty("guide", "start")
        self._over = over
        self._keys: Mapping[Step, str] = {}
        self._done: frozenset[Step] = frozenset()
        self.rows = {step: _Row(step, self) for step in Step}
        self._head = QLabel()
        self._head.setProperty("role", "title")
        self._end = QLabel(self.tr("That was all. The rest is in the guide, and nothing here can break."))
        self._end.setWordWrap(True)
        self._guide = QPushButton(self.tr("Open the guide"))
        self._guide.setObjectName("first-steps-guide")
        self._guide.setProperty("kind", "link")
        self._guide.clicked.connect(self.guide_wanted)
        close = QPushButton("✕")
        close.setObjectName("first-steps-close")
        close.setProperty("kind", "quiet")
        close.setProperty("sign", True)
        close.setFixedSize(24, 24)
        close.setAccessibleName(self.tr("Close the first steps"))
        close.setToolTip(self.tr("Close. Help, First steps brings it back."))
        close.clicked.connect(self.shut)
        self._lay_out(close)
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self, close: QPushButton) -> None:
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(14, 10, 8, 12)
        lines.setSpacing(8)
        lines.addLayout(head)
        for row in self.rows.values():
            lines.addWidget(row)
            row.show_me.clicked.connect(lambda _=False, step=row.step: self.shown_where.emit(step))
        lines.addWidget(self._end)
        lines.addWidget(self._guide, 0, Qt.AlignmentFlag.AlignLeft)
        tabs = (*(row.show_me for row in self.rows.values()), self._guide, close)
        for one, other in pairwise(tabs):
            self.setTabOrder(one, other)

    # --- what is shown ---

    def show_keys(self, keys: Mapping[Step, str]) -> None:
        """The first keys of the commands that belong to steps; empty for none."""
        self._keys = keys
        self._refresh()

    def show_done(self, done: Collection[Step]) -> None:
        """Ticks what is done. A screen reader is told of the new state."""
        self._done = frozenset(done)
        self._refresh()

    @property
    def next(self) -> Step | None:
        return next((step for step in Step if step not in self._done), None)

    def _refresh(self) -> None:
        count, whole = len(self._done), len(Step)
        small = self._small()
        had_keys = any(row.show_me.hasFocus() for row in self.rows.values())
        for step, row in self.rows.items():
            row.show_step(self._words(step), done=step in self._done, next=step is self.next)
            row.setVisible(not small or step is self.next)
        self._head.setText(
            self.tr("First steps: all done") if self.next is None
            else self.tr("First steps: {n} of {whole}").format(n=count, whole=whole)
        )  # fmt: skip
        self._end.setVisible(self.next is None)
        self._guide.setVisible(self.next is None)
        if had_keys:  # else Qt would give the keyboard to what stands next: the cross
            (self._guide if self.next is None else self.rows[self.next].show_me).setFocus()
        words = self._end.text() if self.next is None else self._words(self.next)
        self.setAccessibleName(f"{self._head.text()}. {words}")
        self._lie()

    def _words(self, step: Step) -> str:
        words = {
            Step.RUN: self.tr("Press Run{key}. A free draft appears in the node."),
            Step.PHOTOGRAPH: self.tr("Drop a photograph of your own on a Reference Image."),
            Step.TAG: self.tr("Type @ in the prompt and choose a tag: it stands for its photograph."),
            Step.SAVE: self.tr("Save{key}. The photographs are kept beside the document."),
        }[step]
        key = self._keys.get(step, "")
        return words.format(key=f" ({key})" if key else "")

    def _small(self) -> bool:
        return self._over.width() < ROOMY[0] or self._over.height() < ROOMY[1]

    def _lie(self) -> None:
        """Below in the middle of the canvas; at the left of a small one, for the minimap is at its right."""
        if self.isHidden():
            return
        wide = NARROW if self._small() else WIDTH
        self.setFixedWidth(max(min(wide, self._over.width() - 2 * EDGE), 180))
        layout = self.layout()
        assert layout is not None
        layout.activate()
        tall = layout.heightForWidth(self.width()) if layout.hasHeightForWidth() else self.sizeHint().height()
        self.setFixedHeight(max(tall, 40))
        left = EDGE if self._small() else (self._over.width() - self.width()) // 2
        self.move(left, max(self._over.height() - self.height() - EDGE, 0))

    # --- opening and closing ---

    def open(self) -> None:
        self.show()
        self._refresh()
        self.raise_()

    def shut(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that are the canvas's stay there: what is pressed in here does nothing to nodes."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._refresh()
        return False


class _Row(QWidget):
    """A number or a tick, the words, and a button that shows where."""

    def __init__(self, step: Step, parent: FirstSteps) -> None:
        super().__init__(parent)
        self.step = step
        self.setObjectName(f"step-{step}")
        self._number = list(Step).index(step) + 1
        self.sign = QLabel()
        self.sign.setFixedWidth(18)
        self.sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.show_me = QPushButton(self.tr("Save now") if step is Step.SAVE else self.tr("Show me"))
        self.show_me.setObjectName(f"show-{step}")
        self.show_me.setProperty("kind", "link")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.sign, 0, 0)
        grid.addWidget(self.words, 0, 1)
        grid.addWidget(self.show_me, 1, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)

    def show_step(self, words: str, *, done: bool, next: bool) -> None:
        self.sign.setText("✓" if done else str(self._number))
        self.words.setText(words)
        for label, role in ((self.sign, "good" if done else "muted"), (self.words, "muted" if done else "")):
            label.setProperty("role", role)
            label.style().polish(label)
        self.show_me.setVisible(next)
        self.show_me.setAccessibleName(f"{self.show_me.text()}: {words}")
        state = self.tr("done") if done else self.tr("to do")
        self.setAccessibleName(
            self.tr("Step {n}, {state}: {words}").format(n=self._number, state=state, words=words)
        )
