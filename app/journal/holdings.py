"""The leases that this process holds, and what it knows of the operations under them."""

from __future__ import annotations

from app.basics.faults import Bug, DiskTrouble, Retry
from app.basics.words import say
from app.journal.leases import Lease, Leases
from app.journal.operations import Operation

_ROOM = 64
"""Leases that are kept before the released ones among them are forgotten."""


class Holdings:
    """One for a ledger."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._held: dict[str, Lease] = {}
        self._own: set[str] = set()
        """Those that were taken for sending, by nobody's wish."""
        self._known: dict[str, tuple[Lease, Operation]] = {}
        self._room = _ROOM

    async def take(self, id: str) -> Lease | None:
        """None while somebody else has it."""
        if id in self._own:  # taken for sending; from now on the caller's
            self._own.discard(id)
            return self._held[id]
        lease = await self._leases.take(id)
        if lease is not None:
            if len(self._held) >= self._room:
                self._forget_released()
            self._held[id] = lease
        return lease

    def _forget_released(self) -> None:
        """Not at each lease: with hundreds of operations under way that would take longer than the lease."""
        self._held = {id: held for id, held in self._held.items() if not held.released}
        self._known = {id: known for id, known in self._known.items() if known[0].held}
        self._room = max(_ROOM, 2 * len(self._held))

    async def take_for_sending(self, id: str) -> None:
        """:raises Bug: `ledger.leased`"""
        known = self._held.get(id)
        if known is not None and known.held:
            return
        if known is not None and not known.released:
            raise overtaken(id)  # its connection was lost, and there is none yet or somebody else has it
        if await self.take(id) is None:
            raise Bug(
                say("Operation {id} is being worked on by another process.", id=id),
                advice=say("Please report this; nothing was sent because of it."),
                code="ledger.leased",
            )
        self._own.add(id)

    async def confirmed(self, id: str) -> bool:
        """Whether the lease was ours without a break until now, so that what was written stands."""
        if self._leases.certain:
            return True
        lease = self._held.get(id)
        return lease is not None and await self._leases.confirm(lease)

    async def is_broken(self, id: str) -> bool:
        """Whether we took the lease and lost it on the way, be it ours again or not."""
        lease = self._held.get(id)
        return lease is not None and not lease.released and not await self.confirmed(id)

    def is_held(self, id: str) -> bool:
        lease = self._held.get(id)
        return lease is not None and lease.held

    def known(self, id: str) -> Operation | None:
        """The row as we wrote or read it under a lease that we still hold, so nobody has moved it since.
        Reading it back from the database at each step would take as long as writing it. Nothing, where a
        lease may be lost unseen."""
        known = self._known.get(id)
        return known[1] if known is not None and self._leases.certain and known[0].held else None

    def learned(self, operation: Operation) -> Operation:
        lease = self._held.get(operation.id)
        if lease is not None and lease.held:
            self._known[operation.id] = (lease, operation)
        else:
            self._known.pop(operation.id, None)
        return operation

    def sent(self, id: str) -> None:
        """Lets go of a lease that was taken for sending."""
        if id in self._own:
            self._own.discard(id)
            self._held.pop(id).release()

    def close(self) -> None:
        for lease in self._held.values():
            lease.release()
        self._held.clear()
        self._own.clear()


def overtaken(id: str) -> DiskTrouble:
    return DiskTrouble(
        say("The connection to the ledger was lost, and another Tagloom has gone on with {id}.", id=id),
        advice=say("Nothing was sent here because of it. Run again: its picture comes from there."),
        code="ledger.overtaken",
        retry=Retry.LATER,
    )
