"""The artist's own templates: parts of graphs, each a document called by its title, with its photographs
beside it."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.basics.signal import Signal
from app.basics.words import say, say_many
from app.document import project_file
from app.document.clipboard import photographs_of, with_absolute_files
from app.document.edits import with_links
from app.document.gestures import cut_out
from app.document.values import Document
from app.preferences.pieces import files_in, free_title, title_of

SUFFIX = ".tagloom"
MOST_TEMPLATES = 200


class OwnTemplate(Struct, frozen=True, kw_only=True):
    """`summary` says what is in it ("3 nodes")."""

    title: str
    summary: str


class Piece(Struct, frozen=True, kw_only=True):
    """What is put in: `part` names its photographs by absolute paths; `photographs` are those that lie in
    the artist's own folder, and may be read."""

    part: Document
    photographs: tuple[Path, ...]


class Templates:
    """Its calls block: they are made in threads."""

    def __init__(self, folder: Path) -> None:
        self.changed: Signal[None] = Signal()
        self._folder = folder

    def all(self) -> tuple[tuple[OwnTemplate, ...], tuple[str, ...]]:
        """By title; and what was skipped, as sentences."""
        known: list[OwnTemplate] = []
        notes: list[str] = []
        try:
            files = files_in(self._folder, SUFFIX)[:MOST_TEMPLATES]
        except OSError as error:
            return (), (
                say(
                    "Your templates in {folder} cannot be read: {strerror}.",
                    folder=self._folder,
                    strerror=error.strerror,
                ),
            )
        for file in files:
            try:
                count = len(project_file.load(file).document.nodes)
            except Fault as fault:
                notes.append(
                    say("Your template {name} is skipped. {title}", name=file.name, title=fault.title)
                )
            else:
                known.append(OwnTemplate(title=file.stem, summary=say_many(count, "{n} node", "{n} nodes")))
        return tuple(known), tuple(notes)

    def keep(
        self,
        title: str,
        document: Document,
        nodes: Collection[str],
        frames: Collection[str] = (),
        *,
        folder: Path | None,
        trusted: Collection[Path],
    ) -> str:
        """A selection as a template; its title, numbered where another has it. Pictures that were made do not
        come along. `folder` and `trusted` say which photographs of the document may be read.

        :raises BadInput: nothing is selected  :raises DiskTrouble: it is not kept
        """
        part = _alone(cut_out(document, nodes, frames))
        if not part.nodes and not part.frames:
            raise BadInput(
                say("Nothing is selected."),
                advice=say("Select the nodes that shall be the template."),
                code="template.empty",
            )
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            taken = [one.stem for one in files_in(self._folder, SUFFIX)]
        except OSError as error:
            raise _unkept(self._folder, error) from error
        name = free_title(title_of(title, say("Template")), taken)
        project_file.save(self._folder / f"{name}{SUFFIX}", part, folder=folder, trusted=trusted)
        return name

    def load(self, title: str) -> Piece:
        """:raises BadInput: it is gone or damaged  :raises DiskTrouble: it cannot be read"""
        loaded = project_file.load(self._file(title))
        part = with_absolute_files(loaded.document, loaded.folder)
        own = tuple(path for path in photographs_of(part) if path.is_relative_to(loaded.folder))
        return Piece(part=part, photographs=own)

    def remove(self, title: str) -> None:
        """Put aside into `removed`, where it can be found again. :raises DiskTrouble: it stays"""
        file = self._file(title)
        aside = self._folder / "removed"
        try:
            if file.exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                os.replace(file, aside / file.name)
        except OSError as error:
            raise _unkept(self._folder, error) from error

    def _file(self, title: str) -> Path:
        """Never outside of the folder, whatever the title says."""
        return self._folder / f"{title_of(title, 'Template')}{SUFFIX}"


def _alone(part: Document) -> Document:
    """Without links from elsewhere, and without pictures that were made."""
    inside = [one for one in part.links if one.source.node in part.nodes]
    nodes = {id: replace(node, pick="", lock="") for id, node in part.nodes.items()}
    return with_links(replace(part, nodes=nodes), inside)


def _unkept(folder: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("Your templates in {folder} cannot be changed.", folder=folder),
        advice=say("Make the folder writable or free some space, and try again."),
        code="template.unwritable",
        detail=str(error),
    )
