"""`.tagloom` files: opened, and saved so that no crash, full disk or second save loses anything."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from app.basics.faults import DiskTrouble, Fault, Retry
from app.basics.words import say
from app.document.beside import brought_beside
from app.document.disk import read_bytes, trouble, written_whole
from app.document.file_reader import read_text as read_text
from app.document.file_writer import write_text as write_text
from app.document.paths import NONE_TRUSTED
from app.document.paths import resolve as resolve
from app.document.plain import MOST_BYTES, decoded
from app.document.values import Document
from app.document.versions import keep_version


class LoadedDocument(Struct, frozen=True, kw_only=True):
    """`folder` is where relative `file` values begin; `notes` what people should know, in sentences;
    `sha256` what the file held."""

    document: Document
    folder: Path
    notes: tuple[str, ...] = ()
    sha256: str = ""


class Written(Struct, frozen=True, kw_only=True):
    """The document as it stands on disk, and what its file holds."""

    document: Document
    sha256: str


def load(path: Path) -> LoadedDocument:
    """Reads a document; nothing is written, and no photograph is opened.

    :raises BadInput: it is no document, with the place in the file
    :raises DiskTrouble: it cannot be read
    """
    data = read_bytes(path, MOST_BYTES)
    try:
        read = read_text(decoded(data))
    except Fault as fault:
        fault.detail = f"{path}: {fault.detail}"
        raise
    return LoadedDocument(
        document=read.document, folder=path.resolve().parent, notes=read.notes, sha256=_sha256(data)
    )


def save(
    path: Path,
    document: Document,
    *,
    folder: Path | None = None,
    trusted: Collection[Path] = NONE_TRUSTED,
) -> Document:
    """Writes a document, and gives it as it was written: photographs from elsewhere now lie in `refs/`.

    `folder` is the folder that its `file` values begin at now (None: never saved); `trusted` are real paths
    chosen by hand. The version that is replaced is kept (`versions`). Blocks for as long as the disk does:
    call it in a thread.

    :raises BadInput: a value that cannot be written
    :raises DiskTrouble: the file at `path` is as it was
    """
    return save_over(path, document, folder=folder, trusted=trusted).document


def save_over(
    path: Path,
    document: Document,
    *,
    folder: Path | None = None,
    trusted: Collection[Path] = NONE_TRUSTED,
    expected: str = "",
) -> Written:
    """As `save`. `expected`: what the file held when it was read or written last (`sha256`); empty: whatever
    it holds is replaced.

    :raises DiskTrouble: `document.changed-on-disk`: it holds something else by now, and stays as it is
    """
    path = path.resolve()  # a document behind a symbolic link is replaced where it really is
    write_text(document)  # what cannot be written is found before anything is copied
    written = brought_beside(document, path.parent, came_from=folder, trusted=trusted)
    data = write_text(written).encode("utf-8")
    done = Written(document=written, sha256=_sha256(data))
    try:
        if path.exists():
            found = _sha256(path.read_bytes())
            if found == done.sha256:
                return done
            if expected and found != expected:
                raise _changed(path)
            keep_version(path)
    except OSError as error:
        raise trouble(path, error) from error
    with written_whole(path) as file:
        file.write(data)
    return done


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _changed(path: Path) -> DiskTrouble:
    return DiskTrouble(
        say("{name} was changed on the disk after it was opened here.", name=path.name),
        advice=say(
            "Another window, another program or a sync service has written it. Save as another file to "
            "keep both, or save anyway: what is there now is kept among its versions."
        ),
        code="document.changed-on-disk",
        retry=Retry.ASK,
    )
