"""What every vendor is to the engine: small, and in messages. Laws of money: `app.engine`.

A vendor file turns an `ImageRequest` into its own HTTP, and its answers into these values. It knows
no settings, no ledger, no screen; what it needs is given to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from app.basics.faults import Fault
from app.basics.money import Money
from app.catalogue.request import ImageRequest, Photograph


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a vendor gave for a job: enough to find it again from another process, days later.

    `address` is the base address it was made at; `draft` whether that was our sandbox. `look_at` is
    an address that the vendor named for polling. Never a key.
    """

    vendor: str
    id: str
    address: str
    draft: bool
    look_at: str = ""
    estimate: float | None = None
    """The vendor's own units, as it said at creation."""
    extras: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the vendor billed: `money` in micro-dollars, and the vendor's own amount and unit as given."""

    money: Money
    vendor_amount: float
    vendor_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Queued at the vendor: cancelling may still be free. `throttled`: behind our own concurrency limit."""

    throttled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    progress: float | None
    """0 to 1 where the vendor says."""
    rest: float = field(default=0.0, compare=False)
    """Seconds that the vendor asks us to wait, at least, before the next look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Pictures can be fetched by address; or one came with the answer, as `inline` bytes or as a `file`,
    whole and fsynced, which from now on belongs to whoever holds this."""

    outputs: tuple[str, ...]
    charge: Charge | None
    inline: bytes | None = None
    file: Path | None = None

    @property
    def is_here(self) -> bool:
        return self.inline is not None or self.file is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """The vendor ended the task without a picture."""

    fault: Fault
    charge: Charge | None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The vendor does not know the task (any more): deleted, cancelled, or too old."""


News = Waiting | Working | Ready | Over | Forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The answer to a create. A synchronous vendor answers with `news` at once."""

    ticket: Ticket
    news: News | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelVerdict:
    """`free` True: surely nothing is billed; False: it had started and is billed; None: not known yet.

    `stopped` False: the task goes on, or had already finished with a picture, which is then still there:
    follow it to its end. `charge`: what was billed, where the vendor said so.
    """

    free: bool | None
    words: str
    stopped: bool = True
    charge: Charge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`balance` in the vendor's own unit; `concurrency` by vendor model name, None for no limit."""

    balance: float | None
    unit: str
    concurrency: Mapping[str, int | None]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What a vendor does with what we send: shown before the first live run."""

    vendor_title: str
    uploads: str
    kept: str
    usage_page: str
    retention_source: str


class UploadMemory(Protocol):
    """Remembers an upload by vendor account address and content hash until it expires."""

    async def recall(self, address: str, sha256: str) -> str | None: ...
    async def remember(self, address: str, sha256: str, uri: str, expires: datetime) -> None: ...
    async def forget(self, address: str, sha256: str) -> None: ...


class Vendor(Protocol):
    """One vendor at one address with one key.

    `prepare` may be repeated freely (it uploads photographs). `submit` sends the create exactly once:
    it raises a Fault with `charged=NO` when the request surely did not arrive or was refused
    (`retry=NOW/LATER` where the engine may send again, `retry_after` seconds), and `Lost` with
    `charged=UNKNOWN` when it may have arrived. It never retries a create by itself.
    """

    id: str
    title: str
    address: str
    draft: bool
    """Whether this is the sandbox."""
    keeping: Keeping

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        """Photographs to the vendor: prepared content hash → address to name in the request."""
        ...

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted: ...

    async def look(self, ticket: Ticket) -> News:
        """One look at a task. Raises `Unreachable` (try again later) where the line fails."""
        ...

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        """Streams a picture into a new file at `target`, bounded in size and time; fsyncs it.

        :raises Refused: code `*.address-expired`: look again for a fresh address
        :raises Unreachable: the line broke; the partial file is removed
        """
        ...

    async def cancel(self, ticket: Ticket) -> CancelVerdict: ...

    async def account(self) -> Account:
        """Balance and limits; also how a key is tested."""
        ...

    async def close(self) -> None: ...


def inline_size(photograph: Photograph) -> int:
    """Characters of the photograph as a base64 data URI."""
    return len(f"data:{photograph.mime};base64,") + 4 * ((photograph.bytes + 2) // 3)
