"""A table's row filled into a document: `{column}` in words, files, tags, seeds, titles and all other fields.

Only where a table is given; without one a brace is a letter. `{{` and `}}` are braces. What comes out of a
cell is never looked at again, so that a cell may hold braces itself. The names of Save Image nodes are left
as they are: `document.name_template` fills them in, with the picture's own facts, from the row's columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import Where
from app.basics.words import listed, say, spoken
from app.batch.reading import name_key
from app.batch.row_faults import BadRow, bad_row, shown
from app.batch.standing import Standing
from app.batch.table import Row
from app.catalogue.cards import Parameter, ParameterType
from app.document import name_template
from app.document.tags import tags_text
from app.document.values import WAITING_TAGS, Document, Link, Links, Node, Value
from app.nodes.check import PHOTOGRAPH, SAVING
from app.nodes.declare import Kinds

TABLE, NOTE = "table", "note"
"""Kinds whose words are never filled in."""
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{")
_BRACE = re.compile(r"[{}]")
_WHOLE = re.compile(r"([+-]?\d{1,19})(?:[.,]0+)?", re.ASCII)
_TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A text of the document with a brace in it."""

    text: str
    where: Where
    node: str
    """What people call the node."""


def places(document: Document, kinds: Kinds) -> Iterator[Place]:
    """Every text that `filled` fills in, in the order of the nodes; the names of Save Image nodes too."""
    for id, node in document.nodes.items():
        called = node.title or _kind_title(node, kinds)
        for name, text in _texts(node, kinds):
            yield Place(text=text, where=Where(node=id, parameter=name), node=called)
    for place, link in enumerate(document.links):
        if _BRACE.search(link.tag):
            called = _called(document, link.target.node, kinds)
            yield Place(text=link.tag, where=_tag_place(document, link, place), node=called)


def columns_used(document: Document, columns: Collection[str], kinds: Kinds | None = None) -> tuple[str, ...]:
    """Those of `columns` that stand in the document, in their order; also in names of files, so that a row
    whose picture would be called otherwise is another one. Names that are no column are left to `filled`."""
    used = {name for place in places(document, kinds or {}) for name in columns_in(place.text, columns)}
    return tuple(name for name in columns if name in used)


def columns_in(text: str, columns: Collection[str]) -> tuple[str, ...]:
    """Those of `columns` that a text of the document asks for, each once."""
    lookup = _Columns(columns)
    found = (lookup.find(name) for name in _names(text))
    return tuple(dict.fromkeys(name for name in found if name is not None))


def filled(document: Document, row: Row, kinds: Kinds, standing: Standing | None = None) -> Document:
    """The document of one product. A file value with a column in it is relative to the table's folder; with
    `standing` it is written as the document would write it.

    :raises BadInput: a name that is no column, a brace that is not closed, or a cell that does not fit where
        it stands (no number, no choice, a path that leaves the table's folder); row, column and node are said
    """
    attempt = attempted(document, row, kinds, standing)
    if attempt.faults:
        raise attempt.faults[0]
    return attempt.document


class Attempt(Struct, frozen=True, kw_only=True):
    """What cannot be filled in stays as it is written in `document`, and is said in `faults`, one a node or
    link at most, each with its place."""

    document: Document
    faults: tuple[BadRow, ...] = ()


def attempted(document: Document, row: Row, kinds: Kinds, standing: Standing | None = None) -> Attempt:
    """As `filled`, for whoever wants to tell all that is wrong. What has nothing to be filled in is shared
    with `document`."""
    filler = _Filler(row, _Columns(row.cells), kinds, standing)
    faults: list[BadRow] = []
    nodes: dict[str, Node] = {}
    for id, node in document.nodes.items():
        try:
            nodes[id] = filler.node(id, node)
        except BadRow as fault:
            nodes[id] = node
            faults.append(fault)
    links = list(document.links)
    for place, link in enumerate(document.links):
        if _BRACE.search(link.tag):
            try:
                links[place] = filler.link(document, place, link)
            except BadRow as fault:
                faults.append(fault)
    if any(nodes[id] is not node for id, node in document.nodes.items()):
        document = replace(document, nodes=MappingProxyType(nodes))
    if any(one is not other for one, other in zip(links, document.links, strict=True)):
        document = replace(document, links=Links(tuple(links)))
    return Attempt(document=document, faults=tuple(faults))


