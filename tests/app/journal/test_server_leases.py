"""Leases on a server, whose connection may be lost while they are held."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from app.basics.faults import Bug, DiskTrouble
from app.journal.ledger import Ledger
from app.journal.operations import State
from app.journal.server_leases import ServerLease, ServerLeases
from tests.app.journal.make import operation
from tests.support.between import between
from tests.support.postgres import Server

pytestmark = pytest.mark.in_files  # beside it: these are given the server itself
HOLDER = """
import sys, time
from app.journal.server_leases import ServerLeases
leases = ServerLeases(sys.argv[1])
print("held" if leases.acquire(sys.argv[2]) else "busy", flush=True)
time.sleep(60)
"""


def taken(leases: ServerLeases, name: str) -> ServerLease:
    lease = leases.acquire(name)
    assert lease is not None
    return lease


def end_session(server: Server, leases: ServerLeases) -> None:
    assert leases._session is not None
    server.ask(f"SELECT pg_terminate_backend({leases._session[0]})")


def soon(true: object, seconds: float = 5.0) -> bool:
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_one_holder_at_a_time(postgres: Server) -> None:
    address = postgres.fresh()
    here, there = ServerLeases(address), ServerLeases(address)
    elsewhere = ServerLeases(postgres.fresh())
    lease = taken(here, "x")
    assert lease.held
    assert here.acquire("x") is None
    assert there.acquire("x") is None
    other, apart = taken(there, "y"), taken(elsewhere, "x")
    lease.release()
    lease.release()
    assert not lease.held
    again = taken(there, "x")
    assert here.acquire("x") is None
    there.close()
    there.close()
    assert soon(lambda: here.acquire("x") is not None), "it went with its connection"
    assert here.tidy(()) == 0
    for one in (again, other, apart):
        one.release()
    here.close()
    elsewhere.close()
    with pytest.raises(Bug):
        here.acquire("z")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_it_dies_with_its_process(postgres: Server) -> None:
    address = postgres.fresh()
    child = subprocess.Popen([sys.executable, "-c", HOLDER, address, "x"], stdout=subprocess.PIPE, text=True)
    leases = ServerLeases(address)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert leases.acquire("x") is None
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
        assert soon(lambda: leases.acquire("x") is not None), "no time-out was waited for"
    finally:
        child.kill()
        child.wait(10)
        child.stdout.close()
        leases.close()


def test_what_was_lost_is_taken_back_before_others_come(postgres: Server) -> None:
    address = postgres.fresh()
    mine, theirs = ServerLeases(address, quiet=0.5, look=0.05), ServerLeases(address, quiet=0.5, look=0.05)
    lease, other = taken(mine, "x"), taken(theirs, "y")
    first = mine._session
    for leases in (mine, theirs):
        end_session(postgres, leases)
    assert soon(lambda: mine._session != first and theirs._raw is not None and lease.held and other.held)
    assert theirs.acquire("x") is None
    assert mine.acquire("z") is None, "others have time to take theirs back"
    assert soon(lambda: mine.acquire("z") is not None)
    assert not asyncio.run(mine.confirm(lease)), "somebody may have had it meanwhile"
    lease.release()
    assert soon(lambda: theirs.acquire("x") is not None)
    mine.close()
    theirs.close()


def test_what_somebody_else_has_taken_is_not_held(postgres: Server) -> None:
    address = postgres.fresh()
    mine, theirs = ServerLeases(address, look=30), ServerLeases(address)
    lease = taken(mine, "x")
    end_session(postgres, mine)
    assert soon(lambda: theirs.acquire("x") is not None)
    assert not asyncio.run(mine.confirm(lease))
    assert not lease.held
    assert not lease.released
    lease.release()
    mine.close()
    theirs.close()


async def ledgers(address: str, **how: float) -> tuple[Ledger, ServerLeases, Ledger, ServerLeases]:
    mine, theirs = ServerLeases(address, **how), ServerLeases(address, quiet=0)
    return Ledger(address, mine), mine, Ledger(address, theirs), theirs


async def ended(*all: Ledger | ServerLeases) -> None:
    for one in all:
        if isinstance(one, Ledger):
            await one.close()
        else:
            one.close()


async def test_who_has_lost_its_lease_to_another_does_not_send(postgres: Server) -> None:
    mine, my, theirs, other = await ledgers(postgres.fresh(), look=30)
    claim = await mine.claim(operation())
    assert claim.lease is not None
    id = claim.operation.id
    end_session(postgres, my)
    held = None
    while held is None:
        held = await theirs.acquire(id)
    with pytest.raises(DiskTrouble) as caught:
        await mine.advance(id, State.SENDING)
    assert caught.value.code == "ledger.overtaken"
    found = await theirs.get(id)
    assert found is not None
    assert (found.state, found.sent) == (State.INTENDED, None), "and it says so"
    await theirs.advance(id, State.SENDING)
    await theirs.advance(id, State.SUBMITTED, ticket={"id": "theirs"})
    with pytest.raises(DiskTrouble) as caught:
        await mine.advance(id, State.SENDING)
    assert caught.value.code == "ledger.overtaken"
    claim.lease.release()
    await ended(mine, theirs, my, other)


async def test_who_gets_its_lease_back_untouched_sends(postgres: Server) -> None:
    mine, my, theirs, other = await ledgers(postgres.fresh(), look=30)
    claim = await mine.claim(operation())
    end_session(postgres, my)
    sending = await mine.advance(claim.operation.id, State.SENDING)
    assert sending.state is State.SENDING
    assert await theirs.acquire(claim.operation.id) is None
    await mine.advance(claim.operation.id, State.SUBMITTED, ticket={"id": "mine"})
    await mine.settle(claim.operation.id)
    await ended(mine, theirs, my, other)


async def test_cut_off_while_it_sends_it_is_unknown_and_stays_so(postgres: Server) -> None:
    """Another process takes the lease, sees `sending` and cannot know; the answer that comes after all
    changes nothing that a person may have decided on, and is never a reason to send again."""
    mine, my, theirs, other = await ledgers(postgres.fresh(), look=30)
    claim = await mine.claim(operation())
    await mine.advance(claim.operation.id, State.SENDING)
    end_session(postgres, my)
    swept = await theirs.sweep()
    while not swept.unknown:
        swept = await theirs.sweep()
    with pytest.raises(DiskTrouble) as caught:
        await mine.advance(claim.operation.id, State.SUBMITTED, ticket={"id": "late"})
    assert caught.value.code == "ledger.overtaken"
    (one,) = await theirs.unknown()
    assert one.id == claim.operation.id
    await ended(mine, theirs, my, other)


@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("step", ["intend", "claim", "sending", "submitted", "settle"])
async def test_each_step_whose_answer_is_lost_is_there_once(postgres: Server, cut: str, step: str) -> None:
    address = postgres.fresh()
    async with between(postgres.port) as line:
        leases = ServerLeases(address)
        ledger = Ledger(address.replace(f":{postgres.port}", f":{line.port}"), leases)
        await ledger.open()
        made = operation()
        for now in ("claim" if step == "claim" else "intend", "sending", "submitted", "settle"):
            line.cut = cut if now == step else ""
            match now:
                case "intend":
                    written = await ledger.intend(made)
                case "claim":
                    claim = await ledger.claim(made)
                    assert (claim.fresh, claim.lease is not None) == (True, True)
                    written = claim.operation
                case "sending":
                    written = await ledger.advance(made.id, State.SENDING)
                case "submitted":
                    written = await ledger.advance(made.id, State.SUBMITTED, ticket={"id": "t"})
                case _:
                    written = await ledger.settle(made.id)
            assert await ledger.get(made.id) == written
        assert line.cuts == 1
        (one,) = await ledger.list()
        assert (one.id, one.state, one.ticket) == (made.id, State.SETTLED, {"id": "t"})
        await ledger.close()
        leases.close()


async def test_a_caller_that_leaves_leaves_no_lease(postgres: Server) -> None:
    address = postgres.fresh()
    mine, theirs = ServerLeases(address), ServerLeases(address)
    taken(mine, "warm").release()
    asking = asyncio.ensure_future(mine.take("x"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await asyncio.to_thread(soon, lambda: theirs.acquire("x") is not None)
    mine.close()
    theirs.close()


def test_a_server_that_is_not_there(postgres: Server) -> None:
    leases = ServerLeases("postgresql://u:geheim@127.0.0.1:9/nothing")
    with pytest.raises(DiskTrouble) as caught:
        leases.acquire("x")
    assert caught.value.code == "ledger.unreachable"
    assert "geheim" not in f"{caught.value.title}{caught.value.detail}"
    leases.close()
