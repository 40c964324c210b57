"""The text of a `.tagloom` file → a document, in two steps: plain description, then values.

Errors carry the path (`nodes.hero.values`). What this Tagloom does not know, kinds and keys alike, is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from app.basics.faults import NOWHERE, Where
from app.basics.words import say
from app.document.plain import MOST_LINKS, MOST_NODES, as_values, parsed, wrong
from app.document.upgrades import STEPS, Plain, Step, number_of, upgraded
from app.document.values import EMPTY, NO_FIT, Document, End, Fit, Frame, Link, Links, Node, Spot, Value

FRAGMENT = "tagloom-fragment"
_LONGEST_ID = 200
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class _Node(msgspec.Struct):
    kind: str
    title: str = ""
    values: dict[str, Any] = {}
    skip: bool = False
    collapsed: bool = False
    color: str = ""
    pick: str = ""
    lock: str = ""


class _Link(msgspec.Struct, rename={"source": "from", "target": "to"}):
    source: str
    target: str
    tag: str = ""
    fit: Literal["none", "pad", "crop"] = "none"
    pad_color: str = NO_FIT.color
    focus: tuple[float, float] = NO_FIT.focus


class _Frame(msgspec.Struct):
    title: str = ""
    color: str = ""
    rect: tuple[float, float, float, float] = Frame().rect


class _File(msgspec.Struct):
    format: str
    nodes: dict[str, dict[str, Any]] = {}
    links: list[dict[str, Any]] = []
    frames: dict[str, dict[str, Any]] = {}
    layout: dict[str, list[float]] = {}


S = TypeVar("S", bound=msgspec.Struct)


class Read(Struct, frozen=True, kw_only=True):
    """`notes`: what people should know about the file, in sentences."""

    document: Document
    notes: tuple[str, ...] = ()


def read_text(text: str, steps: Sequence[Step] = STEPS) -> Read:
    """A document from its text.

    :raises BadInput: what is wrong, and where in the file
    """
    plain, notes = upgraded(parsed(text), steps)
    document, further = _document(plain)
    return Read(document=document, notes=(*notes, *further))


def read_fragment(text: str) -> Document:
    """A part of a document from the clipboard.

    :raises BadInput: it is no fragment, or of a newer Tagloom
    """
    plain = parsed(text)
    if number_of(plain.get("format"), FRAGMENT) != 1:
        wrong("", say("it was copied in a newer Tagloom"), code="document.newer")
    return _document(plain)[0]


def _document(plain: Plain) -> tuple[Document, tuple[str, ...]]:
    file = _described(plain, _File, "")
    if len(file.nodes) > MOST_NODES or len(file.links) > MOST_LINKS:
        wrong(
            "",
            say(
                "it has more than {nodes} nodes or {links} links",
                nodes=MOST_NODES,
                links=MOST_LINKS,
            ),
            code="document.too-large",
        )
    links, notes = _links(file.links)
    document = Document(
        nodes=MappingProxyType({id: _node(id, node) for id, node in file.nodes.items()}),
        links=links,
        frames=MappingProxyType({id: _frame(id, frame) for id, frame in file.frames.items()}),
        layout=MappingProxyType({id: _spot(id, spot) for id, spot in file.layout.items()}),
        extras=_extras(plain, _File, ""),
    )
    return document, notes


def _node(id: str, plain: Plain) -> Node:
    path, where = f"nodes.{id}", Where(node=id)
    _checked_id(id, "nodes")
    read = _described(plain, _Node, path, where)
    if not read.kind:
        wrong(f"{path}.kind", say("a node has no kind"), where=where)
    return Node(
        kind=read.kind,
        title=read.title,
        values=as_values(read.values, f"{path}.values", where) if read.values else EMPTY,
        skip=read.skip,
        collapsed=read.collapsed,
        color=read.color,
        pick=read.pick,
        lock=read.lock,
        extras=_extras(plain, _Node, path, where),
    )


def _links(plain: list[Plain]) -> tuple[Links, tuple[str, ...]]:
    """A pair of ends is joined once: a repeated link is left out, and said."""
    seen: set[tuple[End, End]] = set()
    links: list[Link] = []
    notes: list[str] = []
    for place, one in enumerate(plain):
        link = _link(f"links[{place}]", one)
        if (link.source, link.target) in seen:
            notes.append(
                say(
                    "The file joined {source} to {target} twice; the first link was kept.",
                    source=link.source,
                    target=link.target,
                )
            )
            continue
        seen.add((link.source, link.target))
        links.append(link)
    return Links(tuple(links)), tuple(notes)


def _link(path: str, plain: Plain) -> Link:
    read = _described(plain, _Link, path)
    if not _COLOR.fullmatch(read.pad_color):
        wrong(f"{path}.pad_color", say("a colour is written #rrggbb"))
    if not all(0.0 <= part <= 1.0 for part in read.focus):
        wrong(f"{path}.focus", say("a focus is two numbers from 0 to 1"))
    fit = Fit(mode=read.fit, color=read.pad_color, focus=read.focus)
    return Link(
        source=_end(read.source, f"{path}.from"),
        target=_end(read.target, f"{path}.to"),
        tag=read.tag,
        fit=NO_FIT if fit == NO_FIT else fit,
        extras=_extras(plain, _Link, path),
    )


def _end(text: str, path: str) -> End:
    node, dot, socket = text.rpartition(".")
    if not (node and dot and socket) or len(text) > 2 * _LONGEST_ID:
        wrong(path, say("an end of a link is written node.socket"))
    return End(node, socket)


def _frame(id: str, plain: Plain) -> Frame:
    path = f"frames.{id}"
    _checked_id(id, "frames")
    read = _described(plain, _Frame, path)
    if min(read.rect[2], read.rect[3]) < 0:
        wrong(f"{path}.rect", say("a width or height is negative"))
    return Frame(title=read.title, color=read.color, rect=read.rect, extras=_extras(plain, _Frame, path))


def _spot(id: str, plain: list[float]) -> Spot:
    if len(plain) not in (2, 3):
        wrong(f"layout.{id}", say("a place is written [x, y] or [x, y, width]"))
    return Spot(*plain)


def _checked_id(id: str, path: str) -> None:
    if not id or len(id) > _LONGEST_ID or not id.isprintable():
        wrong(
            path,
            say(
                "an id has 1 to {longest} characters that can be seen; this one is {id!r}",
                longest=_LONGEST_ID,
                id=id[:40],
            ),
        )


def _described(plain: object, kind: type[S], path: str, where: Where = NOWHERE) -> S:
    if isinstance(plain, Mapping):  # keys that we do not know are kept as extras, however odd they are
        plain = {key: plain[key] for key in kind.__struct_encode_fields__ if key in plain}
    try:
        return msgspec.convert(plain, kind)
    except UnicodeEncodeError:  # half of a character where a number, a list or a word of ours should stand
        wrong(path, say("half of a character stands in it"), where=where)
    except msgspec.ValidationError as error:
        what, _, inner = str(error).partition(" - at `$")
        wrong((path + inner.rstrip("`")).lstrip("."), what[:1].lower() + what[1:], where=where)


def _extras(
    plain: Plain, kind: type[msgspec.Struct], path: str, where: Where = NOWHERE
) -> Mapping[str, Value]:
    known = kind.__struct_encode_fields__
    left = {key: value for key, value in plain.items() if key not in known}
    return as_values(left, path, where) if left else EMPTY
