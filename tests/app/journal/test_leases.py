from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.basics.faults import Bug
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import State
from tests.app.journal.make import ledger_in, operation

HOLDER = """
import sys, time
from pathlib import Path
from app.journal.leases import FolderLeases
lease = FolderLeases(Path(sys.argv[1])).acquire(sys.argv[2])
print("held" if lease else "busy", flush=True)
time.sleep(60)
"""
RACER = """
import sys
from pathlib import Path
from app.journal.leases import FolderLeases
folder, go = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
lease = FolderLeases(folder).acquire("the-one")
print("won" if lease else "lost", flush=True)
sys.stdin.readline()
"""


def holder(folder: Path, name: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), name], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait(10)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


@pytest.mark.in_files
def test_one_holder_at_a_time(tmp_path: Path) -> None:
    leases, others = FolderLeases(tmp_path / "a"), FolderLeases(tmp_path / "a")
    lease = leases.acquire("x")
    assert lease is not None
    assert lease.held
    assert leases.acquire("x") is None
    assert others.acquire("x") is None
    other = others.acquire("y")
    assert other is not None
    lease.release()
    lease.release()
    assert not lease.held
    again = others.acquire("x")
    assert again is not None
    again.release()
    other.release()
    assert list((tmp_path / "a").iterdir()) == [], "no file stays behind"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.in_files
def test_it_dies_with_its_process(tmp_path: Path) -> None:
    child = holder(tmp_path, "x")
    try:
        assert FolderLeases(tmp_path).acquire("x") is None
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
        lease = FolderLeases(tmp_path).acquire("x")
        assert lease is not None, "no time-out was waited for"
        lease.release()
    finally:
        end(child)


@pytest.mark.in_files
def test_a_child_does_not_keep_it(tmp_path: Path) -> None:
    lease = FolderLeases(tmp_path).acquire("x")
    assert lease is not None
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False, text=True
    )
    try:
        lease.release()
        again = FolderLeases(tmp_path).acquire("x")
        assert again is not None
        again.release()
    finally:
        end(child)


@pytest.mark.in_files
def test_of_many_processes_one_wins(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACER, str(tmp_path), "go"]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    try:
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("\n")
            racer.stdin.flush()
        said = [racer.stdout.readline().strip() for racer in racers if racer.stdout is not None]
        assert sorted(said) == ["lost"] * 5 + ["won"]
    finally:
        for racer in racers:
            end(racer)


@pytest.mark.in_files
def test_names_stay_in_the_folder(tmp_path: Path) -> None:
    for name in ("../x", "", "a/b", "a\0b", ".x", "x" * 200):
        with pytest.raises(Bug, match="cannot name a lease"):
            FolderLeases(tmp_path / "leases").acquire(name)
    assert not list(tmp_path.rglob("*.lease"))


@pytest.mark.in_files
def test_tidying_takes_only_what_is_old_free_and_over(tmp_path: Path) -> None:
    for name in ("old", "kept", "young"):
        (tmp_path / f"{name}.lease").touch()
    leases = FolderLeases(tmp_path)
    held = leases.acquire("held")
    for name in ("old", "kept", "held"):
        os.utime(tmp_path / f"{name}.lease", (1, 1))
    assert leases.tidy({"kept"}) == 1
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["held", "kept", "young"]
    assert held is not None
    held.release()


@pytest.mark.in_files
def test_what_is_older_than_an_hour_is_tidied(tmp_path: Path) -> None:
    now = time.time()
    for name, age in (("old", 3600.9), ("young", 3500.0)):
        (tmp_path / f"{name}.lease").touch()
        os.utime(tmp_path / f"{name}.lease", (now - age, now - age))
    assert FolderLeases(tmp_path).tidy(()) == 1
    assert FolderLeases(tmp_path).tidy(()) == 0
    assert [path.stem for path in tmp_path.iterdir()] == ["young"]


@pytest.mark.skipif(sys.platform == "win32", reason="the modes of POSIX")
@pytest.mark.in_files
def test_the_folder_is_the_persons_own(tmp_path: Path) -> None:
    lease = FolderLeases(tmp_path / "state" / "leases").acquire("x")
    assert lease is not None
    assert stat.S_IMODE((tmp_path / "state" / "leases").stat().st_mode) == 0o700
    lease.release()


async def test_sending_needs_the_lease(tmp_path: Path) -> None:
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    made = await mine.intend(operation())
    lease = await theirs.acquire(made.id)
    assert lease is not None
    with pytest.raises(Bug) as caught:
        await mine.advance(made.id, State.SENDING)
    assert caught.value.code == "ledger.leased"
    await theirs.advance(made.id, State.SENDING)
    assert lease.held
    lease.release()
    await mine.close()
    await theirs.close()


async def test_a_lease_that_sending_took_goes_with_the_end(tmp_path: Path) -> None:
    mine, theirs = ledger_in(tmp_path), ledger_in(tmp_path)
    for last in (State.REFUSED, State.UNKNOWN):
        made = await mine.intend(operation())
        await mine.advance(made.id, State.SENDING)
        assert await theirs.acquire(made.id) is None
        await mine.advance(made.id, last)
        lease = await theirs.acquire(made.id)
        assert lease is not None
        lease.release()
    made = await mine.intend(operation())
    await mine.advance(made.id, State.SENDING)
    handed_over = await mine.acquire(made.id)
    assert handed_over is not None
    assert await mine.acquire(made.id) is None, "only once"
    await mine.advance(made.id, State.REFUSED)
    assert handed_over.held, "it is the caller's now"
    handed_over.release()
    await mine.close()
    await theirs.close()


async def test_claims_at_once_agree_on_one_operation(tmp_path: Path) -> None:
    ledgers = [ledger_in(tmp_path) for _ in range(8)]
    claims = [await ledger.claim(operation(seed=seed)) for seed, ledger in enumerate(ledgers)]
    assert len({claim.operation.id for claim in claims}) == 1
    assert {claim.operation.seed for claim in claims} == {0}, "the drawn seed is the first one's"
    assert [claim.fresh for claim in claims] == [True] + [False] * 7
    assert [claim.lease is not None for claim in claims] == [True] + [False] * 7
    assert len(await ledgers[0].list()) == 1
    await ledgers[0].close()
    waiting = await ledgers[1].acquire(claims[0].operation.id)
    assert waiting is not None, "the owner has gone"
    for ledger in ledgers[1:]:
        await ledger.close()


async def test_another_claim_is_another_operation(ledger: Ledger) -> None:
    first = await ledger.claim(operation())
    for other in (operation(draft=True), operation(node_key="other"), operation(node="b")):
        claim = await ledger.claim(other)
        assert claim.fresh
        assert claim.lease is not None
    assert first.lease is not None
    await ledger.advance(first.operation.id, State.CANCELLED)
    first.lease.release()
    assert (await ledger.claim(operation())).fresh
