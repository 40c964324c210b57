"""What a node shows, as a value: made from the document, the run and the checks, painted elsewhere.

Two equal faces look the same, so a node is painted anew only when its face has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from app.basics.words import spoken
from app.document.problems import Problem
from app.document.sockets import Socket, SocketType


class Family(StrEnum):
    """How a node is drawn."""

    PROMPT = "prompt"
    REFERENCE = "reference"
    MODEL = "model"
    OUTPUT = "output"
    NOTE = "note"
    TABLE = "table"
    DOT = "dot"
    UNKNOWN = "unknown"


class Look(StrEnum):
    """How a picture is shown."""

    PLAIN = "plain"
    STALE = "stale"
    WAITING = "waiting"
    KEPT = "kept"


class Mood(StrEnum):
    """The colour of a header or of a notice."""

    PLAIN = "plain"
    MODEL = "model"
    ERROR = "error"
    WARNING = "warning"


class Row(Struct, frozen=True):
    """A socket with its label. `linked` is how many links are there; `missing`: required and none."""

    id: str
    title: str
    type: SocketType
    required: bool
    linked: int
    most: int | None
    counts: bool

    @property
    def missing(self) -> bool:
        return self.required and not self.linked


def row_of(socket: Socket, linked: int, *, counts: bool = False) -> Row:
    return Row(socket.id, spoken(socket.title), socket.type, socket.required, linked, socket.most, counts)


class Chip(Struct, frozen=True):
    """A call in a prompt: a place in its text, in code points. `slot` None: no reference has this tag."""

    start: int
    end: int
    slot: int | None
    wrong: bool = False


class Action(Struct, frozen=True):
    """A link on a card. `id` is `run`, `details`, `show-prompt`, `check-credits`, `send-again`, `give-up`,
    `save-elsewhere`, `cancel`, `row-next`, `row-previous`, or `fix:P:F` for fix F of problem P of
    this node."""

    id: str
    label: str


class Line(Struct, frozen=True):
    """A line of a notice: `sign` True puts a coloured dot before it."""

    text: str
    mood: Mood = Mood.PLAIN
    sign: bool = False
    title: bool = False
    actions: tuple[Action, ...] = ()


class Words(Struct, frozen=True):
    text: str
    chips: tuple[Chip, ...] = ()
    muted: bool = False


class Photo(Struct, frozen=True):
    """`path` None: nothing to show yet, `hint` says what to do. `ratio` is width ÷ height."""

    path: Path | None
    ratio: float
    look: Look = Look.PLAIN
    hint: tuple[str, ...] = ()
    draft: bool = False
    several: tuple[Path, ...] = ()
    """All of them, where more than one picture is shown; `path` is the first."""


class Sheet(Struct, frozen=True, kw_only=True):
    """What a Table node shows: its file's name, how many rows, and the cells of the row that is previewed.
    `place` counts from 1; 0 where no row can be shown, and `words` say why."""

    name: str = ""
    rows: int = 0
    place: int = 0
    number: int = 0
    """As a spreadsheet counts."""
    cells: tuple[tuple[str, str], ...] = ()
    more: int = 0
    """Columns that are not among the cells."""
    words: str = ""


class Face(Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    title: str
    family: Family
    dot: str
    """A role of the theme."""
    mood: Mood = Mood.PLAIN
    pill: str = ""
    tags: tuple[tuple[str, int], ...] = ()
    """Tags of the links that leave this node, with their slots."""
    inputs: tuple[Row, ...] = ()
    outputs: tuple[Row, ...] = ()
    words: Words | None = None
    photo: Photo | None = None
    sheet: Sheet | None = None
    notice: tuple[Line, ...] = ()
    notice_mood: Mood = Mood.PLAIN
    facts: str = ""
    remark: str = ""
    """At the right of the facts."""
    remark_action: Action | None = None
    progress: float | None = None
    busy: bool = False
    skipped: bool = False
    collapsed: bool = False
    errors: int = 0


Problems = Mapping[str, tuple[Problem, ...]]
"""Node id → what is wrong with it."""
