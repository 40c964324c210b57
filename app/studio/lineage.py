"""What a document was called before: the ledger and the library know it by its path, or by a name for one
that was never saved. Kept on this computer, so that versions outlive *Save as* and a renamed file."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct, field

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


class _Known(Struct, frozen=True):
    sha256: str = ""
    earlier: tuple[Earlier, ...] = ()


class _Kept(Struct, frozen=True):
    format: str = FORMAT
    documents: Mapping[str, _Known] = field(default_factory=dict)


class Lineage:
    """Its calls block: they are made in threads. What cannot be read or written costs older versions their
    place in the list, and nothing else."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def saved(self, document: str, before: str, sha256: str) -> None:
        """`document` has been written, with this content, and was called `before` until now."""
        known = dict(self._read())
        own = known.pop(document, _Known()).earlier
        if before and before != document:
            own = _joined(before, known.get(before), own)
        self._write({**known, document: _Known(sha256, own)})  # the newest last

    def opened(self, document: str, sha256: str) -> None:
        """A file that nobody here has saved under this name, with the content of one that somebody has, is
        that one: renamed, moved or copied by other means."""
        known = self._read()
        if not sha256 or document in known:
            return
        twin = next((one for one, held in known.items() if held.sha256 == sha256), None)
        if twin is not None:
            self._write({**known, document: _Known(sha256, _joined(twin, known[twin], ()))})

    def earlier(self, document: str) -> tuple[Earlier, ...]:
        """The newest name first."""
        known = self._read().get(document)
        return known.earlier if known else ()

    def _read(self) -> Mapping[str, _Known]:
        with contextlib.suppress(OSError, Fault, msgspec.MsgspecError, UnicodeError):
            if self._file.is_file():
                kept = msgspec.json.decode(read_bytes(self._file, MOST_BYTES), type=_Kept)
                if kept.format == FORMAT:
                    return kept.documents
        return {}

    def _write(self, known: Mapping[str, _Known]) -> None:
        kept = _Kept(documents=dict(list(known.items())[-MOST:]))
        with contextlib.suppress(OSError, Fault):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with written_whole(self._file) as file:
                file.write(msgspec.json.encode(kept))


def _joined(before: str, known: _Known | None, own: tuple[Earlier, ...]) -> tuple[Earlier, ...]:
    """The name before, then those that it had itself, then those known already; each once."""
    row = (Earlier(before, datetime.now(UTC)), *(known.earlier if known else ()), *own)
    once = {one.document: one for one in reversed(row)}
    return tuple(one for one in row if once[one.document] is one)[:MOST_EARLIER]
