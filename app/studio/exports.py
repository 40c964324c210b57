"""Many pictures written out at once: their kind, names, format and size; each in a way of its own, so that
one that fails does not stop the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.basics.words import mark, say
from app.document.collisions import Exists, Fate, on_disk, placed
from app.document.disk import trouble
from app.document.name_template import Facts, parsed
from app.document.sharing import NAME, has_notes, shared_text
from app.document.values import Document
from app.imaging.carrying_text import ENDINGS, has_credential, put_text, read_picture
from app.imaging.clean_copy import clean_copy
from app.imaging.developing import Developed, developed
from app.imaging.fitting import Size
from app.imaging.opening import MOST_BYTES, fault_of
from app.imaging.orders import AS_IT_IS, KINDS, Order
from app.imaging.signing import Signatory, signed
from app.imaging.sniffing import HEAD_BYTES, sniff
from app.studio.export_kinds import Kind
from app.studio.exporting import BROKEN_CREDENTIAL, LEFT_NOTES, Exported, copy_as_it_came, write

DEFAULT_NAME = "{document} {title} {seed}"
CODED_ANEW = mark(
    "The vendor's content credential (C2PA) does not go along, because the picture is coded anew."
)


_NOWHERE = PurePosixPath()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A picture to export. `document` is what made it, with the seed that was drawn (`exporting.as_made`),
    where somebody knows it; `stale`: it was changed since."""

    path: Path
    facts: Facts
    size: Size
    document: Document | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`order` holds for all kinds but `CAME`; `notes`: those of the document go into a re-openable one."""

    folder: Path
    kind: Kind = Kind.CLEAN
    name: str = DEFAULT_NAME
    exists: Exists = Exists.NUMBER
    order: Order = AS_IT_IS
    notes: bool = False

    @property
    def work(self) -> Order:
        return AS_IT_IS if self.kind is Kind.CAME else self.order


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One picture with its name below the folder; `fault` where it can have none."""

    subject: Subject
    name: PurePosixPath = _NOWHERE
    fate: Fate = Fate.NEW
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a line: `made`, `fault`, or neither: it was left out."""

    line: Line
    made: Exported | None = None
    fault: Fault | None = None


def lines_of(subjects: Sequence[Subject], request: Request) -> tuple[Line, ...]:
    """The names, in the order of the pictures, and what lies there already. Reads the disk: for a thread.

    :raises BadInput: the template has a name that does not exist  :raises DiskTrouble: the folder
    """
    template = parsed(request.name)
    template.check({column for one in subjects for column in one.facts.columns})
    wide = len(str(len(subjects)))
    lines: list[Line] = []
    for number, subject in enumerate(subjects, 1):
        try:
            path = template.path(subject.facts, str(number).zfill(wide))
            ending = _ending(subject.path, request.work)
            lines.append(Line(subject=subject, name=path.with_name(path.name + ending)))
        except Fault as fault:
            lines.append(Line(subject=subject, fault=fault))
    named = [place for place, one in enumerate(lines) if one.fault is None]
    found = placed((lines[place].name for place in named), request.exists, on_disk(request.folder))
    for place, one in zip(named, found, strict=True):
        lines[place] = replace(lines[place], name=one.name, fate=one.fate)
    return tuple(lines)


def made_of(subject: Subject, request: Request, by: Signatory | None = None) -> Developed:
    """The bytes of an export, written nowhere. Of `CAME` those that are there. For a thread.

    :raises BadInput: the picture cannot be exported so, or nobody signs  :raises DiskTrouble: unreadable
    """
    data = _read(subject.path)
    kind, called = sniff(data[:HEAD_BYTES]) or "", f"“{subject.path.name}”"
    if request.kind is Kind.CAME:
        return Developed(data=data, size=subject.size)
    anew = request.order.changes(kind) or kind not in ENDINGS
    if anew:
        made = developed(data, request.order, called=called)
    elif request.kind is Kind.REOPENABLE:
        made = Developed(data=data, size=subject.size)
    else:
        made = Developed(data=clean_copy(data, called=called), size=subject.size)
    if request.kind is Kind.REOPENABLE:
        return _carrying(made, data, subject, request, called, anew=anew)
    if request.kind is Kind.SIGNED:
        return _signed(made, data, kind, subject, request, by)
    return made


async def export_all(
    lines: Sequence[Line],
    request: Request,
    *,
    by: Signatory | None = None,
    tell: Callable[[Outcome], None] = lambda outcome: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Outcome, ...]:
    """One after the other, each told as it comes; those after a stop are not in the answer. A name that is
    `Fate.TAKEN` is refused: who asks makes the lines anew with what was decided."""
    outcomes: list[Outcome] = []
    for line in lines:
        if stopped():
            break
        outcomes.append(await asyncio.to_thread(_done, line, request, by))
        tell(outcomes[-1])
    return tuple(outcomes)


def _done(line: Line, request: Request, by: Signatory | None) -> Outcome:
    if line.fault is not None:
        return Outcome(line=line, fault=line.fault)
    if line.fate is Fate.SKIPPED:
        return Outcome(line=line)
    try:
        return Outcome(line=line, made=_export(line, request, by))
    except Fault as fault:
        return Outcome(line=line, fault=fault)


def _export(line: Line, request: Request, by: Signatory | None) -> Exported:
    target, over = request.folder / line.name, line.fate is Fate.REPLACES
    if line.fate is Fate.TAKEN:
        raise BadInput(
            say("{target} is there already.", target=target),
            advice=say("Choose another name; on the command line, --exists says what to do."),
            code="export.exists",
        )
    if request.kind is not Kind.CAME:
        made = made_of(line.subject, request, by)
        _make(target.parent)
        return Exported(path=write(made.data, line.subject.path, target, over=over), notes=made.notes)
    _make(target.parent)
    return copy_as_it_came(line.subject.path, target, over=over)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise trouble(folder, error) from error


def _carrying(
    made: Developed, original: bytes, subject: Subject, request: Request, called: str, *, anew: bool
) -> Developed:
    if subject.document is None:
        raise BadInput(
            say("Of {called} it is not known which document made it.", called=called),
            advice=say("Export a clean copy, or the picture as it came."),
            code="export.no-document",
        )
    text = shared_text(subject.document, notes=request.notes)
    carrying = put_text(made.data, NAME, text, called=called)
    had = anew and has_credential(original)
    told = [BROKEN_CREDENTIAL] if carrying.breaks_credential else [CODED_ANEW] if had else []
    if has_notes(subject.document) and not request.notes:
        told.append(LEFT_NOTES)
    return replace(made, data=carrying.data, notes=(*made.notes, *told))


def _signed(
    made: Developed, original: bytes, kind: str, subject: Subject, request: Request, by: Signatory | None
) -> Developed:
    if by is None:
        raise BadInput(
            say("There is no certificate to sign with."),
            advice=say("Choose your certificate and its key in the settings, under Files."),
            code="signing.none",
        )
    data = signed(
        made.data,
        request.order.kind(kind),
        parent=original,
        parent_kind=kind,
        title=subject.facts.title or subject.path.stem,
        by=by,
    )
    return replace(made, data=data)


def _ending(path: Path, order: Order) -> str:
    """By what the file really is, whatever it is called. :raises BadInput: there is no such picture"""
    if order.kind("") in KINDS.values():
        return ENDINGS[order.kind("")][0]
    try:
        with path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES)) or ""
    except OSError as error:
        raise fault_of(error, f"“{path.name}”") from error
    return ENDINGS[kind][0] if kind in ENDINGS else path.suffix.lower()


def _read(path: Path) -> bytes:
    known = read_picture(path)
    if known is not None:
        return known
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DiskTrouble(
            say("“{name}” cannot be read.", name=path.name),
            advice=say("Check that the file may be read and that its disk is connected."),
            code="image.unreadable",
            detail=str(error),
        ) from error
    return data
