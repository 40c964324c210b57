"""Several nodes looked at as one."""

from __future__ import annotations

import time

from app.document.alike import MIXED, by_kind, shared
from app.document.edits import add_node, set_value_of_many
from app.document.values import BLANK, Document, Node, Value


def value_of(node: Node, parameter: str) -> Value:
    return node.values.get(parameter)


def nodes(*values: Value) -> Document:
    document = BLANK
    for number, value in enumerate(values):
        document = add_node(document, f"n{number}", "note", {"a": value})
    return document


def test_only_what_all_have_is_shared() -> None:
    assert shared(nodes("x", "x"), ["n0", "n1"], "a", value_of) == "x"
    assert shared(nodes("x", "y"), ["n0", "n1"], "a", value_of) is MIXED
    assert shared(nodes("x", None), ["n0", "n1"], "a", value_of) is MIXED
    assert shared(nodes("x", "y"), ["n0", "gone"], "a", value_of) == "x"
    assert shared(BLANK, ["gone"], "a", value_of) is None


def test_a_number_a_fraction_and_a_yes_are_three_values() -> None:
    assert shared(nodes(1, 1.0), ["n0", "n1"], "a", value_of) is MIXED
    assert shared(nodes(1, True), ["n0", "n1"], "a", value_of) is MIXED


def test_kinds_are_counted_the_largest_first() -> None:
    document = add_node(nodes("a", "b"), "p", "prompt")
    assert dict(by_kind(document, ["p", "n1", "n0", "gone"])) == {"note": ("n1", "n0"), "prompt": ("p",)}
    assert list(by_kind(document, ["p", "n1", "n0"])) == ["note", "prompt"]


def test_one_value_for_many_shares_what_has_it_already() -> None:
    before = nodes("x", "y", "z")
    after = set_value_of_many(before, ["n0", "n1", "gone"], "a", "x")
    assert [node.values["a"] for node in after.nodes.values()] == ["x", "x", "z"]
    assert after.nodes["n0"] is before.nodes["n0"]
    assert set_value_of_many(after, ["n0", "n1"], "a", "x") is after
    assert set_value_of_many(nodes(1), ["n0"], "a", True).nodes["n0"].values["a"] is True


def test_five_thousand_nodes_are_set_at_once() -> None:
    document = Document(nodes={f"n{number}": Node(kind="note") for number in range(5000)})
    began = time.perf_counter()
    after = set_value_of_many(document, tuple(document.nodes), "a", "x")
    assert time.perf_counter() - began < 0.5
    assert shared(after, tuple(after.nodes), "a", value_of) == "x"
