"""The process is killed; what the next one finds."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.basics.money import Money
from app.journal.operations import UNSETTLED, State
from tests.app.journal.make import leases_left, ledger_in, operation
from tests.support.keeping import FILE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")

BUYER = """
import asyncio, sys
from pathlib import Path
from app.journal.operations import State
from tests.app.journal.make import ledger_in, operation

async def main():
    ledger = ledger_in(Path(sys.argv[1]))
    draft = sys.argv[2] == "draft"
    print("ready", flush=True)
    while True:
        made = operation(draft=draft)
        await ledger.intend(made)
        print("intended", made.id, flush=True)
        for state in (State.SENDING, State.SUBMITTED, State.RUNNING, State.DELIVERED, State.SETTLED):
            print("to", state, made.id, flush=True)
            ticket = {"ticket": {"id": "t" + made.id}} if state == "submitted" else {}
            await ledger.advance(made.id, state, **ticket)
            print("at", state, made.id, flush=True)

asyncio.run(main())
"""
ORDER = ["intended", "sending", "submitted", "running", "delivered", "settled"]


def killed_after(folder: Path, kind: str, lines: int, seconds: float) -> list[list[str]]:
    """What the buyer said before it was killed: `seconds` after so many lines, however slow it is."""
    command = [sys.executable, "-c", BUYER, str(folder), kind]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    first = "".join(child.stdout.readline() for _ in range(lines))
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    said = first + child.stdout.read()  # not `communicate`: that passes over what was read ahead
    child.stdout.close()
    child.wait(20)
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize("kind", ["live", "draft"])
async def test_killed_at_any_moment_nothing_that_was_said_is_lost(
    tmp_path: Path, kind: str, kept_in: str
) -> None:
    chance = random.Random(kind)
    promised: dict[str, str] = {}
    begun: dict[str, str] = {}
    for _ in range(6 if kept_in == FILE else 1):
        for words in killed_after(tmp_path, kind, chance.randint(6, 60), chance.uniform(0.0, 0.02)):
            match words:
                case ["intended", id]:
                    promised[id] = begun[id] = "intended"
                case ["to", state, id]:
                    begun[id] = state
                case ["at", state, id]:
                    promised[id] = state
    ledger = ledger_in(tmp_path)
    assert await ledger.open() == ()
    sending = {one.id for one in await ledger.list(100_000) if one.state is State.SENDING}
    swept = await ledger.sweep()
    rows = {one.id: one for one in await ledger.list(100_000)}
    assert len(promised) > (6 if kept_in == FILE else 1)
    for id, least in promised.items():
        state = rows[id].state
        if id in sending:
            assert state is (State.UNKNOWN if kind == "live" else State.CANCELLED)
        else:
            assert ORDER.index(least) <= ORDER.index(state) <= ORDER.index(begun[id])
        if state in (State.SUBMITTED, State.RUNNING, State.DELIVERED, State.SETTLED):
            assert rows[id].ticket == {"id": f"t{id}"}
    assert {one.id for one in (*swept.unknown, *swept.dropped)} == sending
    await ledger.close()


async def test_sweeping_leaves_the_living_alone(tmp_path: Path) -> None:
    living, fresh = ledger_in(tmp_path), ledger_in(tmp_path)
    made = await living.intend(operation())
    await living.advance(made.id, State.SENDING)
    assert (await fresh.sweep()) == (await fresh.sweep())
    assert (await fresh.get(made.id)) == (await living.get(made.id))
    await living.advance(made.id, State.SUBMITTED)
    await living.close()
    swept = await fresh.sweep()
    assert swept.unknown == swept.dropped == ()
    assert [one.state for one in await fresh.unsettled()] == [State.SUBMITTED]
    await fresh.close()


async def test_what_the_dead_were_sending(tmp_path: Path) -> None:
    dead = ledger_in(tmp_path)
    live, draft, idle = operation(), operation(draft=True), operation()
    for one in (live, draft, idle):
        await dead.intend(one)
    for one in (live, draft):
        await dead.advance(one.id, State.SENDING)
    await dead.close()
    ledger = ledger_in(tmp_path)
    swept = await ledger.sweep()
    (lost,) = swept.unknown
    (free,) = swept.dropped
    assert (lost.id, lost.state, lost.fault_code) == (live.id, State.UNKNOWN, "ledger.answer-lost")
    assert "usage page" in lost.fault_advice
    assert "unless you say so" in lost.fault_advice
    assert lost.sent is not None
    assert (free.id, free.state, free.charged) == (draft.id, State.CANCELLED, Money(0))
    assert [one.id for one in await ledger.unsettled()] == [idle.id], "its seed is kept for the next run"
    assert (await ledger.sweep()).unknown == ()
    assert await ledger.spent() == 80_000, "it may have been charged"
    assert leases_left(tmp_path, [one.id for one in (live, draft, idle)]) == set()
    assert State.UNKNOWN not in UNSETTLED
    await ledger.close()


TEN = """
import asyncio, sys
from pathlib import Path
from tests.app.journal.make import ledger_in, operation
from app.journal.operations import State

async def main():
    ledger = ledger_in(Path(sys.argv[1]))
    sys.stdin.readline()
    claim = await ledger.claim(operation(seed=int(sys.argv[2])))
    if claim.lease:
        await ledger.advance(claim.operation.id, State.SENDING)
        await ledger.advance(claim.operation.id, State.SUBMITTED)
    print(claim.operation.id, claim.operation.seed, claim.lease is not None, flush=True)
    sys.stdin.readline()
    await ledger.close()

asyncio.run(main())
"""


def start_ten(folder: Path) -> list[subprocess.Popen[str]]:
    return [
        subprocess.Popen(
            [sys.executable, "-c", TEN, str(folder), str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(10)
    ]


async def test_ten_processes_started_at_once_buy_once(tmp_path: Path) -> None:
    children = start_ten(tmp_path)
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    said = [child.stdout.readline().split() for child in children if child.stdout is not None]
    for child in children:
        child.communicate("\n", timeout=30)
        assert child.returncode == 0
    assert len({(id, seed) for id, seed, _ in said}) == 1
    assert sorted(won for _, _, won in said) == ["False"] * 9 + ["True"]
    ledger = ledger_in(tmp_path)
    assert [one.state for one in await ledger.list()] == [State.SUBMITTED]
    await ledger.close()
