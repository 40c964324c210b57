from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.basics.faults import BadInput
from app.document import edits
from app.document.reach import models_reached, prompts_reaching, tag_slots, waiting_tags
from app.document.tag_edits import (
    mend_tag,
    reference_tags_text,
    rename_tag,
    retag,
    set_fit,
    set_tag,
    write_reference_tags,
)
from app.document.tags import prompt_source
from app.document.values import WAITING_TAGS, Document, End, Fit
from tests.app.document.samples import (
    SHAPES,
    document,
    end,
    link,
    node,
    photograph,
    product_shot,
    tags_by_photograph,
)

HERO = End("hero", "reference_images")
P0 = end("p0.image")


def words(of: Document, id: str = "words") -> str:
    text = of.nodes[id].values["text"]
    assert isinstance(text, str)
    return text


def two_models() -> Document:
    """One prompt into A and, through a dot, into B; another prompt into B alone; C stands apart."""
    return document(
        {
            "both": node("prompt", text="@model here"),
            "dot": node("reroute"),
            "a": node("gen4-image"),
            "b": node("flux-2-pro"),
            "c": node("gen4-image"),
            "other": node("prompt", text="@Model there"),
            "far": node("prompt", text="@model far"),
            **{id: photograph(id) for id in ("pa", "pb", "pc")},
        },
        link("both.text", "a.prompt"),
        link("both.text", "dot.in"),
        link("dot.out", "b.prompt"),
        link("other.text", "b.prompt"),
        link("far.text", "c.prompt"),
        link("pa.image", "a.reference_images", "model"),
        link("pb.image", "b.reference_images", "MODEL"),
        link("pc.image", "c.reference_images", "model"),
    )


# --- the field -------------------------------------------------------------------------------


def test_the_field_shows_tags_in_order_then_those_that_wait() -> None:
    made = edits.set_value(product_shot(), "hero", WAITING_TAGS, ("light",))
    assert reference_tags_text(made, "hero") == "sneaker, model, studio, light"


def test_typing_gives_tags_in_order_and_keeps_the_rest_waiting() -> None:
    made = write_reference_tags(product_shot(), "hero", "@shoe，person, place; lamp、 wall")
    assert tags_by_photograph(made) == {"p0": "shoe", "p1": "person", "p2": "place"}
    assert waiting_tags(made, "hero") == ("lamp", "wall")
    assert words(made) == words(product_shot())


def test_fewer_tags_leave_the_last_photographs_without() -> None:
    made = write_reference_tags(product_shot(), "hero", "shoe")
    assert tags_by_photograph(made) == {"p0": "shoe", "p1": "", "p2": ""}
    assert reference_tags_text(made, "hero") == "shoe"


def test_typing_before_any_image_is_linked() -> None:
    made = edits.add_node(Document(), "hero", "gen4-image")
    made = write_reference_tags(made, "hero", "sneaker, model")
    assert reference_tags_text(made, "hero") == "sneaker, model"
    made = edits.add_node(made, "p", "reference-image")
    made = edits.connect(made, SHAPES, end("p.image"), HERO)
    assert tags_by_photograph(made) == {"p": "sneaker"}
    assert reference_tags_text(made, "hero") == "sneaker, model"
    emptied = write_reference_tags(made, "hero", "")
    assert WAITING_TAGS not in emptied.nodes["hero"].values


TAG = st.sampled_from(["shoe", "Model", "", "9", "a, b", "x；y", " blank ", "@at", "ｗide"])


@given(st.lists(TAG, max_size=4), st.lists(TAG.filter(bool), max_size=3))
def test_writing_what_it_shows_changes_nothing(tags: list[str], waiting: list[str]) -> None:
    made = product_shot(tags=tuple(tags))
    if waiting:
        made = edits.set_value(made, "hero", WAITING_TAGS, tuple(waiting))
    assert write_reference_tags(made, "hero", reference_tags_text(made, "hero")) is made


@given(st.text(alphabet="ab1 ,，@;", max_size=20), st.integers(0, 3))
def test_what_was_typed_settles_at_once(text: str, count: int) -> None:
    made = write_reference_tags(product_shot(tags=("",) * count), "hero", text)
    again = write_reference_tags(made, "hero", reference_tags_text(made, "hero") + " ")
    assert tags_by_photograph(again) == tags_by_photograph(made)
    assert waiting_tags(again, "hero") == waiting_tags(made, "hero")


