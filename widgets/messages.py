"""Words with numbers in them."""

from __future__ import annotations

from collections.abc import Iterable

from app.basics import words
from app.basics.words import say, say_many


def counted(number: int, one: str, many: str) -> str:
    """`one` or `many` by the language's own rule, `{n}` filled in: counted(3, "1 node", "{n} nodes")."""
    return say_many(number, one, many)


def listed(parts: Iterable[str]) -> str:
    """`shoe, model` as the language writes a list of short words."""
    return words.listed(parts)


def told(sentences: Iterable[str]) -> str:
    """`one thing; another` as the language parts what has commas in it."""
    return words.listed(sentences, sep=words.CLAUSES)


def keyed(title: str, key: str) -> str:
    """With the key that does it: `Run (Ctrl+Return)`; `key` may be empty."""
    return say("{words} ({key})", words=title, key=key) if key else title


def percent(share: float) -> str:
    """1.0 is `100 %`."""
    return say("{n} %", n=round(share * 100))
