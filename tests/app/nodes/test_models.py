"""Another model in a node's place, and one job at many models."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from msgspec.structs import replace

from app.basics.faults import BadInput
from app.catalogue.cards import Card, Choice, Parameter, ParameterType, Size
from app.catalogue.reader import read_cards
from app.catalogue.switching import moved
from app.document.edits import add_node, connect, set_values
from app.document.tag_edits import set_tag
from app.document.values import BLANK, Document, End, Spot
from app.nodes.check import Rules
from app.nodes.models import ACROSS, DOWN, choices, fan_out, switch
from app.nodes.registry import build_kinds, shapes_of

GEN4 = read_cards()["gen4-image"]


def parameter(card: Card, id: str, **changes: object) -> Parameter:
    found = card.parameter(id)
    assert found is not None
    return replace(found, **changes)


WIDE = replace(
    GEN4,
    id="wide",
    title="Wide",
    shape=replace(GEN4.shape, kind="wide", title="Wide"),
    tags=False,
    parameters=(
        parameter(GEN4, "reference_tags"),
        parameter(
            GEN4, "aspect_ratio",
            choices=tuple(Choice(value=one, title=one) for one in ("1:1", "16:9", "3:2")), default="1:1",
        ),
        Parameter(
            id="resolution", title="Resolution", type=ParameterType.CHOICE, default="1 MP", help="How large.",
            choices=(Choice(value="1 MP", title="1 MP"), Choice(value="2 MP", title="2 MP")),
        ),
        parameter(GEN4, "seed", maximum=1000),
    ),
    references=replace(GEN4.references, most=8),
    sizes=(
        *(
            Size(choices={"resolution": name, "aspect_ratio": "1:1"}, width=side, height=side)
            for name, side in (("1 MP", 1024), ("2 MP", 1440))
        ),
    ),
)  # fmt: skip
BARE = replace(
    GEN4,
    id="bare",
    title="Bare",
    shape=replace(GEN4.shape, kind="bare", title="Bare"),
    parameters=tuple(one for one in GEN4.parameters if one.type is not ParameterType.SEED),
    references=replace(GEN4.references, most=1),
)
KINDS = build_kinds({"gen4-image": GEN4, "wide": WIDE, "bare": BARE})
SHAPES = shapes_of(KINDS)
RULES = Rules(kinds=KINDS, shapes=SHAPES)


def example() -> Document:
    document = add_node(BLANK, "hero", "gen4-image", {"seed": 42, "aspect_ratio": "4:3"}, title="Hero")
    document = add_node(document, "words", "prompt", {"text": "@sneaker on @model"})
    document = connect(document, SHAPES, End("words", "text"), End("hero", "prompt"))
    for id in ("sneaker", "model"):
        document = add_node(document, id, "reference-image", {"file": f"{id}.png"})
        ends = End(id, "image"), End("hero", "reference_images")
        document = set_tag(connect(document, SHAPES, *ends), *ends, id)
    return replace(document, layout=MappingProxyType({"hero": Spot(400.0, 90.0), "words": Spot(0.0, 0.0)}))


def test_what_fits_goes_along_and_the_rest_is_said() -> None:
    values = {"aspect_ratio": "4:3", "resolution": "1080p", "seed": 5000, "content_moderation": "low"}
    told = moved(values, GEN4, WIDE)
    assert dict(told.values) == {"aspect_ratio": "3:2", "resolution": "2 MP"}
    assert told.lost == (
        "Aspect Ratio 4:3: not offered by Wide; 3:2 is nearest.",
        "Resolution 1080p: not offered by Wide; 2 MP is nearest.",
        "Seed 5000: Wide takes 0 to 1000; it is left empty.",
        "Public figures Low: not with Wide, it has no such setting.",
    )
    assert moved({"seed": 7}, GEN4, BARE).lost == ("Seed 7: not with Bare, it takes no seed.",)
    assert moved({"seed": 7, "aspect_ratio": "16:9"}, GEN4, GEN4).lost == ()
    assert moved({"seed": None}, GEN4, BARE).lost == (), "an empty seed is nothing to lose"


def test_a_default_is_a_choice_as_well() -> None:
    """The artist saw 16:9 and 1080p on the card, though neither was ever set."""
    told = moved({}, GEN4, WIDE)
    assert dict(told.values) == {"aspect_ratio": "16:9", "resolution": "2 MP"}
    assert told.lost == ("Resolution 1080p: not offered by Wide; 2 MP is nearest.",)


def test_switching_keeps_links_tags_and_title() -> None:
    before = example()
    after = switch(before, KINDS, ("hero",), "wide")
    assert after.links is before.links
    assert after.nodes["hero"].kind == "wide"
    assert after.nodes["hero"].title == "Hero"
    assert after.nodes["hero"].values["seed"] == 42
    assert after.nodes["words"] is before.nodes["words"]
    assert switch(before, KINDS, ("hero",), "gen4-image") is before
    assert switch(before, KINDS, ("words", "gone"), "wide") is before
    back = switch(after, KINDS, ("hero",), "gen4-image")
    assert back.nodes["hero"].values["seed"] == 42


def test_a_model_that_cannot_take_what_is_linked_says_why() -> None:
    found = {one.kind: one for one in choices(example(), RULES, {}, "hero")}
    assert found["gen4-image"].current
    assert found["wide"].why_not == ()
    assert found["bare"].why_not == ("Hero has 2 reference images; Bare takes 1.",)
    assert "Seed 42: not with Bare, it takes no seed." in found["bare"].lost
    assert choices(example(), RULES, {}, "words") == ()
    long = set_values(example(), "words", {"text": "word " * 250})
    assert all(one.why_not for one in choices(long, RULES, {}, "hero"))


def test_one_job_at_many_models_and_seeds() -> None:
    before = example()
    placed = fan_out(before, KINDS, "hero", ("gen4-image", "wide", "bare"), (1, 2), "Fan-out")
    after = placed.document
    kinds = [after.nodes[id].kind for id in placed.nodes]
    assert kinds == ["gen4-image"] * 2 + ["wide"] * 2 + ["bare"], "without a seed once is enough"
    assert [after.nodes[id].values.get("seed") for id in placed.nodes] == [1, 2, 1, 2, None]
    for id in placed.nodes:
        fed = {(one.source.node, one.tag) for one in after.links.into(id)}
        assert fed == {("words", ""), ("sneaker", "sneaker"), ("model", "model")}
    spots = [after.layout[id] for id in placed.nodes]
    assert (spots[2].x - spots[0].x, spots[1].y - spots[0].y) == (ACROSS, DOWN), "models side by side"
    assert (spots[1].x, spots[2].y) == (spots[0].x, spots[0].y)
    assert spots[0].y > 90.0 + DOWN
    (frame,) = placed.frames
    x, y, width, height = after.frames[frame].rect
    assert all(x < one.x < x + width and y < one.y < y + height for one in spots)
    assert all(after.nodes[id] is before.nodes[id] for id in before.nodes)


def test_the_seeds_of_one_model_lie_side_by_side() -> None:
    placed = fan_out(example(), KINDS, "hero", ("wide",), (1, 2, 3), "Fan-out")
    spots = [placed.document.layout[id] for id in placed.nodes]
    assert [(spot.x - spots[0].x, spot.y - spots[0].y) for spot in spots] == [
        (at * ACROSS, 0) for at in range(3)
    ]


@pytest.mark.parametrize(
    ("id", "models", "seeds"),
    [("words", ("wide",), (1,)), ("hero", (), (1,)), ("hero", ("wide",), ()), ("hero", ("wide",), range(65))],
)
def test_a_fan_out_of_nothing_or_of_too_much(id: str, models: tuple[str, ...], seeds: range) -> None:
    with pytest.raises(BadInput, match="from 1 to 64"):
        fan_out(example(), KINDS, id, models, seeds, "Fan-out")
