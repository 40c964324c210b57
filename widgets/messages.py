"""Words with numbers in them."""

from __future__ import annotations

from collections.abc import Iterable

from app.basics.words import say, say_many, spoken


def counted(number: int, one: str, many: str) -> str:
    """`one` or `many` by the language's own rule, `{n}` filled in: counted(3, "1 node", "{n} nodes")."""
    return say_many(number, one, many)


def listed(words: Iterable[str]) -> str:
    """`shoe, model` as the language writes a list of short words."""
    return spoken(", ").join(words)


def told(sentences: Iterable[str]) -> str:
    """`one thing; another` as the language parts what has commas in it."""
    return spoken("; ").join(sentences)


def keyed(words: str, key: str) -> str:
    """With the key that does it: `Run (Ctrl+Return)`; `key` may be empty."""
    return say("{words} ({key})", words=words, key=key) if key else words


def percent(share: float) -> str:
    """1.0 is `100 %`."""
    return say("{n} %", n=round(share * 100))
