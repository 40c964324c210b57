"""Chosen results as layers of one file, for Photoshop (PSD) or Krita and GIMP (OpenRaster)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.basics.faults import BadInput
from app.basics.words import say
from app.document.disk import written_whole
from app.document.reach import giver, references
from app.imaging.layers import Layer, stacked
from app.imaging.openraster import write_ora
from app.imaging.psd import write_psd
from app.studio.chosen import Chosen, chosen
from app.studio.studio import Studio
from app.studio.targets import free_target

PSD, ORA = ".psd", ".ora"
DPI = 300.0
MOST_DPI = 4800.0


class SavedLayers(Struct, frozen=True, kw_only=True):
    """`names` from the top down. `notes`: what people should know, in sentences."""

    path: Path
    names: tuple[str, ...]
    width: int
    height: int
    notes: tuple[str, ...] = ()


async def layers_of(
    studio: Studio, nodes: Sequence[str] = (), *, with_references: bool = False
) -> tuple[Layer, ...]:
    """The pictures of these nodes, the first one on top; without any, of all that have one.
    `with_references`: below each the photographs and pictures that it was made from, in their order, called
    by their tags.

    :raises BadInput: there is no such node
    """
    made: list[Layer] = []
    for one in await chosen(studio, nodes):
        made.append(Layer(path=one.path, name=_name(one)))
        if with_references:
            made += await _references(studio, one.node)
    return tuple(made)


async def save_layers(
    layers: Sequence[Layer], target: Path, *, dpi: float = DPI, over: bool = False
) -> SavedLayers:
    """Written as what its name ends in, whole or not at all. `layers`: the top one first.

    :raises BadInput: as `stacked`, another ending, or the name is taken  :raises DiskTrouble: not written
    """
    if not 1 <= dpi <= MOST_DPI:
        raise BadInput(
            say("{dpi} is no resolution.", dpi=dpi),
            advice=say("Choose 1 to {most} dots per inch; 300 is usual for print.", most=round(MOST_DPI)),
            code="layers.dpi",
        )

    def work() -> SavedLayers:
        path = free_target(target, (PSD, ORA), over=over, keep=[one.path for one in layers])
        stack = stacked(layers)
        write = write_psd if path.suffix.lower() == PSD else write_ora
        with written_whole(path) as file:
            write(file, stack, dpi)
        notes: list[str] = []
        if stack.unequal:
            notes.append(
                say(
                    "The pictures differ in size: each lies in the middle of {width} × {height}.",
                    width=stack.width,
                    height=stack.height,
                )
            )
        if stack.converted:
            notes.append(say("Their colour profiles differ: all are in sRGB now."))
        return SavedLayers(
            path=path, names=tuple(one.name for one in layers), width=stack.width, height=stack.height,
            notes=tuple(notes),
        )  # fmt: skip

    return await asyncio.to_thread(work)


def _name(one: Chosen) -> str:
    return str(one.title if one.seed is None else say("{title}, seed {seed}", title=one.title, seed=one.seed))


async def _references(studio: Studio, node: str) -> list[Layer]:
    document = studio.editor.document
    made: list[Layer] = []
    for link in references(document, node):
        source = giver(document, link)
        path = studio.photograph_path(source)
        if path is None or not await asyncio.to_thread(path.is_file):
            found = await chosen(studio, (source,)) if source in document.nodes else ()
            path = found[0].path if found else None
        if path is not None:
            made.append(Layer(path=path, name=f"@{link.tag}" if link.tag else path.stem))
    return made