def test_an_empty_piece_waits_for_no_image_and_capitals_are_kept() -> None:
    before = product_shot()
    made = write_reference_tags(before, "hero", "SNEAKER,, studio, , lamp")
    assert tags_by_photograph(made) == {"p0": "SNEAKER", "p1": "", "p2": "studio"}
    assert waiting_tags(made, "hero") == ("lamp",)
    assert made.links.into("hero")[-1] is before.links.into("hero")[-1]
    strange = product_shot(tags=("a, b", "model"))
    assert write_reference_tags(strange, "hero", "a, b, model") is strange


def test_a_field_of_no_node() -> None:
    made = product_shot()
    assert write_reference_tags(made, "missing", "a, b") is made
    assert reference_tags_text(made, "missing") == ""


@pytest.mark.parametrize("held", ["a, b", 5, {"a": 1}, ("ok", 5)])
def test_waiting_tags_from_a_strange_file_do_no_harm(held: object) -> None:
    made = edits.set_value(product_shot(), "hero", WAITING_TAGS, held)  # type: ignore[arg-type]
    assert waiting_tags(made, "hero") == (("ok",) if isinstance(held, tuple) else ())
    renamed = rename_tag(made, "hero", "model", "person")
    assert renamed.nodes["hero"] is made.nodes["hero"]
    typed = write_reference_tags(made, "hero", "boot, model, studio" + ", ok" * isinstance(held, tuple))
    assert tags_by_photograph(typed)["p0"] == "boot"
    assert typed.nodes["hero"] is made.nodes["hero"]


# --- renaming --------------------------------------------------------------------------------


def test_renaming_changes_link_and_words_in_one_edit() -> None:
    made = rename_tag(product_shot(), "hero", "MODEL", "person")
    assert tags_by_photograph(made) == {"p0": "sneaker", "p1": "person", "p2": "studio"}
    assert "worn by @person in @studio" in words(made)


def test_renaming_reaches_every_model_and_prompt_where_it_is_the_same_name() -> None:
    made = rename_tag(two_models(), "a", "model", "person")
    assert [tags_by_photograph(made, id) for id in "abc"] == [
        {"pa": "person"},
        {"pb": "person"},
        {"pc": "model"},
    ]
    assert [words(made, id) for id in ("both", "other", "far")] == [
        "@person here",
        "@person there",
        "@model far",
    ]


def test_renaming_in_a_model_that_does_not_use_the_tag_leaves_it() -> None:
    made = set_tag(two_models(), end("pb.image"), end("b.reference_images"), "lamp")
    made = rename_tag(made, "a", "model", "person")
    assert tags_by_photograph(made, "b") == {"pb": "lamp"}
    assert words(made, "other") == "@Model there"


@pytest.mark.parametrize(("calls", "name"), [("@model", "person"), ("a model, jo@model", "model")])
def test_a_name_spreads_through_the_prompts_that_call_it(calls: str, name: str) -> None:
    made = edits.set_value(two_models(), "other", "text", calls)
    made = edits.connect(made, SHAPES, end("other.text"), end("c.prompt"))
    made = rename_tag(made, "a", "model", "person")
    assert tags_by_photograph(made, "b") == {"pb": "person"}
    assert tags_by_photograph(made, "c") == {"pc": name}
    assert words(made, "other") == calls.replace("@model", f"@{name}")


@pytest.mark.parametrize("new", ["person", "boot", "Model"])
def test_renaming_a_tag_that_waits(new: str) -> None:
    made = write_reference_tags(product_shot(tags=("sneaker",)), "hero", "sneaker, lamp, model")
    made = rename_tag(made, "hero", "model", new)
    assert waiting_tags(made, "hero") == ("lamp", new)
    assert f"@{new}" in words(made)


def test_renaming_changes_capitals() -> None:
    made = rename_tag(product_shot(), "hero", "model", "Model")
    assert tags_by_photograph(made)["p1"] == "Model"
    assert "@Model" in words(made)


