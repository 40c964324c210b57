"""Pictures and where they came from; libraries whose index is a file, or on the server of TAGLOOM_LEDGER."""

from __future__ import annotations

import io
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from PIL import Image

from app.basics.ids import new_id
from app.basics.money import Money
from app.library.assets import Origin
from app.library.library import Library
from app.library.store import FolderStore
from tests.support.postgres import asked


def picture(color: str = "red", size: tuple[int, int] = (64, 36), kind: str = "PNG") -> bytes:
    to = io.BytesIO()
    Image.new("RGB", size, color).save(to, kind)
    return to.getvalue()


def origin(**changes: Any) -> Origin:
    values: dict[str, Any] = {
        "operation": new_id(),
        "fingerprint": "f" * 64,
        "document": "/home/ana/shoes.tagloom",
        "node": "hero",
        "card": "gen4-image",
        "vendor": "runway",
        "draft": False,
        "prompt": "@sneaker 在 studio",
        "seed": 42,
        "credits": 100,
        "money": Money(80_000),
        "request": {"prompt": "@sneaker 在 studio", "references": [{"tag": "sneaker"}]},
    }
    return Origin(**{**values, **changes})


def index_in(folder: Path) -> Path | str:
    return os.environ.get("TAGLOOM_LEDGER") or folder / "index.sqlite"


def library_in(folder: Path, **changes: Any) -> Library:
    return Library(FolderStore(folder / "library"), index_in(folder / "library"), **changes)


def lose_index(folder: Path) -> None:
    if address := os.environ.get("TAGLOOM_LEDGER"):
        asked(address, "DROP TABLE colours, finds, marks, origins, assets, tagloom_schema")
    else:
        (folder / "library" / "index.sqlite").unlink()


def as_version_one(folder: Path) -> None:
    """The index as the first Tagloom wrote it."""
    if address := os.environ.get("TAGLOOM_LEDGER"):
        asked(address, "DROP TABLE colours, finds, marks", "UPDATE tagloom_schema SET version = 1")
        return
    with closing(sqlite3.connect(folder / "library" / "index.sqlite")) as file, file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table not in ("assets", "origins", "tagloom_schema") and not table.startswith("sqlite_"):
                file.execute(f"DROP TABLE IF EXISTS {table}")
        file.execute("UPDATE tagloom_schema SET version = 1")


def download(library: Library, content: bytes) -> Path:
    temp = library.temp()
    temp.write_bytes(content)
    return temp
