from __future__ import annotations

from types import MappingProxyType

from msgspec.structs import replace

from app.catalogue.cards import Card, Size
from app.catalogue.reader import read_cards
from app.document.edits import add_node, connect
from app.document.tag_edits import set_tag
from app.document.values import BLANK, Document, End
from app.nodes.advice import advise
from app.nodes.registry import build_kinds, shapes_of

GEN4 = read_cards()["gen4-image"]


def another(id: str, title: str, most: int, side: int, **changes: object) -> Card:
    return replace(
        GEN4,
        id=id,
        title=title,
        tags=False,
        shape=replace(GEN4.shape, kind=id, title=title),
        references=replace(GEN4.references, most=most),
        sizes=(Size(choices=MappingProxyType({}), width=side, height=side),),
        **changes,
    )


CARDS = {
    "gen4-image": GEN4,
    "flux": another("flux", "Flux", 8, 2000),
    "banana": another("banana", "Banana", 14, 4096),
}
KINDS = build_kinds(CARDS)


def graph(references: int, model: str = "banana", *, tagged: bool = False) -> Document:
    document = add_node(BLANK, "hero", model)
    for place in range(references):
        id = f"photo{place}"
        ends = End(id, "image"), End("hero", "reference_images")
        document = connect(add_node(document, id, "reference-image"), shapes_of(KINDS), *ends)
        if tagged:
            document = set_tag(document, *ends, f"thing{place}")
    return document


def test_references_decide() -> None:
    assert "14 references: Banana." in advise(graph(14), KINDS)
    assert "5 references: Flux or Banana." in advise(graph(5), KINDS)
    assert "Tags and 3 references: Gen4 Image." in advise(graph(3, tagged=True), KINDS)
    assert "5 references: Flux or Banana." in advise(graph(5, tagged=True), KINDS), "no tags with so many"
    assert "20 references: no model takes so many." in advise(graph(20), KINDS)
    assert "Up to 14 references: Banana." in advise(graph(3), KINDS)


def test_pixels_and_prices_are_those_of_the_cards() -> None:
    told = advise(BLANK, KINDS)
    assert "Above 1080p: Flux or Banana." in told
    assert "Tight budget: Gen4 Image, Flux or Banana." in told
    dear = replace(CARDS["flux"], offers=(replace(GEN4.offers[0], prices=GEN4.offers[0].prices[1:]),))
    assert "Tight budget: Gen4 Image or Banana." in advise(BLANK, build_kinds({**CARDS, "flux": dear}))
    assert not any("Tight" in one for one in advise(BLANK, build_kinds({"gen4-image": GEN4})))


def test_what_is_asked_about_counts_alone() -> None:
    document = add_node(graph(14), "other", "gen4-image")
    assert not any(one.startswith("14 references") for one in advise(document, KINDS, ("other",)))
