"""`tagloom models`: prices that depend on sizes are told with what they are counted by."""

from __future__ import annotations

from tests.app.cli.conftest import Command


def test_prices_by_megapixels(command: Command) -> None:
    cards = {one["id"]: one for one in command("models", "--json").value}
    [price] = cards["flux-2-pro"]["vendors"][0]["prices"]
    assert price["megapixels"] == {
        "pixels": 1_048_576,
        "included": 1,
        "output_usd": 0.015,
        "input_usd": 0.015,
    }
    people = command("models")
    assert "bfl: any $0.03 (3 BFL credits) for the first megapixel; $0.015 for each further" in people.out
