"""Words with numbers in them."""

from __future__ import annotations

from app.basics.words import say_many


def counted(number: int, one: str, many: str) -> str:
    """`one` or `many` by the language's own rule, `{n}` filled in: counted(3, "1 node", "{n} nodes")."""
    return say_many(number, one, many)
