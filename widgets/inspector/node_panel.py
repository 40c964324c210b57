"""What the inspector shows of one node: references and tags, parameters, the prompt, checks."""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.basics.faults import Fault
from app.basics.words import spoken
from app.catalogue.cards import Parameter, ParameterType
from app.document import edits, tag_edits
from app.document.problems import Problem, Severity
from app.document.reach import giver, tag_slots
from app.document.values import End, Link, Value
from app.imaging.facts import ImageFacts
from app.nodes.declare import NodeKind
from app.studio.studio import Studio
from widgets.inspector.check_list import CheckList
from widgets.inspector.column_choice import ColumnChoice, fills
from widgets.inspector.fields import (
    ChooseFile,
    Field,
    NoteField,
    SeedField,
    field_of,
    heading,
)
from widgets.inspector.own_defaults import OwnDefaults
from widgets.inspector.references import ReferenceRow, References
from widgets.inspector.sent_text import SentText
from widgets.messages import counted
from widgets.parts.picture_source import PictureSource, Thumbnail
from widgets.parts.prompt_editor import PromptEditor
from widgets.parts.prompt_link import PromptLink
from widgets.theme import Themes


class NodePanel(QFrame):
    """`edit_wanted` carries (label, edit, merge key), `browse_wanted` the node's id, `table_wanted` that and
    the parameter that names a table."""

    edit_wanted = Signal(str, object, str)
    browse_wanted = Signal(str)
    table_wanted = Signal(str, str)

    def __init__(
        self, studio: Studio, kind: NodeKind, node: str, pictures: PictureSource, themes: Themes
    ) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._studio, self._kind, self._node, self._themes = studio, kind, node, themes
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 12, 14, 14)
        self._rows.setSpacing(14)
        self._fields: list[Field] = []
        self._columns: list[ColumnChoice] = []
        self._references: References | None = None
        self._picture: Thumbnail | None = None
        self._prompt: PromptLink | None = None
        if kind.shape.model:
            self._add_references(pictures, themes)
        if kind.id == "prompt":
            self._add_prompt(pictures, themes)
        elif kind.id == "reference-image":
            self._add_photograph(pictures)
        self._add_fields(themes)
        self._sent = SentText(studio, node)
        self._rows.addWidget(self._sent)
        self._own = OwnDefaults(studio, kind, node)
        self._rows.addWidget(self._own)
        self._checks = CheckList()
        self._checks.fix_chosen.connect(lambda problem, fix: self.edit_wanted.emit(fix.label, fix.edit, ""))
        self._rows.addWidget(_caption(self.tr("Checks")))
        self._rows.addWidget(self._checks)
        self._rows.addStretch(1)

    # -- building

    def _add_references(self, pictures: PictureSource, themes: Themes) -> None:
        self._rows.addWidget(heading(self.tr("References and tags")))
        self._references = References(pictures, themes)
        self._explain(self._references, "reference_images")
        self._references.tag_typed.connect(lambda *typed: self._tag_typed(*typed))
        self._references.fit_chosen.connect(
            lambda source, target, fit: self._edit(
                self.tr("Fit photograph"),
                partial(tag_edits.set_fit, source=source, target=target, fit=fit),
            )
        )
        self._references.unlinked.connect(
            lambda source, target: self._edit(
                self.tr("Unlink photograph"), partial(edits.disconnect, source=source, target=target)
            )
        )
        self._references.reordered.connect(self._reordered)
        self._rows.addWidget(self._references)
        self._none = QLabel(self.tr("Link photographs to Reference Images, or drop them on the node."))
        self._none.setProperty("role", "muted")
        self._none.setWordWrap(True)
        self._rows.addWidget(self._none)

    def _add_prompt(self, pictures: PictureSource, themes: Themes) -> None:
        editor = PromptEditor(themes)
        editor.setMinimumHeight(180)
        self._prompt = PromptLink(self._studio, self._node, editor, pictures)
        self._explain(editor, "text")
        self._rows.addWidget(editor)

    def _add_photograph(self, pictures: PictureSource) -> None:
        self._picture = Thumbnail(pictures, 260, 176)
        self._rows.addWidget(self._picture)

    def _explain(self, widget: QWidget, id: str) -> None:
        """The help of a socket or a parameter, for who asks what this is."""
        told = {one.id: one.help for one in self._kind.shape.inputs}
        told |= {one.id: one.help for one in self._kind.parameters}
        help = told.get(id, "")
        widget.setWhatsThis(f"<p>{escape(spoken(help))}</p>" if help else "")

    def _add_fields(self, themes: Themes) -> None:
        plain = [one for one in self._kind.parameters if not one.advanced]
        advanced = [one for one in self._kind.parameters if one.advanced]
        for parameter in plain:
            self._add_field(parameter, themes, hidden=False)
        if advanced:
            more = QPushButton(self.tr("Advanced"))
            more.setProperty("kind", "link")
            more.setCheckable(True)
            self._rows.addWidget(more)
            for parameter in advanced:
                field = self._add_field(parameter, themes, hidden=True)
                if field is not None:
                    more.toggled.connect(field.setVisible)

    def _add_field(self, parameter: Parameter, themes: Themes, *, hidden: bool) -> Field | None:
        if self._prompt is not None and parameter.id == "text":
            return None
        field = self._field(parameter, themes)
        field.chosen.connect(lambda id, value: self._chosen(id, value))
        if fills(self._kind, parameter):
            self._columns.append(ColumnChoice(self._studio.preview, field))
        self._fields.append(field)
        self._rows.addWidget(field)
        if hidden:
            field.hide()
        return field

    def _field(self, parameter: Parameter, themes: Themes) -> Field:
        if self._kind.id == "table" and parameter.id in ("file", "with"):
            table = ChooseFile(parameter, self.tr("No table yet"))
            table.browse.connect(lambda: self.table_wanted.emit(self._node, parameter.id))
            return table
        if parameter.id == "file":
            chooser = ChooseFile(parameter, self.tr("No photograph yet"))
            chooser.browse.connect(lambda: self.browse_wanted.emit(self._node))
            return chooser
        field = field_of(parameter, themes)
        if isinstance(field, NoteField):
            field.typing.connect(lambda id, value: self._typing(id, value))
        return field

    # -- changes by hand

    def _edit(self, label: str, edit: object, merge: str = "") -> None:
        self.edit_wanted.emit(label, edit, merge)

    def _chosen(self, parameter: str, value: Value) -> None:
        known = next(one for one in self._kind.parameters if one.id == parameter)
        if known.type == ParameterType.TAGS:
            edit = partial(tag_edits.write_reference_tags, node=self._node, text=str(value or ""))
            self._edit(self.tr("Set tags"), edit)
            return
        edit_value = partial(edits.set_value, id=self._node, parameter=parameter, value=value)
        self._edit(self.tr("Change {title}").format(title=spoken(known.title)), edit_value)

    def _typing(self, parameter: str, value: Value) -> None:
        edit = partial(edits.set_value, id=self._node, parameter=parameter, value=value)
        self._edit(self.tr("Type"), edit, f"type:{self._node}.{parameter}")

    def _tag_typed(self, source: End, target: End, tag: str) -> None:
        link = edits.find_link(self._studio.editor.document, source, target)
        if link is None:
            return
        if link.tag and tag:
            edit = partial(tag_edits.rename_tag, node=self._node, old=link.tag, new=tag)
            self._edit(self.tr("Rename @{old} to @{new}").format(old=link.tag, new=tag), edit)
        else:
            self._edit(
                self.tr("Tag @{tag}").format(tag=tag) if tag else self.tr("Remove the tag"),
                partial(tag_edits.set_tag, source=source, target=target, tag=tag),
            )

    def _reordered(self, old: int, new: int) -> None:
        links = self._links()
        if 0 <= old < len(links):
            link = links[old]
            edit = partial(edits.move_link, source=link.source, target=link.target, place=new)
            self._edit(self.tr("Reorder photographs"), edit)
        self.refresh()

    # -- showing

    def _links(self) -> tuple[Link, ...]:
        return self._studio.editor.document.links.into(self._node, "reference_images")

    def refresh(self) -> None:
        document = self._studio.editor.document
        node = document.nodes.get(self._node)
        if node is None:
            return
        for field in self._fields:
            self._show_field(field, node.values)
        for choice in self._columns:
            choice.show_value(node.values.get(choice.parameter))
        if self._references is not None:
            self._references.show_rows([self._row(link) for link in self._links()])
            self._none.setVisible(not self._links())
        if self._picture is not None:
            self._picture.show_picture(self._studio.photograph_path(self._node))
        if self._prompt is not None:
            self._prompt.refresh()
        self._sent.refresh()
        self._own.refresh()
        problems = self._problems()
        self._checks.show_checks(problems, self._well(problems))

    def _show_field(self, field: Field, values: object) -> None:
        parameter = field.parameter
        document = self._studio.editor.document
        node = document.nodes[self._node]
        if parameter.type == ParameterType.TAGS:
            field.show_value(tag_edits.reference_tags_text(document, self._node))
            most = self._kind.card.references.most if self._kind.card else 0
            field.beside.setText(self.tr("{n} of {most}").format(n=len(self._links()), most=most))
            return
        card = self._kind.card
        value = (
            card.value(node.values, parameter.id)
            if card
            else node.values.get(parameter.id, parameter.default)
        )
        field.show_value(value)
        if isinstance(field, SeedField):
            result = self._studio.runs.state.node(self._node).result
            field.show_last(result.seed if result else None)
        if parameter.id == "aspect_ratio" and card is not None:
            size = card.size_for(node.values)
            field.beside.setText(f"{size.width} × {size.height}" if size else "")
        if parameter.id == "file":
            fact = self._studio.checks.facts.get(self._node)
            field.beside.setText(_facts_words(fact))

    def _row(self, link: Link) -> ReferenceRow:
        document = self._studio.editor.document
        origin = giver(document, link)
        node = document.nodes.get(origin)
        fact = self._studio.checks.facts.get(origin)
        kind = self._studio.kinds.get(node.kind) if node else None
        pixels = (fact.width, fact.height) if isinstance(fact, ImageFacts) else None
        if pixels is None and kind is not None and kind.card is not None and node is not None:
            size = kind.card.size_for(node.values)
            pixels = (size.width, size.height) if size else None
        return ReferenceRow(
            source=link.source,
            target=link.target,
            tag=link.tag,
            slot=tag_slots(document, self._node).get(link.tag.lower(), 0),
            title=(node.title if node else "") or (spoken(kind.title) if kind else origin),
            path=self._path(origin),
            pixels=pixels,
            fit=link.fit,
            wrong=fact.title if isinstance(fact, Fault) else "",
        )

    def _path(self, origin: str) -> Path | None:
        made = self._studio.runs.state.node(origin).result
        return made.path if made else self._studio.photograph_path(origin)

    def _problems(self) -> tuple[Problem, ...]:
        """The node's own, and those of the prompt that reaches it."""
        return self._studio.problems_of(self._node)

    def _well(self, problems: tuple[Problem, ...]) -> list[str]:
        if not self._kind.shape.model or not self._links():
            return []
        codes = {one.code for one in problems}
        errors = any(one.severity is Severity.ERROR for one in problems)
        well = []
        if not codes & {"tag.not-called", "tag.unknown", "tag.missing", "tag.waiting"} and not errors:
            well.append(
                counted(
                    len(self._links()),
                    "The tag is used in the prompt",
                    "All {n} tags are used in the prompt",
                )
            )
        card = self._kind.card
        if card and card.references.min_ratio is not None and "reference.ratio" not in codes:
            low, high = card.references.min_ratio, card.references.max_ratio
            well.append(
                self.tr("Every ratio lies within {low}–{high}").format(low=f"{low:g}", high=f"{high:g}")
            )
        return well


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label


def _facts_words(fact: ImageFacts | Fault | None) -> str:
    if not isinstance(fact, ImageFacts):
        return ""
    return f"{fact.width} × {fact.height} · {fact.width / fact.height:.2f}"
