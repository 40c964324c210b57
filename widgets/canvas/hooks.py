"""What the canvas asks of the studio, as plain functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

from app.basics.faults import Fault
from app.preferences.options import Option
from widgets.canvas.face_maker import Locate

Keep = Callable[[bytes, str, Callable[[Path], None]], None]
"""(bytes, suggested name, what to do with the file that it becomes)."""

Carries = Callable[[Path, Callable[[bool], None]], None]
"""(picture, what to do with the answer): whether it carries a document."""

EditorFactory = Callable[[QWidget, str], QWidget]
"""(parent, node id) → the field for a node's words, wired to the document. It has a signal `finished`."""


CarryOff = Callable[[Sequence[str], bool], QMimeData | None]
"""(node ids, whether as clean copies) → their pictures as files for other programs; None: they have none."""


def _trust(path: Path) -> None:
    """Nobody asks where everything may be read."""


def _keep(data: bytes, name: str, then: Callable[[Path], None]) -> None:
    """Pictures without a file are not taken."""


def _carries(path: Path, then: Callable[[bool], None]) -> None:
    """Every picture is a photograph."""
    then(False)


def _folder() -> Path | None:
    return None


def _recall(option: Option[Any]) -> Any:
    return option.default


def _remember(option: Option[Any], value: Any) -> None:
    """Nothing is kept where nobody keeps it."""


def _say(fault: Fault) -> None:
    """Nobody is there to read it."""


def _carry_off(nodes: Sequence[str], clean: bool) -> QMimeData | None:
    """No node has a picture."""
    return None


class Hooks(Struct, frozen=True, kw_only=True):
    """`locate` finds the file of a node's `file` value, None where it is missing or may not be read.
    `trust` hears of paths chosen by hand. `keep` makes a file of a picture that has none and then calls
    what it was given. `carries` looks into a picture. `folder` is the document's. `editor` makes the field
    for a prompt's words. `recall` and `remember` are the settings. `say` hears what could not be done.
    `carry_off` makes files of nodes' pictures, for other programs."""

    locate: Locate = Path
    trust: Callable[[Path], None] = _trust
    keep: Keep = _keep
    carries: Carries = _carries
    folder: Callable[[], Path | None] = _folder
    editor: EditorFactory | None = None
    recall: Callable[[Option[Any]], Any] = _recall
    remember: Callable[[Option[Any], Any], None] = _remember
    say: Callable[[Fault], None] = _say
    carry_off: CarryOff = _carry_off
