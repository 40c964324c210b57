"""JSON that carries pictures: its long texts are decoded from base64 into files while it comes in, so that a
picture of tens of megabytes is never in memory. Blocks: for threads."""

from __future__ import annotations

import binascii
import contextlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.basics.faults import DiskTrouble
from app.providers.new_file import NewFile, Unsaved

LONG = 64 * 1024
"""Characters; a shorter text stays in the JSON."""
_MOST_KEPT = 8 * 1024 * 1024
_ENDS = re.compile(rb'["\\]')
_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)


_PLAIN = bytes.maketrans(b"-_", b"+/")
"""Both alphabets of base64 are read."""


class SpillTrouble(Exception):
    """Neither a disk nor memory took what came. `trouble` says why."""

    def __init__(self, trouble: DiskTrouble) -> None:
        super().__init__(trouble.title)
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Spilled:
    """One long text, decoded: a whole, fsynced file, or bytes that no disk took."""

    file: Path | None
    picture: bytes | None


class Spill:
    """`place` gives the path of a new file. What is not taken is removed by `close`."""

    def __init__(self, place: Callable[[], Path]) -> None:
        self._place = place
        self._seal = secrets.token_hex(16)
        self._kept = bytearray()
        self._carry = b""
        self._text: bytearray | None = None
        self._long: _LongText | None = None
        self._made: dict[str, Spilled] = {}

    def feed(self, chunk: bytes) -> None:
        """:raises SpillTrouble"""
        try:
            self._feed(self._carry + chunk)
        except DiskTrouble as fault:
            raise SpillTrouble(fault) from fault

    def finish(self, chunk: bytes = b"") -> bytearray:
        """The JSON, with a stand-in for each long text. Of one that broke off, what there is.

        :raises SpillTrouble"""
        self.feed(chunk)
        return self._kept

    def take(self, text: str) -> Spilled | None:
        """What a stand-in stands for, once; the file belongs to who takes it. None: it is no stand-in, or the
        text was no base64."""
        return self._made.pop(text, None)

    def close(self) -> None:
        if self._long is not None:
            self._long.drop()
        for one in self._made.values():
            if one.file is not None:
                with contextlib.suppress(OSError):
                    one.file.unlink(missing_ok=True)
        self._made.clear()

    def _feed(self, data: bytes) -> None:
        self._carry, at = b"", 0
        while at < len(data):
            if self._text is None:
                quote = data.find(b'"', at)
                end = len(data) if quote < 0 else quote + 1
                self._keep(data[at:end])
                self._text = None if quote < 0 else bytearray()
                at = end
                continue
            found = _ENDS.search(data, at)
            end = found.start() if found else len(data)
            self._add(data[at:end])
            if found is None:
                return
            if data[end] == ord('"'):
                self._end()
                at = end + 1
                continue
            size = 6 if data[end + 1 : end + 2] == b"u" else 2
            if len(data) - end < size:
                self._carry = data[end:]
                return
            self._add(data[end : end + size])
            at = end + size

    def _add(self, piece: bytes) -> None:
        assert self._text is not None
        if self._long is not None:
            self._long.add(piece)
            return
        self._text += piece
        if len(self._text) > LONG:
            self._long = _LongText(self._place())
            self._long.add(bytes(self._text))

    def _end(self) -> None:
        assert self._text is not None
        if self._long is None:
            self._keep(self._text + b'"')
        else:
            name = f"{self._seal}-{len(self._made)}"
            if (one := self._long.end()) is not None:
                self._made[name] = one
            self._long = None
            self._keep(f'{name}"'.encode())
        self._text = None

    def _keep(self, piece: bytes | bytearray) -> None:
        if len(self._kept) + len(piece) <= _MOST_KEPT:  # what is cut does not parse, and so is not believed
            self._kept += piece


class _LongText:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = NewFile(path).__enter__()
        self._rest = b""
        self._wrong = False

    def add(self, piece: bytes) -> None:
        """Escapes are whole in a piece."""
        if self._wrong:
            return
        if b"\\" in piece:
            piece = _ESCAPE.sub(_unescaped, piece)
        piece = self._rest + piece.translate(_PLAIN)
        whole = len(piece) // 4 * 4
        self._rest = piece[whole:]
        try:
            self._file.write(binascii.a2b_base64(piece[:whole], strict_mode=True))
        except binascii.Error:
            self._wrong = True

    def end(self) -> Spilled | None:
        if self._wrong or self._rest:
            self.drop()
            return None
        try:
            self._file.finish()
            return Spilled(file=self._path, picture=None)
        except Unsaved as fault:
            picture, fault.picture = fault.picture, b""
            return Spilled(file=None, picture=picture)
        finally:
            self.drop()

    def drop(self) -> None:
        """Removes the file unless it is finished."""
        self._file.__exit__(None, None, None)


def _unescaped(found: re.Match[bytes]) -> bytes:
    text: str = json.loads(b'"' + found[0] + b'"')
    return text.encode("utf-8", "replace")
