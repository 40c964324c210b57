"""`--set NODE.vendor=replicate`: the price that nobody knows is said, and no cap on money lets it through."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.conftest import Command
from tests.support.terminal import EXAMPLE

REPLICATE = ("--set", "picture.vendor=replicate")
PICTURE = "picture"


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and an address where nobody answers: whatever is sent fails."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_of_nobody")
    monkeypatch.setenv("REPLICATE_BASE_URL", "http://127.0.0.1:9")


@pytest.mark.usefixtures("token")
def test_a_price_that_is_not_known_is_said(command: Command) -> None:
    ran = command("estimate", EXAMPLE, "--json", *REPLICATE)
    assert ran.value == {
        "credits": 100, "usd": None, "bought": [PICTURE], "unpriced": [PICTURE],
        "drafts": [], "reused": [], "followed": [],
    }  # fmt: skip
    assert "price not known: picture" in command("estimate", EXAMPLE, *REPLICATE).out


@pytest.mark.usefixtures("token")
def test_it_counts_as_over_every_cap_on_money(command: Command, tmp_path: Path) -> None:
    ran = command("run", EXAMPLE, "-o", tmp_path, "--yes", "--max-usd", "1000", "--json", *REPLICATE)
    assert (ran.code, [one["fault"] for one in ran.events[-1]["failures"]]) == (3, ["budget.unknown-price"])
    assert not list(tmp_path.glob("*.png"))
    ran = command("history", "--json")
    assert ran.value == []


@pytest.mark.usefixtures("token")
def test_auto_is_no_road_to_replicate(command: Command) -> None:
    """With its key alone, auto stays the maker, who makes drafts without one."""
    assert command("estimate", EXAMPLE, "--json").value["drafts"] == [PICTURE]


def test_what_it_does_not_take_is_said_before(command: Command) -> None:
    ran = command("check", EXAMPLE, "--json", *REPLICATE, "--set", "picture.content_moderation=low")
    assert (ran.code, [one["code"] for one in ran.value]) == (0, ["vendor.without"])


def test_the_catalogue_tells_the_vendors(command: Command) -> None:
    card = next(one for one in command("models", "--json").value if one["id"] == "gen4-image")
    told = [(one["vendor"], one["title"], one["without"], bool(one["prices"])) for one in card["vendors"]]
    assert told == [
        ("runway", "Runway", [], True),
        ("replicate", "Replicate", ["content_moderation"], False),
    ]
    assert "replicate: price not known" in command("models").out
