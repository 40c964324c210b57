"""What the inspector shows of several nodes: the fields of their kind once, or how many of each kind."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from app.basics.words import spoken
from app.catalogue.cards import Parameter, ParameterType
from app.document import edits
from app.document.alike import MIXED, by_kind, shared
from app.document.values import Node, Value
from app.nodes.declare import NodeKind
from app.studio.studio import Studio
from widgets.inspector.fields import Field, NoteField, field_of
from widgets.theme import Themes

ALONE = ("file",)
"""Parameters that are each node's own: a photograph is not the same for all."""


class ManyPanel(QFrame):
    """Nodes of one kind. `edit_wanted` carries (label, edit, merge key)."""

    edit_wanted = Signal(str, object, str)

    def __init__(self, studio: Studio, kind: NodeKind, ids: tuple[str, ...], themes: Themes) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._studio, self._kind, self._ids = studio, kind, ids
        self._seen: object = None
        self._fields: list[Field] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 12, 14, 14)
        self._rows.setSpacing(14)
        self._build(themes)
        self._rows.addStretch(1)

    def _build(self, themes: Themes) -> None:
        shown = [
            one for one in self._kind.parameters if one.type != ParameterType.TAGS and one.id not in ALONE
        ]
        for parameter in (one for one in shown if not one.advanced):
            self._add(parameter, themes)
        advanced = [one for one in shown if one.advanced]
        if advanced:
            more = QPushButton(self.tr("Advanced"))
            more.setProperty("kind", "link")
            more.setCheckable(True)
            self._rows.addWidget(more)
            for parameter in advanced:
                field = self._add(parameter, themes)
                field.hide()
                more.toggled.connect(field.setVisible)
        if not self._fields:
            self._rows.addWidget(_words(self.tr("These have nothing that could be set for all of them.")))
        elif self._kind.shape.model:
            self._rows.addWidget(_words(self.tr("Photographs and tags: select one node.")))

    def _add(self, parameter: Parameter, themes: Themes) -> Field:
        field = field_of(parameter, themes)
        field.chosen.connect(lambda id, value: self._chosen(id, value))
        if isinstance(field, NoteField):
            field.typing.connect(lambda id, value: self._typing(id, value))
        self._fields.append(field)
        self._rows.addWidget(field)
        return field

    def _chosen(self, parameter: str, value: Value) -> None:
        title = next(spoken(one.title) for one in self._kind.parameters if one.id == parameter)
        label = self.tr("Set {title} of {n} nodes").format(title=title, n=len(self._ids))
        self.edit_wanted.emit(label, self._edit(parameter, value), "")

    def _typing(self, parameter: str, value: Value) -> None:
        label = self.tr("Type in {n} nodes").format(n=len(self._ids))
        key = f"type:{','.join(self._ids)}.{parameter}"
        self.edit_wanted.emit(label, self._edit(parameter, value), key)

    def _edit(self, parameter: str, value: Value) -> object:
        return partial(edits.set_value_of_many, ids=self._ids, parameter=parameter, value=value)

    def refresh(self) -> None:
        """Only where a node has changed: with thousands selected, looking costs."""
        document = self._studio.editor.document
        if document.nodes is self._seen:
            return
        self._seen = document.nodes
        for field in self._fields:
            value = shared(document, self._ids, field.parameter.id, self._value)
            if value is MIXED:
                field.show_mixed()
            else:
                field.show_same(value)

    def _value(self, node: Node, parameter: str) -> Value:
        if self._kind.card is not None:
            return self._kind.card.value(node.values, parameter)
        known = next(one for one in self._kind.parameters if one.id == parameter)
        return node.values.get(parameter, known.default)


class KindsPanel(QFrame):
    """Nodes of several kinds: how many of each. `narrowed` carries the ids of one kind."""

    narrowed = Signal(tuple)

    def __init__(self, studio: Studio, ids: tuple[str, ...]) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 14)
        rows.setSpacing(8)
        rows.addWidget(_words(self.tr("Select one kind to change all of it at once.")))
        for kind, members in by_kind(studio.editor.document, ids).items():
            title = spoken(studio.kinds[kind].title) if kind in studio.kinds else kind
            button = QPushButton(self.tr("{n} × {title}").format(n=len(members), title=title))
            button.setObjectName(f"narrow-{kind}")
            button.setMinimumHeight(34)
            button.setStyleSheet("text-align: left; padding-left: 12px;")
            button.setToolTip(self.tr("Select these alone"))
            button.setAccessibleName(self.tr("Select {n} {title}").format(n=len(members), title=title))
            button.clicked.connect(lambda _=False, members=members: self.narrowed.emit(members))
            rows.addWidget(button)
        rows.addStretch(1)

    def refresh(self) -> None:
        """What is counted changes with the selection alone."""


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
