"""The canvas equals the document, after every edit, undo and redo."""

from __future__ import annotations

import random
from types import MappingProxyType
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from app.document import edits
from app.document.edits import connect
from app.document.gestures import delete_and_heal, duplicate
from app.document.joining import refusal
from app.document.reach import links_given
from app.document.tag_edits import set_tag
from app.document.values import BLANK, Document, End, Frame, Link, Links, Node, Spot
from tests.widgets.canvas.world import KINDS, SHAPES, Canvas, canvas, example, node


def expected(document: Document) -> dict[str, Any]:
    """What the canvas must show, from the document alone."""
    links = sorted(f"{link.source} {link.target}" for link in document.links)
    return {
        "nodes": {id: (one.kind, *_spot(document, id), one.collapsed) for id, one in document.nodes.items()},
        "titles": {id: _title(one) for id, one in document.nodes.items()},
        "tags": {id: _tags(document, id, one) for id, one in document.nodes.items()},
        "links": links,
        "ports": links,
        "frames": {id: frame.rect for id, frame in document.frames.items()},
    }


def _spot(document: Document, id: str) -> tuple[float, float, float | None]:
    spot = document.layout.get(id, Spot(0.0, 0.0))
    return spot.x, spot.y, spot.width


def _title(one: Node) -> str:
    if one.title:
        return one.title
    if one.kind == "reference-image" and one.values.get("file"):
        return str(one.values["file"]).rpartition("/")[2]
    return KINDS[one.kind].title if one.kind in KINDS else one.kind


def _tags(document: Document, id: str, one: Node) -> tuple[str, ...]:
    if one.kind != "reference-image":
        return ()
    return tuple(dict.fromkeys(link.tag for link in links_given(document, id) if link.tag))


def some_edit(chance: random.Random, document: Document) -> Document:
    """One random change, of any kind that hands can make."""
    ids = list(document.nodes)
    one = chance.choice(ids) if ids else ""
    where = (float(chance.randrange(-900, 900)), float(chance.randrange(-900, 900)))
    match chance.randrange(14) if ids else 0:
        case 0 | 1:
            kind = chance.choice([*KINDS, "video-loom"])
            return edits.add_node(document, f"n{chance.randrange(10**9)}", kind, {}, where)
        case 2 | 3 | 4:
            return _random_link(chance, document, ids)
        case 5:
            return edits.move(document, {id: where for id in chance.sample(ids, min(3, len(ids)))})
        case 6:
            return edits.remove_nodes(document, [one])
        case 7:
            return delete_and_heal(document, SHAPES, [one])
        case 8:
            return duplicate(document, chance.sample(ids, min(3, len(ids))), with_inputs=True).document
        case 9:
            return edits.set_title(document, one, chance.choice(["", "Hero", "重要", "a" * 60]))
        case 10:
            return edits.set_collapsed(document, [one], chance.random() < 0.5)
        case 11:
            return edits.set_width(document, one, chance.choice([None, 200.0, 333.0]))
        case 12:
            return _random_frame(chance, document, where)
        case _:
            return _random_tag(chance, document)


def _random_link(chance: random.Random, document: Document, ids: list[str]) -> Document:
    giver, taker = chance.choice(ids), chance.choice(ids)
    shapes = SHAPES.get(document.nodes[giver].kind), SHAPES.get(document.nodes[taker].kind)
    if shapes[0] is None or shapes[1] is None or not shapes[0].outputs or not shapes[1].inputs:
        return document
    source = End(giver, chance.choice(shapes[0].outputs).id)
    target = End(taker, chance.choice(shapes[1].inputs).id)
    if refusal(document, SHAPES, source, target) is not None:
        return document
    return connect(document, SHAPES, source, target)


def _random_frame(chance: random.Random, document: Document, where: tuple[float, float]) -> Document:
    if document.frames and chance.random() < 0.4:
        return edits.remove_frames(document, [chance.choice(list(document.frames))])
    frame = Frame(title="Frame", rect=(*where, float(chance.randrange(90, 400)), 200.0))
    return edits.add_frame(document, f"f{chance.randrange(10**9)}", frame)


def _random_tag(chance: random.Random, document: Document) -> Document:
    if not len(document.links):
        return document
    link = chance.choice(list(document.links))
    if chance.random() < 0.3:
        return edits.disconnect(document, link.source, link.target)
    if link.target.socket != "reference_images":
        return document
    return set_tag(document, link.source, link.target, chance.choice(["shoe", "model", "studio", "red2"]))


