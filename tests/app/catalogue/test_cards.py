"""The shipped catalogue: every card says what it takes, at what price, and where that is known from."""

from __future__ import annotations

import re

import pytest

from app.basics.money import from_usd
from app.catalogue.cards import Card, ParameterType
from app.catalogue.reader import combinations, read_cards

CARDS = read_cards()
SIZES = {
    ("1080p", "16:9"): (1920, 1080),
    ("1080p", "9:16"): (1080, 1920),
    ("1080p", "4:3"): (1440, 1080),
    ("1080p", "3:4"): (1080, 1440),
    ("1080p", "1:1"): (1080, 1080),
    ("1080p", "21:9"): (2112, 912),
    ("720p", "16:9"): (1280, 720),
    ("720p", "9:16"): (720, 1280),
    ("720p", "4:3"): (960, 720),
    ("720p", "3:4"): (720, 960),
    ("720p", "1:1"): (720, 720),
    ("720p", "21:9"): (1680, 720),
}


@pytest.fixture
def gen4() -> Card:
    return CARDS["gen4-image"]


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
class TestEveryCard:
    def test_speaks_to_people(self, card: Card) -> None:
        assert all((card.title, card.maker, card.summary, card.help, card.advice, card.largest, card.seed))
        assert all(one.help for one in card.parameters)
        assert all(one.help for one in (*card.shape.inputs, *card.shape.outputs))

    def test_has_defaults_that_it_offers_itself(self, card: Card) -> None:
        for one in card.parameters:
            if one.type is ParameterType.CHOICE:
                assert one.default in [choice.value for choice in one.choices]
                assert len({choice.value for choice in one.choices}) == len(one.choices)

    def test_says_where_each_limit_is_known_from(self, card: Card) -> None:
        assert len(card.limits) >= 4
        assert len({one.id for one in card.limits}) == len(card.limits)
        for one in card.limits:
            assert one.text
            assert one.source
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", one.date)

    def test_has_a_size_and_a_price_for_everything_it_offers(self, card: Card) -> None:
        assert card.sizes
        for choices in combinations(card):
            assert card.size_for(choices) is not None
            assert card.price_for(choices) is not None

    def test_has_the_sockets_that_the_format_promises(self, card: Card) -> None:
        assert [one.id for one in card.shape.inputs] == ["prompt", "reference_images"]
        assert [one.id for one in card.shape.outputs] == ["image"]
        assert card.shape.model
        assert card.shape.kind == card.id


def test_all_pairs_of_ratio_and_resolution_are_runways_pixels(gen4: Card) -> None:
    found = {}
    for choices in combinations(gen4):
        size = gen4.size_for(choices)
        assert size is not None
        found[str(choices["resolution"]), str(choices["aspect_ratio"])] = (size.width, size.height)
    assert found == SIZES


def test_sizes_take_the_defaults_where_a_value_is_missing(gen4: Card) -> None:
    size = gen4.size_for({})
    assert size is not None
    assert (size.width, size.height) == (1920, 1080)
    small = gen4.size_for({"resolution": "720p"})
    assert small is not None
    assert (small.width, small.height) == (1280, 720)
    assert gen4.size_for({"resolution": "8K"}) is None


@pytest.mark.parametrize(("resolution", "usd", "amount"), [("720p", "0.05", 5), ("1080p", "0.08", 8)])
def test_prices_are_runways(gen4: Card, resolution: str, usd: str, amount: float) -> None:
    price = gen4.price_for({"resolution": resolution})
    assert price is not None
    assert price.money == from_usd(usd)
    assert (price.vendor_amount, price.vendor_unit) == (amount, "Runway credits")
    assert gen4.credits == 100


def test_a_price_that_is_not_listed_is_not_known(gen4: Card) -> None:
    assert gen4.price_for({"resolution": "8K"}) is None
    assert gen4.price_for({}, "replicate") is None


@pytest.mark.parametrize("vendor", ["auto", "", "runway"])
def test_the_makers_own_offer_is_the_first(gen4: Card, vendor: str) -> None:
    offer = gen4.offer(vendor)
    assert offer is not None
    assert (offer.vendor, offer.model) == ("runway", "gen4_image")


def test_another_vendor_is_none(gen4: Card) -> None:
    assert gen4.offer("Runway") is None
    assert gen4.offer("bfl") is None


def test_auto_is_the_maker_first(gen4: Card) -> None:
    auto, replicate = gen4.offer(), gen4.offer("replicate")
    assert auto is not None
    assert replicate is not None
    assert (auto.vendor, replicate.model) == ("runway", "runwayml/gen4-image")
    assert gen4.price_for({}, "replicate") is None  # not known counts as over any cap


def test_where_two_vendors_sell_it_the_node_says_which(gen4: Card) -> None:
    vendor = gen4.parameter("vendor")
    assert vendor is not None
    assert [(one.value, one.title) for one in vendor.choices] == [
        ("auto", "Auto"),
        ("runway", "Runway"),
        ("replicate", "Replicate"),
    ]
    assert (vendor.default, vendor.advanced) == ("auto", True)
    assert "Auto is Runway" in vendor.help


def test_gen4_takes_what_the_guide_says(gen4: Card) -> None:
    references = gen4.references
    assert (references.most, references.least, references.min_ratio, references.max_ratio) == (3, 0, 0.5, 2.0)
    assert (gen4.prompt_most, gen4.prompt_units, gen4.tags) == (1000, "utf16", True)
    assert [(one.id, one.default) for one in gen4.parameters] == [
        ("reference_tags", None),
        ("aspect_ratio", "16:9"),
        ("resolution", "1080p"),
        ("seed", None),
        ("content_moderation", "auto"),
        ("vendor", "auto"),
    ]
    seed = gen4.parameter("seed")
    assert seed is not None
    assert (seed.minimum, seed.maximum) == (0, 2**32 - 1)
    moderation = gen4.parameter("content_moderation")
    assert moderation is not None
    assert moderation.advanced
    assert [one.value for one in moderation.choices] == ["auto", "low"]
