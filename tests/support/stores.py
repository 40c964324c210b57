"""The stores that keep the contract of `app.library.store.Store`, each with a look behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.library.store import Store


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """`files` is an fsspec file system that sees what the store keeps, under `root`; `cache` the folder of
    this machine before it, None where there is none."""

    store: Store
    files: Any
    root: str
    cache: Path | None = None
    again: Callable[[], Store]
    """Another one over the same files, as another machine has it."""

    def put(self, content: bytes) -> Path:
        temp = self.store.temp()
        temp.write_bytes(content)
        return temp

    def key(self, sha256: str, suffix: str) -> str:
        return f"{self.root}/{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"

    def read(self, *parts: str) -> bytes:
        content: bytes = self.files.cat_file("/".join((self.root, *parts)))
        return content

    def write(self, sha256: str, suffix: str, content: bytes) -> None:
        """By hand, past the store."""
        key = self.key(sha256, suffix)
        self.files.makedirs(key.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(key, content)

    def delete(self, sha256: str, suffix: str) -> None:
        self.files.rm_file(self.key(sha256, suffix))

    def names(self, folder: str) -> list[str]:
        """Files in a folder of the store."""
        try:
            found = self.files.ls(f"{self.root}/{folder}", detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(one).rpartition("/")[2] for one in found)
