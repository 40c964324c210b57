"""Prices that depend on sizes: what is begun counts whole, and what is not known is never taken for less."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.basics.faults import BadInput
from app.basics.money import Money
from app.catalogue.reader import read_card, read_cards
from app.catalogue.references import most_sent, sent_size
from app.document.values import NO_FIT
from tests.app.catalogue.test_reader import GEN4

FLUX = read_cards()["flux-2-pro"]
MEGA = 1024 * 1024


def test_every_size_is_what_the_vendor_takes() -> None:
    for size in FLUX.sizes:
        wanted = int(size.choices["resolution"].removesuffix("MP"))
        across, down = map(int, size.choices["aspect_ratio"].split(":"))
        assert size.width % 16 == size.height % 16 == 0
        assert 0.93 * wanted * MEGA < size.width * size.height <= wanted * MEGA
        assert math.isclose(size.width / size.height, across / down, rel_tol=0.011)


@pytest.mark.parametrize(
    ("resolution", "sent", "money", "amount"),
    [
        ("1MP", [], 30_000, 3.0),
        ("2MP", [], 45_000, 4.5),
        ("4MP", [], 75_000, 7.5),
        ("1MP", [(1024, 1024)], 45_000, 4.5),
        ("1MP", [(64, 64)], 45_000, 4.5),
        ("1MP", [(1025, 1024)], 60_000, 6.0),
        ("4MP", [(1024, 1024)] * 8, 195_000, 19.5),
    ],
)
def test_the_price_list(
    resolution: str, sent: list[tuple[int, int] | None], money: int, amount: float
) -> None:
    price = FLUX.price_for({"resolution": resolution}, "bfl", sent)
    assert price is not None
    assert (price.money, price.vendor_amount, price.vendor_unit) == (money, amount, "BFL credits")
    assert price.megapixels is None


def test_a_size_that_nobody_knows_makes_no_price() -> None:
    assert FLUX.price_for({}, "bfl", [(10, 10), None]) is None
    assert FLUX.price_for({"resolution": "9MP"}) is None
    assert FLUX.price_for({}, "runway") is None


@given(width=st.integers(1, 12_000), height=st.integers(1, 12_000))
def test_what_is_not_known_yet_costs_no_less_than_any_photograph(width: int, height: int) -> None:
    limits = FLUX.references
    known, unknown = most_sent(limits, NO_FIT, (width, height)), most_sent(limits, NO_FIT, None)
    assert known == sent_size(limits, NO_FIT, (width, height))
    low, high = FLUX.price_for({}, "auto", [known]), FLUX.price_for({}, "auto", [unknown])
    assert low is not None
    assert high is not None
    assert low.money <= high.money == Money(60_000)


def test_without_limits_nothing_is_known() -> None:
    limits = replace(FLUX.references, max_pixels=None)
    assert most_sent(limits, NO_FIT, None) is None
    assert most_sent(replace(limits, max_side=2000), NO_FIT, None) == (2000, 2000)


BY_SIZE = """
[offers.prices.megapixels]
pixels = {pixels}
included = 1
output = {{ usd = "{usd}", amount = 1.5 }}
input = {{ usd = "0.015", amount = 1.5 }}
"""


@pytest.mark.parametrize(
    ("pixels", "usd", "says"),
    [(0, "0.015", "pixels is below 1"), (1000, "cheap", "'cheap' is no amount"), (1000, "-1", "no amount")],
)
def test_a_card_that_says_it_wrongly(pixels: int, usd: str, says: str) -> None:
    last = 'amount = 8\nunit = "Runway credits"\n'
    assert last in GEN4
    text = GEN4.replace(last, last + BY_SIZE.format(pixels=pixels, usd=usd))
    with pytest.raises(BadInput, match=says):
        read_card(text)
