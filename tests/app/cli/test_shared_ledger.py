"""The commands over a ledger on a server, which two homes share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.conftest import Command
from tests.support.capturing import KEY, Capturing, capturing
from tests.support.keeping import postgres
from tests.support.postgres import PASSWORD, Server

__all__ = ["postgres"]


@pytest.fixture
def shared(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    address = postgres.fresh()
    monkeypatch.setenv("TAGLOOM_LEDGER", address)
    return address


@pytest.fixture
def runway(monkeypatch: pytest.MonkeyPatch) -> object:
    """A vendor that takes money."""
    with capturing() as server:
        monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
        monkeypatch.setenv("RUNWAYML_BASE_URL", server.url)
        yield server


def test_what_is_bought_stands_on_the_server(
    command: Command, runway: Capturing, example: Path, tagloom_home: Path, tmp_path: Path,
    postgres: Server, shared: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ran = command("run", example, "--yes", "-o", tmp_path / "out", "--json")
    assert ran.code == 0, ran
    assert not (tagloom_home / "ledger.sqlite").exists()
    assert (tagloom_home / "library" / "index.sqlite").exists(), "of pictures that only this machine has"
    schema = shared.rpartition("%3D")[2].split(",")[0]
    ((state, sha256),) = postgres.ask(f"SELECT state, asset FROM {schema}.operations")
    assert state == "settled"
    assert ran.events[-1]["images"][0]["sha256"] == sha256

    monkeypatch.setenv("TAGLOOM_HOME", str(tmp_path / "another machine"))
    told = command("history", "--json")
    assert [one["state"] for one in told.value] == ["settled"], told
    assert command("recover").code == 0


def test_doctor_says_which_ledger_it_is(
    command: Command, example: Path, tmp_path: Path, postgres: Server, shared: str
) -> None:
    place = f"127.0.0.1:{postgres.port}/postgres"
    for words in ((), ("--repair",)):
        ran = command("doctor", "--offline", "--json", *words)
        found = {one["what"]: one for one in ran.value}
        assert ran.code == 0, [one for one in found.values() if not one["well"]]
        assert found["ledger server"]["words"] == f"PostgreSQL, {place}"
        assert "ledger file" not in found
        assert found["ledger"]["words"] == f"opens; 0 unknown; on {place}, whose server looks after its files"
        assert PASSWORD not in ran.out + ran.err


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "postgresql://ana:geheim@127.0.0.1:9/tagloom",
            "The ledger on 127.0.0.1:9/tagloom cannot be reached",
        ),
        ("mysql://ana:geheim@127.0.0.1/tagloom", "not one of a PostgreSQL database"),
    ],
)
def test_a_ledger_that_is_not_there_is_said(
    command: Command, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    monkeypatch.setenv("TAGLOOM_LEDGER", address)
    ran = command("run", example, "--yes", "-o", tmp_path / "out")
    assert ran.code not in (0, 3)
    assert words in ran.err
    checked = command("doctor", "--offline")
    assert checked.code == 1
    assert words in checked.out
    assert "geheim" not in ran.err + ran.out + checked.err + checked.out
