"""Cards from TOML: what is wrong is named with file and field."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from app.basics.faults import BadInput
from app.catalogue.reader import combinations, read_card, read_cards

GEN4 = (files("resources") / "catalogue" / "gen4-image.toml").read_text("utf-8")


def test_the_shipped_card_reads_the_same_from_its_text() -> None:
    assert read_card(GEN4) == read_cards()["gen4-image"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('title = "Gen4 Image"', "", "`title`"),
        ("tags = true", 'tags = "yes"', "$.tags"),
        ("most = 3\n", "", "$.references"),
        ("most = 3\n", 'most = "3"\n', "$.references.most"),
        ('type = "choice"', 'type = "chioce"', "$.parameters[1].type"),
        ('help = "The shape of the picture."', "", "$.parameters[1]"),
        ('default = "16:9"', 'default = "5:4"', "parameters.aspect_ratio"),
        ('by = ["resolution", "aspect_ratio"]', 'by = ["size"]', "sizes.by"),
        ("choices = { resolution = ", "choices = { size = ", "offers.runway.prices"),
        ('usd = "0.05"', "usd = 0.05", "$.offers[0].prices[0].usd"),
        ('usd = "0.05"', 'usd = "five cents"', "prices"),
        ('usd = "0.05"', 'usd = "-0.05"', "prices"),
        ('"16:9" = [1920, 1080]', '"16:9" = [1920]', "sizes.pixels.1080p.16:9"),
        ('"16:9" = [1920, 1080]', '"16:9" = "1920:1080"', "sizes.pixels.1080p.16:9"),
        ('"16:9" = [1920, 1080]', '"16:9" = [1920, 0]', "sizes.pixels.1080p.16:9"),
        ('"21:9" = [2112, 912]\n', "", "sizes.pixels.1080p"),
        ("[sizes.pixels.720p]", "[sizes.pixels.480p]", "sizes.pixels"),
        ('units = "utf16"', 'units = "bytes"', "$.prompt.units"),
        ('id = "seed"', 'id = "resolution"', "parameters.resolution"),
        ('id = "content_moderation"', 'id = "vendor"', "parameters.vendor"),
        ('vendor = "replicate"', 'vendor = "runway"', "a vendor stands there twice"),
        ('without = ["content_moderation"]', 'without = ["x"]', "offers.replicate.without"),
    ],
)  # fmt: skip
def test_a_wrong_card_names_its_file_and_field(old: str, new: str, named: str) -> None:
    assert old in GEN4
    with pytest.raises(BadInput) as caught:
        read_card(GEN4.replace(old, new, 1), "mine.toml")
    assert "mine.toml" in caught.value.title
    assert named in caught.value.title
    assert caught.value.advice


def test_what_is_no_toml_is_said_so() -> None:
    with pytest.raises(BadInput, match=r"mine\.toml.*not TOML"):
        read_card("id = [", "mine.toml")


def test_a_card_that_cannot_be_decoded_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b'id = "\xff"')
    with pytest.raises(BadInput, match=r"bad\.toml"):
        read_cards(tmp_path)


def test_unknown_fields_are_not_dropped_in_silence() -> None:
    with pytest.raises(BadInput, match="colour"):
        read_card('colour = "blue"\n' + GEN4, "mine.toml")


def test_no_vendor_is_no_card() -> None:
    alone = GEN4[: GEN4.index("[[offers]]")] + "offers = []\n" + GEN4[GEN4.index("[[limits]]") :]
    # In TOML a bare key may not follow a table, so the list goes to the top.
    alone = "offers = []\n" + alone.replace("offers = []\n", "", 1)
    with pytest.raises(BadInput, match="at least one vendor"):
        read_card(alone, "mine.toml")


def test_two_cards_may_not_share_an_id(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GEN4, "utf-8")
    with pytest.raises(BadInput, match=r"b\.toml.*gen4-image"):
        read_cards(tmp_path)


def test_a_folder_gives_its_cards_by_id_in_the_order_of_their_places(tmp_path: Path) -> None:
    other, third = (GEN4.replace('id = "gen4-image"', f'id = "{id}"', 1) for id in ("other", "third"))
    (tmp_path / "b.toml").write_text(GEN4, "utf-8")
    (tmp_path / "a.toml").write_text(third.replace("place = 1\n", ""), "utf-8")
    (tmp_path / "c.toml").write_text(other.replace("place = 1\n", "place = 0\n"), "utf-8")
    (tmp_path / "notes.txt").write_text("no card")
    assert list(read_cards(tmp_path)) == ["other", "gen4-image", "third"]


def test_combinations_are_every_pair_once() -> None:
    card = read_cards()["gen4-image"]
    pairs = [(one["resolution"], one["aspect_ratio"]) for one in combinations(card)]
    assert len(pairs) == len(set(pairs)) == 12
