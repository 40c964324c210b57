"""`tagloom recover` over rows that earlier sessions have left: nothing is sent, everything is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import arguments
from app.engine.shelf import ticket_record
from app.journal.operations import State
from app.providers.contract import Ticket
from app.studio.entries import Decision
from tests.app.cli.bookkeeping import row, wrote
from tests.app.cli.conftest import Command

ADDRESS = "http://127.0.0.1:9"


@pytest.fixture
def unknown(tagloom_home: Path, tmp_path: Path) -> str:
    return wrote(tagloom_home, State.UNKNOWN, document=str(tmp_path / "shoes.tagloom"))


def test_nothing_to_recover(command: Command, tagloom_home: Path) -> None:
    wrote(tagloom_home, State.SETTLED)
    wrote(tagloom_home, State.INTENDED)
    ran = command("recover")
    assert (ran.code, ran.out, ran.err) == (0, "Nothing is under way, and nothing is unknown.\n", "")
    value = command("recover", "--json").value
    assert set(value) == {"decided", "brought", "dropped", "failed", "left", "elsewhere", "unknown"}
    assert not any(value.values())


def test_what_is_unknown_comes_with_what_to_compare_and_three_choices(
    command: Command, unknown: str, tmp_path: Path
) -> None:
    ran = command("recover")
    assert ran.code == 4
    assert "shoes.tagloom, Hero shot: unknown." in ran.out
    assert "https://dev.runwayml.com/" in ran.out
    assert "about $0.08 (8 Runway credits)" in ran.out
    assert "The request left at 20" in ran.out
    assert f"tagloom recover --decide {unknown}=arrived" in ran.out
    assert f"tagloom recover --decide {unknown}=not-charged" in ran.out
    assert f"tagloom run {tmp_path / 'shoes.tagloom'} --retry-unknown" in ran.out
    told = command("recover", "--json")
    [one] = told.value["unknown"]
    assert told.code == 4
    assert (one["operation"], one["usage_page"]) == (unknown, "https://dev.runwayml.com/")
    assert one["choices"] == ["arrived", "not-charged", "run --retry-unknown"]
    assert len(one["compare"]) == 3


def test_what_was_being_sent_when_the_process_died_is_unknown(command: Command, tagloom_home: Path) -> None:
    id = wrote(tagloom_home, State.SENDING, document="untitled-7")
    ran = command("recover")
    assert ran.code == 4
    assert "untitled, Hero shot: unknown. Tagloom ended while this request was under way" in ran.out
    assert "in the window, where this document was never saved" in ran.out
    assert row(tagloom_home, id).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("word", "state", "charged"), [("arrived", State.SETTLED, 80_000), ("not-charged", State.FAILED, 0)]
)
def test_a_decision_ends_it(
    command: Command, unknown: str, tagloom_home: Path, word: str, state: State, charged: int
) -> None:
    ran = command("recover", "--decide", f"{unknown}={word}", "--json")
    assert ran.code == 0, ran
    [decided] = ran.value["decided"]
    assert (decided["operation"], decided["decision"], decided["state"]) == (unknown, word, str(state))
    assert decided["usd"] == charged / 1_000_000
    after = row(tagloom_home, unknown)
    assert (after.state, after.charged) == (state, charged)
    again = command("recover", "--decide", f"{unknown}={word}")
    assert again.code == 2
    assert "there is nothing to decide" in again.err


def test_one_wrong_decision_writes_none(command: Command, unknown: str, tagloom_home: Path) -> None:
    ran = command("recover", "--decide", f"{unknown}=arrived", "--decide", "nobody=arrived")
    assert ran.code == 2
    assert "nobody" in ran.err
    assert row(tagloom_home, unknown).state is State.UNKNOWN


def test_what_cannot_be_followed_now_is_left_and_said(command: Command, tagloom_home: Path) -> None:
    """Its key is gone: the row stays as it is."""
    id = wrote(tagloom_home, State.SUBMITTED, ticket=ticket_record(_ticket(draft=False)))
    ran = command("recover")
    assert ran.code == 1
    assert "Following what is under way: 1." in ran.err
    assert "shoes.tagloom, Hero shot: could not be brought home now." in ran.out
    assert "RUNWAYML_API_SECRET" in ran.out
    [left] = command("recover", "--json").value["left"]
    assert (left["operation"], left["node"], left["fault"]) == (id, "hero", "vendor.no-key")
    assert row(tagloom_home, id).state is State.SUBMITTED


def test_a_draft_whose_sandbox_is_gone_is_dropped(command: Command, tagloom_home: Path) -> None:
    id = wrote(tagloom_home, State.SUBMITTED, draft=True, ticket=ticket_record(_ticket(draft=True)))
    ran = command("recover", "--json")
    assert ran.code == 0, ran
    assert [one["operation"] for one in ran.value["dropped"]] == [id]
    assert row(tagloom_home, id).state is State.CANCELLED


def test_an_unknown_wins_over_what_is_left(command: Command, unknown: str, tagloom_home: Path) -> None:
    wrote(tagloom_home, State.SUBMITTED, ticket=ticket_record(_ticket(draft=False)))
    ran = command("recover", "--json")
    assert ran.code == 4
    assert (len(ran.value["unknown"]), len(ran.value["left"])) == (1, 1)


def test_the_words_of_a_decision(command: Command) -> None:
    args = arguments.parse(["recover", "--decide", "a=arrived", "--decide", "b=not-charged"])
    assert args.decide == [("a", Decision.ARRIVED), ("b", Decision.NOT_CHARGED)]
    for words in ("a", "a=", "a=paid", "=not"):
        ran = command("recover", "--decide", words)
        assert ran.code == 2
        assert "OPERATION=arrived" in ran.err


def _ticket(*, draft: bool) -> Ticket:
    return Ticket(vendor="runway", id="task", address=ADDRESS, draft=draft)