@pytest.mark.parametrize("seed", range(6))
def test_a_hundred_random_edits_and_their_undo(qapp: QApplication, seed: int) -> None:
    chance = random.Random(seed)
    with canvas(qapp, example(), size=(700, 500)) as made:
        done = 0
        while done < 100:
            before = made.document
            if chance.random() < 0.5:
                made.view.select(chance.sample(list(before.nodes), len(before.nodes) // 2))
            done += made.editor.commit("edit", lambda document: some_edit(chance, document))
            assert made.view.mirror.described() == expected(made.document)
        start = made.document
        for _ in range(100):
            made.editor.undo()
            assert made.view.mirror.described() == expected(made.document)
        assert made.document == example()
        for _ in range(100):
            made.editor.redo()
        assert made.document == start
        assert made.view.mirror.described() == expected(start)
        made.editor.jump(chance.randrange(100))
        assert made.view.mirror.described() == expected(made.document)


def test_another_document_replaces_everything(shown: Canvas) -> None:
    shown.editor.replace(BLANK)
    assert shown.view.mirror.described() == expected(BLANK)
    assert not shown.view.stage.graph.model.nodes
    shown.editor.replace(example())
    assert shown.view.mirror.described() == expected(example())
    assert len(shown.view.stage.graph.all_nodes()) == 7


def test_nodegraphqt_knows_the_same_graph_and_keeps_no_undo(shown: Canvas) -> None:
    graph = shown.view.stage.graph
    hero = graph.get_node_by_id("hero")
    assert [port.name() for port in hero.input_ports()] == ["prompt", "reference_images"]
    feeding = [port.node().id for port in hero.inputs()["reference_images"].connected_ports()]
    assert feeding == ["shoe", "ana", "wall"]
    shown.editor.commit("gone", lambda document: edits.remove_nodes(document, ["ana"]))
    assert graph.get_node_by_id("ana") is None
    feeding = [port.node().id for port in hero.inputs()["reference_images"].connected_ports()]
    assert feeding == ["shoe", "wall"]
    assert graph.undo_stack().count() == 0


def test_an_unknown_kind_is_kept_with_its_links(qapp: QApplication) -> None:
    document = Document(
        nodes=MappingProxyType({"loom": Node(kind="video-loom"), "shoe": node("reference-image")}),
        links=Links((Link(source=End("shoe", "image"), target=End("loom", "frames")),)),
    )
    with canvas(qapp, document) as made:
        assert made.view.mirror.described() == expected(document)
        item = made.view.stage.graph.item("loom")
        assert item is not None
        assert item.face.pill == "unknown kind"


def test_a_node_that_comes_back_as_another_kind_keeps_its_links(shown: Canvas) -> None:
    def other(document: Document) -> Document:
        preview = node("preview")
        return replace(document, nodes=MappingProxyType({**document.nodes, "save": preview}))

    shown.editor.commit("swap", other)
    assert shown.view.mirror.described() == expected(shown.document)
    shown.editor.undo()
    assert shown.view.mirror.described() == expected(shown.document)


def big(count: int) -> Document:
    """`count` nodes: models with a prompt and two photographs each, joined in rows."""
    nodes: dict[str, Node] = {}
    links: list[Link] = []
    layout: dict[str, Spot] = {}
    for row in range(count // 4):
        x, y = (row % 20) * 700.0, (row // 20) * 500.0
        for name, kind, left, down in (
            ("p", "prompt", 0.0, 0.0), ("a", "reference-image", 0.0, 150.0),
            ("b", "reference-image", 0.0, 300.0), ("m", "gen4-image", 340.0, 40.0),
        ):  # fmt: skip
            nodes[f"{name}{row}"] = node(kind)
            layout[f"{name}{row}"] = Spot(x + left, y + down)
        model = f"m{row}"
        links += [
            Link(source=End(f"p{row}", "text"), target=End(model, "prompt")),
            Link(source=End(f"a{row}", "image"), target=End(model, "reference_images"), tag="one"),
            Link(source=End(f"b{row}", "image"), target=End(model, "reference_images"), tag="two"),
        ]
    return Document(nodes=MappingProxyType(nodes), links=Links(tuple(links)), layout=MappingProxyType(layout))


def test_a_thousand_nodes_open_pan_zoom_and_go(qapp: QApplication) -> None:
    document = big(1000)
    with canvas(qapp, document) as made:
        assert made.view.mirror.described() == expected(document)
        scene = made.view.viewer.canvas.sceneRect()
        assert scene.contains(made.view.stage.bounds())
        assert scene.width() < made.view.stage.bounds().width() + 2000
        made.view.fit()
        assert made.view.zoom() < 0.2
        made.view.grab_image()
        for step in range(20):
            made.view.viewer.pan_by(40, 25)
            made.view.zoom_in() if step % 2 else made.view.zoom_out()
        made.view.grab_image()
        made.view.select_all()
        assert len(made.view.selected()) == 1000
        made.view.handling.operations.delete()
        assert made.view.mirror.described() == expected(BLANK)
        made.editor.undo()
        assert made.view.mirror.described() == expected(document)
