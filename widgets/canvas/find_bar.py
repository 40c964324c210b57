"""Find and replace over all prompts and notes: a bar over the canvas, for the keyboard alone. A child of the
view, not a popup, so that input methods work in it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.basics.faults import Fault
from app.basics.words import say, spoken
from app.catalogue.cards import ParameterType
from app.document.editor import Change
from app.document.finding import Found, Wanted, find, replace_all, replace_one, text_at
from app.document.problems import Edit
from app.document.tag_edits import models_with_tag, rename_tag_everywhere
from app.nodes.declare import Kinds
from widgets.canvas.stage import Stage
from widgets.messages import counted

WIDTH, EDGE = 470, 14
AROUND = 26
"""Characters of the text that are shown before and behind what is found."""


class FindBar(QFrame):
    """`show` brings a node before the eyes. Enter and Shift+Enter go on and back, Esc closes."""

    def __init__(self, stage: Stage, over: QWidget, show_node: Callable[[str], None]) -> None:
        super().__init__(over)
        self.setObjectName("find-bar")
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Find and replace"))
        self._stage, self._over, self._show_node = stage, over, show_node
        self._fields = fields_of(stage.kinds)
        self._found: tuple[Found, ...] = ()
        self._at = -1
        self._stop: Callable[[], None] | None = None
        self.line = _line(self.tr("Find in prompts and notes"), "find-line")
        self.words = _line(self.tr("Replace with"), "replace-line")
        self._lay_out()
        self._in_order()
        self.line.textChanged.connect(lambda _: self._look(anew=True))
        self.words.textChanged.connect(lambda _: self._tell())
        over.installEventFilter(self)
        self.hide()

    # --- building ---

    def _lay_out(self) -> None:
        self._count = QLabel()
        self._count.setObjectName("find-count")
        self._count.setProperty("role", "muted")
        self._count.setMinimumWidth(64)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._back = self._button(
            "▲", self.tr("The one before (Shift+Enter)"), "find-back", lambda: self.go(-1)
        )
        self._on = self._button("▼", self.tr("The next one (Enter)"), "find-next", lambda: self.go(1))
        self._case = self._switch("Aa", self.tr("Match case"), "find-case")
        self._whole = self._switch(self.tr("Word"), self.tr("Whole words alone"), "find-whole")
        self._shut = self._button("✕", self.tr("Close (Esc)"), "find-close", self.shut)
        first = QHBoxLayout()
        first.setSpacing(4)
        for widget in (self._count, self._back, self._on, self._case, self._whole, self._shut):
            first.addWidget(widget)
        self._one = self._button(
            self.tr("Replace"), self.tr("Replace this one (Enter)"), "replace-one", self.replace_this
        )
        self._all = self._button(
            self.tr("Replace all"),
            self.tr("Replace every one, as one step"),
            "replace-all",
            self.replace_every,
        )
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self._one)
        second.addWidget(self._all)
        second.addStretch(1)
        self._where = QLabel()
        self._where.setObjectName("find-where")
        self._where.setProperty("role", "caption")
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        self._rename = QPushButton(self.tr("Rename this tag everywhere"))
        self._rename.setObjectName("rename-tag")
        self._rename.setProperty("kind", "link")
        self._rename.clicked.connect(self.rename_everywhere)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 8, 8)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.line, 0, 0)
        grid.addLayout(first, 0, 1)
        grid.addWidget(self.words, 1, 0)
        grid.addLayout(second, 1, 1)
        grid.addWidget(self._where, 2, 0, 1, 2)
        grid.addWidget(self._rename, 3, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(0, 1)

    def _in_order(self) -> None:
        """Tab goes from word to word first, as hands know it; then over the buttons as they stand."""
        order = (
            self.line, self.words, self._back, self._on, self._case, self._whole, self._shut,
            self._one, self._all, self._rename,
        )  # fmt: skip
        for one, two in pairwise(order):
            self.setTabOrder(one, two)

    def _button(self, text: str, tip: str, name: str, what: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip if len(text) == 1 else text)
        button.setProperty("segment", True)
        button.setMinimumHeight(28)
        if len(text) == 1:
            button.setFixedWidth(28)
        button.clicked.connect(lambda *_: what())
        return button

    def _switch(self, text: str, tip: str, name: str) -> QPushButton:
        button = self._button(text, tip, name, lambda: self._look(anew=True))
        button.setCheckable(True)
        button.setAccessibleName(tip)
        return button

    # --- opening and closing ---

    def open(self, *, replacing: bool = False) -> None:
        """With the keyboard in it. What is written in it from last time is selected, to be typed over."""
        if self._stop is None:
            self._stop = self._stage.editor.changed.connect(self._follow)
        for widget in (self.words, self._one, self._all):
            widget.setVisible(replacing)
        self.show()
        self.raise_()
        self.line.setFocus()
        self.line.selectAll()
        self._look(anew=True)

    def shut(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None
        if not self.isHidden():
            self.hide()
            self._stage.viewer.setFocus()

    def _follow(self, change: Change) -> None:
        self._look(anew=change.way == "replace")

    # --- looking ---

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            text=self.line.text(), match_case=self._case.isChecked(), whole_word=self._whole.isChecked()
        )

    @property
    def current(self) -> Found | None:
        return self._found[self._at] if 0 <= self._at < len(self._found) else None

    def _look(self, *, anew: bool) -> None:
        """`anew`: from the first one; else the one that was shown stays, or the one that follows it."""
        before, at = self.current, self._at
        self._found = find(self._stage.document, self._fields, self.wanted)
        if anew or before is None:
            self._at = -1
        elif before in self._found:
            self._at = self._found.index(before)
        else:
            self._at = min(at, len(self._found)) - 1  # the next step leads to what follows
        self._tell()

    def go(self, by: int) -> None:
        """To the next or the one before, around the end: its node is selected and brought to the middle."""
        if not self._found:
            return
        start = self._at if self._at >= 0 or by > 0 else 0
        self._at = (start + by) % len(self._found)
        current = self.current
        assert current is not None
        self._show_node(current.node)
        self._tell()

    def _tell(self, said: str = "", *, wrong: bool = False) -> None:
        count, current = len(self._found), self.current
        if not self.line.text():
            words = ""
        elif current is not None:
            words = self.tr("{n} of {count}").format(n=self._at + 1, count=count)
        else:
            words = counted(count, "1 found", "{n} found") if count else self.tr("None")
        self._count.setText(words)
        for button in (self._back, self._on, self._all):
            button.setEnabled(bool(count))
        self._one.setEnabled(bool(count))
        where = said or (self._excerpt(current) if current else "")
        self._where.setText(where)
        self._where.setVisible(bool(where))
        self._where.setProperty("role", "error" if wrong else "caption")
        self._where.style().polish(self._where)
        self._offer_rename()
        self._place()

    def _excerpt(self, found: Found) -> str:
        document = self._stage.document
        node, text = document.nodes[found.node], text_at(document, found)
        kind = self._stage.kinds.get(node.kind)
        before, behind = text[: found.start], text[found.end :]
        head = ("…" if len(before) > AROUND else "") + before[-AROUND:]
        tail = behind[:AROUND] + ("…" if len(behind) > AROUND else "")
        title = node.title or (spoken(kind.title) if kind else found.node)
        words = say(
            "{title}: {head}«{found}»{tail}",
            title=title[:24],
            head=head,
            found=text[found.start : found.end],
            tail=tail,
        )
        return " ".join(words.split())

    def _offer_rename(self) -> None:
        tag = _tag(self.line.text())
        known = (
            bool(models_with_tag(self._stage.document, tag)) if tag and not self.words.isHidden() else False
        )
        self._rename.setVisible(known)
        if known:
            new = _tag(self.words.text())
            self._rename.setEnabled(bool(new))
            self._rename.setText(
                self.tr("Rename the tag @{old} to @{new} everywhere").format(old=tag, new=new)
                if new
                else self.tr("@{old} is a tag: write its new name to rename it everywhere").format(old=tag)
            )

    # --- replacing ---

    def replace_this(self) -> None:
        """The one that is shown, then on to the next; the first press only shows it."""
        current = self.current
        if current is None:
            self.go(1)
            return
        wanted, words = self.wanted, self.words.text()
        label = self.tr("Replace “{old}”").format(old=wanted.text)
        if self._commit(label, lambda document: replace_one(document, wanted, current, words)):
            later = [
                place
                for place, one in enumerate(self._found)
                if one.node != current.node or one.start >= current.start + len(words)
            ]
            after = [place for place in later if place >= self._at] or later
            self._at = (after[0] if after else 0) - 1
            self.go(1)
            if not self._found:
                self._tell(self.tr("Replaced. There is no other."))

    def replace_every(self) -> None:
        """All at once, one step; says how many."""
        wanted, words, found = self.wanted, self.words.text(), self._found
        if not found:
            return
        nodes = len({one.node for one in found})
        label = self.tr("Replace “{old}” {n} times").format(old=wanted.text, n=len(found))
        if self._commit(label, lambda document: replace_all(document, self._fields, wanted, words)):
            self._tell(
                self.tr("{n} replaced in {nodes}").format(
                    n=len(found), nodes=counted(nodes, "1 node", "{n} nodes")
                )
            )

    def rename_everywhere(self) -> None:
        """The photographs' tag and all that call it; the bar then looks for the new name."""
        old, new = _tag(self.line.text()), _tag(self.words.text())
        label = self.tr("Rename @{old} to @{new}").format(old=old, new=new)
        if self._commit(label, lambda document: rename_tag_everywhere(document, old, new)):
            with QSignalBlocker(self.line):
                self.line.setText(f"@{new}")
            self._look(anew=True)
            self._tell(self.tr("The tag is @{new} everywhere now.").format(new=new))
            self.line.setFocus()

    def _commit(self, label: str, edit: Edit) -> bool:
        self._stage.editor.seal()
        try:
            return self._stage.editor.commit(label, edit)
        except Fault as fault:
            self._tell(f"{fault.title} {fault.advice}".strip(), wrong=True)
            return False

    # --- the widget ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the fields do not take; nothing of it reaches the canvas."""
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Escape:
                self.shut()
            case Qt.Key.Key_F3:
                self.go(-1 if back else 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.words.hasFocus() and not back:
                self.replace_this()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.go(-1 if back else 1)
            case Qt.Key.Key_Down if self.line.hasFocus() or self.words.hasFocus():
                self.go(1)
            case Qt.Key.Key_Up if self.line.hasFocus() or self.words.hasFocus():
                self.go(-1)
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        """The upper right corner of the canvas."""
        width = max(min(WIDTH, self._over.width() - 2 * EDGE), 200)
        self.setFixedWidth(width)
        self._where.setMaximumWidth(width - 20)
        self.adjustSize()
        self.move(self._over.width() - width - EDGE, EDGE)


def fields_of(kinds: Kinds) -> dict[str, tuple[str, ...]]:
    """The words of prompts and notes, and the texts that a model has of its own."""
    found: dict[str, tuple[str, ...]] = {}
    for id, kind in kinds.items():
        texts = tuple(one.id for one in kind.parameters if one.type == ParameterType.TEXT)
        wanted = texts if kind.card is not None else tuple(one for one in texts if one == "text")
        if wanted:
            found[id] = wanted
    return found


def _line(words: str, name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setPlaceholderText(words)
    line.setAccessibleName(words)
    line.setMinimumHeight(28)
    return line


def _tag(text: str) -> str:
    return text.strip().lstrip("@＠")
