"""Edits that put something on the canvas: photographs, kinds from the search, frames. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from app.basics.ids import free_name
from app.document.edits import add_frame, add_node, change_node, connect, set_values
from app.document.joining import refusal
from app.document.sockets import Shape, Shapes, Socket, SocketType, fits
from app.document.values import Document, End, Frame, Value
from app.nodes.declare import Kinds
from widgets.canvas.face import Family
from widgets.canvas.measure import FIRST_ROW, HEAD, WIDTHS

REFERENCE = "reference-image"
TABLE = "table"
_CASCADE = 32.0
_STEP_DOWN = 144.0
Placed = tuple[Document, tuple[str, ...]]
"""A document and the ids of what is new in it."""


def add_kind(document: Document, kinds: Kinds, kind: str, at: tuple[float, float]) -> Placed:
    """A node of a kind with its defaults."""
    id = free_name(kind, document.nodes)
    return add_node(document, id, kind, dict(kinds[kind].defaults), _whole(at)), (id,)


def add_photographs(
    document: Document, kinds: Kinds, files: Sequence[Path], at: tuple[float, float], *, below: bool = False
) -> Placed:
    """A Reference Image for each file, one a step beside the other (`below`: one under the other)."""
    ids: list[str] = []
    for number, file in enumerate(files):
        by = (0.0, _STEP_DOWN * number) if below else (_CASCADE * number, _CASCADE * number)
        id = free_name(_name(file), document.nodes)
        values = {**kinds[REFERENCE].defaults, "file": file.as_posix()}
        document = add_node(document, id, REFERENCE, values, _whole((at[0] + by[0], at[1] + by[1])))
        ids.append(id)
    return document, tuple(ids)


def replace_photograph(document: Document, id: str, file: Path) -> Document:
    """Another file on a Reference Image. A title that was the old file's name goes with it."""
    node = document.nodes[id]
    if node.title and node.title == PurePath(str(node.values.get("file", ""))).name:
        document = change_node(document, id, title="")
    return set_values(document, id, {"file": file.as_posix(), "sha256": ""})


def add_table(
    document: Document, kinds: Kinds, file: Path, at: tuple[float, float], target: str = ""
) -> Placed:
    """A Table node for a file; with `target` the file is that node's from now on, from its first row."""
    if target:
        anew: dict[str, Value] = {"file": file.as_posix(), "sheet": "", "row": None}
        return set_values(document, target, anew), (target,)
    id = free_name(TABLE, document.nodes)
    values = {**kinds[TABLE].defaults, "file": file.as_posix()}
    return add_node(document, id, TABLE, values, _whole(at)), (id,)


def add_to_model(
    document: Document, kinds: Kinds, shapes: Shapes, files: Sequence[Path], model: str
) -> Placed:
    """Photographs linked into a model's references, as many as it takes; the others stand beside them."""
    socket = next((one for one in shapes[document.nodes[model].kind].inputs if one.tagged), None)
    socket = socket or _first_input(shapes[document.nodes[model].kind], SocketType.IMAGE)
    spot = document.layout.get(model)
    x, y = (spot.x, spot.y) if spot else (0.0, 0.0)
    at = _free_column(document, (x - WIDTHS[Family.REFERENCE] - 110, y), len(files))
    document, ids = add_photographs(document, kinds, files, at, below=True)
    for id in ids if socket else ():
        assert socket is not None
        source, target = End(id, "image"), End(model, socket.id)
        if refusal(document, shapes, source, target) is None:
            document = connect(document, shapes, source, target)
    return document, ids


def add_joined(
    document: Document, kinds: Kinds, kind: str, at: tuple[float, float], end: End, wants_input: bool
) -> Placed:
    """A node of a kind joined to the fixed end of a link that was dropped on empty canvas."""
    shapes = {id: one.shape for id, one in kinds.items()}
    width = WIDTHS[Family.MODEL] if kinds[kind].card else WIDTHS[Family.OUTPUT]
    place = (at[0], at[1] - HEAD - FIRST_ROW) if wants_input else (at[0] - width, at[1] - HEAD)
    document, ids = add_kind(document, kinds, kind, place)
    shape = kinds[kind].shape
    for socket in shape.inputs if wants_input else shape.outputs:
        mine = End(ids[0], socket.id)
        source, target = (end, mine) if wants_input else (mine, end)
        if refusal(document, shapes, source, target) is None:
            return connect(document, shapes, source, target), ids
    return document, ids


def takes(shape: Shape, type: SocketType, wants_input: bool) -> bool:
    """Whether a kind has a socket for the other end of a link."""
    return any(fits(type, socket.type) for socket in (shape.inputs if wants_input else shape.outputs))


def frame_around(document: Document, rect: tuple[float, float, float, float], title: str) -> Placed:
    """A frame with air around a rectangle, and room for its title."""
    x, y, width, height = rect
    id = free_name("frame", document.frames)
    wanted = (round(x) - 24.0, round(y) - 42.0, round(width) + 48.0, round(height) + 66.0)
    return add_frame(document, id, Frame(title=title, rect=wanted)), (id,)


def _free_column(document: Document, at: tuple[float, float], count: int) -> tuple[float, float]:
    """The nearest place at or below `at` where `count` photographs under each other lie on no other node."""
    x, y = at
    width = WIDTHS[Family.REFERENCE]
    beside = sorted(
        spot.y for spot in document.layout.values() if x - (spot.width or width) < spot.x < x + width
    )
    for other in beside:
        if y - _STEP_DOWN < other < y + _STEP_DOWN * count:
            y = other + _STEP_DOWN
    return x, y


def _first_input(shape: Shape, type: SocketType) -> Socket | None:
    return next((socket for socket in shape.inputs if fits(type, socket.type)), None)


def _name(file: Path) -> str:
    return file.stem if any(sign.isascii() and sign.isalnum() for sign in file.stem) else "photograph"


def _whole(at: tuple[float, float]) -> tuple[float, float]:
    return (float(round(at[0])), float(round(at[1])))
