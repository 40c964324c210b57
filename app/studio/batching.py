"""A batch over the document on the desk, with the engine and the ledger of this program."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from app.basics.faults import BadInput, Fault
from app.basics.words import say
from app.batch.batch import Batch
from app.batch.orders import RowRunner
from app.batch.runner import LocalRunner
from app.batch.setting import NO_BATCH_CAPS, BatchCaps, BatchSetting
from app.batch.table import Table
from app.catalogue.cards import Offer
from app.document.values import Document
from app.engine.job import Caps
from app.studio.parts import Parts
from app.studio.studio import Studio

_UNDER_WAY = 3
"""Rows in flight for each place at a vendor: one there, one that gets ready, one that comes home."""
_PATIENCE = 8.0
"""Seconds that a vendor may take to say what it allows."""


def setting_of(
    studio: Studio, table: Table, *, caps: BatchCaps = NO_BATCH_CAPS, **changes: object
) -> BatchSetting:
    """What a batch over the document on the desk is to do; `changes` are fields of it (`output` at least).

    :raises BadInput: the document has no file yet
    """
    folder = studio.desk.folder
    if folder is None:
        raise BadInput(
            say("This document has no name yet."),
            advice=say("Save it first: its rows are remembered by the document's name."),
            code="batch.no-name",
        )
    base: dict[str, object] = {
        "document": studio.editor.document,
        "document_id": studio.document_id,
        "folder": folder,
        "table": table,
        "kinds": studio.kinds,
        "caps": caps,
    }
    return BatchSetting(**{**base, **changes})  # type: ignore[arg-type]


async def batch_of(
    studio: Studio, setting: BatchSetting, *, at_once: int | None = None, runner: RowRunner | None = None
) -> Batch:
    """A batch that is not open yet. `at_once`: so many pictures of each model at once, instead of what its
    vendor allows this account, or else its card says. `runner`: who runs the rows, if not this process."""
    parts = studio.parts
    offers = offers_of(setting.document, studio)
    places = await _places(parts, offers, at_once)
    local = LocalRunner(parts.engine, at_once=_in_flight(offers, places), caps=_caps(studio.caps))
    return Batch(setting, runner or local, local.estimate, studio.ledger, clock=parts.clock)


def offers_of(document: Document, studio: Studio) -> tuple[Offer, ...]:
    """Whom the document's models go to, one for each node; a vendor that a column names is not known yet."""
    found: list[Offer] = []
    for node in document.nodes.values():
        kind = studio.kinds.get(node.kind)
        if kind is None or kind.card is None or node.skip:
            continue
        offer = kind.card.offer(str(kind.card.value(node.values, "vendor") or "auto"))
        found.extend([offer] if offer is not None else kind.card.offers)
    return tuple(found)


async def _places(parts: Parts, offers: tuple[Offer, ...], at_once: int | None) -> dict[tuple[str, str], int]:
    """How many pictures of each model go at once; the lanes are told where that is not the card's."""
    places = {(one.vendor, one.model): one.concurrency for one in offers}
    if at_once is not None:
        told = dict.fromkeys(places, at_once)
    else:
        told = await _allowed(parts, places)
    for (vendor, model), most in told.items():
        parts.engine.lanes.allow(vendor, model, most)
    return {**places, **told}


async def _allowed(parts: Parts, places: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """What the vendors say of this account. One that says nothing, or cannot be reached, changes nothing."""
    told: dict[tuple[str, str], int] = {}
    for id in sorted({vendor for vendor, _ in places}):
        try:
            if not await parts.registry.is_live(id):
                continue
            vendor = await parts.registry.vendor(id)
            account = await asyncio.wait_for(vendor.account(), _PATIENCE)
        except (Fault, TimeoutError):
            continue
        for of_vendor, model in places:
            most = account.concurrency.get(model)
            if of_vendor == id and most:
                told[of_vendor, model] = most
    return told


def _in_flight(offers: tuple[Offer, ...], places: dict[tuple[str, str], int]) -> int:
    """Rows: so many that no lane is ever idle."""
    each = Counter((one.vendor, one.model) for one in offers)
    return max((math.ceil(_UNDER_WAY * places[one] / count) for one, count in each.items()), default=8)


def _caps(settings: Callable[[], Caps]) -> Callable[[], Caps]:
    """Those of the day and the document; a run of one row has none of its own."""
    return lambda: replace(settings(), run_credits=None, run_money=None)
