"""Models of the artist's own: a card in the settings folder, and what is wrong with it said, not fatal."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from app.basics.places import places_under
from app.catalogue.reader import MOST_BYTES, read_cards
from app.nodes.registry import build_kinds
from app.opening import catalogue_of

SQUARE = (files("resources") / "guide" / "quick-square.toml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = places_under(tmp_path).cards
    made.mkdir(parents=True)
    return made


def test_without_own_cards_there_are_the_shipped_ones(tmp_path: Path) -> None:
    cards, notes = catalogue_of(places_under(tmp_path))
    assert dict(cards) == dict(read_cards())
    assert notes == ()


def test_an_own_card_is_a_model_after_the_others(tmp_path: Path, folder: Path) -> None:
    (folder / "quick-square.toml").write_text(SQUARE, encoding="utf-8")
    (folder / "notes.txt").write_text("not a card", encoding="utf-8")
    cards, notes = catalogue_of(places_under(tmp_path))
    assert notes == ()
    assert list(cards) == [*read_cards(), "quick-square"]
    kind = build_kinds(cards)["quick-square"]
    assert kind.title == "Quick Square"
    assert kind.card is not None
    assert kind.card.price_for({}) is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "quick-square"', 'id = "gen4-image"', "taken by another card"),
        ('id = "quick-square"', 'id = "prompt"', "taken by a node that is no model"),
        ('vendor = "runway"', 'vendor = "acme"', "'acme' is not known; known are runway"),
        ('help = "Always square."', 'help = ""', "the parameter aspect_ratio has no help"),
        ("least = 1", "least = ", "not TOML"),
        ('usd = "0.02"', 'usd = "two cents"', "is no amount of dollars"),
    ],
)
def test_a_card_that_cannot_be_used_costs_only_itself(
    tmp_path: Path, folder: Path, old: str, new: str, said: str
) -> None:
    assert old in SQUARE
    (folder / "a.toml").write_text(SQUARE.replace(old, new, 1), encoding="utf-8")
    (folder / "b.toml").write_text(SQUARE, encoding="utf-8")
    cards, (note,) = catalogue_of(places_under(tmp_path))
    assert "a.toml" in note
    assert said in note
    assert "quick-square" in cards
    build_kinds(cards)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"#" * (MOST_BYTES + 1)])
def test_what_is_no_text_is_said(tmp_path: Path, folder: Path, data: bytes) -> None:
    (folder / "a.toml").write_bytes(data)
    (folder / "folder.toml").mkdir()
    cards, notes = catalogue_of(places_under(tmp_path))
    assert [note.split(" cannot ")[0] for note in notes] == [
        "The model card a.toml",
        "The model card folder.toml",
    ]
    assert dict(cards) == dict(read_cards())
