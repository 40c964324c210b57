"""`tagloom doctor`: versions, folders, keys present, network step by step, ledger and library."""

from __future__ import annotations

import argparse
import os

from app import compose
from app.basics.faults import Fault
from app.basics.places import Places
from app.basics.words import say
from app.cli import keys
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.studio.diagnosis import Diagnosis
from app.studio.findings import Finding
from app.studio.stock import look_at_stores


async def doctor(places: Places, args: argparse.Namespace, speech: Speech) -> Exit:
    """Looks at everything that a run stands on. 0 when all is well, 1 when something is not."""
    if args.vendor:
        async with compose.vendors(os.environ) as (_, registry, probe):
            return await keys.test(probe, registry.kind(args.vendor), speech)
    async with compose.vendors(os.environ) as (held, registry, probe):
        diagnosis = Diagnosis(places, held, registry, probe, os.environ)
        findings = [one async for one in diagnosis.look(offline=args.offline)]
    findings += await _stores(args.repair)
    speech.value([one.fields for one in findings])
    for one in findings:
        speech.answer(f"{'ok ' if one.well else 'BAD'}  {one.what}: {one.told()}")
    return Exit.DONE if all(one.well for one in findings) else Exit.STEP_FAILED


async def _stores(repair: bool) -> list[Finding]:
    """With `repair` a damaged ledger is put aside before it is opened."""
    try:
        studio = await compose.build(os.environ, mend=repair)
    except Fault as fault:
        return [Finding(what=say("ledger and library"), well=False, words=fault.title, advice=fault.advice)]
    try:
        return await look_at_stores(studio, repair)
    finally:
        await studio.close()
