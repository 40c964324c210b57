"""The last ten versions of a document, kept beside it in `.tagloom-versions/<its name>/`.

Named by the time when each was replaced (UTC), oldest first. The folder holds a `.gitignore` that keeps it
out of version control.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from app.document.disk import sync_folder

KEPT = 10
FOLDER = ".tagloom-versions"


def versions_of(path: Path) -> tuple[Path, ...]:
    """The versions that are kept of a document, newest first. Each opens like any document; its
    photographs are found from the document's own folder."""
    folder = _folder(path)
    try:
        return tuple(sorted(folder.glob(f"*{path.suffix}"), key=lambda one: one.name, reverse=True))
    except OSError:
        return ()


def keep_version(path: Path, kept: int = KEPT) -> None:
    """Keeps what is at `path` now, before it is replaced, and drops the oldest beyond `kept`.

    A hard link where the disk can: what is at `path` is only ever replaced, never written into.

    :raises OSError: it could not be kept
    """
    folder = _folder(path)
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    target = _free(folder, path.suffix)
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)
    sync_folder(folder)
    for old in versions_of(path)[kept:]:
        old.unlink(missing_ok=True)


def _folder(path: Path) -> Path:
    return path.parent / FOLDER / path.name


def _free(folder: Path, suffix: str) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    count = 0
    while (target := folder / f"{stamp}{f'-{count:03}' if count else ''}{suffix}").exists():
        count += 1
    return target
