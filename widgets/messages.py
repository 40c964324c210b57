"""Words with numbers in them."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """`one` or `many` (both translated already), `{n}` filled in: counted(3, "1 node", "{n} nodes")."""
    return (one if number == 1 else many).format(n=number)
