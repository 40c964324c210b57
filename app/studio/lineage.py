"""What a document was called before: the ledger and the library know it by its path, or by a name for one
that was never saved. Kept on this computer, so that versions outlive *Save as* and a renamed file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from app.basics.faults import Fault
from app.document.disk import read_bytes, written_whole

FORMAT = "tagloom-lineage/1"
MOST = 1000
"""Documents that are remembered; the oldest are forgotten first."""
MOST_EARLIER = 20
MOST_BYTES = 4 * 1024 * 1024


class Earlier(Struct, frozen=True):
    """A name that a document had `until` a moment; what another document made under it later is not its."""

    document: str
    until: datetime


class _Known(Struct):
    sha256: str = ""
    earlier: list[Earlier] = []


class _Kept(Struct):
    format: str = FORMAT
    documents: dict[str, _Known] = {}


class Lineage:
    """Its calls block: they are made in threads. What cannot be read or written costs older versions their
    place in the list, and nothing else."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def saved(self, document: str, before: str, sha256: str) -> None:
        """`document` has been written, with this content, and was called `before` until now."""
        kept = self._read()
        known = kept.documents.pop(document, _Known())
        known.sha256 = sha256
        if before and before != document:
            known.earlier = _joined(before, kept.documents.get(before), known.earlier)
        kept.documents[document] = known  # the newest last
        self._write(kept)

    def opened(self, document: str, sha256: str) -> None:
        """A file that nobody here has saved under this name, with the content of one that somebody has, is
        that one: renamed, moved or copied by other means."""
        kept = self._read()
        if not sha256 or document in kept.documents:
            return
        twin = next((one for one, known in kept.documents.items() if known.sha256 == sha256), None)
        if twin is not None:
            earlier = _joined(twin, kept.documents[twin], [])
            kept.documents[document] = _Known(sha256=sha256, earlier=earlier)
            self._write(kept)

    def earlier(self, document: str) -> tuple[Earlier, ...]:
        """The newest name first."""
        known = self._read().documents.get(document)
        return tuple(known.earlier) if known else ()

    def _read(self) -> _Kept:
        with contextlib.suppress(OSError, Fault, msgspec.MsgspecError, UnicodeError):
            if self._file.is_file():
                kept = msgspec.json.decode(read_bytes(self._file, MOST_BYTES), type=_Kept)
                if kept.format == FORMAT:
                    return kept
        return _Kept()

    def _write(self, kept: _Kept) -> None:
        for oldest in list(kept.documents)[:-MOST]:
            del kept.documents[oldest]
        with contextlib.suppress(OSError, Fault):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with written_whole(self._file) as file:
                file.write(msgspec.json.encode(kept))


def _joined(before: str, known: _Known | None, own: list[Earlier]) -> list[Earlier]:
    """The name before, then those that it had itself, then those known already; each once."""
    row = _once([Earlier(before, datetime.now(UTC)), *(known.earlier if known else ()), *own])
    return list(row)[:MOST_EARLIER]


def _once(row: list[Earlier]) -> Iterator[Earlier]:
    seen: set[str] = set()
    for one in row:
        if one.document not in seen:
            seen.add(one.document)
            yield one
