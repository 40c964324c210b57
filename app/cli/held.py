"""Pictures that have arrived and that the library's disk does not take: a terminal ends, and memory with it,
so they go into the folder of the run at once, or else where the system keeps temporary files."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from app.basics.faults import DiskTrouble, Fault
from app.basics.words import say
from app.cli.speech import Speech, fault_words
from app.engine.events import RunFinished
from app.engine.rescued import Held
from app.studio.studio import Studio


async def save_held(studio: Studio, finished: RunFinished, output: Path, speech: Speech) -> None:
    """Says where each was saved, or why it could not be saved there either."""
    for failure in finished.failures:
        held = studio.held_picture(failure.node) if not failure.because else None
        if held is None:
            continue
        target = await _saved(studio, held, output, speech)
        if target is None:
            speech.say(
                say(
                    "{node}: no disk takes the picture. It is paid for: make room, and "
                    "`tagloom recover` fetches it again, for nothing more, while its vendor "
                    "keeps it.",
                    node=failure.node,
                )
            )
            continue
        speech.say(say("{node}: the picture itself is saved as {target}", node=failure.node, target=target))
        speech.event("held", node=failure.node, operation=held.operation, path=str(target))


async def _saved(studio: Studio, held: Held, output: Path, speech: Speech) -> Path | None:
    name = f"{held.node}-{held.operation[-8:]}.{held.format.lower()}"
    try:
        await asyncio.to_thread(_make, output)
        await studio.save_held(held, output / name)
    except Fault as fault:
        speech.say(fault_words(fault))
    else:
        return output / name
    try:
        target = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="tagloom-picture-")) / name
        await studio.save_held(held, target)
    except (Fault, OSError):
        return None
    return target


def _make(folder: Path) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise DiskTrouble(
            say("The folder {folder} cannot be made.", folder=folder),
            advice=say(
                "Choose another with -o, and run again: the picture is fetched, and not paid for anew."
            ),
            code="disk.output",
            detail=str(error),
        ) from error
