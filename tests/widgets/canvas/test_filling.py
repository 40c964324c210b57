"""A large document comes on the canvas in slices, and whatever is done meanwhile, the canvas shows it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from types import MappingProxyType

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document import edits
from app.document.editor import Editor
from app.document.values import BLANK, Document, End, Frame, Link, Links, Spot
from tests.widgets.canvas.world import KINDS, SHAPES, Canvas, canvas, example, node
from widgets.canvas import filling, mirror
from widgets.canvas.graph_view import GraphView
from widgets.canvas.pictures import PictureShelf
from widgets.theme import Themes

MODELS = 120


def large() -> Document:
    """Five nodes and four links for each model, all in one frame."""
    nodes, links, layout = {}, [], {}
    for number in range(MODELS):
        x, y = (number % 12) * 1200.0, (number // 12) * 700.0
        unit = {
            f"w{number}": (node("prompt", text=f"Shoe {number} of @a"), (x, y)),
            f"r{number}": (node("reference-image"), (x, y + 200)),
            f"m{number}": (node("gen4-image", seed=number), (x + 450, y)),
            f"d{number}": (node("preview"), (x + 800, y)),
            f"s{number}": (node("save-image", name="{node}"), (x + 800, y + 200)),
        }
        for id, (made, spot) in unit.items():
            nodes[id], layout[id] = made, Spot(*spot)
        links += [
            Link(source=End(f"w{number}", "text"), target=End(f"m{number}", "prompt")),
            Link(source=End(f"r{number}", "image"), target=End(f"m{number}", "reference_images"), tag="a"),
            Link(source=End(f"m{number}", "image"), target=End(f"d{number}", "image")),
            Link(source=End(f"m{number}", "image"), target=End(f"s{number}", "image")),
        ]
    return Document(
        nodes=MappingProxyType(nodes),
        links=Links(tuple(links)),
        layout=MappingProxyType(layout),
        frames=MappingProxyType({"all": Frame(title="All", rect=(-50.0, -50.0, 15_000.0, 8_000.0))}),
    )


@pytest.fixture
def made(qapp: QApplication) -> Iterator[Canvas]:
    with canvas(qapp, example()) as one:
        yield one


@pytest.fixture
def begun(made: Canvas, monkeypatch: pytest.MonkeyPatch) -> Canvas:
    """The large document is on its way: a slice is one card."""
    monkeypatch.setattr(filling, "SLICE_S", 0.0)
    made.editor.replace(large())
    return made


def there(made: Canvas) -> int:
    return len(made.view.stage.graph.cards)


def slices(made: Canvas, count: int) -> None:
    """Lets about so many more cards come."""
    wanted = there(made) + count
    while there(made) < wanted and made.view.mirror.filling.at_work:
        QApplication.processEvents()


def caught_up(made: Canvas) -> None:
    while made.view.mirror.filling.at_work:
        QApplication.processEvents()


def shown_at_once(
    qapp: QApplication, document: Document, monkeypatch: pytest.MonkeyPatch
) -> dict[str, object]:
    """What a canvas shows to which the document was given whole."""
    with monkeypatch.context() as patch:
        patch.setattr(mirror, "LARGE", 1_000_000)
        with canvas(qapp, document) as other:
            return other.view.mirror.described()


def test_it_comes_by_and_by_and_is_all_there_in_the_end(
    qapp: QApplication, begun: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(begun.document.nodes)
    assert there(begun) <= 2
    assert begun.view.bar.isVisible()
    slices(begun, 40)
    assert 40 <= there(begun) < whole
    assert begun.view.mirror.document is begun.document, "the document is the whole one all the time"
    assert begun.view.bar.accessibleName().endswith(f" of {whole} cards are there")
    caught_up(begun)
    assert there(begun) == whole
    assert not begun.view.bar.isVisible()
    assert begun.view.mirror.described() == shown_at_once(qapp, begun.document, monkeypatch)


def test_the_whole_is_in_view_from_the_first_moment(begun: Canvas) -> None:
    seen = begun.view.viewer.seen()
    caught_up(begun)
    assert seen.contains(begun.view.stage.bounds())


def test_a_small_document_is_there_at_once(made: Canvas) -> None:
    made.editor.replace(example())
    assert there(made) == len(made.document.nodes)
    assert not made.view.bar.isVisible()


EDITS: dict[str, Callable[[Document, int], Document]] = {
    "value": lambda one, n: (
        edits.set_value(one, f"w{n}", "text", f"Boot {n}") if f"w{n}" in one.nodes else one
    ),
    "delete": lambda one, n: edits.remove_nodes(one, [id for id in (f"m{n}", f"r{n}") if id in one.nodes]),
    "move": lambda one, n: edits.move(one, {f"s{n}": (5.0, 6.0)}) if f"s{n}" in one.nodes else one,
    "add": lambda one, n: (
        edits.add_node(one, f"x{n}", "note", {"text": "x"}, (n, n)) if f"x{n}" not in one.nodes else one
    ),
    "unlink": lambda one, n: replace(
        one, links=Links(tuple(link for link in one.links if link.target.node != f"d{n}"))
    ),
}


@pytest.mark.parametrize("seed", range(4))
def test_edits_undo_and_redo_meanwhile_break_nothing(
    qapp: QApplication, begun: Canvas, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = random.Random(seed)
    for _ in range(40):
        slices(begun, draw.randrange(8))
        doing = draw.choice((*EDITS, "undo", "redo"))
        if doing in EDITS:
            number = draw.randrange(MODELS)
            begun.editor.commit(doing, lambda one, n=number, do=doing: EDITS[do](one, n))
        else:
            begun.editor.undo() if doing == "undo" else begun.editor.redo()
        assert begun.view.mirror.document is begun.document
    assert begun.view.mirror.filling.at_work, "all of it was done while cards were still to come"
    caught_up(begun)
    assert begun.view.mirror.described() == shown_at_once(qapp, begun.document, monkeypatch)
    while begun.editor.undo():
        pass
    assert begun.view.mirror.described() == shown_at_once(qapp, begun.document, monkeypatch)


def test_a_card_that_is_looked_for_comes_first(begun: Canvas) -> None:
    assert "m100" not in begun.view.stage.graph.cards
    begun.view.select(("m100",))
    assert begun.view.selected() == ("m100",)
    begun.view.center_on("r90")
    assert {"m100", "r90"} <= set(begun.view.stage.graph.cards)
    begun.view.viewer.zoom_to(1.0)
    assert there(begun) < 20


def test_who_works_on_all_gets_all(begun: Canvas) -> None:
    slices(begun, 10)
    begun.view.select_all()
    assert set(begun.view.selected()) == set(begun.document.nodes)


def test_a_frame_carries_also_what_was_still_to_come(begun: Canvas) -> None:
    slices(begun, 10)
    before = begun.document.layout
    begun.view.zoom_to(0.5)
    begun.view.viewer.look_at(begun.view.stage.graph.frames["all"].view.rect.topLeft())
    start = begun.at(200, -40)
    begun.drag(start, start + start / 8)
    assert begun.editor.undo_label == "Move"
    after = begun.document.layout
    moved = {(after[id].x - before[id].x, after[id].y - before[id].y) for id in begun.document.nodes}
    assert len(moved) == 1
    assert moved != {(0.0, 0.0)}


def test_another_document_takes_its_place_midway(begun: Canvas) -> None:
    slices(begun, 25)
    begun.editor.replace(example())
    assert set(begun.view.stage.graph.cards) == set(example().nodes)
    assert not begun.view.mirror.filling.at_work
    assert not begun.view.bar.isVisible()
    QTest.qWait(30)
    assert set(begun.view.stage.graph.cards) == set(example().nodes)
    begun.editor.replace(large())
    slices(begun, 5)
    begun.editor.replace(BLANK)
    assert there(begun) == 0


def test_a_view_that_is_put_away_midway_does_nothing_more(qapp: QApplication) -> None:
    themes, shelf = Themes(qapp), PictureShelf()
    view = GraphView(Editor(large()), KINDS, SHAPES, themes, shelf)
    assert view.mirror.filling.at_work
    view.close_down()
    assert not view.mirror.filling.at_work
    shelf.close()
    view.deleteLater()
    themes.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def emptied(made: Canvas, monkeypatch: pytest.MonkeyPatch) -> Canvas:
    """The large document, of which everything was deleted; a slice is one card."""
    made.editor.replace(large())
    caught_up(made)
    made.view.select_all()
    made.view.handling.operations.delete()
    assert not made.document.nodes
    monkeypatch.setattr(filling, "SLICE_S", 0.0)
    return made


def test_what_many_undone_bring_back_comes_by_and_by_and_is_selected(
    qapp: QApplication, emptied: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, ...]] = []
    emptied.view.selection_changed.connect(heard.append)
    assert emptied.editor.undo()
    whole = tuple(emptied.document.nodes)
    assert there(emptied) == 0
    assert emptied.view.selected() == whole == heard[-1]
    slices(emptied, 30)
    assert 30 <= there(emptied) < len(whole)
    assert emptied.view.selected() == whole
    caught_up(emptied)
    items = tuple(emptied.view.stage.graph.present())
    assert all(item.isSelected() for item in items)
    assert emptied.view.selected() == tuple(emptied.view.stage.graph.cards)
    assert all(wire.lit for wire in emptied.view.stage.graph.wires.values())
    assert len(heard) == 1
    assert emptied.view.mirror.described() == shown_at_once(qapp, emptied.document, monkeypatch)


def test_what_is_in_view_comes_back_first(emptied: Canvas) -> None:
    emptied.view.zoom_to(0.5)
    spot = large().layout["m77"]
    emptied.view.viewer.look_at(QPointF(spot.x, spot.y))
    emptied.editor.undo()
    slices(emptied, 4)
    seen, stage = emptied.view.viewer.seen(), emptied.view.stage
    assert there(emptied) >= 4
    first = large().layout["w0"]
    assert not seen.contains(first.x, first.y), "the first of the document is elsewhere"
    assert all(seen.intersects(stage.item_rect(one)) for one in stage.graph.present())


def test_what_comes_back_can_be_deleted_chosen_from_and_redone_meanwhile(
    qapp: QApplication, emptied: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied.editor.undo()
    slices(emptied, 10)
    emptied.view.handling.operations.delete()
    assert not emptied.document.nodes
    assert emptied.view.selected() == ()
    emptied.editor.undo()
    slices(emptied, 10)
    emptied.view.select(("m3",))
    assert emptied.view.selected() == ("m3",)
    slices(emptied, 10)
    assert emptied.view.selected() == ("m3",)
    emptied.editor.commit("seed", lambda one: edits.set_value(one, "m90", "seed", 5))
    emptied.editor.undo()
    emptied.editor.undo()
    emptied.editor.redo()
    assert emptied.view.mirror.document is emptied.document
    caught_up(emptied)
    assert emptied.view.mirror.described() == shown_at_once(qapp, emptied.document, monkeypatch)
    while emptied.editor.undo():
        pass
    assert emptied.view.mirror.described() == shown_at_once(qapp, emptied.document, monkeypatch)
