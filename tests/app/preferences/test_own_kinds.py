"""The artist's own defaults: new nodes begin with them, across sessions, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.catalogue.reader import read_cards
from app.nodes.registry import build_kinds
from app.preferences.declared import KIND_DEFAULTS
from app.preferences.options import Options
from app.preferences.own_kinds import OwnKinds, forget, has_own, keep, may_be_kept

PLAIN = build_kinds(read_cards())
GEN4 = PLAIN["gen4-image"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "options.json"


def test_what_is_kept_is_what_the_next_node_begins_with(file: Path) -> None:
    options = Options(file)
    kinds = OwnKinds(PLAIN, options)
    assert dict(kinds) == dict(PLAIN)
    keep(options, GEN4, {"resolution": "720p", "seed": 7, "waiting_tags": ("a",), "file": "x"})
    assert dict(kinds["gen4-image"].defaults) == {**GEN4.defaults, "resolution": "720p", "seed": 7}
    assert kinds["prompt"] is PLAIN["prompt"]
    assert has_own(options, "gen4-image")
    again = Options(file)
    assert OwnKinds(PLAIN, again)["gen4-image"].defaults["resolution"] == "720p"
    forget(again, "gen4-image")
    assert not has_own(again, "gen4-image")
    assert OwnKinds(PLAIN, Options(file))["gen4-image"].defaults == GEN4.defaults


def test_keeping_again_replaces_and_forgetting_is_heard(file: Path) -> None:
    options = Options(file)
    kinds = OwnKinds(PLAIN, options)
    keep(options, GEN4, {"resolution": "720p"})
    keep(options, GEN4, {"aspect_ratio": "1:1"})
    assert kinds["gen4-image"].defaults["resolution"] == "1080p"
    assert kinds["gen4-image"].defaults["aspect_ratio"] == "1:1"
    keep(options, PLAIN["prompt"], {"text": "Professional product photo of "})
    forget(options, "gen4-image")
    forget(options, "nobody")
    assert kinds["gen4-image"] is GEN4
    assert kinds["prompt"].defaults["text"] == "Professional product photo of "


@pytest.mark.parametrize(
    "bad",
    [
        {"gen4-image": {"resolution": "8K", "seed": "x", "aspect_ratio": 3}},
        {"gen4-image": {"seed": -1}},
        {"gen4-image": {"seed": True}},
        {"kind-of-tomorrow": {"a": 1}},
        {"gen4-image": "720p"},
        ["gen4-image"],
        {"gen4-image": {"file": "/etc/passwd", "nobody": [1, {"x": None}]}},
    ],
)
def test_what_does_not_fit_is_left_out(file: Path, bad: object) -> None:
    file.write_text(json.dumps({KIND_DEFAULTS.id: bad}))
    kinds = OwnKinds(PLAIN, Options(file))
    assert dict(kinds["gen4-image"].defaults) == dict(GEN4.defaults)
    assert list(kinds) == list(PLAIN)


def test_tags_and_photographs_are_never_defaults() -> None:
    assert "reference_tags" not in {one.id for one in may_be_kept(GEN4)}
    assert may_be_kept(PLAIN["reference-image"]) == ()
