"""A selection as text, and back: what copy, cut and paste put on the clipboard.

The text is JSON like a document's, with `"format": "tagloom-fragment/1"`. It holds the nodes, frames, places,
the links among the nodes, and those that come to them from outside (used only by *paste keeping inputs*).

Photographs: a `file` that was relative to the document's folder is written as an absolute path, and becomes
relative again where it is pasted into a document that holds it. Elsewhere it stays absolute: whether it may
be read there is for the one who pastes to say (`photographs_of`, `project_file.resolve`). Text from a
stranger's clipboard earns no trust by being pasted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from app.basics.faults import BadInput
from app.document.beside import FILES
from app.document.edits import set_value
from app.document.file_reader import read_fragment
from app.document.file_writer import FRAGMENT_FORMAT, write_text
from app.document.gestures import Placed, corner, cut_out, put_in
from app.document.paths import relative_to, resolve
from app.document.values import Document

MIME = "application/x-tagloom-fragment+json"


def copied(
    document: Document, ids: Iterable[str], frames: Collection[str] = (), *, folder: Path | None = None
) -> str:
    """The text for a selection. `folder` is the document's, None where it was never saved."""
    part = cut_out(document, ids, frames)
    if folder is not None:
        part = with_absolute_files(part, folder)
    return write_text(part, FRAGMENT_FORMAT)


def is_fragment(text: str) -> bool:
    """Whether a text from the clipboard looks like ours, without reading it whole."""
    return text.lstrip()[:1] == "{" and '"tagloom-fragment/' in text


def fragment_of(text: str, *, folder: Path | None = None) -> Document:
    """The part that a text holds, for a document in `folder`.

    :raises BadInput: it is no fragment, or a wrong one
    """
    part = read_fragment(text)
    return _with_files(part, lambda file: _relative(folder, file)) if folder is not None else part


def photographs_of(part: Document) -> tuple[Path, ...]:
    """The absolute paths of photographs and tables in a part: to be trusted where the artist copied it in
    this program, and not where the text came from elsewhere."""
    files = (node.values.get(name) for node in part.nodes.values() for name in FILES.get(node.kind, ()))
    return tuple(Path(file) for file in files if isinstance(file, str) and Path(file).is_absolute())


def paste(
    document: Document, part: Document, at: tuple[float, float] | None = None, *, keep_inputs: bool = False
) -> Placed:
    """A part put in under fresh ids, its top left corner at `at` (None: a step beside where it was).

    With `keep_inputs` the copies are joined to what fed the originals, where that is in this document.
    """
    left, top = corner(part)
    by = (32.0, 32.0) if at is None else (at[0] - left, at[1] - top)
    return put_in(document, part, by, keep_inputs=keep_inputs)


def with_absolute_files(part: Document, folder: Path) -> Document:
    """A part whose photographs lie in `folder`, for use elsewhere. What would lead outside stays as it is."""
    return _with_files(part, lambda file: _absolute(folder, file))


def _with_files(part: Document, changed: Callable[[str], str]) -> Document:
    for id, node in part.nodes.items():
        for name in FILES.get(node.kind, ()):
            file = node.values.get(name)
            if isinstance(file, str) and file:
                part = set_value(part, id, name, changed(file))
    return part


def _absolute(folder: Path, file: str) -> str:
    try:
        return file if Path(file).is_absolute() else str(resolve(folder, file))
    except BadInput:
        return file


def _relative(folder: Path, file: str) -> str:
    if not Path(file).is_absolute() or "\0" in file:
        return file
    return relative_to(folder, Path(file)) or file
