"""By what a row is known again, and the seeds that it keeps for the life of a batch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from app.batch.table import Row
from app.catalogue.cards import ParameterType
from app.document import edits
from app.document.values import Document, Node
from app.nodes.declare import Kinds

_SEED_BITS = 31
"""Which every vendor with seeds takes: Google's are signed."""


def keyed(rows: Iterable[Row], used: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """Each row with its key: 16 hexadecimal signs of the cells of `used` columns. The second row of the
    same cells has `-2` after it, and so on. So neither the order of the table nor a column that is not used
    changes what a row is called. Of the rows that went by, a number each is remembered."""
    names = sorted(set(used))
    seen: set[int] = set()
    again: dict[int, int] = {}
    for row in rows:
        text = json.dumps([[name, row.cells.get(name, "")] for name in names], separators=(",", ":"))
        bits = hashlib.sha256(text.encode()).digest()[:8]
        number = int.from_bytes(bits)
        if number not in seen:
            seen.add(number)
            yield bits.hex(), row
            continue
        again[number] = again.get(number, 1) + 1
        yield f"{bits.hex()}-{again[number]}", row


def seeded(document: Document, kinds: Kinds, salt: str, key: str) -> Document:
    """Every empty seed of a model that takes one filled in. The same `salt`, `key` and node give the same
    seed, so that a row which is finished is found in the library when it is asked for again."""
    for id, node in document.nodes.items():
        name = _empty_seed(node, kinds)
        if name:
            document = edits.set_value(document, id, name, drawn(salt, key, id))
    return document


def drawn(salt: str, key: str, node: str) -> int:
    """31 bits."""
    digest = hashlib.sha256(json.dumps([salt, key, node]).encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - _SEED_BITS)


def _empty_seed(node: Node, kinds: Kinds) -> str:
    """The name of the seed's parameter, where the model that it would be sent to takes one that is empty."""
    kind = kinds.get(node.kind)
    card = kind.card if kind else None
    if card is None:
        return ""
    offer = card.offer(str(card.value(node.values, "vendor") or "auto"))
    left_out = offer.without if offer else ()
    for one in card.parameters:
        if one.type == ParameterType.SEED and one.id not in left_out:
            return one.id if card.value(node.values, one.id) in (None, "") else ""
    return ""
