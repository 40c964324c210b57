"""The right panel: the selected node, made from its declaration. Every change is one edit of the document."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.document import edits
from app.document.problems import Edit
from app.nodes.declare import NodeKind
from app.studio.studio import Studio
from widgets.inspector.node_panel import NodePanel
from widgets.parts.picture_source import PictureSource
from widgets.theme import Themes


class Inspector(QWidget):
    """`browse_wanted` carries the node whose photograph is to be chosen."""

    browse_wanted = Signal(str)

    def __init__(self, studio: Studio, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAccessibleName(self.tr("Selected node"))
        self._studio, self._pictures, self._themes = studio, pictures, themes
        self._node = ""
        self._panel: NodePanel | None = None
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
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        line.setContentsMargins(8, 0, 14, 0)
        self._title.setProperty("kind", "title")
        line.addWidget(self._title, 1)
        line.addWidget(self._maker)
        return self._bar

    def show_selection(self, ids: tuple[str, ...]) -> None:
        """One node is shown whole; none or several say what can be done."""
        node = ids[0] if len(ids) == 1 and ids[0] in self._studio.editor.document.nodes else ""
        if node and node == self._node:
            self.refresh()
            return
        self._node = node
        self._hint.setVisible(not node)
        self._hint.setText(
            self.tr("{n} nodes selected. Select one to see what it takes.").format(n=len(ids))
            if len(ids) > 1
            else self.tr("Select a node to see what it takes.")
        )
        self._bar.setVisible(bool(node))
        self._area.setVisible(bool(node))
        old = self._area.takeWidget()
        if old is not None:
            old.deleteLater()
        self._panel = None
        kind = self._kind()
        if kind is not None:
            self._panel = NodePanel(self._studio, kind, node, self._pictures, self._themes)
            self._panel.edit_wanted.connect(lambda label, edit, merge: self._commit(label, edit, merge))
            self._panel.browse_wanted.connect(self.browse_wanted)
            self._area.setWidget(self._panel)
        self.refresh()

    def _kind(self) -> NodeKind | None:
        node = self._studio.editor.document.nodes.get(self._node)
        return self._studio.kinds.get(node.kind) if node else None

    def refresh(self) -> None:
        """Shows the document, the checks and the run anew; called at most once a frame."""
        node = self._studio.editor.document.nodes.get(self._node)
        if node is None:
            if self._node:
                self.show_selection(())
            return
        kind = self._kind()
        default = kind.title if kind else node.kind
        if not self._title.hasFocus():
            self._title.setText(node.title or default)
        self._title.setPlaceholderText(default)
        self._maker.setText(kind.card.maker if kind and kind.card else "")
        if self._panel is not None:
            self._panel.refresh()

    def _retitle(self) -> None:
        node = self._studio.editor.document.nodes.get(self._node)
        if node is None or not self._title.isModified():
            return
        self._title.setModified(False)
        kind = self._kind()
        text = self._title.text().strip()
        title = "" if kind is not None and text == kind.title else text
        self._commit(self.tr("Rename"), partial(edits.set_title, id=self._node, title=title), "")

    def _commit(self, label: str, edit: Edit, merge: str) -> None:
        self._studio.commit(label, edit, merge or None)
