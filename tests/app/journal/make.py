"""Operations to write down."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.basics.ids import new_id
from app.basics.money import Money
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def operation(**changes: Any) -> Operation:
    values: dict[str, Any] = {
        "id": new_id(),
        "state": State.INTENDED,
        "document": "/home/ana/shoes.tagloom",
        "node": "hero",
        "title": "Hero shot",
        "card": "gen4-image",
        "vendor": "runway",
        "model": "gen4_image",
        "draft": False,
        "address": "https://api.dev.runwayml.com",
        "fingerprint": "f" * 64,
        "node_key": "n" * 64,
        "seed": 4_294_967_295,
        "request": {"prompt": "鞋 @sneaker", "references": [{"sha256": "a" * 64, "tag": "sneaker"}]},
        "estimate": Money(80_000),
        "credits": 100,
        "made": NOON,
        "changed": NOON,
    }
    return Operation(**{**values, **changes})


def ledger_in(folder: Path, **changes: Any) -> Ledger:
    return Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"), **changes)
