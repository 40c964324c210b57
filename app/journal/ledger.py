"""The book of paid calls. A row is on disk before a byte leaves; each step is on disk before the next.

Laws 1, 2, 3 and 6 of money (`app.engine`) stand on this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

from msgspec.structs import replace
from sqlalchemy import Connection, Select, Update

from app.basics.clock import Clock, SystemClock
from app.basics.database import Database, alone
from app.basics.database_statements import Prepared, Statements
from app.basics.faults import Bug
from app.basics.logs import redact
from app.basics.money import Money
from app.basics.words import in_english, mark, say
from app.journal import queries
from app.journal.leases import Lease, Leases
from app.journal.operations import ENDED, UNSETTLED, Counted, Operation, State
from app.journal.tables import LEDGER, to_columns, to_operation, to_row

BALLAST = 1_048_576
"""Bytes given up when the disk is full, so that the id of what was paid for can still be written."""


class Changes(TypedDict, total=False):
    """What a step may write beside the state. Times that are not given are the ledger's own."""

    ticket: Mapping[str, object] | None
    asset: str
    estimate: Money | None
    charged: Money | None
    vendor_amount: float | None
    vendor_unit: str
    fault_code: str
    fault_title: str
    fault_advice: str
    run: str
    address: str
    sent: datetime | None
    submitted: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`operation` is the one to go on with; `lease` None: another process is at it, wait for what it brings.
    `fresh`: it was written now, rather than found."""

    operation: Operation
    lease: Lease | None
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What `sweep` changed: live operations that became `unknown`, drafts dropped as free."""

    unknown: tuple[Operation, ...]
    dropped: tuple[Operation, ...]


