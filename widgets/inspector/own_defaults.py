"""A node's values as what the next of its kind begins with."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.basics.faults import Fault
from app.basics.words import spoken
from app.document.values import Value
from app.nodes.declare import NodeKind
from app.preferences import own_kinds
from app.studio.studio import Studio


class OwnDefaults(QWidget):
    """Nothing for kinds that have nothing to begin with."""

    def __init__(self, studio: Studio, kind: NodeKind, node: str) -> None:
        super().__init__()
        self._studio, self._kind, self._node = studio, kind, node
        self._keep = _link(
            self.tr("Use these values as default for {title}").format(title=spoken(kind.title))
        )
        self._keep.setObjectName("keep-defaults")
        self._keep.setToolTip(self.tr("The next {title} begins with them").format(title=spoken(kind.title)))
        self._keep.clicked.connect(self._kept)
        self._forget = _link(self.tr("Reset the default of {title}").format(title=spoken(kind.title)))
        self._forget.setObjectName("forget-defaults")
        self._forget.setToolTip(self.tr("The next one begins as Tagloom has it"))
        self._forget.clicked.connect(self._forgotten)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addWidget(self._keep)
        rows.addWidget(self._forget)
        if not own_kinds.may_be_kept(kind):
            self.hide()  # never shown from here: without a parent yet it would be a window for a moment
        self.refresh()

    def refresh(self) -> None:
        self._forget.setVisible(own_kinds.has_own(self._studio.options, self._kind.id))
        begins = self._studio.kinds[self._kind.id].defaults if self._kind.id in self._studio.kinds else {}
        values = self._values()
        self._keep.setEnabled(any(begins.get(id) != value for id, value in values.items()))

    def _values(self) -> dict[str, Value]:
        node = self._studio.editor.document.nodes.get(self._node)
        if node is None:
            return {}
        return {one.id: node.values.get(one.id, one.default) for one in own_kinds.may_be_kept(self._kind)}

    def _kept(self) -> None:
        try:
            own_kinds.keep(self._studio.options, self._kind, self._values())
        except Fault as fault:
            self._studio.faults.emit(fault)
        self.refresh()

    def _forgotten(self) -> None:
        try:
            own_kinds.forget(self._studio.options, self._kind.id)
        except Fault as fault:
            self._studio.faults.emit(fault)
        self.refresh()


def _link(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "link")
    return button
