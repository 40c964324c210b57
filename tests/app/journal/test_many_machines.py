"""Several processes buy the same things over one ledger on a server, and are killed, cut off, and the server
started anew: each is bought once, or honestly unknown."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.journal.server_leases import ServerLeases
from tests.support.postgres import Server

pytestmark = [pytest.mark.in_files, pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")]

# What was sent stands in a file that each line is added to by itself: the vendor's own book.
BUYER = """
import asyncio, os, random, sys
from app.basics.faults import Fault
from app.journal.ledger import Ledger
from app.journal.operations import State
from app.journal.server_leases import ServerLeases
from tests.app.journal.make import operation

address, vendor, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
chance = random.Random(seed)
book = os.open(vendor, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

async def buy(ledger, node):
    while (same := await ledger.acquire(f"same-{node}")) is None:
        await asyncio.sleep(0.05)
    try:
        if await over(ledger, node):
            return
        claim = await ledger.claim(operation(node=node, document="d"))
        if claim.lease is None:
            await asyncio.sleep(0.05)
            return await buy_later(ledger, node)
        try:
            await go_on(ledger, await ledger.get(claim.operation.id), node, claim.fresh)
        finally:
            claim.lease.release()
    finally:
        same.release()

async def buy_later(ledger, node):
    while not await over(ledger, node):
        await asyncio.sleep(0.05)
        if (lease := await ledger.acquire((await ledger.latest("d", node))[0].id)) is not None:
            lease.release()
            return  # its owner has gone: once more from the beginning

async def over(ledger, node):
    ends = (State.SETTLED, State.UNKNOWN)
    return any(one.state in ends for one in await ledger.latest("d", node, 20))

async def go_on(ledger, now, node, fresh):
    if now.state is State.SENDING:
        return await ledger.advance(now.id, State.UNKNOWN)
    if now.state is State.INTENDED:
        if fresh and await over(ledger, node):
            return await ledger.advance(now.id, State.CANCELLED)
        await ledger.advance(now.id, State.SENDING)
        os.write(book, f"{now.id} {node}\\n".encode())
        await asyncio.sleep(chance.uniform(0, 0.02))
        now = await ledger.advance(now.id, State.SUBMITTED, ticket={"id": now.id})
    if now.state in (State.SUBMITTED, State.RUNNING):
        await asyncio.sleep(chance.uniform(0, 0.02))
        await ledger.settle(now.id, asset="a")

async def main():
    leases = ServerLeases(address, look=0.1)
    ledger = Ledger(address, leases)
    while True:
        try:
            await ledger.sweep()
            break
        except Fault as fault:  # started just while the server was away
            print(fault.sentence(), flush=True)
    nodes = [f"n{number}" for number in range(count)]
    while nodes:
        chance.shuffle(nodes)
        some = nodes[:4]
        for end in await asyncio.gather(*(buy(ledger, node) for node in some), return_exceptions=True):
            if isinstance(end, BaseException) and not isinstance(end, Fault):
                raise end
        nodes = nodes[4:] + [node for node in some if not await over(ledger, node)]
    await ledger.close()
    leases.close()

asyncio.run(main())
"""


@dataclass
class Shop:
    """The processes, and what befalls them."""

    server: Server
    address: str
    vendor: Path
    count: int
    chance: random.Random
    running: list[asyncio.subprocess.Process] = field(default_factory=list)
    befell: Counter[str] = field(default_factory=Counter)

    async def start(self) -> None:
        words = (self.address, str(self.vendor), str(self.count), str(self.chance.random()))
        self.running.append(await asyncio.create_subprocess_exec(sys.executable, "-c", BUYER, *words))

    async def kill(self) -> None:
        one = self.chance.choice(self.running)
        self.running.remove(one)
        if one.returncode is None:
            one.send_signal(signal.SIGKILL)
        self.befell["killed"] += await one.wait() == -signal.SIGKILL
        await self.start()

    async def cut_off(self) -> None:
        sessions = (
            "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
            "WHERE application_name = 'tagloom' ORDER BY random() LIMIT 3) AS few"
        )
        ((count,),) = await asyncio.to_thread(self.server.ask, sessions)
        self.befell["cut off"] += int(str(count))

    async def restart(self) -> None:
        await asyncio.to_thread(self.server.restart)
        self.befell["restarted"] += 1

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for one in self.running:
                if one.returncode is None:
                    one.kill()
                await one.wait()

    async def end(self) -> list[int]:
        return [await asyncio.wait_for(one.wait(), 300) for one in self.running]

    def left(self) -> bool:
        return any(one.returncode is None for one in self.running)


async def rows_of(address: str) -> list[Operation]:
    leases = ServerLeases(address)
    ledger = Ledger(address, leases)
    await ledger.sweep()
    rows = list(await ledger.list(100_000))
    await ledger.close()
    leases.close()
    return rows


async def trouble(shop: Shop, processes: int, blows: int, pause: float) -> None:
    for _ in range(processes):
        await shop.start()
    kinds = [shop.kill, shop.cut_off, shop.restart, shop.kill, shop.cut_off]
    deadline = time.monotonic() + 600
    for blow in range(blows):
        await asyncio.sleep(shop.chance.uniform(pause / 2, pause))
        if not shop.left() or time.monotonic() > deadline:
            break
        await kinds[blow % len(kinds)]()


async def check(shop: Shop) -> Counter[State]:
    rows = await rows_of(shop.address)
    sent = Counter(line.split()[0] for line in shop.vendor.read_text().splitlines())
    nodes = Counter(line.split()[1] for line in shop.vendor.read_text().splitlines())
    assert max(sent.values()) == 1, "an operation was sent twice"
    states = {row.id: row.state for row in rows}
    assert set(sent) <= set(states), "nothing is sent that is not written down"
    for row in rows:
        match row.state:
            case State.SETTLED:
                assert sent[row.id] == 1
                assert row.ticket == {"id": row.id}
            case State.UNKNOWN:
                assert sent[row.id] <= 1
            case _:
                assert sent[row.id] == 0, f"{row.state} was sent"
    by_node = Counter(row.node for row in rows if row.state in (State.SETTLED, State.UNKNOWN))
    assert by_node == Counter({f"n{number}": 1 for number in range(shop.count)})
    assert max(nodes.values()) == 1, "the same thing was bought twice"
    return Counter(states.values())


async def test_killed_cut_off_and_started_anew(own_server: Server, tmp_path: Path) -> None:
    shop = Shop(own_server, own_server.fresh(), tmp_path / "vendor", 60, random.Random(9))
    async with shop.open():
        await trouble(shop, processes=3, blows=3, pause=1.5)
        assert await shop.end() == [0] * 3
    states = await check(shop)
    assert states[State.SETTLED] > 30, states


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(4))
async def test_killed_cut_off_and_started_anew_for_long(
    own_server: Server, tmp_path: Path, seed: int
) -> None:
    shop = Shop(own_server, own_server.fresh(), tmp_path / "vendor", 1_000, random.Random(seed))
    async with shop.open():
        await trouble(shop, processes=5, blows=40, pause=2.0)
        assert await shop.end() == [0] * 5
    states = await check(shop)
    assert min(shop.befell[kind] for kind in ("killed", "cut off", "restarted")) >= 3, shop.befell
    assert states[State.SETTLED] > 700, states
