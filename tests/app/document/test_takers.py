from __future__ import annotations

from app.document.takers import takers
from app.document.values import End
from tests.app.document.samples import SHAPES, chain, product_shot


def test_what_fits_comes_first_and_the_rest_says_why() -> None:
    found = takers(product_shot(), SHAPES, "words")
    assert all(one.source == End("words", "text") for one in found)
    (prompt,) = [one for one in found if one.target == End("hero", "prompt")]
    assert prompt.refused == "These two are joined already."
    (keep,) = [one for one in found if one.target.node == "keep"]
    assert "takes an image" in keep.refused
    refused = [bool(one.refused) for one in found]
    assert refused == sorted(refused)


def test_a_circle_is_refused() -> None:
    found = {one.target: one.refused for one in takers(chain(3), SHAPES, "n2")}
    assert found.keys() == {End("n0", "image"), End("n1", "image")}
    assert all("this would be a circle" in why for why in found.values())


def test_an_unknown_node_leads_nowhere() -> None:
    assert takers(product_shot(), SHAPES, "nobody") == ()
