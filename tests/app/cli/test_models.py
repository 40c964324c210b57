"""`tagloom models`: the catalogue, for people and as JSON."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from app.basics.places import places_under
from tests.app.cli.conftest import Command
from tests.support.terminal import EXAMPLE


def test_models_as_a_table_and_as_json(command: Command) -> None:
    cards = {one["id"]: one for one in command("models", "--json").value}
    card = cards["gen4-image"]
    assert (card["id"], card["credits"], card["references"]["most"]) == ("gen4-image", 100, 3)
    assert len(card["sizes"]) == 12
    assert [one["usd"] for one in card["vendors"][0]["prices"]] == [0.05, 0.08]
    assert all(one["source"] and one["date"] for one in card["limits"])
    assert all(one["help"] for one in card["parameters"])
    people = command("models")
    assert people.code == 0
    assert "Gen4 Image (gen4-image), Runway: 100 cr" in people.out
    assert "runway: 1080p $0.08 (8 Runway credits)" in people.out
    seedream, google = cards["seedream-4-5"], cards["nano-banana-pro"]
    assert (seedream["id"], seedream["credits"], seedream["seed"]) == ("seedream-4-5", None, "none")
    assert "byteplus: any $0.04 (1 picture)" in people.out
    assert (google["id"], google["credits"], google["references"]["most"]) == ("nano-banana-pro", 600, 14)
    assert [one["usd"] for one in google["vendors"][0]["prices"]] == [0.134, 0.134, 0.24]


def test_a_card_of_ones_own_is_listed_and_runs(command: Command, tagloom_home: Path, tmp_path: Path) -> None:
    folder = places_under(tagloom_home).cards
    folder.mkdir(parents=True)
    square = (files("resources") / "guide" / "quick-square.toml").read_text("utf-8")
    (folder / "quick-square.toml").write_text(square, encoding="utf-8")
    (folder / "broken.toml").write_text(square.replace("tags = true", "tags = 1"), encoding="utf-8")
    shutil.copytree(EXAMPLE.parent / "refs", tmp_path / "refs")
    document = EXAMPLE.read_text("utf-8").replace("gen4-image", "quick-square").replace('"16:9"', '"1:1"')
    (tmp_path / "square.tagloom").write_text(document, encoding="utf-8")

    listed = command("models")
    assert "Quick Square (quick-square), Runway" in listed.out
    assert "The model card broken.toml cannot be used: " in listed.err
    run = command("run", tmp_path / "square.tagloom", "-o", tmp_path / "out", "--seconds", "0", "--json")
    assert run.code == 0, run.err
    (picture,) = run.events[-1]["images"]
    assert (picture["width"], picture["height"], picture["draft"]) == (720, 720, True)
