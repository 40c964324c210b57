"""The library, as far as the engine needs it, and tickets as the ledger keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from app.library.assets import Asset, Origin
from app.library.library import Seen
from app.providers.contract import Ticket, Vendor


class Shelf(Protocol):
    """`library.library.Library`."""

    def temp(self) -> Path:
        """A path for a new file on the library's own disk."""
        ...

    async def add(self, path: Path, origin: Origin, look: Callable[[Path], Seen] | None = None) -> Asset:
        """Takes a whole picture in, which `look` may refuse; the file is gone from `path` afterwards."""
        ...

    async def find(self, fingerprint: str, draft: bool = False) -> Asset | None: ...

    async def find_many(self, fingerprints: Iterable[str], draft: bool = False) -> Mapping[str, Asset]: ...

    async def for_operation(self, operation: str) -> tuple[Asset, ...]: ...

    async def get(self, sha256: str) -> Asset | None: ...

    async def here(self, asset: Asset) -> Path:
        """Its bytes on a disk of this machine: what `find_many` finds may be elsewhere.

        :raises DiskTrouble: `library.gone`, or why it cannot be fetched
        """
        ...


class Vendors(Protocol):
    """`providers.registry.Registry`: who sells, with the key and address that there are."""

    async def is_live(self, id: str) -> bool: ...

    async def vendor(self, id: str) -> Vendor: ...

    async def vendor_of(self, ticket: Ticket) -> Vendor:
        """:raises BadInput: its key is gone, or its address is another now"""
        ...


def ticket_record(ticket: Ticket) -> dict[str, object]:
    """JSON for the ledger."""
    return {
        "vendor": ticket.vendor,
        "id": ticket.id,
        "address": ticket.address,
        "draft": ticket.draft,
        "look_at": ticket.look_at,
        "estimate": ticket.estimate,
        "extras": dict(ticket.extras),
    }


def ticket_of(record: Mapping[str, object]) -> Ticket:
    """The ticket of a row. Unknown keys, written by a newer Tagloom, are left alone."""
    extras = record.get("extras")
    estimate = record.get("estimate")
    return Ticket(
        vendor=str(record["vendor"]),
        id=str(record["id"]),
        address=str(record["address"]),
        draft=bool(record["draft"]),
        look_at=str(record.get("look_at", "")),
        estimate=float(estimate) if isinstance(estimate, int | float) else None,
        extras=MappingProxyType({str(k): str(v) for k, v in extras.items()})
        if isinstance(extras, Mapping)
        else MappingProxyType({}),
    )