class _Columns:
    """The columns by what a document may call them: their name, in any case, with or without `row.`."""

    def __init__(self, columns: Collection[str]) -> None:
        self._by_key = {name_key(name): name for name in columns}

    def find(self, written: str) -> str | None:
        key = name_key(written)
        found = self._by_key.get(key)
        if found is None and key.startswith(name_template.ROW):
            found = self._by_key.get(key.removeprefix(name_template.ROW).strip())
        return found

    def unknown(self, written: str, row: int, place: Place) -> BadRow:
        names = list(self._by_key.values())
        close = get_close_matches(name_key(written), self._by_key, n=1)
        there = say("The table has: {list}.", list=listed(f"{{{shown(one)}}}" for one in names[:24]))
        near = say("Did you mean {name}?", name=f"{{{self._by_key[close[0]]}}}") if close else ""
        return bad_row(
            say("{node} asks for {name}, which is no column.", node=place.node, name=f"{{{shown(written)}}}"),
            advice=say(
                "{near} {there} Write {double} for a brace itself.", near=near, there=there, double="{{"
            )
            if near
            else say("{there} Write {double} for a brace itself.", there=there, double="{{"),
            code="table.no-column",
            row=row,
            where=place.where,
        )


class _Filler:
    """One row."""

    def __init__(self, row: Row, columns: _Columns, kinds: Kinds, standing: Standing | None) -> None:
        self._row, self._columns, self._kinds, self._standing = row, columns, kinds, standing

    def node(self, id: str, node: Node) -> Node:
        values: dict[str, Value] = {}
        called = node.title or _kind_title(node, self._kinds)
        title = node.title
        for name, text in _texts(node, self._kinds):
            place = Place(text=text, where=Where(node=id, parameter=name), node=called)
            if name == _TITLE and text == node.title and name not in node.values:
                title = self._words(place)
            elif name == WAITING_TAGS:
                values[name] = tuple(self._waiting(node, id, called))
            elif not _is_name(node, name):
                values |= self._value(node, name, place)
        if not values and title == node.title:
            return node
        return replace(node, title=title, values={**node.values, **values} if values else node.values)

    def link(self, document: Document, number: int, link: Link) -> Link:
        called = _called(document, link.target.node, self._kinds)
        place = Place(text=link.tag, where=_tag_place(document, link, number), node=called)
        return replace(link, tag=self._words(place))

    def _waiting(self, node: Node, id: str, called: str) -> Iterator[str]:
        held = node.values.get(WAITING_TAGS, ())
        for one in held if isinstance(held, tuple) else ():
            where = Where(node=id, parameter="reference_tags")
            yield self._words(Place(text=str(one), where=where, node=called))

    def _words(self, place: Place) -> str:
        return _filled_text(place, self._row, self._columns)[0]

    def _value(self, node: Node, name: str, place: Place) -> Mapping[str, Value]:
        text, column = _filled_text(place, self._row, self._columns)
        parameter = _parameter(node, name, self._kinds)
        problem = _Fit(self._row.number, column, place)
        if node.kind == PHOTOGRAPH and name == "file":
            if not column:
                return {"file": text}
            file = problem.file(text)
            return {"file": self._standing.value(column, file) if self._standing else file, "sha256": ""}
        if parameter is None or name == "vendor":
            return {name: text.strip() or "auto" if name == "vendor" else text}
        match parameter.type:
            case ParameterType.CHOICE:
                return {name: problem.choice(parameter, text.strip())}
            case ParameterType.SEED | ParameterType.INTEGER:
                return {name: problem.number(parameter, text.strip())}
            case _:
                return {name: text}


