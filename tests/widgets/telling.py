"""Every text that a person can read in a window, and what of it is in the language that is spoken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from app.basics.languages import PSEUDO
from app.basics.places import find_places
from widgets.canvas.face_maker import face_of
from widgets.canvas.graph_view import GraphView
from widgets.retelling import texts_of

_INNERMOST = re.compile(r"\[!!! (?:(?!\[!!! | !!!\]).)*? !!!\]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    text: str
    widget: str


def settle(home: Path, language: str = PSEUDO) -> None:
    """This home's window begins in a language."""
    file = find_places({"TAGLOOM_HOME": str(home)}).options
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"language": language}), "utf-8")


def rest_of(text: str) -> str:
    """What of a text was not said: without the bracketed parts, markup and key names."""
    while (less := _INNERMOST.sub("", text)) != text:
        text = less
    text = re.sub(r"\[!!! .*[.…]$", "", text, flags=re.DOTALL)  # elided, or its first sentence
    return re.sub(r"<[^>]*>|&\w+;", "", text)


def shown_in(window: QWidget) -> Iterator[Shown]:
    """What the window and all in it show or tell, visible or waiting."""
    for widget in (window, *window.findChildren(QWidget)):
        name = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for thing in (widget, *widget.actions()):
            for get, _ in texts_of(thing):
                yield Shown(text=get(), widget=name)


def shown_on(graph: GraphView) -> Iterator[Shown]:
    """What the cards show."""
    for id in graph.mirror.document.nodes:
        face = face_of(graph.mirror.scenery, id)
        texts = [face.title, face.pill, face.facts, face.remark]
        texts += [row.title for row in (*face.inputs, *face.outputs)]
        texts += [line.text for line in face.notice]
        texts += [action.label for line in face.notice for action in line.actions]
        texts += [face.remark_action.label] if face.remark_action else []
        texts += face.photo.hint if face.photo else ()
        texts += [face.words.text] if face.words else []
        for text in texts:
            yield Shown(text=text, widget=f"card {id}")


def letters(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


ROOM = 1.5
"""px that a label may lack before a letter is lost."""


def cut_off(window: QWidget) -> list[str]:
    """Labels and buttons on the screen that are smaller than their words, and areas that are wider than the
    room for them with no way to go sideways."""
    found = []
    for area in window.findChildren(QScrollArea):
        hidden = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if hidden and area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            found.append(f"{area.objectName()} lacks {area.horizontalScrollBar().maximum()} px")
    for one in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton)):
        if not one.isVisible() or not letters(one.text()) or one.visibleRegion().isEmpty():
            continue
        if isinstance(one, QLabel) and one.wordWrap():
            wanted, there = one.heightForWidth(one.width()), one.height()
        else:
            wanted, there = one.minimumSizeHint().width(), one.width()
        if wanted > there + ROOM:
            found.append(f"{type(one).__name__} {one.objectName()}: {one.text()!r} {there} of {wanted} px")
    return found
