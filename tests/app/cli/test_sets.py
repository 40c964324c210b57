"""`--set NODE.PARAM=VALUE`: another value for this run."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.basics.faults import BadInput
from app.catalogue.reader import read_cards
from app.cli.sets import apply
from app.document import edits
from app.document.values import Document, Value
from app.nodes.registry import build_kinds
from tests.app.document.samples import product_shot, tags_by_photograph

KINDS = build_kinds(read_cards())


def after(*sets: str, of: Document | None = None) -> Document:
    return apply(of or product_shot(), KINDS, sets, lambda path: None)


@pytest.mark.parametrize(
    ("text", "node", "parameter", "value"),
    [
        ("hero.seed=7", "hero", "seed", 7),
        ("hero.seed=", "hero", "seed", None),
        ("hero.seed=-1", "hero", "seed", -1),
        ("hero.aspect_ratio=21:9", "hero", "aspect_ratio", "21:9"),
        ("hero.vendor=runway", "hero", "vendor", "runway"),
        ("hero.content_moderation=low", "hero", "content_moderation", "low"),
        ('words.text=a = b, "c" ＠杯', "words", "text", 'a = b, "c" ＠杯'),
        ("words.text=", "words", "text", ""),
        ("keep.name={node}-{n}", "keep", "name", "{node}-{n}"),
        ("hero.seed={seed}", "hero", "seed", "{seed}"),
        ("p0.file=photos/{sku}.png", "p0", "file", "photos/{sku}.png"),
    ],
)
def test_a_value_is_set(text: str, node: str, parameter: str, value: Value) -> None:
    assert after(text).nodes[node].values[parameter] == value


def test_nothing_else_changes_and_the_last_one_wins() -> None:
    before = product_shot()
    found = after("hero.seed=7", "hero.seed=8", of=before)
    assert found == edits.set_value(before, "hero", "seed", 8)
    assert after(of=before) is before


def test_tags_are_written_as_in_the_field() -> None:
    found = after("hero.reference_tags=shoe, person，room")
    assert tags_by_photograph(found) == {"p0": "shoe", "p1": "person", "p2": "room"}


def test_a_photograph_is_named_from_where_one_stands_and_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trusted: list[Path] = []
    found = apply(product_shot(), KINDS, ["p0.file=cup.png"], trusted.append)
    assert found.nodes["p0"].values["file"] == str(tmp_path / "cup.png")
    assert trusted == [tmp_path / "cup.png"]


def test_a_node_whose_name_has_a_dot() -> None:
    of = edits.add_node(product_shot(), "v1.2", "gen4-image", {}, (0, 0))
    assert after("v1.2.seed=7", of=of).nodes["v1.2"].values["seed"] == 7


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("hero", "cli.set", "hero"),
        ("hero=7", "cli.set", "NODE.PARAM=VALUE"),
        ("hero.=7", "cli.set", "hero.=7"),
        (".seed=7", "cli.set", ".seed=7"),
        ("=7", "cli.set", "=7"),
        ("", "cli.set", "NODE.PARAM=VALUE"),
        ("boss.seed=7", "cli.set-node", "'boss'"),
        ("hero.sed=7", "cli.set-parameter", "'sed'"),
        ("words.seed=7", "cli.set-parameter", "'seed'"),
        ("p0.sha256=abc", "cli.set-parameter", "'sha256'"),
        ("hero.seed=seven", "cli.set-number", "'seven'"),
        ("hero.seed=7.5", "cli.set-number", "'7.5'"),
        ("hero.seed=" + "9" * 6000, "cli.set-number", "hero"),
    ],
)
def test_what_cannot_be_set_names_node_and_field(text: str, code: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        after(text)
    assert caught.value.code == code
    assert said in caught.value.title
    assert caught.value.advice
    if code not in ("cli.set",):
        assert caught.value.where.node == text.split(".")[0]
        assert caught.value.where.parameter == text.split(".")[1].split("=")[0]


def test_the_advice_names_what_there_is() -> None:
    with pytest.raises(BadInput) as node:
        after("boss.seed=7")
    assert "hero" in node.value.advice
    with pytest.raises(BadInput) as parameter:
        after("hero.sed=7")
    assert "aspect_ratio, resolution, seed" in parameter.value.advice
