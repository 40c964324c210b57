"""No key, bearer token or signed address in anything that a test leaves behind: every file under its home and
its folder, and what a program said."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SIGNS = (b"Bearer ", b"_jwt=", b"ignature=", b"key_")
"""What is looked for first, since it costs next to nothing."""
_SECRET = re.compile(
    rb"Bearer (?!\[removed\])[A-Za-z0-9._~+/-]{6,}"
    rb"|(?:_jwt|[Ss]ignature)=(?!\[removed\])[A-Za-z0-9._~%+/-]{4,}"
    rb"|(?<![A-Za-z0-9_])key_[A-Za-z0-9]{8,}"
)
_MOST = 32 * 1024 * 1024
"""Larger files are what a test poured in to fill a disk."""


def secret_in(data: bytes) -> str:
    """The first secret, without most of its letters; empty where there is none."""
    if not any(sign in data for sign in _SIGNS):
        return ""
    found = _SECRET.search(data)
    return f"{found.group()[:12].decode('ascii')}…" if found else ""


@dataclass(slots=True)
class Leaks:
    """Counts what it has looked at in a session, so that a watch that sees nothing is noticed."""

    files: int = 0
    folders: int = 0

    def found(self, folders: Iterable[Path]) -> list[str]:
        """Files with a secret, each with its beginning."""
        told: list[str] = []
        for folder in folders:
            if not folder.is_dir():
                continue
            self.folders += 1
            for path, data in _files(folder):
                self.files += 1
                if secret := secret_in(data):
                    told.append(f"{path}: {secret}")
        return told


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Whatever can be read; links are not followed."""
    for here, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)
            try:
                about = os.lstat(path)
                if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST:
                    continue
                with open(path, "rb") as stream:
                    yield path, stream.read()
            except OSError:
                continue
