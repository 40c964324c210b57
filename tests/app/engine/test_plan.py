"""What is wanted, what that needs, what stands already, what changes a key and what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.basics.faults import BadInput
from app.basics.money import NOTHING
from app.document.gestures import put_dot
from app.document.values import Document, Fit, Links, Node, Spot
from app.engine.fingerprint import content_key, digest
from app.engine.plan import Ask, Found, Known, Plan, Terms, make_plan, total
from app.engine.steps import Why
from app.library.assets import Asset, Origin
from app.nodes.declare import Picture
from app.nodes.registry import shapes_of
from tests.app.engine.scripted import CARDS, KINDS, document, hero, model, photo, words


def picture(name: str) -> Picture:
    return Picture(path=Path(name), sha256=digest(name), name=name, width=100, height=100)


def planned(
    graph: Document,
    found: Found | None = None,
    *,
    known: Known | None = None,
    draft: bool = False,
    wanted: tuple[str, ...] | None = None,
) -> Plan:
    photographs = {
        id: {"image": picture(str(node.values["file"]))}
        for id, node in graph.nodes.items()
        if node.kind == "reference-image"
    }
    terms = Terms(kinds=KINDS, known=known or photographs, found=found or {}, is_draft=lambda id, node: draft)
    return make_plan(graph, terms, wanted)


def asset(fingerprint: str, *, draft: bool = False, seed: int | None = 42) -> Asset:
    return Asset(
        sha256=digest(["made", fingerprint]),
        path=Path("x.png"),
        mime="image/png",
        width=10,
        height=10,
        bytes=1,
        made=datetime.now(UTC),
        origin=Origin(
            operation="op",
            fingerprint=fingerprint,
            document="d",
            node="hero",
            card="gen4-image",
            vendor="runway",
            draft=draft,
            prompt="",
            seed=seed,
            credits=100,
            money=NOTHING,
            request={},
        ),
    )


def full() -> Document:
    return document(
        {
            "words": words("@cup on @table"),
            "cup": photo("cup.jpg"),
            "table": photo("table.jpg"),
            "hero": model(42),
            "show": Node(kind="preview"),
            "keep": Node(kind="save-image", values={"name": "x"}),
            "note": Node(kind="note", values={"text": "hello"}),
        },
        [
            ("words.text", "hero.prompt"),
            ("cup.image", "hero.reference_images", "cup"),
            ("table.image", "hero.reference_images", "table"),
            ("hero.image", "show.image"),
            ("show.image", "keep.image"),
        ],
    )


def key(graph: Document, id: str = "hero") -> str:
    (step,) = [step for step in planned(graph, wanted=(id,)).steps if step.id == id]
    assert step.keys is not None
    return step.keys.with_seed(step.seed)


def node(graph: Document, id: str, **changes: object) -> Document:
    return replace(graph, nodes={**graph.nodes, id: replace(graph.nodes[id], **changes)})


def value(graph: Document, id: str, **changes: object) -> Document:
    return node(graph, id, values={**graph.nodes[id].values, **changes})


def link(graph: Document, place: int, **changes: object) -> Document:
    links = list(graph.links)
    links[place] = replace(links[place], **changes)
    return replace(graph, links=Links(tuple(links)))


def swapped(graph: Document) -> Document:
    links = list(graph.links)
    links[1], links[2] = links[2], links[1]
    return replace(graph, links=Links(tuple(links)))


SAME: list[Callable[[Document], Document]] = [
    lambda graph: replace(graph, layout={"hero": Spot(1, 2)}),
    lambda graph: node(graph, "hero", title="Another", color="#fff", collapsed=True),
    lambda graph: node(graph, "words", title="Words"),
    lambda graph: value(graph, "hero", aspect_ratio="16:9", resolution="1080p"),
    lambda graph: value(graph, "hero", vendor="auto", reference_tags="x", waiting_tags=("a",)),
    lambda graph: value(graph, "words", text="@CUP on ＠Table"),
    lambda graph: link(graph, 1, tag="CUP"),
    lambda graph: link(graph, 1, fit=Fit(mode="none", color="#000000")),
    lambda graph: value(graph, "cup", sha256="a memory"),
]
OTHER: list[Callable[[Document], Document]] = [
    lambda graph: value(graph, "hero", seed=43),
    lambda graph: value(graph, "hero", aspect_ratio="1:1"),
    lambda graph: value(graph, "hero", content_moderation="low"),
    lambda graph: value(graph, "words", text="@cup on @table."),
    lambda graph: link(graph, 1, tag="mug"),
    lambda graph: link(graph, 1, fit=Fit(mode="pad")),
    lambda graph: link(graph, 1, fit=Fit(mode="pad", color="#000000")),
    lambda graph: link(graph, 1, fit=Fit(mode="crop", focus=(0.1, 0.2))),
    lambda graph: value(graph, "cup", file="other.jpg"),
    swapped,
]


@pytest.mark.parametrize("change", SAME)
def test_what_says_nothing_to_the_vendor_is_not_in_the_key(change: Callable[[Document], Document]) -> None:
    assert key(change(full())) == key(full())


def test_what_the_vendor_would_see_is_in_the_key_each_its_own() -> None:
    keys = [key(full()), *(key(change(full())) for change in OTHER)]
    assert len(set(keys)) == len(keys)


def test_a_node_that_only_passes_on_does_not_change_the_key() -> None:
    plain = document(
        {"words": words(), "cup": photo("cup.jpg"), "hero": model(1)},
        [("words.text", "hero.prompt"), ("cup.image", "hero.reference_images", "cup")],
    )
    through = document(
        {"words": words(), "cup": photo("cup.jpg"), "show": Node(kind="preview"), "hero": model(1)},
        [
            ("words.text", "hero.prompt"),
            ("cup.image", "show.image"),
            ("show.image", "hero.reference_images", "cup"),
        ],
    )
    assert key(plain) == key(through)


def test_dots_on_every_link_change_neither_keys_nor_what_stands() -> None:
    dotted = full()
    for source in ("words", "cup", "table", "hero"):
        (wire,) = dotted.links.out_of(source)
        dotted = put_dot(dotted, shapes_of(KINDS), wire, (0.0, 0.0)).document
    assert len(dotted.nodes) == len(full().nodes) + 4
    assert key(dotted) == key(full())
    ask = next(iter(planned(full()).asks))
    assert planned(dotted).asks == planned(full()).asks
    plan = planned(dotted, {ask: asset(ask.fingerprint)})
    assert [step.id for step in plan.stale()] == ["keep"]
    shown = {step.id: step.outputs for step in plan.steps}
    assert shown["show"] == {"image": next(iter((shown["hero"] or {}).values()))}


def test_a_drawn_seed_that_is_kept_afterwards_is_the_same_picture() -> None:
    (step,) = planned(hero(None)).models()
    assert step.keys is not None
    assert step.keys.with_seed(1000) == key(hero(1000))


def test_only_what_is_needed_and_in_order() -> None:
    plan = planned(full())
    ids = [step.id for step in plan.steps]
    assert set(ids) == {"words", "cup", "table", "hero", "show", "keep"}
    assert ids.index("hero") > max(ids.index(id) for id in ("words", "cup", "table"))
    assert ids.index("keep") > ids.index("show") > ids.index("hero")
    assert {step.id for step in planned(full(), wanted=("hero",)).steps} == {"words", "cup", "table", "hero"}
    assert {step.id: step.why for step in plan.stale()} == {
        "hero": Why.NEW,
        "show": Why.WORK,
        "keep": Why.WORK,
    }


def test_what_stands_needs_nothing_above_it() -> None:
    ask = next(iter(planned(full()).asks))
    plan = planned(full(), {ask: asset(ask.fingerprint)})
    assert {step.id for step in plan.steps} == {"hero", "show", "keep"}
    assert [step.id for step in plan.stale()] == ["keep"], "a file is written each time"
    assert plan.asks == frozenset()


def two_models(seed: int | None) -> Document:
    return document(
        {"words": words("@first again"), "a": model(seed), "b": model(7)},
        [
            ("words.text", "a.prompt"),
            ("words.text", "b.prompt"),
            ("a.image", "b.reference_images", "first"),
        ],
    )


def test_a_model_below_a_picture_still_to_be_made_waits_for_it() -> None:
    plan = planned(two_models(1), wanted=("b",))
    assert {step.id: step.why for step in plan.models()} == {"a": Why.NEW, "b": Why.INPUTS}
    (ask,) = plan.asks
    second = planned(two_models(1), {ask: asset(ask.fingerprint)}, wanted=("b",))
    (deeper,) = second.asks
    assert deeper.fingerprint != ask.fingerprint
    third = planned(
        two_models(1),
        {ask: asset(ask.fingerprint), deeper: asset(deeper.fingerprint, seed=7)},
        wanted=("b",),
    )
    assert [step.id for step in third.steps] == ["b"]


def test_an_empty_seed_is_never_fresh_but_a_pick_is_while_it_fits() -> None:
    plan = planned(two_models(None))
    assert {step.id: step.why for step in plan.models()} == {"a": Why.SEED, "b": Why.INPUTS}
    assert plan.asks == frozenset()
    first = next(step for step in plan.models() if step.id == "a")
    assert first.keys is not None
    kept = asset(first.keys.with_seed(5), seed=5)
    picked = node(two_models(None), "a", pick=kept.sha256)
    found: Found = {Ask(sha256=kept.sha256): kept}
    assert next(step for step in planned(picked, found).steps if step.id == "a").fresh
    changed = value(picked, "words", text="@first otherwise")
    assert not next(step for step in planned(changed, found).steps if step.id == "a").fresh
    locked = node(changed, "a", lock=kept.sha256)
    assert next(step for step in planned(locked, found).steps if step.id == "a").fresh


def test_no_draft_stands_where_the_picture_would_be_bought() -> None:
    kept = asset("any", draft=True)
    locked = node(hero(), "hero", lock=kept.sha256)
    found: Found = {Ask(sha256=kept.sha256): kept}
    assert planned(locked, found, draft=True).models()[0].fresh
    assert not planned(locked, found, draft=False).models()[0].fresh
    ask = next(iter(planned(hero(), draft=True).asks))
    assert ask.draft
    assert ask.fingerprint == next(iter(planned(hero(), draft=False).asks)).fingerprint


def test_what_is_made_from_a_draft_is_one() -> None:
    graph = document(
        {"words": words(), "cup": photo("cup.jpg"), "hero": model(1)},
        [("words.text", "hero.prompt"), ("cup.image", "hero.reference_images", "cup")],
    )
    for draft in (False, True):
        known: Known = {"cup": {"image": replace(picture("cup.jpg"), draft=draft)}}
        (ask,) = planned(graph, known=known).asks
        (step,) = planned(graph, {ask: asset(ask.fingerprint)}, known=known).steps
        assert step.outputs is not None
        made = step.outputs["image"]
        assert isinstance(made, Picture)
        assert made.draft is draft


def test_skipped_nodes_and_what_hangs_on_them_alone() -> None:
    skipped = node(full(), "hero", skip=True)
    assert planned(skipped).steps == ()
    without = planned(node(full(), "cup", skip=True))
    (step,) = without.models()
    assert [feed.parent for feed in step.feeds] == ["words", "table"]
    assert key(node(full(), "cup", skip=True)) != key(full())


def test_an_unreadable_photograph_is_a_fault_of_its_node() -> None:
    fault = BadInput("Gone.", advice="Find it.", code="image.missing")
    plan = planned(full(), known={"cup": fault, "table": {"image": picture("table.jpg")}})
    assert next(step for step in plan.steps if step.id == "cup").fault is fault
    assert plan.models()[0].why is Why.INPUTS


def test_what_cannot_run_is_said_with_its_place() -> None:
    circle = document(
        {"words": words(), "a": model(1), "b": model(2)},
        [
            ("words.text", "a.prompt"),
            ("words.text", "b.prompt"),
            ("a.image", "b.reference_images", "one"),
            ("b.image", "a.reference_images", "two"),
        ],
    )
    cases = {
        "plan.circle": (circle, None),
        "plan.no-node": (full(), ("nobody",)),
        "plan.required-input": (document({"hero": model(1)}), None),
        "plan.unknown-kind": (document({"x": Node(kind="from-the-future")}), ("x",)),
    }
    for code, (graph, wanted) in cases.items():
        with pytest.raises(BadInput) as raised:
            planned(graph, wanted=wanted)
        assert raised.value.code == code
        assert raised.value.where.node is not None


def test_prices_add_up_exactly_or_are_not_known() -> None:
    prices = [
        CARDS["gen4-image"].price_for({"resolution": resolution}) for resolution in ("720p", "1080p") * 50
    ]
    assert total(prices) == 50 * (50_000 + 80_000)
    assert total([*prices, None]) is None


def test_a_chain_of_five_thousand() -> None:
    nodes = {"cup": photo("cup.jpg"), **{f"p{n}": Node(kind="preview") for n in range(5000)}}
    links = [("cup.image", "p0.image"), *((f"p{n}.image", f"p{n + 1}.image") for n in range(4999))]
    plan = planned(document(nodes, links))
    assert len(plan.steps) == 5000
    assert all(step.fresh for step in plan.steps)


def test_content_keys_tell_kinds_values_and_parents_apart() -> None:
    keys = {
        content_key("add", {"a": 1}, []),
        content_key("add", {"a": 1.5}, []),
        content_key("add", {"a": "1"}, []),
        content_key("add", {"a": True}, []),
        content_key("out", {"a": 1}, []),
        content_key("add", {"a": 1}, [("in", "k", "out")]),
        content_key("add", {"a": 1}, [("in", "k", "out"), ("in", "l", "out")]),
        content_key("add", {"a": 1}, [("in", "l", "out"), ("in", "k", "out")]),
    }
    assert len(keys) == 8
    assert content_key("add", {"a": 1, "b": 2}, []) == content_key("add", {"b": 2, "a": 1}, [])


def flux(**values: str) -> Node:
    return Node(kind="flux-2-pro", values={"seed": 1, **values})


def test_references_are_priced_as_they_are_sent() -> None:
    graph = document(
        {"words": words(), "cup": photo("cup.jpg"), "hero": flux(resolution="4MP"), "next": flux()},
        [
            ("words.text", "hero.prompt"),
            ("cup.image", "hero.reference_images"),
            ("words.text", "next.prompt"),
            ("hero.image", "next.reference_images"),
            ("cup.image", "next.reference_images"),
        ],
    )
    prices = {step.id: step.price for step in planned(graph).models()}
    # The picture still to be made is of 4 megapixels by its card, and leaves with one, as every reference.
    assert {id: price.money for id, price in prices.items() if price} == {"hero": 90_000, "next": 75_000}
    assert total(prices.values()) == 165_000


def test_a_photograph_that_cannot_be_read_counts_at_the_most() -> None:
    graph = document(
        {"words": words(), "cup": photo("cup.jpg"), "hero": flux(resolution="1MP")},
        [("words.text", "hero.prompt"), ("cup.image", "hero.reference_images")],
    )
    fault = BadInput("Gone.", advice="Find it.", code="image.missing")
    (hero,) = planned(graph, known={"cup": fault}).models()
    assert hero.price is not None
    assert hero.price.money == 45_000
