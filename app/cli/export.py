"""`tagloom export`: copies of pictures, one into a file or several into a folder."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TypeVar

from app.basics.faults import BadInput, Fault
from app.basics.secret import Secret
from app.basics.words import say
from app.cli.exits import Exit
from app.cli.export_words import REFUSE
from app.cli.speech import Speech, fault_fields, fault_words
from app.document import project_file
from app.document.collisions import Exists, Fate, on_disk, placed
from app.document.name_facts import facts_of
from app.document.name_template import Facts, ratio_of
from app.document.reach import PROMPT
from app.document.sharing import NAME, read_shared
from app.document.values import Document
from app.imaging.carrying_text import text_in_file
from app.imaging.opening import opened
from app.imaging.orders import QUALITY, Compression, Format, Order
from app.imaging.orientation import orientation_of, turned_size
from app.imaging.profiles import Profile
from app.imaging.signing import Signatory, signatory
from app.preferences import export_options
from app.preferences.options import Options
from app.preferences.passphrase import Passphrase
from app.studio import exporting
from app.studio.export_kinds import Kind
from app.studio.exporting import Exported
from app.studio.exports import Outcome, Request, Subject, export_all, lines_of, made_of

PASSPHRASE = "TAGLOOM_SIGNING_PASSPHRASE"
_FILE = "file"
T = TypeVar("T")


async def export(settings: Path, args: argparse.Namespace, speech: Speech) -> Exit:
    """`settings` is the file of options, for the certificate.

    :raises BadInput: the words do not fit together; of one picture also what is wrong with it
    """
    request = _request(args)
    document = None
    if args.reopenable is not None:
        document = (await asyncio.to_thread(project_file.load, args.reopenable)).document
    by = await asyncio.to_thread(_signatory, settings, args) if request.kind is Kind.SIGNED else None
    if args.name is None and len(args.images) == 1 and not args.output.expanduser().is_dir():
        return await _one(request, document, by, args, speech)
    return await _many(request, document, by, args, speech)


async def _one(
    request: Request,
    document: Document | None,
    by: Signatory | None,
    args: argparse.Namespace,
    speech: Speech,
) -> Exit:
    picture: Path = args.images[0]
    made = await asyncio.to_thread(_into_file, picture, request, document, by, args)
    if made is None:
        speech.say(say("{target} is there already: left out.", target=args.output))
        speech.value({"path": None, "notes": []})
        return Exit.DONE
    for note in made.notes:
        speech.say(note)
    speech.value({"path": str(made.path), "notes": list(made.notes)})
    speech.answer(str(made.path))
    return Exit.DONE


def _into_file(
    picture: Path, request: Request, document: Document | None, by: Signatory | None, args: argparse.Namespace
) -> Exported | None:
    """None where it is left out."""
    target, over = args.output.expanduser(), request.exists is Exists.REPLACE
    if request.exists in (Exists.NUMBER, Exists.SKIP):
        found = placed([PurePosixPath(target.name)], request.exists, on_disk(target.parent))[0]
        if found.fate is Fate.SKIPPED:
            return None
        target = target.with_name(found.name.name)
    if request.kind is Kind.CAME:
        return exporting.copy_as_it_came(picture, target, over=over)
    if request.kind is Kind.CLEAN and request.order == Order():
        return exporting.copy_clean(picture, target, over=over)
    made = made_of(_subject(picture, document, args.reopenable), request, by)
    path = exporting.written(made.data, picture, target, over=over)
    return Exported(path=path, notes=made.notes)


async def _many(
    request: Request,
    document: Document | None,
    by: Signatory | None,
    args: argparse.Namespace,
    speech: Speech,
) -> Exit:
    subjects = await asyncio.to_thread(
        lambda: [_subject(one, document, args.reopenable) for one in args.images]
    )
    lines = await asyncio.to_thread(lines_of, subjects, request)
    outcomes = await export_all(lines, request, by=by, tell=lambda outcome: _tell(outcome, speech))
    speech.value(
        {
            "images": [_fields(one) for one in outcomes if one.fault is None],
            "failures": [
                {"image": str(one.line.subject.path), **fault_fields(one.fault)}
                for one in outcomes
                if one.fault
            ],
        }
    )
    return Exit.STEP_FAILED if any(one.fault for one in outcomes) else Exit.DONE


def _fields(outcome: Outcome) -> dict[str, object]:
    made = outcome.made
    return {
        "image": str(outcome.line.subject.path),
        "path": str(made.path) if made else None,
        "fate": outcome.line.fate.value,
        "notes": list(made.notes) if made else [],
    }


def _tell(outcome: Outcome, speech: Speech) -> None:
    name = outcome.line.subject.path.name
    if outcome.fault is not None:
        speech.say(say("{name}: {words}", name=name, words=fault_words(outcome.fault)))
    elif outcome.made is None:
        speech.say(say("{name}: left out, {target} is there already.", name=name, target=outcome.line.name))
    else:
        for note in outcome.made.notes:
            speech.say(say("{name}: {words}", name=name, words=note))
        speech.answer(str(outcome.made.path))


def _request(args: argparse.Namespace) -> Request:
    kind = args.kind or (Kind.REOPENABLE if args.reopenable else Kind.CLEAN if args.clean else Kind.CAME)
    order = Order(
        format=args.format or Format.KEEP,
        quality=args.quality or QUALITY,
        lossless=args.lossless,
        compression=args.compression or Compression.SMALL,
        size=args.size,
        dpi=args.dpi,
        profile=args.profile or Profile.KEEP,
    )
    if args.notes and kind is not Kind.REOPENABLE:
        raise BadInput(
            say("--notes takes the notes of a document along, and no document was named."),
            advice=say("Give --reopenable DOCUMENT.tagloom as well."),
            code="cli.notes",
        )
    if kind is Kind.CAME and order != Order():
        raise BadInput(
            say("A picture as it came is never coded anew."),
            advice=say(
                "Give --clean, --reopenable or --kind as well, or leave format, size and profile out."
            ),
            code="cli.export-kind",
        )
    rule = (
        Exists.REPLACE if args.force else Exists.ASK if args.exists in (None, REFUSE) else Exists(args.exists)
    )
    return Request(
        folder=args.output.expanduser(),
        kind=kind,
        name="{file}" if args.name is None else args.name,
        exists=rule,
        order=order,
        notes=args.notes,
    )


def _subject(picture: Path, given: Document | None, source: Path | None) -> Subject:
    """With the document that is given, else the one that the picture carries. A picture that is not there or
    damaged is told when it is exported."""
    carried = given or _quietly(lambda: _carried(picture))
    size = _quietly(lambda: _size_of(picture)) or (0, 0)
    called = source.stem if source else picture.stem
    models = [id for id in carried.nodes if carried.links.into(id, PROMPT)] if carried else []
    today, columns = date.today(), {_FILE: picture.stem}
    if carried is None or len(models) != 1:
        facts = Facts(
            document=called, node=picture.stem, title=picture.stem, ratio=ratio_of(*size), day=today,
            columns=columns,
        )  # fmt: skip
    else:
        seed = carried.nodes[models[0]].values.get("seed")
        facts = facts_of(
            carried, models[0], called=called, size=size, day=today, columns=columns,
            seed=seed if isinstance(seed, int) else None,
        )  # fmt: skip
    return Subject(path=picture, facts=facts, size=size, document=carried)


def _quietly(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Fault:
        return None


def _carried(picture: Path) -> Document | None:
    text = text_in_file(picture, NAME)
    return read_shared(text).document if text is not None else None


def _size_of(picture: Path) -> tuple[int, int]:
    with opened(picture) as photo:
        return turned_size(photo.size, orientation_of(photo))


def _signatory(settings: Path, args: argparse.Namespace) -> Signatory:
    """Asks for the passphrase only where one is needed, and only at a terminal."""
    options = Options(settings)
    certificate = args.certificate or _chosen(options.get(export_options.SIGNING_CERTIFICATE))
    key = args.key or (None if args.certificate else _chosen(options.get(export_options.SIGNING_KEY)))
    if certificate is None:
        raise BadInput(
            say("There is no certificate to sign with."),
            advice=say("Give --certificate and --key, or choose them in the settings of the window."),
            code="signing.none",
        )
    given = os.environ.get(PASSPHRASE)
    try:
        return signatory(certificate, key, Secret(given) if given else None)
    except BadInput as fault:
        if fault.code != "signing.passphrase" or given:
            raise
        held = Passphrase().get()
        if held is None and not sys.stdin.isatty():
            raise
        typed = held or Secret(getpass.getpass(say("Passphrase of the key (it is not shown): ")))
        return signatory(certificate, key, typed)


def _chosen(path: str) -> Path | None:
    return Path(path) if path else None
