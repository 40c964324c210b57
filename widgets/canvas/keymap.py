"""The keys of the canvas, as in the table of gestures. The window's commands come before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, Qt

from widgets.canvas.arranging import Arranging
from widgets.canvas.gestures.hands import Keys
from widgets.canvas.operations import Operations

_CTRL = Qt.KeyboardModifier.ControlModifier.value
_SHIFT = Qt.KeyboardModifier.ShiftModifier.value


class Seen(Protocol):
    """What keys reach of the canvas that is looked at."""

    def fit_selection(self) -> None: ...
    def fit(self) -> None: ...
    def toggle_minimap(self) -> None: ...
    def select_all(self) -> None: ...
    def zoom_in(self) -> None: ...
    def zoom_out(self) -> None: ...
    def zoom_to(self) -> None: ...
    def selected(self) -> tuple[str, ...]: ...
    def cursor_point(self) -> QPointF: ...


class Handled(Protocol):
    """What keys reach of what is done with it."""

    operations: Operations
    arranging: Arranging

    def open_search(self) -> None: ...
    def rename(self, id: str) -> None: ...


def keys_of(view: Seen, handled: Handled) -> Keys:
    """Modifiers and key → what is done."""
    key, do = Qt.Key, handled.operations

    def rename() -> None:
        chosen = view.selected()
        if len(chosen) == 1:
            handled.rename(chosen[0])

    table: list[tuple[int, Qt.Key, Callable[[], object]]] = [
        (0, key.Key_Tab, handled.open_search),
        (_SHIFT, key.Key_A, handled.open_search),
        (0, key.Key_F, view.fit_selection),
        (0, key.Key_Home, view.fit),
        (0, key.Key_N, view.toggle_minimap),
        (0, key.Key_M, do.skip),
        (0, key.Key_L, do.lock),
        (0, key.Key_H, do.collapse),
        (_SHIFT, key.Key_L, handled.arranging.tidy),
        (0, key.Key_F2, rename),
        (0, key.Key_Delete, do.delete),
        (0, key.Key_Backspace, do.delete),
        (_CTRL, key.Key_Delete, lambda: do.delete(heal=True)),
        (_CTRL, key.Key_A, view.select_all),
        (_CTRL, key.Key_C, do.copy),
        (_CTRL, key.Key_X, do.cut),
        (_CTRL, key.Key_V, lambda: do.paste(view.cursor_point())),
        (_CTRL | _SHIFT, key.Key_V, lambda: do.paste(view.cursor_point(), keep_inputs=True)),
        (_CTRL, key.Key_D, do.duplicate),
        (_CTRL, key.Key_G, do.frame),
        (_CTRL | _SHIFT, key.Key_G, do.unframe),
        (_CTRL, key.Key_0, view.zoom_to),
        (_CTRL, key.Key_Plus, view.zoom_in),
        (_CTRL, key.Key_Equal, view.zoom_in),
        (_CTRL, key.Key_Minus, view.zoom_out),
    ]
    return {(modifiers, one.value): what for modifiers, one, what in table}
