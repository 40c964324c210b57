"""`tagloom models`: the catalogue, for people and as JSON."""

from __future__ import annotations

from tests.app.cli.conftest import Command


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
    assert "byteplus: any $0.04 (1 pictures)" in people.out
    assert (google["id"], google["credits"], google["references"]["most"]) == ("nano-banana-pro", 600, 14)
    assert [one["usd"] for one in google["vendors"][0]["prices"]] == [0.134, 0.134, 0.24]
