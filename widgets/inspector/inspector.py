"""The right panel: what is selected, made from its declarations. Every change is one edit of the document."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.basics.words import spoken
from app.document import edits
from app.document.alike import by_kind
from app.document.problems import Edit
from app.nodes.declare import NodeKind
from app.studio.studio import Studio
from widgets.inspector.many_panel import KindsPanel, ManyPanel
from widgets.inspector.node_panel import NodePanel
from widgets.parts.inside import inside
from widgets.parts.picture_source import PictureSource
from widgets.theme import Themes


class Inspector(QWidget):
    """`browse_wanted` carries the node whose photograph is to be chosen, `selection_wanted` the ids to be
    selected instead of those that are."""

    browse_wanted = Signal(str)
    table_wanted = Signal(str, str)
    """The node whose table is to be chosen, and the parameter that names it."""
    selection_wanted = Signal(tuple)
    help_wanted = Signal()
    """The page of the guide for what is selected."""

    def __init__(self, studio: Studio, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAccessibleName(self.tr("Selected node"))
        self._studio, self._pictures, self._themes = studio, pictures, themes
        self._node = ""
        self._many: tuple[str, ...] = ()
        self._order: tuple[QWidget, ...] = ()
        self._panel: NodePanel | ManyPanel | KindsPanel | None = None
        self._title = QLineEdit()
        self._title.setObjectName("node-title")
        self._title.setAccessibleName(self.tr("Title of the node"))
        self._title.editingFinished.connect(self._retitle)
        self._maker = QLabel()
        self._maker.setProperty("role", "muted")
        self._hint = QLabel(self.tr("Select a node to see what it takes."))
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hint.setContentsMargins(14, 16, 14, 0)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Fields of the node"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields in it have the keyboard
        self._area.setWidgetResizable(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._head())
        rows.addWidget(self._hint)
        rows.addWidget(self._area, 1)
        self.show_selection(())

    def _head(self) -> QFrame:
        self._bar = QFrame()
        self._bar.setProperty("role", "bar")
        self._bar.setFixedHeight(44)
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(8, 0, 10, 0)
        self._title.setProperty("kind", "title")
        line.addWidget(self._title, 1)
        line.addWidget(self._maker)
        self._help = QPushButton("?")
        self._help.setObjectName("node-help")
        self._help.setProperty("kind", "quiet")
        self._help.setProperty("sign", True)
        self._help.setProperty("command", "guide")
        self._help.setFixedSize(26, 26)
        self._help.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has a key for it
        self._help.setAccessibleName(self.tr("Help on this node"))
        self._help.clicked.connect(self.help_wanted)
        line.addWidget(self._help)
        return self._bar

    def show_key(self, key: str) -> None:
        """The first key of the guide; empty for none."""
        words = self.tr("Help on this node")
        self._help.setToolTip(f"{words} ({key})" if key else words)

    def show_selection(self, ids: tuple[str, ...]) -> None:
        """One node is shown whole, several by what they share; none says what can be done."""
        nodes = self._studio.editor.document.nodes
        here = tuple(id for id in ids if id in nodes)
        node = here[0] if len(here) == 1 else ""
        many = here if len(here) > 1 else ()
        if (node or many) and (node, many) == (self._node, self._many):
            self.refresh()
            return
        self._node, self._many = node, many
        self.make_anew()

    def make_anew(self) -> None:
        """The fields of what is shown, in the language of now."""
        here = bool(self._node or self._many)
        self._hint.setVisible(not here)
        self._bar.setVisible(here)
        self._area.setVisible(here)
        old = self._area.takeWidget()
        if old is not None:
            old.deleteLater()
        self._panel = self._made()
        if self._panel is not None:
            self._area.setWidget(self._panel)
        self.refresh()

    def _made(self) -> NodePanel | ManyPanel | KindsPanel | None:
        """The panel for what is selected; None for nothing, and for a kind that nobody knows."""
        kind = self._kind()
        if self._many and kind is None:
            kinds = KindsPanel(self._studio, self._many)
            kinds.narrowed.connect(self.selection_wanted)
            return kinds
        if kind is None:
            return None
        if self._many:
            many = ManyPanel(self._studio, kind, self._many, self._themes)
            many.edit_wanted.connect(lambda label, edit, merge: self._commit(label, edit, merge))
            return many
        panel = NodePanel(self._studio, kind, self._node, self._pictures, self._themes)
        panel.edit_wanted.connect(lambda label, edit, merge: self._commit(label, edit, merge))
        panel.browse_wanted.connect(self.browse_wanted)
        panel.table_wanted.connect(self.table_wanted)
        return panel

    def _kind(self) -> NodeKind | None:
        """The one kind of all that is selected."""
        document = self._studio.editor.document
        kinds = by_kind(document, self._many or (self._node,))
        return self._studio.kinds.get(next(iter(kinds))) if len(kinds) == 1 else None

    def refresh(self) -> None:
        """Shows the document, the checks and the run anew; called at most once a frame."""
        self._show()
        self._keep_order()

    def _keep_order(self) -> None:
        """Tab reads from the title down. Qt puts what is made later at the end of the whole window."""
        taking = (one for one in inside(self._area) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        controls = (self._title, *taking)
        if controls != self._order:
            self._order = controls
            for one, other in pairwise(controls):
                self.setTabOrder(one, other)

    def _show(self) -> None:
        nodes = self._studio.editor.document.nodes
        if self._many:
            self._refresh_many()
            return
        node = nodes.get(self._node)
        if node is None:
            if self._node:
                self.show_selection(())
            return
        kind = self._kind()
        default = spoken(kind.title) if kind else node.kind
        if not self._title.hasFocus():
            self._title.setText(node.title or default)
        self._title.setPlaceholderText(default)
        self._title.setReadOnly(False)
        self._maker.setText(kind.card.maker if kind and kind.card else "")
        if self._panel is not None:
            self._panel.refresh()

    def _refresh_many(self) -> None:
        nodes = self._studio.editor.document.nodes
        here = tuple(id for id in self._many if id in nodes)
        if here != self._many:
            self.show_selection(here)
            return
        kind = self._kind()
        self._title.setReadOnly(True)
        self._title.setText(
            self.tr("{n} × {title}").format(n=len(here), title=spoken(kind.title))
            if kind
            else self.tr("{n} nodes").format(n=len(here))
        )
        self._maker.setText(kind.card.maker if kind and kind.card else "")
        if self._panel is not None:
            self._panel.refresh()

    def _retitle(self) -> None:
        node = self._studio.editor.document.nodes.get(self._node)
        if node is None or self._many or not self._title.isModified():
            return
        self._title.setModified(False)
        kind = self._kind()
        text = self._title.text().strip()
        title = "" if kind is not None and text == spoken(kind.title) else text
        self._commit(self.tr("Rename"), partial(edits.set_title, id=self._node, title=title), "")

    def _commit(self, label: str, edit: Edit, merge: str) -> None:
        self._studio.commit(label, edit, merge or None)
