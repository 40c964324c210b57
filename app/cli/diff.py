"""`tagloom diff`: what changed from one document to another, in words."""

from __future__ import annotations

import argparse

from app.basics.faults import DiskTrouble
from app.basics.words import say
from app.catalogue.cards import Cards
from app.cli.exits import Exit
from app.cli.speech import Speech, fault_words
from app.nodes.labels import labels_of
from app.nodes.registry import build_kinds, shapes_of
from app.studio.comparing import document_in, told


async def diff(cards: Cards, args: argparse.Namespace, speech: Speech) -> Exit:
    """As `diff` has it: 0 where nothing differs, 1 where anything does, 2 where a file cannot be read.

    :raises BadInput: a file is no document and carries none
    """
    kinds = build_kinds(cards)
    try:
        before, after = await document_in(args.before), await document_in(args.after)
    except DiskTrouble as fault:  # 1 would say that they differ
        speech.say(fault_words(fault))
        return Exit.WRONG
    found = await told(before, after, labels_of(kinds, shapes_of(kinds)))
    speech.value(
        {
            "same": not found,
            "changes": [
                {"what": one.what, "node": one.node or None, "words": str(one.words)} for one in found
            ],
        }
    )
    for one in found:
        speech.answer(one.words)
    if not found:
        speech.answer(say("Nothing is different."))
    return Exit.DIFFERENT if found else Exit.DONE