@dataclass(frozen=True, slots=True)
class _Fit:
    """A filled text as the field takes it."""

    row: int
    column: str
    place: Place

    def file(self, text: str) -> str:
        windows = PureWindowsPath(text)
        if not text:
            raise self._wrong(
                say("{node} has no photograph: the cell is empty.", node=self.place.node),
                say("Give the name of a file in the table's folder."),
                "table.no-file",
            )
        if PurePosixPath(text).is_absolute() or windows.drive or windows.root:
            raise self._wrong(
                say("“{file}” is a whole path.", file=shown(text)),
                say(
                    "Write the way from the table's folder to the photograph, and keep it below that folder."
                ),
                "table.absolute",
            )
        if _leaves(text):
            raise self._wrong(
                say("“{file}” leaves the table's folder.", file=shown(text)),
                say("Put the photograph into the table's folder, or the table above the photographs."),
                "table.outside",
            )
        return text.replace("\\", "/")

    def number(self, parameter: Parameter, text: str) -> int | None:
        if not text:
            default = parameter.default
            return default if isinstance(default, int) else None
        whole = _WHOLE.fullmatch(text)
        if whole is None:
            raise self._not_offered(parameter, text, say("Give a whole number."))
        return int(whole[1])

    def choice(self, parameter: Parameter, text: str) -> Value:
        if not text:
            return parameter.default
        wanted = text.casefold()
        for one in parameter.choices:
            if wanted in (one.value.casefold(), one.title.casefold(), spoken(one.title).casefold()):
                return one.value
        offered = listed(one.value for one in parameter.choices)
        raise self._not_offered(parameter, text, say("Choose one of {list}.", list=offered))

    def _not_offered(self, parameter: Parameter, text: str, advice: str) -> BadRow:
        title = say(
            "{title} of {node} cannot be “{text}”.",
            title=parameter.title,
            node=self.place.node,
            text=shown(text),
        )
        return self._wrong(title, advice, "table.value")

    def _wrong(self, title: str, advice: str, code: str) -> BadRow:
        where = self.place.where
        return bad_row(title, advice=advice, code=code, row=self.row, column=self.column, where=where)


def _leaves(file: str) -> bool:
    depth = 0
    for part in file.replace("\\", "/").split("/"):
        depth += -1 if part == ".." else 0 if part in ("", ".") else 1
        if depth < 0:
            return True
    return False


def _filled_text(place: Place, row: Row, columns: _Columns) -> tuple[str, str]:
    """The text, and the last column that stands in it."""
    last = ""

    def value(found: re.Match[str]) -> str:
        nonlocal last
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[0] == "{":
            raise bad_row(
                say("A brace of {node} is not closed.", node=place.node),
                advice=say("Write {double} for a brace itself.", double="{{"),
                code="table.brace",
                row=row.number,
                where=place.where,
            )
        column = columns.find(found[1])
        if column is None:
            raise columns.unknown(found[1].strip(), row.number, place)
        last = column
        return row.cells[column]

    return _TOKEN.sub(value, place.text), last


def _names(text: str) -> Iterator[str]:
    return (found[1] for found in _TOKEN.finditer(text) if found[1] is not None)


def _texts(node: Node, kinds: Kinds) -> Iterator[tuple[str, str]]:
    """Name and text of each field with a brace in it. A skipped node does not run, and stays as it is."""
    if node.kind in (TABLE, NOTE) or node.skip:
        return
    if _BRACE.search(node.title):
        yield _TITLE, node.title
    for name, value in node.values.items():
        if name == WAITING_TAGS and isinstance(value, tuple):
            value = tags_text(str(one) for one in value)
        if isinstance(value, str) and _BRACE.search(value) and _is_field(node, name, kinds):
            yield name, value


def _is_field(node: Node, name: str, kinds: Kinds) -> bool:
    """Whether a value is one that people write. Of a kind that is not known, none is; where no kinds are
    given, all may be."""
    if not kinds or name in (WAITING_TAGS, "vendor"):
        return True
    return _parameter(node, name, kinds) is not None


def _is_name(node: Node, name: str) -> bool:
    return node.kind == SAVING and name == "name"


def _parameter(node: Node, name: str, kinds: Kinds) -> Parameter | None:
    kind = kinds.get(node.kind)
    return next((one for one in kind.parameters if one.id == name), None) if kind else None


def _called(document: Document, id: str, kinds: Kinds) -> str:
    node = document.nodes.get(id)
    return (node.title or _kind_title(node, kinds)) if node is not None else id


def _kind_title(node: Node, kinds: Kinds) -> str:
    kind = kinds.get(node.kind)
    return spoken(kind.title) if kind else node.kind


def _tag_place(document: Document, link: Link, place: int) -> Where:
    """Which of the references of its model it is."""
    before = [one for one in document.links[:place] if one.target == link.target]
    return Where(node=link.target.node, socket=link.target.socket, item=len(before))
