"""What counts as a step, for tests of gestures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt

from tests.widgets.canvas.world import Canvas

SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
EMPTY = (700.0, 560.0)
"""A point of the example where nothing lies."""


@contextmanager
def one_step(made: Canvas, label: str) -> Iterator[None]:
    """Exactly one step of undo; and undo and redo show what they say."""
    before, count = made.document, made.editor.position
    yield
    assert made.editor.position == count + 1, made.editor.history
    assert made.editor.undo_label == label
    after, shown_after = made.document, made.view.mirror.described()
    chosen = made.view.selected()
    made.editor.undo()
    assert made.document == before
    made.editor.redo()
    assert made.document == after
    assert made.view.mirror.described() == shown_after
    made.view.select(chosen)


@contextmanager
def no_step(made: Canvas) -> Iterator[None]:
    before, count, shown = made.document, made.editor.position, made.view.mirror.described()
    yield
    assert made.editor.position == count
    assert made.document is before
    assert made.view.mirror.described() == shown


def place(made: Canvas, id: str) -> tuple[float, float]:
    spot = made.document.layout[id]
    return spot.x, spot.y
