"""Pictures and where they came from."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

from app.basics.ids import new_id
from app.basics.money import Money
from app.library.assets import Origin
from app.library.library import Library
from app.library.store import FolderStore


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


def library_in(folder: Path, **changes: Any) -> Library:
    return Library(FolderStore(folder / "library"), folder / "library" / "index.sqlite", **changes)


def download(library: Library, content: bytes) -> Path:
    temp = library.temp()
    temp.write_bytes(content)
    return temp
