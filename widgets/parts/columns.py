"""Columns of a table in words: `{name}`; `{{` and `}}` are braces."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

_BRACED = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,200})\}")
_BEGUN = re.compile(r"\{([^{}\n]{0,60})$")


class Place(NamedTuple):
    """Of a column in a text, in code points."""

    start: int
    end: int
    name: str


def find_columns(text: str, columns: Collection[str]) -> Iterator[Place]:
    """Those of these columns that stand in the text."""
    if not columns or "{" not in text:
        return
    for found in _BRACED.finditer(text):
        name = (found.group(1) or "").strip()
        if name in columns:
            yield Place(found.start(), found.end(), name)


def begun(before: str) -> str | None:
    """What is typed of a column's name before the cursor; None where no brace was opened for one."""
    found = _BEGUN.search(before)
    if found is None:
        return None
    opened = len(before[: found.start() + 1]) - len(before[: found.start() + 1].rstrip("{"))
    return found.group(1) if opened % 2 else None
