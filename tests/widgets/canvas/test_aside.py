"""Much is deleted and comes back: the same cards, showing what the document says by then."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import MappingProxyType

import pytest
from PySide6.QtWidgets import QApplication

from app.document import edits
from app.document.gestures import delete as delete_all
from app.engine.run_state import NodeRun, NodeState, RunState
from tests.widgets.canvas.test_filling import caught_up, large, slices
from tests.widgets.canvas.test_mirror import expected
from tests.widgets.canvas.test_random_hands import assert_sound, one_gesture
from tests.widgets.canvas.world import SHAPES, Canvas, canvas, example
from widgets.canvas import filling, mirror
from widgets.canvas.aside import Aside
from widgets.canvas.items import NodeItem
from widgets.theme import Themes


@pytest.fixture
def made(qapp: QApplication) -> Iterator[Canvas]:
    with canvas(qapp, large()) as one:
        caught_up(one)
        yield one


def cards(made: Canvas) -> dict[str, NodeItem]:
    return {id: node.view for id, node in made.view.stage.graph.cards.items()}


def aside(made: Canvas) -> Aside:
    return made.view.stage.graph.aside


def delete(made: Canvas, *spared: str) -> None:
    gone = [id for id in made.document.nodes if id not in spared]
    made.editor.commit("Delete", lambda old: delete_all(old, SHAPES, gone))


@pytest.mark.parametrize("spared", [(), ("m3", "w7")])
def test_what_is_undone_is_the_same_cards_in_the_same_state(made: Canvas, spared: tuple[str, ...]) -> None:
    before, shown, order = cards(made), made.view.mirror.described(), list(made.view.stage.graph.cards)
    made.view.select_all()
    delete(made, *spared)
    assert set(cards(made)) == set(spared)
    assert not set(aside(made).cards) & set(spared)
    made.editor.undo()
    caught_up(made)
    assert made.view.mirror.described() == shown == expected(made.document)
    assert cards(made) == before
    assert sorted(cards(made)) == sorted(order)
    assert set(made.view.selected()) == set(before) - set(spared)
    assert all(item.isSelected() != (id in spared) for id, item in cards(made).items())
    wires = made.view.stage.graph.wires
    assert all(
        wire.lit == (wire.source.node.isSelected() or wire.target.node.isSelected())
        for wire in wires.values()
    )
    assert all(wire in wire.source.connected_pipes for wire in wires.values())
    pipes = [wire for item in cards(made).values() for wire in item.wires()]
    assert len(pipes) == 2 * len(wires)
    assert not aside(made).cards
    assert not aside(made).wires or spared


def test_again_and_again(made: Canvas) -> None:
    shown, before = made.view.mirror.described(), cards(made)
    for _ in range(3):
        delete(made)
        made.editor.undo()
        made.editor.redo()
        made.editor.undo()
        caught_up(made)
        assert made.view.mirror.described() == shown
    assert cards(made) == before


def test_what_happened_meanwhile_is_seen(made: Canvas) -> None:
    delete(made)
    run = RunState(nodes=MappingProxyType({"m5": NodeRun(state=NodeState.RUNNING)}))
    made.view.set_run_state(run)
    made.editor.undo()
    caught_up(made)
    face = cards(made)["m5"].face
    assert face.busy
    assert not cards(made)["m6"].face.busy
    made.view.set_run_state(RunState())
    assert not cards(made)["m5"].face.busy


def test_another_change_lets_them_go(made: Canvas) -> None:
    delete(made)
    assert aside(made).cards
    made.view.handling.operations.add("prompt", made.view.viewport_center())
    assert not aside(made).cards
    assert not aside(made).wires
    made.editor.undo()
    made.editor.undo()
    caught_up(made)
    assert made.view.mirror.described() == expected(made.document)


def test_another_document_a_theme_and_time_let_them_go(made: Canvas, qapp: QApplication) -> None:
    delete(made)
    made.editor.replace(example())
    assert not aside(made).cards
    made.editor.replace(large())
    caught_up(made)
    delete(made)
    themes = Themes(qapp)
    made.view.retheme(themes.theme)
    assert not aside(made).cards
    made.editor.undo()
    caught_up(made)
    delete(made)
    assert aside(made)._timer.isActive()
    aside(made)._timer.timeout.emit()
    assert not aside(made).cards
    made.editor.undo()
    caught_up(made)
    assert made.view.mirror.described() == expected(made.document)


def test_edits_while_they_come_back(made: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "SLICE_S", 0.0)
    delete(made)
    made.editor.undo()
    slices(made, 200)
    here, late = next(iter(cards(made))), list(made.document.nodes)[-1]
    gone = [id for id in (here, late) if id in made.document.nodes]
    made.editor.commit("Delete", lambda old: delete_all(old, SHAPES, gone))
    slices(made, 50)
    made.editor.undo()
    slices(made, 50)
    links = [link for link in made.document.links if link.target.node not in gone][-3:]
    for link in links:
        made.editor.commit("Cut", lambda old, link=link: edits.disconnect(old, link.source, link.target))
    caught_up(made)
    assert made.view.mirror.described() == expected(made.document)
    for _ in links:
        made.editor.undo()
    assert made.view.mirror.described() == expected(made.document)


@pytest.mark.parametrize("seed", range(4))
def test_random_hands_where_everything_is_large(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """All that is deleted or undone goes by way of what is kept, and comes in slices."""
    for name in ("LARGE", "_MANY", "_FEW"):
        monkeypatch.setattr(mirror, name, 1)
    monkeypatch.setattr(filling, "SLICE_S", 0.0)
    chance = random.Random(100 + seed)
    kept = 0
    with canvas(qapp, example()) as made:
        for _ in range(60):
            if chance.random() < 0.3:
                some = chance.sample(list(made.document.nodes), chance.randint(0, len(made.document.nodes)))
                made.view.select(some if chance.random() < 0.6 else made.document.nodes)
                made.view.handling.operations.delete()
                kept += bool(aside(made).cards)
                if chance.random() < 0.8:
                    made.editor.undo()
            else:
                one_gesture(chance, made)
            if chance.random() < 0.7:
                assert_sound(made)
        assert_sound(made)
    assert kept > 5
