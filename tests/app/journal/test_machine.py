"""Ledger and model side by side, with the process ending between any two steps."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from app.basics.faults import Bug
from app.basics.money import Money
from app.journal.ledger import Ledger
from app.journal.operations import ENDED, NEXT, UNSETTLED, State
from tests.app.journal.make import SharedLeases, emptied, ledger_in, operation
from tests.support.keeping import FILE

T = TypeVar("T")
MAY_COST = {State.SENDING, State.SUBMITTED, State.RUNNING, State.DELIVERED, State.SETTLED, State.UNKNOWN}


@dataclass
class Expected:
    state: State
    draft: bool
    node: str
    estimate: int | None
    charged: int | None = None
    sent: bool = False

    @property
    def may_cost(self) -> bool:
        return self.state in MAY_COST or (self.state in (State.FAILED, State.CANCELLED) and self.sent)


class Machine(RuleBasedStateMachine):
    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        emptied()
        self.folder = tempfile.TemporaryDirectory(prefix="tagloom-machine-")
        self.loop = asyncio.new_event_loop()
        self.ledger = self.fresh()
        self.model: dict[str, Expected] = {}

    def fresh(self) -> Ledger:
        return ledger_in(Path(self.folder.name))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @rule(
        target=ids,
        draft=st.booleans(),
        node=st.sampled_from("ab"),
        estimate=st.none() | st.integers(0, 10**12),
        claims=st.booleans(),
    )
    def begins(self, draft: bool, node: str, estimate: int | None, claims: bool) -> Any:
        made = operation(draft=draft, node=node, estimate=None if estimate is None else Money(estimate))
        if not claims:
            self.do(self.ledger.intend(made))
            self.model[made.id] = Expected(State.INTENDED, draft, node, estimate)
            return made.id
        claim = self.do(self.ledger.claim(made))
        if claim.lease is not None:
            claim.lease.release()
        same = [
            id
            for id, one in self.model.items()
            if (one.draft, one.node) == (draft, node) and one.state in UNSETTLED
        ]
        assert claim.fresh == (not same)
        if same:
            assert claim.operation.id == min(same)
            return multiple()
        self.model[made.id] = Expected(State.INTENDED, draft, node, estimate)
        return made.id

    @rule(id=ids, state=st.sampled_from(list(State)), charged=st.none() | st.integers(0, 10**12))
    def steps(self, id: str, state: State, charged: int | None) -> None:
        one = self.model[id]
        change: Any = {} if charged is None else {"charged": Money(charged)}
        if state not in NEXT[one.state]:
            with pytest.raises(Bug):
                self.do(self.ledger.advance(id, state, **change))
            return
        after = self.do(self.ledger.advance(id, state, **change))
        one.state = state
        if state in (State.INTENDED, State.SENDING):
            one.sent = state is State.SENDING
        if charged is not None:
            one.charged = charged
        assert after.state is state
        assert (after.ended is not None) or state not in ENDED

    @rule(id=consumes(ids), charged=st.integers(0, 10**12))
    def learns(self, id: str, charged: int) -> None:
        self.do(self.ledger.note(id, charged=Money(charged)))
        self.model[id].charged = charged

    @rule(sweeps=st.booleans())
    def ends_and_starts(self, sweeps: bool) -> None:
        self.do(self.ledger.close())
        SharedLeases.close_all()
        self.ledger = self.fresh()
        if not sweeps:
            return
        swept = self.do(self.ledger.sweep())
        found = {one.id for one in (*swept.unknown, *swept.dropped)}
        assert found == {id for id, one in self.model.items() if one.state is State.SENDING}
        for id in found:
            one = self.model[id]
            one.state = State.CANCELLED if one.draft else State.UNKNOWN
            one.charged = 0 if one.draft else one.charged
            one.sent = not one.draft

    @invariant()
    def agrees(self) -> None:
        rows = {one.id: one for one in self.do(self.ledger.list(10_000))}
        assert {id: (row.state, row.charged, row.draft) for id, row in rows.items()} == {
            id: (one.state, one.charged, one.draft) for id, one in self.model.items()
        }
        live = [one for one in self.model.values() if not one.draft]
        cost = sum(
            one.charged if one.charged is not None else (one.estimate or 0)
            for one in live
            # A time of sending is not asked for here, so what was charged counts wherever it stands.
            if one.charged is not None or one.may_cost
        )
        assert self.do(self.ledger.spent()) == cost
        assert [one.id for one in self.do(self.ledger.unsettled())] == sorted(
            id for id, one in self.model.items() if one.state in UNSETTLED
        )

    def teardown(self) -> None:
        self.do(self.ledger.close())
        SharedLeases.close_all()
        self.loop.close()
        self.folder.cleanup()


def test_it_is_as_the_model_says(kept_in: str) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25 if kept_in == FILE else 3,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
