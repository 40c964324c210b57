"""Writes down what pictures are found by, from all their origins."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, exists, insert, not_, select, update

from app.basics.database_statements import Statements
from app.library.query import packed, tags_of, words_of
from app.library.tables import assets, finds, marks, origins

_o, _f = origins.c, finds.c
_ORIGINS = (
    select(
        *(assets.c.made, assets.c.suffix, assets.c.width, assets.c.height),
        *(marks.c.star, marks.c.rejected, marks.c.removed),
        *(_o.draft, _o.prompt, _o.card, _o.vendor, _o.document, _o.request),
    )
    .join_from(assets, origins, assets.c.sha256 == _o.sha256)
    .outerjoin(marks, marks.c.sha256 == assets.c.sha256)
    .where(assets.c.sha256 == bindparam("of"))
    .order_by(_o.entered)
)
_HELD = {
    name: bindparam(f"has_{name}", type_=_f[name].type)
    for name in (
        *("made", "removed", "star", "rejected", "draft", "suffix", "width", "height"),
        *("cards", "tags", "words"),
    )
}
_AGAIN = update(finds).where(_f.sha256 == bindparam("of")).values(**_HELD)
_NEW = insert(finds).values(sha256=bindparam("of"), **_HELD)
_decode = msgspec.json.Decoder(dict[str, object]).decode


def enter(connection: Connection, ready: Statements, sha256: str) -> None:
    """Writes anew what a picture is found by."""
    rows = ready(connection, _ORIGINS).all(connection, {"of": sha256})
    values = {"of": sha256, **_held(rows)}
    if not ready(connection, _AGAIN).count(connection, values):
        ready(connection, _NEW).count(connection, values)


def enter_missing(connection: Connection, ready: Statements) -> int:
    """Those that an older Tagloom entered; how many."""
    known = exists().where(_f.sha256 == assets.c.sha256)
    missing = list(connection.execute(select(assets.c.sha256).where(not_(known))).scalars())
    for sha256 in missing:
        enter(connection, ready, sha256)
    return len(missing)


def _held(rows: list[Any]) -> dict[str, object]:
    """Of the rows of `_ORIGINS`."""
    words: dict[str, None] = {}
    tags: dict[str, None] = {}
    cards: dict[str, None] = {}
    draft = True
    made, suffix, width, height, star, rejected, removed = rows[0][:7]
    for own_draft, prompt, card, vendor, document, request in (row[7:] for row in rows):
        own = tags_of(prompt, _decode(request))
        draft = draft and bool(own_draft)
        tags |= dict.fromkeys(own)
        cards[card] = None
        words[words_of(prompt, own, card, vendor, document)] = None
    return {
        "has_made": made,
        "has_suffix": suffix,
        "has_width": width,
        "has_height": height,
        "has_star": bool(star),
        "has_rejected": bool(rejected),
        "has_removed": removed is not None,
        "has_draft": draft,
        "has_words": " ".join(words),
        "has_tags": packed(tags),
        "has_cards": packed(cards),
    }
