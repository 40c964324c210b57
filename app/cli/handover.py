"""`tagloom bundle`, `unbundle`, `contact-sheet` and `layers`: what a document's pictures leave as."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from app.basics.words import say
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.imaging.sheet_layout import SheetSettings, paper_of
from app.studio.bundling import save_bundle
from app.studio.chosen import chosen
from app.studio.contact_sheet import Captions, save_sheet
from app.studio.layering import layers_of, save_layers
from app.studio.studio import Studio
from app.studio.unbundling import open_bundle, place_for


async def bundle(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """:raises BadInput: no document, or a name that is taken"""
    await _opened(studio, args, speech)
    made = await save_bundle(studio, args.output, versions=not args.shown_only, over=args.force)
    _say_notes(made.notes, speech)
    speech.value(
        {
            "path": str(made.path),
            "photographs": made.photographs,
            "results": made.results,
            "bytes": made.bytes,
            "notes": list(made.notes),
        }
    )
    speech.answer(str(made.path))
    return Exit.DONE


async def unbundle(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """:raises BadInput: it is no bundle, or a damaged one; nothing was laid out"""
    folder = args.output or await place_for(args.file, studio.home.state / "bundles")
    made = await open_bundle(args.file, folder, studio.library)
    _say_notes(made.notes, speech)
    if made.again:
        speech.say(say("It lies there already, unchanged."))
    speech.value(
        {
            "path": str(made.document),
            "photographs": made.photographs,
            "results": made.results,
            "again": made.again,
            "notes": list(made.notes),
        }
    )
    speech.answer(str(made.document))
    return Exit.DONE


async def contact_sheet(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """:raises BadInput: no pictures, or what the words ask for cannot be"""
    await _opened(studio, args, speech)
    now = datetime.now().astimezone()
    settings = SheetSettings(
        columns=args.columns,
        rows=args.rows,
        paper=paper_of(args.paper, lying=args.landscape),
        margin=args.margin,
        heading=studio.desk.name.removesuffix(".tagloom") if args.title is None else args.title,
        date=now.date().isoformat(),
    )
    made = await save_sheet(
        await chosen(studio, args.only, versions=args.versions),
        Captions(prompt=not args.no_prompts, price=args.prices),
        settings,
        args.output,
        made=now,
        over=args.force,
        over_pages=args.force,
    )
    _say_notes(made.notes, speech)
    speech.value({"paths": [str(one) for one in made.paths], "pages": made.pages, "notes": list(made.notes)})
    for path in made.paths:
        speech.answer(str(path))
    return Exit.DONE


async def layers(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """:raises BadInput: no pictures, or too large together"""
    await _opened(studio, args, speech)
    found = await layers_of(studio, args.only, with_references=args.references)
    made = await save_layers(found, args.output, dpi=args.dpi, over=args.force)
    _say_notes(made.notes, speech)
    speech.value(
        {
            "path": str(made.path),
            "layers": list(made.names),
            "width": made.width,
            "height": made.height,
            "notes": list(made.notes),
        }
    )
    speech.answer(str(made.path))
    return Exit.DONE


async def _opened(studio: Studio, args: argparse.Namespace, speech: Speech) -> None:
    file: Path = args.file
    _say_notes(await studio.desk.open(file, remember=False), speech)


def _say_notes(notes: tuple[str, ...], speech: Speech) -> None:
    for note in notes:
        speech.say(note)


Command = Callable[[Studio, argparse.Namespace, Speech], Awaitable[Exit]]
COMMANDS: Mapping[str, Command] = MappingProxyType(
    {"bundle": bundle, "unbundle": unbundle, "contact-sheet": contact_sheet, "layers": layers}
)
