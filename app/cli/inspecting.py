"""`tagloom check` and `tagloom estimate`: what is wrong in a document, and what it would cost."""

from __future__ import annotations

import argparse

from app.basics.money import show_credits, show_usd, to_usd
from app.basics.words import say
from app.cli.exits import Exit
from app.cli.run import opened
from app.cli.speech import Speech, problem_fields, problem_words
from app.document.problems import Severity
from app.nodes.check import errors
from app.studio.studio import Studio


async def check(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """0 with hints alone, 2 with errors."""
    await opened(studio, args, speech)
    found = [one for list_ in (await studio.checks.refresh()).values() for one in list_]
    found.sort(key=lambda one: (one.severity is not Severity.ERROR, one.where.node or ""))
    speech.value([problem_fields(one) for one in found])
    for one in found:
        speech.answer(problem_words(one))
        for fix in one.fixes:
            speech.answer(say("         fix: {label}", label=fix.label))
    if not found:
        speech.answer(say("Nothing is wrong."))
    return Exit.WRONG if any(one.severity is Severity.ERROR for one in found) else Exit.DONE


async def estimate(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """The price of a run now, with what is already in the library."""
    await opened(studio, args, speech)
    stopping = errors(await studio.checks.refresh())
    if stopping:
        raise stopping[0].as_fault()
    made = await studio.estimate(studio.job(None))
    speech.value(
        {
            "credits": made.credits,
            "usd": to_usd(made.money) if made.money is not None else None,
            "bought": list(made.bought),
            "drafts": list(made.drafts),
            "reused": list(made.reused),
            "followed": list(made.followed),
            "unpriced": list(made.unpriced),
        }
    )
    price = show_usd(made.money) if made.money is not None else say("a price that is not known")
    speech.answer(f"{show_credits(made.credits)}, {price}")
    for words, nodes in (
        (say("to buy"), made.bought),
        (say("free drafts"), made.drafts),
        (say("in the library, free"), made.reused),
        (say("paid for already, on its way"), made.followed),
        (say("price not known"), made.unpriced),
    ):
        if nodes:
            speech.answer(f"  {words}: {', '.join(nodes)}")
    return Exit.DONE