def test_a_name_that_another_image_has_is_refused() -> None:
    for before, model, called in ((product_shot(), "hero", "Hero shot"), (two_models(), "b", "b")):
        before = edits.add_node(before, "x", "reference-image")
        before = edits.connect(before, SHAPES, end("x.image"), End(model, "reference_images"))
        before = set_tag(before, end("x.image"), End(model, "reference_images"), "Person")
        with pytest.raises(BadInput) as caught:
            rename_tag(before, "hero" if model == "hero" else "a", "model", "person")
        assert caught.value.code == "tag.taken"
        assert caught.value.where.node == model
        assert caught.value.title.startswith(f"{called} already has")


@pytest.mark.parametrize("new", ["", "ab", "red shoe", "1abc", "鞋子鞋子"])
def test_a_name_that_is_no_tag_is_refused(new: str) -> None:
    with pytest.raises(BadInput) as caught:
        rename_tag(product_shot(), "hero", "model", new)
    assert caught.value.where.node == "hero"


def test_renaming_a_tag_that_is_not_there() -> None:
    made = product_shot()
    assert rename_tag(made, "hero", "lamp", "light") is made
    assert rename_tag(made, "missing", "model", "light") is made
    assert rename_tag(made, "hero", "model", "".join(("mo", "del"))) is made
    untagged = product_shot(tags=("", ""))
    assert rename_tag(untagged, "hero", "", "light") is untagged


@given(st.data())
def test_each_tag_stands_with_its_own_photograph(data: st.DataObject) -> None:
    """Reordering, removing, renaming, adding: what a photograph is called changes only by renaming it."""
    made = product_shot(tags=("sneaker", "model", "studio", "lamp"))
    meant = tags_by_photograph(made)
    for step in range(data.draw(st.integers(1, 12))):
        here = [one.source for one in made.links.into("hero", "reference_images")]
        what = data.draw(st.sampled_from(["order", "place", "remove", "rename", "add", "cut"]))
        if what == "order":
            made = edits.reorder_links(
                made, "hero", "reference_images", data.draw(st.permutations(range(len(here))))
            )
        elif what == "add":
            made = edits.add_node(made, f"new{step}", "reference-image")
            made = edits.connect(
                made, SHAPES, End(f"new{step}", "image"), HERO, place=data.draw(st.integers(0, 3))
            )
            meant[f"new{step}"] = ""
        elif here:
            one = data.draw(st.sampled_from(here))
            if what == "place":
                made = edits.move_link(made, one, HERO, data.draw(st.integers(0, 4)))
            elif what == "remove":
                made = edits.remove_nodes(made, [one.node])
                del meant[one.node]
            elif what == "cut":
                made = edits.disconnect(made, one, HERO)
                del meant[one.node]
            elif meant[one.node]:
                made = rename_tag(made, "hero", meant[one.node], f"tag{step}")
                meant[one.node] = f"tag{step}"
        assert tags_by_photograph(made) == meant
        called = words(made)
        for photograph_id, original in {"p0": "sneaker", "p1": "model", "p2": "studio"}.items():
            assert f"@{meant.get(photograph_id, '')}" in called or (
                photograph_id not in meant and original not in meant.values()
            )


# --- one chip --------------------------------------------------------------------------------


def test_a_first_tag_and_none_at_all_change_here_alone() -> None:
    made = retag(product_shot(tags=("", "model")), P0, HERO, "sneaker")
    assert tags_by_photograph(made)["p0"] == "sneaker"
    emptied = retag(made, P0, HERO, "")
    assert tags_by_photograph(emptied)["p0"] == ""
    assert words(emptied) == words(made)


def test_one_of_two_that_are_the_same_changes_alone() -> None:
    made = retag(product_shot(tags=("model", "Model")), P0, HERO, "sneaker")
    assert tags_by_photograph(made) == {"p0": "sneaker", "p1": "Model"}
    assert "@model" in words(made)


def test_one_of_several_without_a_tag_gets_its_own() -> None:
    made = retag(product_shot("Light @ night", ("", "")), P0, HERO, "sneaker")
    assert tags_by_photograph(made) == {"p0": "sneaker", "p1": ""}
    assert words(retag(product_shot("Light @ night", ("",)), P0, HERO, "sneaker")) == "Light @ night"
    for tags in (("", ""), ("model", "model"), ("a-b", "a-b")):
        with pytest.raises(BadInput):
            retag(product_shot(tags=tags), P0, HERO, "red shoe")


