"""Pictures written out: with the document that made them, clean, or as they came.

The picture itself is only read: the vendor's bytes stay where they are, as they came.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from app.basics.faults import BadInput
from app.basics.words import mark, say
from app.document import edits
from app.document.disk import copy_into, written_whole
from app.document.sharing import NAME, has_notes, shared_text
from app.document.values import Document
from app.imaging.carrying_text import ENDINGS, put_text, read_picture
from app.imaging.clean_copy import clean_copy
from app.imaging.sniffing import HEAD_BYTES, sniff
from app.studio.targets import free_place

_SEED = "seed"
BROKEN_CREDENTIAL = mark(
    "The vendor's content credential (C2PA) in this copy is no longer valid, because a document was added. "
    "In the picture as it came it still is."
)
LEFT_NOTES = mark("The notes of the document were left out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """`notes`: what people should know about the file, in sentences."""

    path: Path
    notes: tuple[str, ...] = ()


async def reopenable(
    picture: Path, document: Document, target: Path, *, notes: bool = False, over: bool = False
) -> Exported:
    """A copy that carries the document (`sharing.shareable`: no paths, no notes unless `notes`). `over`:
    another file at `target` may be replaced; the picture itself never.

    :raises BadInput: the picture can carry nothing, or `target` is taken or called like another kind
    :raises DiskTrouble: nothing was changed
    """

    def work() -> Exported:
        carrying = put_text(_read(picture), NAME, shared_text(document, notes=notes), called=_named(picture))
        told = [BROKEN_CREDENTIAL] if carrying.breaks_credential else []
        if has_notes(document) and not notes:
            told.append(LEFT_NOTES)
        return Exported(path=written(carrying.data, picture, target, over=over), notes=tuple(told))

    return await asyncio.to_thread(work)


async def clean(picture: Path, target: Path, *, over: bool = False) -> Exported:
    """`copy_clean`, in a thread."""
    return await asyncio.to_thread(copy_clean, picture, target, over=over)


def copy_clean(picture: Path, target: Path, *, over: bool = False) -> Exported:
    """A copy with nothing but the picture and its colour profile (`imaging.clean_copy`).

    :raises BadInput: as `reopenable`  :raises DiskTrouble: nothing was changed
    """
    made = clean_copy(_read(picture), called=_named(picture))
    return Exported(path=written(made, picture, target, over=over))


async def as_it_came(picture: Path, target: Path, *, over: bool = False) -> Exported:
    """`copy_as_it_came`, in a thread."""
    return await asyncio.to_thread(copy_as_it_came, picture, target, over=over)


def copy_as_it_came(picture: Path, target: Path, *, over: bool = False) -> Exported:
    """The same bytes, with whatever the vendor put into them.

    :raises BadInput: there is no such picture, or `target` is taken  :raises DiskTrouble: nothing was changed
    """
    if not picture.is_file():
        raise BadInput(
            say("There is no picture {picture}.", picture=picture),
            advice=say("Check its name."),
            code="image.missing",
        )
    free = _beside_the_picture(picture, target, over=over)
    with written_whole(free) as file:
        copy_into(picture, file)
    return Exported(path=free)


def as_made(document: Document, node: str, seed: int | None) -> Document:
    """The document as it made a node's picture: with the seed that was drawn for it."""
    return document if seed is None else edits.set_value(document, node, _SEED, seed)


def _read(picture: Path) -> bytes:
    data = read_picture(picture)
    if data is None:
        raise BadInput(
            say(
                "{picture} is no PNG, JPEG, WebP or TIFF, or too large to take apart.",
                picture=_named(picture),
            ),
            advice=say("Copy the file as it is."),
            code="image.cannot-carry",
        )
    return data


def written(data: bytes, picture: Path, target: Path, *, over: bool) -> Path:
    """`write`, under a name that ends as the data is: where it has no ending it gets one.

    :raises BadInput: also where it is called like another kind
    """
    endings = ENDINGS[sniff(data[:HEAD_BYTES]) or "PNG"]
    if not target.suffix:
        target = target.with_name(target.name + endings[0])
    if target.suffix.lower() not in endings:
        raise BadInput(
            say(
                "The picture is a {endings}, and {name} is called like something else.",
                endings=endings[0][1:].upper(),
                name=target.name,
            ),
            advice=say("Let its name end in {endings}.", endings=endings[0]),
            code="export.ending",
        )
    return write(data, picture, target, over=over)


def write(data: bytes, picture: Path, target: Path, *, over: bool) -> Path:
    """Where it was written.

    :raises BadInput: something lies there  :raises DiskTrouble: nothing was changed
    """
    free = _beside_the_picture(picture, target, over=over)
    with written_whole(free) as file:
        file.write(data)
    return free


def _beside_the_picture(picture: Path, target: Path, *, over: bool) -> Path:
    """Where it really is written. `over`: another file may be replaced, the picture itself never.

    :raises BadInput: something lies there
    """
    place = target.expanduser().resolve()
    if place.exists() and place.samefile(picture):
        raise BadInput(
            say("{name} is the picture itself.", name=place.name),
            advice=say("Choose another name: what the vendor sent is never changed."),
            code="export.itself",
        )
    return free_place(place, over=over)


def _named(picture: Path) -> str:
    return f"“{picture.name}”"
