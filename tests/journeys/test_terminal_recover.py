"""A lost answer and a killed run, put in order from the terminal: nothing is bought by it, nothing lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.capturing import Capturing, capturing
from tests.support.graphs import COLOURS, document, model, paint
from tests.support.terminal import EXAMPLE, ended, line_with, sandbox, start, stop, tagloom

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]
PICTURE = str(EXAMPLE.parent / "refs" / "cat.png")


@pytest.fixture
def runway() -> Iterator[Capturing]:
    with capturing() as server:
        yield server
        assert server.refused == []


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    paint(tmp_path / "red.png", COLOURS["red"])
    return document(
        tmp_path / "shot.tagloom", {"p": "red.png"}, model("hero", "The @cup in soft light", [("p", "cup")])
    )


def test_an_answer_that_was_lost_is_said_compared_and_decided(shot: Path) -> None:
    with sandbox("--seconds", "0", "--picture", PICTURE, "--knob", "lose_next=1") as runway:
        environment = runway.environment()
        ran = tagloom("run", shot, "--yes", "--json", environment=environment)
        assert ran.code == 4, ran
        recovered = tagloom("recover", "--json", environment=environment)
        assert recovered.code == 4, recovered
        [unknown] = recovered.value["unknown"]
        assert unknown["document"] == str(shot)
        people = tagloom("recover", environment=environment)
        assert people.code == 4
        assert "It may have cost about $0.08 (8 Runway credits)." in people.out
        assert "the balance went down by 8 Runway credits, of which the ledger knows 0" in people.out
        assert f"tagloom run {shot} --retry-unknown" in people.out
        assert runway.tally()["creates"] == 1

        decision = f"{unknown['operation']}=not-charged"
        decided = tagloom("recover", "--decide", decision, environment=environment)
        assert decided.code == 0, decided
        assert tagloom("recover", environment=environment).code == 0
        [entry] = tagloom("history", "--json").value
        assert (entry["state"], entry["usd"]) == ("failed", 0)
        assert runway.tally()["creates"] == 1

        again = tagloom("run", shot, "--yes", "--json", environment=environment)
        assert again.code == 0, again
        assert runway.tally()["creates"] == 2
        [day] = tagloom("history", "--totals", "day", "--json").value
        assert (day["count"], day["usd"], day["unknown"]) == (1, 0.08, 0)


def test_what_was_under_way_when_it_was_killed_comes_home(runway: Capturing, shot: Path) -> None:
    runway.holding = True
    process = start("run", shot, "--yes", "--json", environment=runway.environment())
    line_with(process, "running")
    stop(process, signal.SIGKILL)
    ended(process)
    runway.holding = False
    ran = tagloom("recover", "--json", environment=runway.environment())
    assert ran.code == 0, ran
    [brought] = ran.value["brought"]
    assert Path(brought["path"]).is_file()
    assert len(runway.creates) == 1
    [entry] = tagloom("history", "--json").value
    assert (entry["state"], entry["charged_usd"], entry["sha256"]) == ("settled", 0.08, brought["sha256"])
    again = tagloom("run", shot, "--json", environment=runway.environment())
    assert [one["reused"] for one in again.finished["images"]] == [True]
    assert len(runway.creates) == 1
