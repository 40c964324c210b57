"""What a node is made from, and what is made from it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.document.reach import downstream, fed_by, upstream
from app.document.values import Document
from tests.app.document.samples import document, link, node, product_shot


def test_along_the_links_and_no_further() -> None:
    shot = product_shot()
    into = {one.source.node for one in shot.links.into("hero")}
    assert upstream(shot, ["hero"]) == {"hero", *into}
    assert downstream(shot, ["hero"]) == {"hero", *fed_by(shot, "hero")}
    assert upstream(shot, []) == downstream(shot, []) == frozenset()


IDS = ("a", "b", "c", "d", "e")
JOINS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=12)


def joined(pairs: list[tuple[str, str]]) -> Document:
    links = [link(f"{one}.image", f"{other}.in{place}") for place, (one, other) in enumerate(pairs)]
    return document({id: node("preview") for id in IDS}, *links)


@given(pairs=JOINS)
def test_upstream_is_downstream_the_other_way_even_in_circles(pairs: list[tuple[str, str]]) -> None:
    made = joined(pairs)
    for id in IDS:
        assert downstream(made, [id]) == {id} | fed_by(made, id)
        assert upstream(made, [id]) == {other for other in IDS if id in downstream(made, [other])}
