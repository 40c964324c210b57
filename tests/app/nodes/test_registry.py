"""Declarations of node kinds: ids for ever, and nothing that the program or a person needs left out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.basics.faults import Bug
from app.catalogue.reader import read_cards
from app.document.sockets import Shape, Socket, SocketType
from app.nodes.declare import Family, NodeKind
from app.nodes.kinds import note, preview, prompt
from app.nodes.registry import build_kinds, check, kind_of, shapes_of

CARDS = read_cards()
KINDS = build_kinds(CARDS)


def test_the_ids_that_stand_in_files_for_ever() -> None:
    assert {"gen4-image", "gen4-image-turbo"} <= CARDS.keys()
    sockets = {
        id: ([one.id for one in kind.shape.inputs], [one.id for one in kind.shape.outputs])
        for id, kind in KINDS.items()
    }
    assert sockets == {
        "prompt": ([], ["text"]),
        "reference-image": ([], ["image"]),
        **{id: (["prompt", "reference_images"], ["image"]) for id in CARDS},
        "preview": (["image"], ["image"]),
        "compare": (["images"], []),
        "save-image": (["image"], []),
        "note": ([], []),
        "table": ([], []),
        "reroute": (["in"], ["out"]),
    }


def test_kinds_stand_in_the_order_of_the_palette() -> None:
    families = [kind.family for kind in KINDS.values()]
    assert families == sorted(families, key=list(Family).index)
    assert {kind.family for kind in KINDS.values()} == set(Family)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_documented_and_can_be_found(kind: NodeKind) -> None:
    assert kind.title
    assert len(kind.help) > 20
    assert kind.words
    assert all(one.help for one in kind.parameters)
    assert all(one.help for one in (*kind.shape.inputs, *kind.shape.outputs))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_defaults_are_values_of_its_own_parameters(kind: NodeKind) -> None:
    known = {one.id: one for one in kind.parameters}
    for name, value in kind.defaults.items():
        if name == "sha256":  # a memory of the file, not something to set
            continue
        assert known[name].default == value


def test_prompts_are_yellow_and_images_green() -> None:
    for kind in KINDS.values():
        for one in (*kind.shape.inputs, *kind.shape.outputs):
            wanted = SocketType.PROMPT if one.id in ("prompt", "text") else SocketType.IMAGE
            assert one.type is (SocketType.ANY if kind.id == "reroute" else wanted)


def test_a_card_becomes_a_kind() -> None:
    kind = kind_of(CARDS["gen4-image"])
    assert kind.card is CARDS["gen4-image"]
    assert kind.family is Family.MODELS
    assert dict(kind.defaults) == {"aspect_ratio": "16:9", "resolution": "1080p"}
    assert kind.runs
    assert not kind.end
    prompt_socket, references = kind.shape.inputs
    assert (prompt_socket.required, prompt_socket.most) == (True, 1)
    assert (references.required, references.most, references.tagged) == (False, 3, True)


def test_ends_and_what_never_runs() -> None:
    assert {id for id, kind in KINDS.items() if kind.end} == {"preview", "compare", "save-image"}
    assert {id for id, kind in KINDS.items() if not kind.runs} == {"note", "table"}


def test_shapes_are_those_of_the_kinds() -> None:
    assert shapes_of(KINDS) == {id: kind.shape for id, kind in KINDS.items()}


def test_two_kinds_may_not_share_an_id() -> None:
    card = replace(CARDS["gen4-image"], id="note")
    with pytest.raises(Bug, match="share the id note"):
        build_kinds({"note": card})


SILENT = Socket(id="image", title="Image", type=SocketType.IMAGE)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (replace(note.KIND, help=""), "no help"),
        (replace(note.KIND, id="memo"), "shape names another kind"),
        (replace(note.KIND, parameters=(replace(note.KIND.parameters[0], help=""),)), "parameter text"),
        (replace(note.KIND, shape=Shape(kind="note", title="", inputs=(SILENT,))), "socket image"),
        (replace(note.KIND, shape=Shape(kind="note", title="", outputs=(SILENT,))), "socket image"),
        (replace(preview.KIND, card=CARDS["gen4-image"]), "two ways to run"),
        (replace(prompt.KIND, help="", id="x"), "names another kind; it has no help"),
    ],
)
def test_a_wrong_declaration_is_refused_at_start(kind: NodeKind, words: str) -> None:
    with pytest.raises(Bug, match=words) as caught:
        check(kind)
    assert kind.id in caught.value.title
    assert caught.value.advice