class Ledger:
    """`address` is a file or a SQLAlchemy URL. Opened by `open`, else by the first use.

    Every method that writes returns when the row is on disk. All raise `DiskTrouble` (`ledger.full`,
    `.locked`, `.read-only`, `.unopenable`, `.corrupt`, `.newer`) where the disk says no.
    """

    def __init__(
        self,
        address: str | Path,
        leases: Leases,
        *,
        clock: Clock | None = None,
        put_aside: bool = False,
    ) -> None:
        self.database = Database(address, LEDGER, put_aside=put_aside, ballast=BALLAST)
        self._leases = leases
        self._clock = clock or SystemClock()
        self._held: dict[str, Lease] = {}
        self._own: set[str] = set()
        self._known: dict[str, tuple[Lease, Operation]] = {}
        self._steps: dict[tuple[State | None, bool, tuple[str, ...]], Update] = {}
        self._ready = Statements()

    async def open(self) -> tuple[str, ...]:
        """What a person should be told: a damaged ledger put aside, a network folder."""
        return await self.database.open()

    async def close(self) -> None:
        """Lets go of every lease and ends the thread. What is under way stays as it stands."""
        await self.database.close()
        for id in tuple(self._held):
            self._let_go(id)

    # --- writing ---------------------------------------------------------------------------------

    async def intend(self, operation: Operation) -> Operation:
        """Writes a new row, the drawn seed with it. `state` has to be `intended`."""
        if operation.state is not State.INTENDED:
            raise _bug(
                say("An operation begins as intended, not {state}.", state=operation.state),
                "ledger.first-step",
            )
        row = to_row(operation)
        await self.database.run(lambda connection: self._insert(connection, row))
        return operation

    async def claim(self, operation: Operation) -> Claim:
        """The unsettled operation of the same document, node, node key and kind (draft or live), else this
        one, written now; with its lease where nobody else has it.

        Asked at once by any number of processes it gives all of them one operation, and one of them the
        lease. The others wait until `acquire` gives it to them, or until the operation has ended.
        """
        lease = self._take(operation.id)
        row = to_row(operation)
        same = _of(operation.document, operation.node, operation.node_key, operation.draft)

        def work(connection: Connection) -> Operation | None:
            alone(connection, LEDGER)
            if (found := self._ready(connection, queries.UNSETTLED_OF).first(connection, same)) is not None:
                return to_operation(found)
            self._insert(connection, row)
            return None

        found = await self.database.run(work)
        if found is None:
            return Claim(operation=operation, lease=lease, fresh=True)
        if lease is not None:
            lease.release()
        return Claim(operation=found, lease=self._take(found.id), fresh=False)

    async def advance(self, id: str, state: State, **changes: Unpack[Changes]) -> Operation:
        """The next step, on disk when it returns. Sending is done under the operation's lease, which is
        taken here if the caller has not taken it.

        :raises Bug: `ledger.step`: `operations.NEXT` does not know this step; `ledger.no-operation`;
            `ledger.leased`: another process is at it
        """
        if state is State.SENDING:
            self._lease_for_sending(id)
        operation = await self._write(id, state, self._stamped(state, dict(changes)))
        if id in self._own and state in _LEFT_ALONE:
            self._let_go(id)
        return operation

    async def settle(self, id: str, **changes: Unpack[Changes]) -> Operation:
        """From submitted or running to `delivered` and on to `settled`, both in one commit: the picture is in
        the library and what it cost is known, so nothing happens between the two.

        :raises Bug: as `advance`
        """
        stamped = self._stamped(State.DELIVERED, dict(changes))
        operation = await self._write(id, State.SETTLED, stamped, by=State.DELIVERED)
        if id in self._own:
            self._let_go(id)
        return operation

    async def note(self, id: str, **changes: Unpack[Changes]) -> Operation:
        """Writes what became known without a step: what a cancelled operation was charged, a fresh ticket."""
        return await self._write(id, None, self._stamped(None, dict(changes)))

    async def acquire(self, operation_id: str) -> Lease | None:
        """The right to send, follow and deliver it, until released or until this process ends in whatever
        way; None while somebody else has it, in this process or another. Never waits."""
        return self._take(operation_id)

    async def sweep(self) -> Swept:
        """What the dead left in the middle of sending: a live one is `unknown` from now on, since its
        request may have arrived; a draft cost nothing and is cancelled. Run at start.

        Operations that a living process is at are left alone.
        """
        self._leases.tidy({operation.id for operation in await self.unsettled()})
        unknown, dropped = [], []
        for operation in await self._select(queries.in_states([State.SENDING])):
            lease = self._take(operation.id)
            if lease is None:
                continue
            try:
                now = await self.get(operation.id)
                if now is None or now.state is not State.SENDING:  # its owner went on before it let go
                    continue
                if operation.draft:
                    dropped.append(await self._drop(operation.id))
                else:
                    unknown.append(await self.advance(operation.id, State.UNKNOWN, **_LOST))
            finally:
                lease.release()
        return Swept(unknown=tuple(unknown), dropped=tuple(dropped))

    # --- reading ---------------------------------------------------------------------------------

    async def get(self, id: str) -> Operation | None:
        found = await self._asked(queries.ONE, {"row_id": id})
        return next(iter(found), None)

    async def unsettled(self, document: str | None = None) -> tuple[Operation, ...]:
        """Everything that is not at its end and not `unknown`, oldest first; of exactly that document, where
        one is named."""
        if document is not None:
            return await self._asked(queries.UNSETTLED_IN, {"of_document": document})
        return await self._select(queries.in_states(UNSETTLED))

    async def unknown(self) -> tuple[Operation, ...]:
        """What waits for a person, oldest first."""
        return await self._select(queries.in_states([State.UNKNOWN]))

    async def latest(self, document: str, node: str, limit: int = 1) -> tuple[Operation, ...]:
        """The last operations of a node, newest first."""
        return await self._asked(queries.LATEST, {"of_document": document, "of_node": node, "at_most": limit})

    async def find_unsettled(self, document: str, node: str, node_key: str, draft: bool) -> Operation | None:
        """The oldest operation that this node began with these inputs and did not finish."""
        found = await self._asked(queries.UNSETTLED_OF, _of(document, node, node_key, draft))
        return next(iter(found), None)

    async def list(
        self, limit: int = 100, before: str | None = None, document: str | None = None
    ) -> tuple[Operation, ...]:
        """History, newest first; `before` is the id of the last one seen."""
        return await self._asked(*queries.page(limit, before, document))

    async def spent(
        self, since: datetime | None = None, document: str | None = None, live_only: bool = True
    ) -> Money:
        """Exact micro-dollars: what was charged where it is known, else the estimate of everything that
        was sent and may cost (also what is still `unknown`). `since` is about the time of sending."""
        return (await self.counted(since, document, live_only)).money

    async def counted(
        self, since: datetime | None = None, document: str | None = None, live_only: bool = True
    ) -> Counted:
        """As `spent`, with what else counts against a cap."""
        query = queries.spent(since, document, live_only)
        found = await self.database.read(lambda connection: connection.execute(query).one())
        money, credits, unpriced = map(int, found)
        return Counted(money=Money(money), credits=credits, unpriced=unpriced)

    async def touched(self, vendor: str, since: datetime) -> tuple[Operation, ...]:
        """What was bought at a vendor and sent or ended since, or has no end yet; oldest first."""
        return await self._select(queries.touched(vendor, since))

    async def durations(self, vendor: str, model: str, address: str, limit: int = 50) -> tuple[float, ...]:
        """Seconds from submitted to ready of the last pictures, newest first."""
        query = queries.durations(vendor, model, address, limit)
        found = await self.database.read(lambda connection: connection.execute(query).scalars().all())
        return tuple(micros / 1_000_000 for micros in found)

    # --- inside ----------------------------------------------------------------------------------

    async def _asked(self, query: Select[Any], values: Mapping[str, Any]) -> tuple[Operation, ...]:
        """As `_select`, for a question that is asked at each picture."""
        rows = await self.database.read(
            lambda connection: self._ready(connection, query).all(connection, values)
        )
        return tuple(to_operation(row) for row in rows)

    async def _select(self, query: Select[Any]) -> tuple[Operation, ...]:
        rows = await self.database.read(lambda connection: connection.execute(query).all())
        return tuple(to_operation(row) for row in rows)

    async def _write(
        self, id: str, state: State | None, changes: dict[str, Any], by: State | None = None
    ) -> Operation:
        """Into `state`, `by` another on the way, in one transaction: `changes` are written with the first."""
        known = self._known_under_lease(id)
        if known is not None and state is State.SETTLED:
            changes.setdefault("ended", known.ended or changes["changed"])
        values = to_columns(changes) | {"row_id": id}
        names = tuple(changes)
        back = known is None

        def work(connection: Connection) -> Any:
            if by is not None:
                first = self._statement(connection, by, names, gives_back=False)
                if not first.count(connection, values):
                    return None
            last = self._statement(connection, state, names if by is None else ("changed",), gives_back=back)
            return last.first(connection, values) if back else last.count(connection, values)

        found = await self.database.run(work)
        if not found:
            raise _refusal(id, by or state, await self.get(id))
        if known is None:
            return self._learned(to_operation(found))
        return self._learned(replace(known, state=state or known.state, **changes))

    def _statement(
        self, connection: Connection, state: State | None, names: tuple[str, ...], *, gives_back: bool
    ) -> Prepared:
        key = (state, gives_back, names)
        statement = self._steps.get(key)
        if statement is None:
            statement = self._steps[key] = queries.step(state, names, gives_back=gives_back)
        return self._ready(connection, statement)

    def _insert(self, connection: Connection, row: Mapping[str, Any]) -> None:
        self._ready(connection, queries.NEW).count(connection, row)

    def _known_under_lease(self, id: str) -> Operation | None:
        """The row as we wrote or read it under a lease that we still hold, so nobody has moved it since.
        Reading it back from the database at each step would take as long as writing it."""
        known = self._known.get(id)
        return known[1] if known is not None and known[0].held else None

    def _learned(self, operation: Operation) -> Operation:
        lease = self._held.get(operation.id)
        if lease is not None and lease.held:
            self._known[operation.id] = (lease, operation)
        else:
            self._known.pop(operation.id, None)
        return operation

    async def _drop(self, id: str) -> Operation:
        await self.advance(id, State.INTENDED)
        return await self.advance(id, State.CANCELLED, charged=Money(0))

    def _take(self, id: str) -> Lease | None:
        if id in self._own:  # taken for sending; from now on the caller's
            self._own.discard(id)
            return self._held[id]
        lease = self._leases.acquire(id)
        if lease is not None:
            self._held = {other: held for other, held in self._held.items() if held.held}
            self._known = {other: known for other, known in self._known.items() if known[0].held}
            self._held[id] = lease
        return lease

    def _lease_for_sending(self, id: str) -> None:
        known = self._held.get(id)
        if known is not None and known.held:
            return
        if self._take(id) is None:
            raise _bug(say("Operation {id} is being worked on by another process.", id=id), "ledger.leased")
        self._own.add(id)

    def _let_go(self, id: str) -> None:
        self._own.discard(id)
        self._held.pop(id).release()

    def _stamped(self, state: State | None, changes: dict[str, Any]) -> dict[str, Any]:
        """`changes` with the times that this step is known by; fault texts in English, without secrets."""
        now = self._clock.now()
        changes["changed"] = now
        match state:
            case State.INTENDED:
                changes["sent"] = None  # surely not sent
            case State.SENDING:
                changes.setdefault("sent", now)
            case State.SUBMITTED:
                changes.setdefault("submitted", now)
            case State.DELIVERED | State.REFUSED | State.FAILED | State.CANCELLED:
                changes.setdefault("ended", now)
        for name in ("fault_title", "fault_advice"):
            if name in changes:
                changes[name] = redact(in_english(changes[name]))
        return changes


_LEFT_ALONE = (*ENDED, State.UNKNOWN)
"""What its sender is done with."""
_LOST: Changes = {
    "fault_code": "ledger.answer-lost",
    "fault_title": mark(
        "Tagloom ended while this request was under way, before its answer was safe on the disk."
    ),
    "fault_advice": mark(
        "It may have arrived and been charged. Compare with the vendor's usage page. "
        "It will not be sent again unless you say so."
    ),
}


def _of(document: str, node: str, node_key: str, draft: bool) -> dict[str, Any]:
    return {"of_document": document, "of_node": node, "of_key": node_key, "of_draft": draft}


def _bug(title: str, code: str) -> Bug:
    return Bug(title, advice=say("Please report this; nothing was sent because of it."), code=code)


def _refusal(id: str, state: State | None, found: Operation | None) -> Bug:
    if found is None:
        return _bug(say("The ledger has no operation {id}.", id=id), "ledger.no-operation")
    return _bug(
        say("Operation {id} cannot go from {state} to {after}.", id=id, state=found.state, after=state),
        "ledger.step",
    )
