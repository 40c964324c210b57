"""Faces that a table of products gives: its own node, and the columns in a prompt."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.basics.words import say_many, spoken
from app.document.problems import Problem, Severity
from app.document.sockets import Shape
from app.document.tags import find_calls
from app.document.values import Node
from widgets.canvas.face import Chip, Face, Family, Mood, Sheet
from widgets.canvas.notices import problem_lines
from widgets.parts.columns import find_columns
from widgets.theme import COLUMN


def table_face(id: str, node: Node, shape: Shape, sheet: Sheet, problems: tuple[Problem, ...]) -> Face:
    """It has no sockets; what stands in it is its previewed row."""
    errors = sum(problem.severity == Severity.ERROR for problem in problems)
    return Face(
        id=id, kind=node.kind, title=node.title or sheet.name or spoken(shape.title), family=Family.TABLE,
        dot="accent", pill=say_many(sheet.rows, "1 row", "{n} rows") if sheet.rows else "", sheet=sheet,
        notice=problem_lines(problems) if errors else (), notice_mood=Mood.ERROR if errors else Mood.PLAIN,
        collapsed=node.collapsed, errors=errors,
    )  # fmt: skip


def chips_of(
    text: str,
    slots: Mapping[str, int],
    wrong: Collection[tuple[int, int] | None],
    columns: Collection[str],
) -> tuple[Chip, ...]:
    """The calls in a prompt (tag in lower case → colour slot) and the columns in it, in their order."""
    calls = [
        Chip(call.start, call.end, slots.get(call.tag.lower()), wrong=(call.start, call.end) in wrong)
        for call in find_calls(text)
    ]
    found = [Chip(one.start, one.end, COLUMN) for one in find_columns(text, columns)]
    return tuple(sorted((*calls, *found), key=lambda chip: chip.start))
