"""A document as it may be given away: what was asked of the models, and nothing of where or how one works.

Notes and the paths of photographs go along only where somebody asked for it. Hashes of photographs stay, so
that they can be found again; the photographs themselves are never in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType

from msgspec.structs import replace

from app.document.beside import FOLDER, TABLE_FILES
from app.document.edits import remove_nodes
from app.document.file_reader import Read, read_text
from app.document.file_writer import write_text
from app.document.values import EMPTY, Document, Frame, Link, Links, Node, Value

NAME = "tagloom:document"
"""What the text of a document is called in a picture."""
NOTE = "note"
_FILE = "file"
_ROOT = re.compile(r"(?:[A-Za-z]:)?[\\/]|~[\\/]|file:")
_WORDS = frozenset({"text"})
"""Values that an artist wrote: a path in a prompt is part of the prompt."""


def shared_text(document: Document, *, notes: bool = False) -> str:
    """The text of `shareable`, as in a `.tagloom` file.

    :raises BadInput: a value that cannot be written
    """
    return write_text(shareable(document, notes=notes))


def read_shared(text: str) -> Read:
    """A document that came along with a picture, by the same two steps, bounds and faults as a file. Its
    `file` values are a stranger's words: `paths.resolve` follows none of them out of a folder.

    :raises BadInput: what is wrong, and where in the text
    """
    return read_text(text)


def shareable(document: Document, *, notes: bool = False) -> Document:
    """Without notes (unless asked for) and without what a newer Tagloom wrote, of which nobody here can say
    what it tells; a photograph's file becomes `refs/` and its name, each other path its last name. The same
    again gives the same document."""
    if not notes:
        document = remove_nodes(document, [id for id, node in document.nodes.items() if node.kind == NOTE])
    names = _names(document)
    return replace(
        document,
        nodes=MappingProxyType({id: _node(node, names) for id, node in document.nodes.items()}),
        links=Links(tuple(_link(one) for one in document.links)),
        frames=MappingProxyType({id: _frame(one) for id, one in document.frames.items()}),
        extras=EMPTY,
    )


def has_notes(document: Document) -> bool:
    return any(node.kind == NOTE for node in document.nodes.values())


def _names(document: Document) -> Mapping[str, str]:
    """Each `file` value → its name in `refs/`: another one for each of two files that are called the same."""
    given = {
        str(node.values[_FILE]): None
        for _, node in sorted(document.nodes.items())
        if isinstance(node.values.get(_FILE), str) and node.kind not in TABLE_FILES
    }
    # Those that lie in `refs/` already keep their names.
    taken: set[str] = set()
    names: dict[str, str] = {}
    for file in sorted(given, key=lambda file: file != f"{FOLDER}/{_last(file)}"):
        name = _last(file)
        path = PurePosixPath(name)
        count = 1
        while name.lower() in taken:
            count += 1
            name = f"{path.stem}-{count}{path.suffix}"
        if name:
            taken.add(name.lower())
        names[file] = f"{FOLDER}/{name}" if name else ""
    return names


def _node(node: Node, names: Mapping[str, str]) -> Node:
    values = {key: _value(key, value, names) for key, value in node.values.items()}
    for key in TABLE_FILES.get(node.kind, ()):
        if isinstance(named := node.values.get(key), str):
            values[key] = _last(named)
    return replace(node, values=MappingProxyType(values) if values else EMPTY, extras=EMPTY)


def _value(key: str, value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, str):
        if key == _FILE:
            return names.get(value) or (f"{FOLDER}/{_last(value)}" if _last(value) else "")
        return _last(value) if key not in _WORDS and _is_path(value) else value
    if isinstance(value, tuple):
        return tuple(_value(key, part, names) for part in value)
    if isinstance(value, Mapping):
        return MappingProxyType({inner: _value(inner, part, names) for inner, part in value.items()})
    return value


def _is_path(text: str) -> bool:
    """Whether it begins at the root of a machine, or at somebody's home."""
    return _ROOT.match(text) is not None


def _last(file: str) -> str:
    """The last name of a path of any system; empty where it has none."""
    name = file
    while (shorter := PureWindowsPath(PurePosixPath(name).name).name) != name:  # `c:d:shoe.png`
        name = shorter
    return "" if name in (".", "..") else name


def _link(link: Link) -> Link:
    return link if link.extras == EMPTY else replace(link, extras=EMPTY)


def _frame(frame: Frame) -> Frame:
    return frame if frame.extras == EMPTY else replace(frame, extras=EMPTY)
