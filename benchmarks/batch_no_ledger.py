"""The same batch with a book that forgets: what the ledger itself costs is the difference to `batch_engine`.

Only a measure. A program without its ledger would pay twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.basics.threads import take_short_turns
from app.journal import ledger as ledger_module
from app.journal.ledger import Claim, Ledger
from app.journal.operations import Operation, State
from benchmarks import batch_engine
from benchmarks.batch_client import main


class Held:
    """A lease on nothing."""

    held = True

    def release(self) -> None:
        self.held = False


class Forgetful(Ledger):
    """Holds its rows in a dictionary: no disk, no lock, no thread."""

    def __init__(self, address: str | Path, leases: ledger_module.Leases) -> None:
        super().__init__(address, leases)
        self._rows: dict[str, Operation] = {}

    async def claim(self, operation: Operation) -> Claim:
        self._rows[operation.id] = operation
        return Claim(operation=operation, lease=Held(), fresh=True)

    async def acquire(self, operation_id: str) -> Held:
        return Held()

    async def get(self, id: str) -> Operation | None:
        return self._rows.get(id)

    async def latest(self, document: str, node: str, limit: int = 1) -> tuple[Operation, ...]:
        return ()

    async def durations(self, vendor: str, model: str, address: str, limit: int = 50) -> tuple[float, ...]:
        done = [one for one in self._rows.values() if one.ended and one.submitted]
        return tuple((one.ended - one.submitted).total_seconds() for one in done[-limit:][::-1])

    async def advance(self, id: str, state: State, **changes: Any) -> Operation:
        return self._change(id, state, changes)

    async def settle(self, id: str, **changes: Any) -> Operation:
        return self._change(id, State.SETTLED, changes)

    def _change(self, id: str, state: State, changes: Mapping[str, Any]) -> Operation:
        now = self._clock.now()
        stamps = {"submitted": now} if state is State.SUBMITTED else {}
        made = replace(self._rows[id], state=state, changed=now, **{**stamps, **changes})
        self._rows[id] = made
        return made


if __name__ == "__main__":
    take_short_turns()
    batch_engine.Ledger = Forgetful  # type: ignore[misc]
    main(batch_engine.by_engine)
