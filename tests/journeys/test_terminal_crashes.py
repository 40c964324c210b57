"""Killed in the middle and started anew: nothing is bought twice, lost, or left for a person without need."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.capturing import Capturing, capturing
from tests.support.graphs import COLOURS, document, model, paint
from tests.support.terminal import EXAMPLE, Ran, ended, line_with, sandbox, start, stop, tagloom, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


@pytest.fixture
def runway() -> Iterator[Capturing]:
    with capturing() as server:
        yield server
        assert server.refused == []


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    """A model without a seed of its own, and a photograph."""
    paint(tmp_path / "red.png", COLOURS["red"])
    shown = model("hero", "The @cup on a table, soft light", [("p", "cup")], {"seed": None})
    return document(tmp_path / "shot.tagloom", {"p": "red.png"}, shown)


def unknowns() -> int:
    """What the doctor finds in the ledger that a person has to decide."""
    ran = tagloom("doctor", "--offline", "--json")
    [ledger] = [one["words"] for one in ran.value if one["what"] == "ledger"]
    return int(ledger.split(";")[1].split()[0])


def test_a_sandbox_run_that_was_killed_ends_without_an_unknown(tmp_path: Path) -> None:
    words = ("run", EXAMPLE, "-o", tmp_path, "--json")
    process = start(*words, "--seconds", "60")
    line_with(process, "running")
    stop(process, signal.SIGKILL)
    assert ended(process).code == -signal.SIGKILL
    ran = tagloom(*words, "--seconds", "0")
    assert ran.code == 0, ran
    [image] = ran.finished["images"]
    assert (image["draft"], image["reused"], image["seed"]) == (True, False, 42)
    assert ran.finished["failures"] == []
    assert unknowns() == 0


def test_a_sandbox_run_that_was_killed_while_sending_ends_without_an_unknown(tmp_path: Path) -> None:
    words = ("run", EXAMPLE, "-o", tmp_path, "--json")
    process = start(*words, "--seconds", "60")
    line_with(process, "queued")
    stop(process, signal.SIGKILL)
    ended(process)
    ran = tagloom(*words, "--seconds", "0")
    assert ran.code == 0, ran
    assert unknowns() == 0


def killed_after_create(runway: Capturing, shot: Path) -> None:
    runway.holding = True
    process = start("run", shot, "--yes", "--json", environment=runway.environment())
    line_with(process, "running")
    assert len(runway.creates) == 1
    stop(process, signal.SIGKILL)
    ended(process)
    runway.holding = False


def test_after_a_create_the_next_run_follows_it_with_the_same_seed(runway: Capturing, shot: Path) -> None:
    killed_after_create(runway, shot)
    estimate = tagloom("estimate", shot, "--json", environment=runway.environment())
    assert (estimate.value["followed"], estimate.value["bought"]) == (["hero"], [])
    assert (estimate.value["credits"], estimate.value["usd"]) == (0, 0)
    ran = tagloom("run", shot, "--yes", "--json", environment=runway.environment())
    assert ran.code == 0, ran
    assert len(runway.creates) == 1
    [image] = ran.finished["images"]
    assert image["seed"] == runway.creates[0]["seed"]
    assert (image["credits"], image["usd"]) == (0, 0)  # paid for by the run that was killed
    assert unknowns() == 0
    # Its seed was drawn: the next run draws another, and buys.
    again: Ran = tagloom("run", shot, "--yes", "--json", environment=runway.environment())
    assert [one["reused"] for one in again.finished["images"]] == [False]
    assert len(runway.creates) == 2
    assert runway.creates[1]["seed"] != runway.creates[0]["seed"]


def test_what_was_killed_while_it_was_sent_is_unknown_and_asked_about(shot: Path) -> None:
    knobs = ("--seconds", "0", "--picture", str(EXAMPLE.parent / "refs" / "cat.png"))
    with sandbox(*knobs, "--knob", "answer_delay=30") as runway:
        process = start("run", shot, "--yes", "--json", environment=runway.environment())
        until(lambda: runway.tally()["accepted"] == 1, "the create")
        stop(process, signal.SIGKILL)
        ended(process)
        ran = tagloom("run", shot, "--yes", "--json", environment=runway.environment())
        assert ran.code == 4, ran
        [lost] = ran.finished["failures"]
        assert (lost["kind"], lost["charged"]) == ("lost", "unknown")
        assert runway.tally()["creates"] == 1
    assert unknowns() == 1


def test_two_runs_at_once_buy_once(runway: Capturing, tmp_path: Path) -> None:
    paint(tmp_path / "red.png", COLOURS["red"])
    path = document(
        tmp_path / "shot.tagloom", {"p": "red.png"}, model("hero", "The @cup in soft light", [("p", "cup")])
    )
    runway.seconds = 1.0
    words = ("run", path, "--yes", "--json")
    both = [start(*words, environment=runway.environment()) for _ in range(2)]
    ran = [ended(one) for one in both]
    assert [one.code for one in ran] == [0, 0], ran
    assert len(runway.creates) == 1
    images = [one.finished["images"][0] for one in ran]
    assert images[0]["sha256"] == images[1]["sha256"]
    assert sorted(one["reused"] for one in images) == [False, True]
    assert sum(one["credits"] for one in images) == 100
