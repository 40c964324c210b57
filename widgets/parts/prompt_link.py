"""Joins a prompt editor to a Prompt node: the text both ways, the tags it may call, its mistakes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from shiboken6 import isValid

from app.basics.words import joined, spoken
from app.document import edits
from app.document.reach import giver, models_reached, tag_slots
from app.document.values import Document
from app.studio.studio import Studio
from widgets.parts.completion import TagChoice
from widgets.parts.picture_source import PictureSource
from widgets.parts.prompt_editor import Mistake, PromptEditor
from widgets.parts.snippeting import Snippeting

THUMBNAIL = 64


class PromptLink(QObject):
    """Owned by its editor. Call `refresh` when the document or the checks change."""

    def __init__(self, studio: Studio, node: str, editor: PromptEditor, pictures: PictureSource) -> None:
        super().__init__(editor)
        self._studio, self._node, self._editor, self._pictures = studio, node, editor, pictures
        self._images: dict[str, QImage] = {}
        editor.edited.connect(self._edited)
        Snippeting(editor, studio.snippets, studio.faults.emit)
        self.refresh()

    def _edited(self, text: str) -> None:
        edit = partial(edits.set_value, id=self._node, parameter="text", value=text)
        self._studio.commit(self.tr("Type"), edit, f"type:{self._node}.text")

    def refresh(self) -> None:
        node = self._studio.editor.document.nodes.get(self._node)
        if node is None:
            return
        self._editor.show_text(str(node.values.get("text", "")))
        self._editor.show_tags(self._choices())
        preview = self._studio.preview
        self._editor.show_columns({name: preview.cells.get(name, "") for name in preview.columns})
        self._editor.show_mistakes(
            [
                Mistake(
                    problem.span[0], problem.span[1], joined(spoken(problem.title), spoken(problem.advice))
                )
                for problem in self._studio.problems_of(self._node)
                if problem.span is not None and problem.where.node == self._node
            ]
        )

    def _choices(self) -> list[TagChoice]:
        document = self._studio.editor.document
        choices: dict[str, TagChoice] = {}
        for model in models_reached(document, self._node):
            slots = tag_slots(document, model)
            for link in document.links.into(model, "reference_images"):
                if link.tag and link.tag.lower() not in choices:
                    choices[link.tag.lower()] = self._choice(
                        document, giver(document, link), link.tag, slots[link.tag.lower()]
                    )
        return list(choices.values())

    def _choice(self, document: Document, source: str, tag: str, slot: int) -> TagChoice:
        made = self._studio.runs.state.node(source).result
        path = made.path if made else self._studio.photograph_path(source)
        if path is not None and source not in self._images:
            self._pictures.picture(path, THUMBNAIL, partial(self._arrived, source))
        node = document.nodes.get(source)
        title = (node.title if node else "") or (path.name if path else "")
        return TagChoice(tag=tag, slot=slot, title=title, picture=self._images.get(source))

    def _arrived(self, source: str, image: QImage) -> None:
        if not isValid(self):  # type: ignore[no-untyped-call]
            return  # the field was closed before its picture was there
        known = self._images.get(source)
        self._images[source] = image
        if known is None:
            self._editor.show_tags(self._choices())
