"""`tagloom recover`: what earlier runs left under way is brought home, for free; what nobody can know is said
with what to compare, and decided where the person has compared."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path

from app.basics.faults import Fault
from app.basics.words import say
from app.cli.exits import Exit
from app.cli.history import cost_words, document_name, entry_fields
from app.cli.speech import Speech, fault_fields
from app.engine.recovery import Recovered
from app.journal.operations import Operation
from app.library.assets import Asset
from app.studio.book import Book
from app.studio.entries import Comparison, Decision, Entry
from app.studio.studio import Studio

Unsure = tuple[Entry, Comparison]


async def recover(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """0: nothing is left or unknown; 4: something is unknown; 1: something could not be brought home now.

    :raises BadInput: a decision about what is not unknown; nothing was decided, nothing followed
    """
    book = studio.book
    decided = await _decide(book, args.decide, speech)
    under_way = [one for one in await book.open_entries() if not one.unknown and one.submitted]
    if under_way:
        speech.say(say("Following what is under way: {count}.", count=len(under_way)))
    recovered = await studio.recover()
    still = await book.open_entries()
    unsure = [(one, await book.compare(one.id)) for one in still if one.unknown]
    left = {operation.id for operation, _ in recovered.left}
    elsewhere = [one for one in still if not one.unknown and one.sent and one.id not in left]
    for vendor in studio.vendors():  # for the hint about what is lost from now on
        await studio.balances.note(vendor.id)
    speech.value(_fields(recovered, decided, unsure, elsewhere))
    for line in _lines(recovered, unsure, elsewhere):
        speech.answer(line)
    if unsure:
        return Exit.UNKNOWN
    return Exit.STEP_FAILED if recovered.left else Exit.DONE


async def _decide(
    book: Book, decisions: Sequence[tuple[str, Decision]], speech: Speech
) -> list[tuple[Entry, Decision]]:
    for operation, _ in decisions:
        await book.undecided(operation)  # all of them, before any is written
    decided = []
    for operation, decision in decisions:
        entry = await book.decide(operation, decision)
        decided.append((entry, decision))
        said = say("arrived") if decision is Decision.ARRIVED else say("not charged")
        speech.say(
            say(
                "{name}: noted as {said}, {cost_words}.",
                name=_name(entry),
                said=said,
                cost_words=cost_words(entry),
            )
        )
    return decided


def _lines(recovered: Recovered, unsure: Sequence[Unsure], elsewhere: Sequence[Entry]) -> list[str]:
    """For people, the good first and what they have to do last."""
    lines = [f"{_name(one)}: {_picture(one, asset)}" for one, asset in recovered.brought]
    lines += [
        say("{name}: a free draft that is gone; run again to make it", name=_name(one))
        for one in recovered.dropped
    ]
    lines += [f"{_name(one)}: {fault.sentence()}" for one, fault in recovered.failed]
    lines += [say("{name}: another Tagloom is at it", name=_name(one)) for one in elsewhere]
    lines += [
        say("{name}: could not be brought home now. {sentence}", name=_name(one), sentence=fault.sentence())
        for one, fault in recovered.left
    ]
    for entry, comparison in unsure:
        lines += [*([""] if lines else []), *_question(entry, comparison)]
    return lines or [say("Nothing is under way, and nothing is unknown.")]


def _question(entry: Entry, comparison: Comparison) -> list[str]:
    """An unknown one: what to compare, and the three choices."""
    fault = entry.fault_title or say("This was sent, but its answer was lost.")
    return [
        say("{name}: unknown. {fault}", name=_name(entry), fault=fault),
        *(f"  {line}" for line in comparison.lines),
        say("  Then choose:"),
        say(
            "    it was charged, or its picture is there:  tagloom recover --decide {id}=arrived", id=entry.id
        ),
        say("    it was not charged:  tagloom recover --decide {id}=not-charged", id=entry.id),
        say("    send it again, and perhaps pay twice:  {again}", again=_again(entry)),
    ]


def _again(entry: Entry) -> str:
    if not Path(entry.document).is_absolute():
        return say("in the window, where this document was never saved")
    return f"tagloom run {shlex.quote(entry.document)} --retry-unknown"


def _name(one: Operation | Entry) -> str:
    return f"{document_name(one.document)}, {one.title or one.node}"


def _picture(one: Operation, asset: Asset) -> str:
    kind = say("draft") if one.draft else say("picture")
    return f"{kind} {asset.path} ({asset.width} × {asset.height})"


def _fields(
    recovered: Recovered,
    decided: Sequence[tuple[Entry, Decision]],
    unsure: Sequence[Unsure],
    elsewhere: Sequence[Entry],
) -> dict[str, object]:
    return {
        "decided": [{**entry_fields(one), "decision": decision.value} for one, decision in decided],
        "brought": [
            {**_place(one), "path": str(asset.path), "sha256": asset.sha256, "draft": one.draft}
            for one, asset in recovered.brought
        ],
        "dropped": [_place(one) for one in recovered.dropped],
        "failed": [_faulty(one, fault) for one, fault in recovered.failed],
        "left": [_faulty(one, fault) for one, fault in recovered.left],
        "elsewhere": [entry_fields(one) for one in elsewhere],
        "unknown": [
            {
                **entry_fields(entry),
                "usage_page": comparison.page or None,
                "compare": list(comparison.lines),
                "choices": [one.value for one in Decision] + ["run --retry-unknown"],
            }
            for entry, comparison in unsure
        ],
    }


def _place(one: Operation) -> dict[str, object]:
    return {"operation": one.id, "document": one.document, "node": one.node, "title": one.title}


def _faulty(one: Operation, fault: Fault) -> dict[str, object]:
    return {**fault_fields(fault), **_place(one), "title": fault.title}
