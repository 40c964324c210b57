"""Which of the pictures that the index knows are there, and on a disk of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.library.assets import Asset
from app.library.index import to_asset
from app.library.store import Store
from app.library.store_faults import gone


class Presence:
    """`row` has the columns that `index` asks for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def asset(self, row: Any) -> Asset:
        return to_asset(row, self._store.place(row[0], row[1]))

    def one(self, row: Any) -> Asset | None:
        """A picture that was deleted by hand is not found."""
        return self.asset(row) if self._store.holds(row[0], row[1]) else None

    async def of(self, rows: Sequence[Any]) -> tuple[Asset, ...]:
        """Those that are there."""
        if self._store.near:
            return self._of(rows)
        return await asyncio.to_thread(self._of, rows)

    async def brought(self, asset: Asset) -> Asset | None:
        """It with its bytes at its path; None where it was deleted by hand since it was seen."""
        if self._store.near or await self._bring(asset) is not None:
            return asset
        return None

    async def here(self, asset: Asset) -> Path:
        """:raises DiskTrouble: `library.gone`, or why it cannot be fetched"""
        if await self.brought(asset) is None:
            raise gone(asset.path.name)
        return asset.path

    def _of(self, rows: Sequence[Any]) -> tuple[Asset, ...]:
        return tuple(asset for row in rows if (asset := self.one(row)) is not None)

    async def _bring(self, asset: Asset) -> Path | None:
        return await asyncio.to_thread(self._store.bring, asset.sha256, asset.path.suffix)
