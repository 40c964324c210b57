"""What the canvas can be told by keys: which action does what, and the table of `Hands` that a keymap makes.

The window's commands do the same things under the same names (`widgets.actions`); which key means which
action stands in `app.preferences.presets`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence

from app.preferences.keymap import Keymap
from widgets.canvas.arranging import Arranging
from widgets.canvas.gestures.hands import Keys
from widgets.canvas.operations import Operations

Doings = Mapping[str, Callable[[], object]]
"""Action → what it does."""


class Seen(Protocol):
    """What keys reach of the canvas that is looked at."""

    def fit_selection(self) -> None: ...
    def fit(self) -> None: ...
    def toggle_minimap(self) -> None: ...
    def compare_selected(self) -> None: ...
    def select_all(self) -> None: ...
    def select(self, ids: tuple[str, ...]) -> None: ...
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


def doings_of(view: Seen, handled: Handled) -> Doings:
    do = handled.operations

    def rename() -> None:
        chosen = view.selected()
        if len(chosen) == 1:
            handled.rename(chosen[0])

    return {
        "add": handled.open_search,
        "rename": rename,
        "cut": do.cut,
        "copy": do.copy,
        "paste": lambda: do.paste(view.cursor_point()),
        "paste-inputs": lambda: do.paste(view.cursor_point(), keep_inputs=True),
        "duplicate": do.duplicate,
        "duplicate-inputs": lambda: do.duplicate(with_inputs=True),
        "delete": do.delete,
        "delete-heal": lambda: do.delete(heal=True),
        "select-all": view.select_all,
        "select-none": lambda: view.select(()),
        "select-upstream": do.select_upstream,
        "select-downstream": do.select_downstream,
        "frame": do.frame,
        "unframe": do.unframe,
        "skip": do.skip,
        "lock": do.lock,
        "collapse": do.collapse,
        "extract": do.extract,
        "tidy": handled.arranging.tidy,
        "zoom-in": view.zoom_in,
        "zoom-out": view.zoom_out,
        "zoom-100": view.zoom_to,
        "fit": view.fit_selection,
        "fit-all": view.fit,
        "minimap": view.toggle_minimap,
        "compare": view.compare_selected,
    }


def keys_of(doings: Doings, keymap: Keymap) -> Keys:
    """Modifiers and key → what is done, for `Hands`."""
    table: dict[tuple[int, int], Callable[[], object]] = {}
    for id, texts in keymap.resolved().keys.items():
        for text in texts if id in doings else ():
            pressed = QKeySequence(text)[0]
            table[(pressed.keyboardModifiers().value, Qt.Key(pressed.key()).value)] = doings[id]
    return table
