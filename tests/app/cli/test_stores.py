"""`tagloom doctor --repair` over a home that something has happened to."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.document.copies import OwnCopy, Story
from app.document.values import BLANK
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.uploads import UploadMemory
from tests.app.cli.conftest import Command
from tests.support.capturing import KEY, Capturing, capturing
from tests.support.terminal import Ran


@pytest.fixture
def runway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Capturing]:
    """A vendor that takes money."""
    with capturing() as server:
        monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
        monkeypatch.setenv("RUNWAYML_BASE_URL", server.url)
        yield server


@pytest.fixture
def bought(command: Command, runway: Capturing, example: Path, tagloom_home: Path, tmp_path: Path) -> Path:
    """One picture in the library, paid for."""
    ran = command("run", example, "--yes", "-o", tmp_path / "out", "--json")
    assert ran.code == 0, ran
    (picture,) = (tagloom_home / "library").glob("??/??/*.png")
    return picture


def doctor(command: Command, *words: str) -> tuple[int, dict[str, dict[str, object]]]:
    ran: Ran = command("doctor", "--offline", "--json", *words)
    return ran.code, {one["what"]: one for one in ran.value}


def test_all_is_well(command: Command, bought: Path) -> None:
    code, found = doctor(command, "--repair")
    assert code == 0, [one for one in found.values() if not one["well"]]
    assert "every index is right" in str(found["ledger"]["words"])
    assert str(found["library"]["words"]).startswith("1 pictures checked, 1 notes read")
    assert found["paid pictures"]["words"] == "1, all in the library"
    assert found["tidied away"]["words"] == (
        "0 downloads that were never finished, 0 uploads that have expired"
    )


def test_copies_that_wait_are_named_and_left(command: Command, tagloom_home: Path) -> None:
    assert doctor(command)[1]["recovery copies"]["words"] == "none is waiting"
    own = OwnCopy(tagloom_home / "state" / "recovery")
    own.write(BLANK, Story(name="Shoes"))
    own.let_go()
    for _ in range(2):
        code, found = doctor(command, "--repair")
        assert (code, str(found["recovery copies"]["words"]).startswith("Shoes of 20")) == (0, True)


def test_a_damaged_picture_is_moved_aside_only_when_asked(command: Command, bought: Path) -> None:
    data = bytearray(bought.read_bytes())
    data[len(data) // 2] ^= 1
    bought.write_bytes(bytes(data))
    assert doctor(command)[0] == 0, "not looked at byte by byte"
    assert bought.exists()
    code, found = doctor(command, "--repair")
    assert code == 1
    aside = bought.parents[2] / "damaged"
    assert str(aside / bought.name) in str(found["library"]["words"])
    assert (aside / bought.name).read_bytes() == bytes(data)
    assert len(list(aside.glob("*.json"))) == 1, "its note goes with it"
    assert not bought.exists()
    words = str(found["paid pictures"]["words"])
    assert words.startswith("1 of 1 are not in the library: ")
    assert bought.name[:12] in words
    code, found = doctor(command, "--repair")
    assert str(found["library"]["words"]).startswith("0 pictures checked")
    assert found["library"]["well"], "said once; what was paid for stays said"
    assert not found["paid pictures"]["well"]


def test_a_picture_that_is_put_back_is_found_again(command: Command, bought: Path, tmp_path: Path) -> None:
    kept = {one: one.read_bytes() for one in bought.parent.iterdir()}
    for one in kept:
        one.unlink()
    assert "not there any more" in str(doctor(command, "--repair")[1]["library"]["words"])
    for one, content in kept.items():
        one.write_bytes(content)
    code, found = doctor(command, "--repair")
    assert code == 0, [one for one in found.values() if not one["well"]]
    assert found["paid pictures"]["words"] == "1, all in the library"


def test_a_picture_that_is_gone_leaves_the_index(command: Command, bought: Path, example: Path) -> None:
    bought.unlink()
    code, found = doctor(command)
    assert (code, found["paid pictures"]["well"]) == (1, False)
    code, found = doctor(command, "--repair")
    assert str(bought) in str(found["library"]["words"])
    assert "cannot be read" not in str(found["library"]["words"])
    with sqlite3.connect(bought.parents[2] / "index.sqlite") as index:
        assert index.execute("SELECT count(*) FROM assets").fetchone() == (0,)
        assert index.execute("SELECT count(*) FROM origins").fetchone() == (0,)
    index.close()


def test_a_damaged_ledger_is_put_aside_only_when_asked(
    command: Command, bought: Path, tagloom_home: Path
) -> None:
    ledger = tagloom_home / "ledger.sqlite"
    for end in ("-wal", "-shm"):
        ledger.with_name(ledger.name + end).unlink(missing_ok=True)
    ledger.write_text("this is a shopping list\n" * 1000)
    code, found = doctor(command)
    assert code == 1
    assert "doctor --repair" in str(found["ledger and library"]["words"])
    assert ledger.read_text().startswith("this is")
    code, found = doctor(command, "--repair")
    assert code == 1
    assert "put aside as ledger-damaged-" in str(found["note"]["words"])
    assert len(list(tagloom_home.glob("ledger-damaged-*.sqlite"))) == 1
    assert doctor(command, "--repair")[0] == 0


def test_what_has_expired_or_was_abandoned_is_tidied(
    command: Command, bought: Path, tagloom_home: Path
) -> None:
    async def remember() -> None:
        ledger = Ledger(tagloom_home / "ledger.sqlite", FolderLeases(tagloom_home / "leases"))
        memory = UploadMemory(ledger.database)
        await memory.remember("a", "1" * 64, "runway://new", datetime.now(UTC) + timedelta(days=1))
        await memory.remember("a", "0" * 64, "runway://old", datetime.now(UTC) + timedelta(seconds=0.05))
        await asyncio.sleep(0.1)
        await ledger.close()

    asyncio.run(remember())
    incoming = bought.parents[2] / "incoming"
    for name in ("old.part", "operation.whole"):
        (incoming / name).write_bytes(b"begun")
        os.utime(incoming / name, (0, 0))
    code, found = doctor(command, "--repair")
    assert code == 0, [one for one in found.values() if not one["well"]]
    assert str(found["tidied away"]["words"]).startswith("1 downloads that were never finished, 1 uploads")
    assert [one.name for one in incoming.iterdir()] == ["operation.whole"]