def test_a_photograph_that_is_not_linked_has_no_tag_to_change() -> None:
    made = product_shot()
    assert retag(made, end("p9.image"), HERO, "sneaker") is made
    assert mend_tag(made, end("p9.image"), HERO, "sneaker") is made
    assert retag(made, P0, HERO, "sneaker") is made
    strange = product_shot(tags=("red-shoe",))
    assert retag(strange, P0, HERO, "-".join(("red", "shoe"))) is strange


def test_a_good_tag_is_renamed_in_the_words_too() -> None:
    made = retag(product_shot(), P0, HERO, "boot")
    assert "photo of @boot worn" in words(made)
    with pytest.raises(BadInput):
        retag(product_shot(), P0, HERO, "model")
    with pytest.raises(BadInput):
        retag(product_shot(), P0, HERO, "a b")
    with pytest.raises(BadInput):
        retag(product_shot(tags=("",)), P0, HERO, "a b")


def test_a_tag_that_could_not_be_used_is_mended_where_it_was_written() -> None:
    made = product_shot("A @red-shoe and ＠red-shoe, @red", ("red-shoe",))
    mended = mend_tag(made, P0, HERO, "redshoe")
    assert tags_by_photograph(mended) == {"p0": "redshoe"}
    assert words(mended) == "A @redshoe and ＠redshoe, @red"
    assert mend_tag(mended, P0, HERO, "redshoe") is mended
    assert retag(made, P0, HERO, "redshoe") == mended
    usable = mend_tag(product_shot(), P0, HERO, "boot")
    assert tags_by_photograph(usable)["p0"] == "boot"
    assert words(usable) == words(product_shot())


@pytest.mark.parametrize("held", [{}, {"text": 5}])
def test_a_prompt_that_holds_no_words_is_given_none(held: dict[str, int]) -> None:
    made = product_shot(tags=("model", "red-shoe"))
    made = edits.change_node(made, "words", values=held)
    assert rename_tag(made, "hero", "model", "person").nodes["words"] is made.nodes["words"]
    mended = mend_tag(made, end("p1.image"), HERO, "redshoe")
    assert tags_by_photograph(mended)["p1"] == "redshoe"
    assert mended.nodes["words"] is made.nodes["words"]


def test_fit_lives_on_the_link() -> None:
    made = set_fit(product_shot(), P0, HERO, Fit(mode="pad", color="#000000"))
    assert made.links.into("hero", "reference_images")[0].fit.color == "#000000"
    assert made.nodes is not None
    assert set_fit(made, P0, HERO, Fit(mode="pad", color="#000000")) is made


# --- reach -----------------------------------------------------------------------------------


def test_words_reach_through_dots_and_through_nothing_else() -> None:
    made = two_models()
    assert prompts_reaching(made, "b") == ("other", "both")
    assert prompts_reaching(made, "c") == ("far",)
    assert models_reached(made, "both") == ("a", "b")
    assert prompt_source(made, "a") == "both"
    assert prompt_source(made, "pa") is None


def test_a_circle_of_dots_ends() -> None:
    made = document(
        {"d": node("reroute"), "e": node("reroute"), "m": node("gen4-image"), "w": node("prompt", text="x")},
        link("d.out", "e.in"),
        link("e.out", "d.in"),
        link("w.text", "d.in"),
        link("e.out", "m.prompt"),
    )
    assert prompts_reaching(made, "m") == ("w",)
    assert models_reached(made, "w") == ("m",)


def test_a_chain_of_dots_needs_no_recursion() -> None:
    count = 5000
    nodes = {"w": node("prompt", text="@model"), "m": node("gen4-image"), "p": photograph("p")}
    nodes |= {f"d{i}": node("reroute") for i in range(count)}
    made = document(
        nodes,
        link("w.text", "d0.in"),
        *(link(f"d{i}.out", f"d{i + 1}.in") for i in range(count - 1)),
        link(f"d{count - 1}.out", "m.prompt"),
        link("p.image", "m.reference_images", "model"),
    )
    assert prompt_source(made, "m") == "w"
    assert words(rename_tag(made, "m", "model", "person"), "w") == "@person"


def test_colours_follow_the_order_of_references() -> None:
    made = write_reference_tags(
        product_shot(tags=("Sneaker", "", "sneaker")), "hero", "Sneaker,,sneaker,lamp"
    )
    assert tag_slots(made, "hero") == {"sneaker": 0, "lamp": 3}
