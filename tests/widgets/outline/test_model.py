"""The rows after any change are those of a fresh outline, and Qt finds nothing wrong on the way."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from app.document.edits import (
    add_frame,
    add_node,
    disconnect,
    move,
    move_link,
    remove_frames,
    remove_nodes,
    set_title,
)
from app.document.values import Document, Frame
from app.engine.run_state import RunState
from tests.widgets.canvas.world import KINDS, example
from widgets.outline.model import OutlineModel
from widgets.outline.rows import Key, Sight

STEPS = 120


def sight(document: Document) -> Sight:
    return Sight(document=document, kinds=KINDS, run=RunState())


def changed(document: Document, dice: random.Random, step: int) -> Document:
    """One random edit."""
    nodes, frames, links = list(document.nodes), list(document.frames), list(document.links)
    spot = (dice.uniform(-100, 900), dice.uniform(-100, 700))
    match dice.randrange(8):
        case 0 | 1:
            kind = dice.choice(["prompt", "reference-image", "gen4-image", "save-image", "note"])
            return add_node(document, f"n{step}", kind, {}, spot)
        case 2 if nodes:
            return remove_nodes(document, dice.sample(nodes, min(len(nodes), 2)))
        case 3 if nodes:
            return move(document, {dice.choice(nodes): spot})
        case 4 if links:
            link = dice.choice(links)
            return move_link(document, link.source, link.target, 0)
        case 5 if links and step % 3 == 0:
            link = dice.choice(links)
            return disconnect(document, link.source, link.target)
        case 6:
            return add_frame(document, f"f{step}", Frame(rect=(*spot, 300.0, 300.0)))
        case 7 if frames:
            return remove_frames(document, frames[:1])
    return set_title(document, nodes[0], f"t{step}") if nodes else document


def rows(model: OutlineModel, parent: QModelIndex | None = None) -> list[tuple[Key | None, object]]:
    """Every row with those below it; inputs are made on the way."""
    above = parent if parent is not None else QModelIndex()
    if model.canFetchMore(above):
        model.fetchMore(above)
    found = [model.index(row, 0, above) for row in range(model.rowCount(above))]
    return [(model.key(one), rows(model, one)) for one in found]


@pytest.mark.parametrize("seed", range(6))
def test_rows_follow_whatever_is_done(qapp: QApplication, seed: int) -> None:
    dice, parent = random.Random(seed), QObject()
    document = example()
    model = OutlineModel(sight(document), parent)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, parent)
    tester.setUseFetchMore(False)  # it would fetch within its own look at a reset
    rows(model)
    for step in range(STEPS):
        document = changed(document, dice, step)
        model.show(sight(document))
        assert rows(model) == rows(OutlineModel(sight(document), parent))
