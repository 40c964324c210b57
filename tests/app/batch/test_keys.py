"""A row is the same row wherever it stands in the table, and keeps its seeds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.batch.keys import drawn, keyed, seeded
from tests.app.batch.tables import KINDS, linked, node, row

USED = ("photo", "words")


def keys(rows: list[dict[str, str]]) -> list[str]:
    return [key for key, _ in keyed((row(n, **cells) for n, cells in enumerate(rows, 2)), USED)]


def test_only_used_columns_and_no_place_make_a_key() -> None:
    rows = [
        {"photo": "a", "words": "x", "price": "1"},
        {"photo": "b", "words": "x", "price": "2"},
        {"photo": "a", "words": "x", "price": "3"},
        {"photo": "a", "words": "x", "price": "4"},
    ]
    first, other, second, third = keys(rows)
    assert second == f"{first}-2"
    assert third == f"{first}-3"
    assert len(first) == len(other) == 16
    assert keys([{"photo": "b", "words": "x"}, {"words": "x", "photo": "a", "price": "9"}]) == [other, first]
    assert keys([{"photo": "a", "words": "y"}]) != [first]
    assert keys([{"photo": "ax", "words": ""}]) != keys([{"photo": "a", "words": "x"}])


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.randoms())
def test_sorting_calls_the_same_rows_the_same(photos: list[str], random: object) -> None:
    rows = [{"photo": one, "words": ""} for one in photos]
    mixed = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert sorted(keys(rows)) == sorted(keys(mixed))
    assert len(set(keys(rows))) == len(rows)


def test_empty_seeds_are_drawn_once_for_all_time() -> None:
    made = linked(
        {
            "open": node("gen4-image"),
            "none": node("gen4-image", seed=None),
            "fixed": node("gen4-image", seed=7),
            "flux": node("flux-2-pro", seed=None),
            "seedless": node("seedream-4.5"),
            "words": node("prompt", text="x"),
        }
    )
    after = seeded(made, KINDS, "salt", "key").nodes
    assert after["open"].values["seed"] == drawn("salt", "key", "open") == 739584441, (
        "of batches that run already"
    )
    assert after["none"].values["seed"] == drawn("salt", "key", "none")
    assert after["flux"].values["seed"] == drawn("salt", "key", "flux")
    for id in ("fixed", "seedless", "words"):
        assert after[id] is made.nodes[id]
    assert seeded(seeded(made, KINDS, "salt", "key"), KINDS, "other", "key") == seeded(
        made, KINDS, "salt", "key"
    )


@given(st.text(), st.text(), st.text())
def test_a_seed_has_31_bits_and_depends_on_everything(salt: str, key: str, id: str) -> None:
    assert 0 <= drawn(salt, key, id) < 2**31
    assert drawn(salt, key, id) == drawn(salt, key, id)
    assert len({drawn(salt, key, id), drawn(salt + "x", key, id), drawn(salt, key + "x", id)}) == 3
