"""`tagloom history`: the ledger as a table, as sums, as JSON, or as a sheet for a spreadsheet."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.basics.money import NOTHING, Money, show_credits, show_usd, to_usd
from app.basics.units import measured
from app.basics.words import mark, say, say_many, spoken
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.cli.tables import table
from app.journal.operations import STATE_WORDS, State
from app.studio.entries import DRIFT, Entry, Total
from app.studio.studio import Studio

_BY = {"day": mark("Day"), "model": mark("Model"), "document": mark("Document")}
HEADS = (
    mark("When"),
    mark("State"),
    mark("Document"),
    mark("Node"),
    mark("Model"),
    mark("Cost"),
    mark("Operation"),
)


async def history(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """Reads only; the document need not be there any more."""
    document = str(args.document.expanduser().resolve()) if args.document else None
    if args.csv:
        await _sheet(studio, args.csv.expanduser(), document, speech)
    elif args.totals:
        _sums(args.totals, await studio.book.totals(args.totals, document=document), speech)
    else:
        _rows(await studio.book.entries(args.limit, document=document), speech)
    return Exit.DONE


async def _sheet(studio: Studio, target: Path, document: str | None, speech: Speech) -> None:
    count = await studio.book.csv(target, document)
    speech.value({"csv": str(target), "rows": count})
    words = say_many(count, "{n} entry written to {file}", "{n} entries written to {file}", file=target)
    speech.answer(words)


def _rows(entries: tuple[Entry, ...], speech: Speech) -> None:
    speech.value([entry_fields(one) for one in entries])
    if not entries:
        speech.answer(say("Nothing was asked for yet."))
        return
    rows = [
        (
            local(one.sent or one.made),
            spoken(STATE_WORDS[State(one.state)]),
            document_name(one.document),
            one.title or one.node,
            one.card,
            cost_words(one),
            one.id,
        )
        for one in entries
    ]
    speech.answer(
        table(
            tuple(map(spoken, HEADS)),
            rows,
            columns=speech.columns,
            right=(say("Cost"),),
            whole=(say("Operation"),),
        )
    )
    if drifted := [one for one in entries if one.drift is not None]:
        speech.answer(drift_note(drifted))
    if any(one.unknown for one in entries):
        speech.answer(say("`tagloom recover` says what to compare for what is unknown."))


def _sums(by: str, totals: tuple[Total, ...], speech: Speech) -> None:
    speech.value([total_fields(one) for one in totals])
    if not totals:
        speech.answer(say("Nothing was asked for yet."))
        return
    heads = (spoken(_BY[by]), say("Calls"), say("Credits"), say("Cost"), say("Unknown"), say("Drafts"))
    rows = [_sum_row(one.key, one) for one in totals]
    rows.append(_sum_row(say("all"), _whole(totals)))
    speech.answer(table(heads, rows, columns=speech.columns, right=heads[1:]))


def _sum_row(key: str, one: Total) -> tuple[str, ...]:
    money = show_usd(one.money)
    return (key, str(one.count), show_credits(one.credits), money, str(one.unknown), str(one.drafts))


def _whole(totals: tuple[Total, ...]) -> Total:
    return Total(
        key="",
        count=sum(one.count for one in totals),
        credits=sum(one.credits for one in totals),
        money=Money(sum(one.money for one in totals)),
        unknown=sum(one.unknown for one in totals),
        drafts=sum(one.drafts for one in totals),
    )


def entry_fields(one: Entry) -> dict[str, object]:
    """An entry as JSON. `usd` is what counts for it in every sum; times are in UTC."""
    return {
        "operation": one.id,
        "state": one.state,
        "document": one.document,
        "node": one.node,
        "title": one.title,
        "card": one.card,
        "vendor": one.vendor,
        "model": one.model,
        "draft": one.draft,
        "seed": one.seed,
        "prompt": one.prompt,
        "credits": one.credits,
        "usd": _usd(one.cost),
        "estimate_usd": _usd(one.estimate),
        "charged_usd": _usd(one.charged),
        "drift": one.drift if one.drift is None else round(one.drift, 4),
        "vendor_amount": one.vendor_amount,
        "vendor_unit": one.vendor_unit or None,
        "fault": one.fault_code or None,
        "fault_title": one.fault_title or None,
        "fault_advice": one.fault_advice or None,
        "sha256": one.asset or None,
        "made": one.made.isoformat(),
        "sent": _iso(one.sent),
        "submitted": _iso(one.submitted),
        "ended": _iso(one.ended),
        "run": one.run or None,
    }


def total_fields(one: Total) -> dict[str, object]:
    return {
        "key": one.key,
        "count": one.count,
        "credits": one.credits,
        "usd": to_usd(one.money),
        "unknown": one.unknown,
        "drafts": one.drafts,
    }


def cost_words(one: Entry) -> str:
    """What it cost, as sure as that is."""
    if one.draft:
        return say("free draft")
    if one.cost is None:
        return say("not known")
    if one.charged is None:
        return say("about {money}", money=show_usd(one.cost)) if one.cost != NOTHING else say("nothing")
    billed = f" ({measured(one.vendor_amount, one.vendor_unit)})" if one.vendor_amount is not None else ""
    return f"{show_usd(one.charged)}{billed}"


def drift_note(drifted: Sequence[Entry]) -> str:
    """What to make of charges that are not what was estimated; the newest is told."""
    first = drifted[0]
    return say_many(
        len(drifted),
        "{n} charge is more than {drift:.0%} off our estimate, such as {id}: {cost}, {words}. "
        "Compare with {vendor}'s price list; the model's card may be out of date.",
        "{n} charges are more than {drift:.0%} off our estimate, such as {id}: {cost}, {words}. "
        "Compare with {vendor}'s price list; the model's card may be out of date.",
        drift=DRIFT,
        id=first.id,
        cost=cost_words(first),
        words=first.drift_words,
        vendor=first.vendor,
    )


def local(time: datetime) -> str:
    """By the clock on the wall."""
    return f"{time.astimezone():%Y-%m-%d %H:%M:%S}"


def document_name(document: str) -> str:
    """What a document is called: its file, or that it was never saved."""
    return say("untitled") if document.startswith("untitled-") else Path(document).name


def _usd(money: Money | None) -> float | None:
    return None if money is None else to_usd(money)


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
