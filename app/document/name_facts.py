"""What a document tells of a node's picture, for its file's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType

from app.document.name_template import Facts, ratio_of
from app.document.reach import giver, references
from app.document.values import Document

_NONE: Mapping[str, str] = MappingProxyType({})
_SUFFIX = ".tagloom"


def facts_of(
    document: Document,
    node: str,
    *,
    called: str,
    size: tuple[int, int],
    seed: int | None = None,
    day: date | None = None,
    title: str = "",
    columns: Mapping[str, str] = _NONE,
) -> Facts:
    """`called` is the document's name, `size` the picture's in px, `title` what stands in for a node's own.
    A node that the document does not have gives what is known without it."""
    known = document.nodes.get(node)
    return Facts(
        document=called,
        node=node,
        title=(known.title if known else "") or title or node,
        seed=seed,
        model=known.kind if known else "",
        ratio=ratio_of(*size, known.values.get("aspect_ratio") if known else None),
        day=day,
        tags=tags_of(document, node),
        columns=columns,
    )


def tags_of(document: Document, node: str) -> dict[str, str]:
    """Tag → what its photograph's file is called, without the ending; of a picture that another node makes,
    that node's title or id."""
    tags: dict[str, str] = {}
    for link in references(document, node):
        source = document.nodes.get(id := giver(document, link))
        file = source.values.get("file") if source else None
        name = PurePosixPath(PureWindowsPath(str(file)).name).stem if file else ""
        if link.tag:
            tags.setdefault(link.tag, name or (source.title if source else "") or id)
    return tags


def called_by(document_id: str) -> str:
    """A document's name by its path or, where it has none, its id."""
    path = PurePosixPath(PureWindowsPath(document_id).name)
    return path.stem if path.suffix == _SUFFIX else "untitled"
