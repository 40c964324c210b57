"""The document on the desk: its file, where its photographs may be read, and what it is called."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from msgspec.structs import replace

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.basics.languages import language_of
from app.basics.signal import Signal
from app.basics.words import say
from app.document import project_file
from app.document.beside import HOLDS_PHOTOGRAPH, tables_named
from app.document.claims import Claims, note_of, open_elsewhere
from app.document.editor import Editor
from app.document.past import Past, Pasts
from app.document.sharing import read_shared
from app.document.values import BLANK, Document
from app.preferences import declared
from app.preferences.options import Options

SUFFIX = ".tagloom"
EXAMPLES = MappingProxyType({"en": f"first-run{SUFFIX}", "zh_CN": f"first-run.zh_CN{SUFFIX}"})
"""The first-run example by language."""
CATALOGUES = MappingProxyType({"en": f"catalogue{SUFFIX}", "zh_CN": f"catalogue.zh_CN{SUFFIX}"})
"""The example with a table of products, which lies beside it."""
CARRIERS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"})
"""How names of pictures end that may carry a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    id: str
    title: str
    summary: str


class Desk:
    """Opens, saves and names the one document being edited. A photograph outside the document's folder is
    read only when the artist chose its path by hand (`trust`)."""

    def __init__(
        self,
        editor: Editor,
        options: Options,
        *,
        pasted: Path,
        working: Path,
        carried: Callable[[Path], str | None],
        claims: Claims | None = None,
        pasts: Pasts | None = None,
    ) -> None:
        """`pasted` is where pictures without a file are kept until the document is saved; `working` is where
        the first-run example and templates are laid out, so that they can be changed. `carried` gives the
        text of the document that a picture carries (`studio.carried`). With `claims` (a window) the
        document is locked while it lies here; with `pasts` its steps outlive the window."""
        self.path: Path | None = None
        self.known = ""
        """What the document's file held when it was read or written here (SHA-256); empty: never."""
        self.opened: Signal[Path | None] = Signal()
        self.saved: Signal[Path] = Signal()
        self._editor = editor
        self._options = options
        self._pasted = pasted
        self._working = working
        self._carried = carried
        self._claims = claims
        self._pasts = pasts
        self._saving = asyncio.Lock()
        self._trusted: set[Path] = set()
        self._name = ""
        self._laid = 0
        """Counts the documents that were laid here."""

    @property
    def name(self) -> str:
        return self.path.name if self.path else self._name or str(say("Untitled"))

    @property
    def folder(self) -> Path | None:
        return self.path.parent if self.path else None

    @property
    def dirty(self) -> bool:
        return self._editor.dirty

    @property
    def untouched(self) -> bool:
        """Nobody has worked in what lies here: nothing, or the example as it came."""
        if self._editor.dirty or self._editor.history:
            return False
        if self.path is None:
            return not self._editor.document.nodes
        return self.on_example

    @property
    def trusted(self) -> frozenset[Path]:
        """Photographs outside the document's folder that were chosen by hand."""
        return frozenset(self._trusted)

    def trust(self, path: Path) -> None:
        """The artist chose this path by hand, in this session."""
        self._trusted.add(path.expanduser().resolve())

    def resolve(self, file: str) -> Path:
        """The path of a node's `file` value.

        :raises BadInput: it lies outside the document's folder and was not chosen by hand
        """
        return project_file.resolve(self.folder, file, self._trusted)

    async def open(self, path: Path, *, remember: bool = True) -> tuple[str, ...]:
        """Lays a document on the desk; what people should know about it comes back as sentences. `remember`:
        among the recent documents of the window.

        :raises BadInput: not a document; the one on the desk stays
        """
        path = await asyncio.to_thread(path.resolve)
        loaded = await asyncio.to_thread(project_file.load, path)
        past = await asyncio.to_thread(self._pasts.of, path, loaded.document) if self._pasts else None
        self._lay(loaded.document, path, "", known=loaded.sha256, past=past)
        if remember:
            self._remember(path)
        elsewhere = self._claims is not None and self._claims.elsewhere
        return (note_of(path), *loaded.notes) if elsewhere else tuple(loaded.notes)

    async def open_any(self, path: Path) -> tuple[str, ...]:
        """A document, or the one that a picture carries. :raises BadInput: as `open` and `open_carried`"""
        return await (self.open_carried(path) if path.suffix.lower() in CARRIERS else self.open(path))

    async def open_carried(self, path: Path) -> tuple[str, ...]:
        """Lays the document that a picture carries on the desk, as a new one that is called like the picture.
        It has no folder, so none of the files that it names is read.

        :raises BadInput: it carries none, or a damaged one; the document on the desk stays
        """
        text = await asyncio.to_thread(self._carried, path)
        if text is None:
            raise BadInput(
                say("“{name}” carries no document.", name=path.name),
                advice=say(
                    "Only a picture that was saved re-openable does. As a photograph, drop it on a node."
                ),
                code="document.not-carried",
            )
        read = await asyncio.to_thread(read_shared, text)
        self._lay(read.document, None, path.stem)
        return (*read.notes, *_without_photographs(read.document))

    async def carries(self, path: Path) -> bool:
        """Whether a picture carries a document; what cannot be read carries none."""
        try:
            return await asyncio.to_thread(self._carried, path) is not None
        except Fault:
            return False

    def new(self, document: Document = BLANK, name: str = "") -> None:
        self._lay(document, None, name)

    def lay_recovered(
        self, document: Document, path: Path | None, name: str, *, known: str, trusted: frozenset[Path]
    ) -> None:
        """What a window that died had not saved, as it lay there: it counts as not saved, and replaces its
        file only where that is still what it was (`known`)."""
        self._lay(document, path, name, known=known, saved=False, trusted=trusted)

    async def save(self, path: Path | None = None, *, anyway: bool = False) -> Path:
        """Writes the document, its photographs beside it on the first save. `anyway`: whatever stands in the
        way of it.

        :raises BadInput: it has no name yet and none is given
        :raises DiskTrouble: nothing was changed on disk; `document.changed-on-disk` and
            `document.open-elsewhere` are for the artist to decide
        """
        target = path or self.path
        if target is None:
            raise BadInput(
                say("This document has no name yet."),
                advice=say("Choose where to save it."),
                code="document.no-name",
            )
        named = target if target.suffix.lower() == SUFFIX else target.with_name(target.name + SUFFIX)
        target = named.expanduser().resolve()
        laid = self._laid
        async with self._saving:  # what the one before has written is no change from outside
            if self._laid == laid:
                await self._write(target, anyway)
        return target

    async def _write(self, target: Path, anyway: bool) -> None:
        if self._claims is not None and not self._claims.is_free(target) and not anyway:
            raise open_elsewhere(target)
        before, laid = self._editor.document, self._laid
        tables = [path for _, _, path in tables_named(before, self.folder, self._trusted)]
        written = await asyncio.to_thread(
            project_file.save_over,
            target,
            before,
            folder=self.folder,
            trusted=self.trusted,
            expected=self.known if target == self.path and not anyway else "",
        )
        self._remember(target)
        if self._laid == laid:  # else another document lies here by now
            self.path, self.known = target, written.sha256
            self._trusted.update(tables)  # they stay where they are, also where that is elsewhere now
            if self._claims is not None:
                self._claims.take(target)
            self._editor.saved(before, written.document)
            self.saved.emit(target)
            await self._keep_past(target)

    async def _keep_past(self, path: Path) -> None:
        """The steps, as seen from what is on disk now."""
        at = self._editor.saved_at
        if self._pasts is not None and at is not None:
            past = replace(self._editor.past, at=at)
            await asyncio.to_thread(self._pasts.keep, path, past)

    async def keep_picture(self, data: bytes, name: str) -> Path:
        """A picture that came without a file (pasted, from a browser) becomes one."""
        given = PurePosixPath(name.replace("\\", "/"))  # of any system, and perhaps from a web page
        stem = re.sub(r"[^\w-]+", "-", given.stem)[:60].strip("-") or "pasted"
        suffix = given.suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", given.suffix) else ".png"
        target = self._pasted / f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
        await asyncio.to_thread(_write, target, data)
        self.trust(target)
        return target

    def templates(self) -> tuple[Template, ...]:
        listed = json.loads((files("resources") / "examples" / "templates.json").read_text("utf-8"))
        return tuple(Template(**one) for one in listed)

    async def new_from(self, template: str) -> None:
        """A new document from a template. :raises BadInput: there is no such template"""
        if template not in {one.id for one in self.templates()}:
            raise BadInput(
                say("There is no template {template!r}.", template=template),
                advice=say("The palette lists them."),
                code="template.unknown",
            )
        with as_file(files("resources") / "examples" / "templates" / f"{template}{SUFFIX}") as path:
            loaded = await asyncio.to_thread(project_file.load, path)
        title = next(one.title for one in self.templates() if one.id == template)
        self._lay(loaded.document, None, title)

    async def first_run_example(self) -> Path:
        """The example with its photographs, in the artist's language, laid out where it can be changed and
        saved."""
        return await self._laid_out(EXAMPLES)

    async def example_catalogue(self) -> Path:
        """The example with a table, laid out in the same way."""
        return await self._laid_out(CATALOGUES)

    async def _laid_out(self, names: Mapping[str, str]) -> Path:
        language = language_of(self._options.get(declared.LANGUAGE))
        target = self._working / names.get(language, names["en"])
        if not target.exists():
            await asyncio.to_thread(_lay_out, target)
        return target

    @property
    def on_example(self) -> bool:
        """Whether an example lies here."""
        return self.path is not None and self.path.parent == self._working.resolve()

    def recent(self) -> tuple[Path, ...]:
        return tuple(Path(one) for one in self._options.get(declared.RECENT))

    def forget_recent(self) -> None:
        self._options.set(declared.RECENT, ())

    def close(self) -> None:
        """Other windows may have the document."""
        if self._claims is not None:
            self._claims.let_go()

    def _lay(
        self,
        document: Document,
        path: Path | None,
        name: str,
        *,
        known: str = "",
        saved: bool = True,
        trusted: frozenset[Path] = frozenset(),
        past: Past | None = None,
    ) -> None:
        self.path, self.known, self._name = path, known, name
        self._laid += 1
        self._trusted = set(trusted)
        if self._claims is not None:
            self._claims.take(path)
        self._editor.replace(document, saved=saved, past=past)
        self.opened.emit(path)

    def _remember(self, path: Path) -> None:
        """Where the settings cannot be written it holds until the end of this session: no reason to say that
        a document was not opened or saved."""
        others = [str(one) for one in self.recent() if one != path]
        with suppress(DiskTrouble):
            self._options.set(declared.RECENT, (str(path), *others))


def _without_photographs(document: Document) -> tuple[str, ...]:
    named = [
        node for node in document.nodes.values() if node.kind in HOLDS_PHOTOGRAPH and node.values.get("file")
    ]
    if not named:
        return ()
    return (
        say("The photographs are not in the picture. Choose them again, or save beside their refs folder."),
    )


def _write(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        raise DiskTrouble(
            say("The picture cannot be kept in {parent}.", parent=target.parent),
            advice=say("Free some space there, or save the document first."),
            code="disk.picture",
            detail=str(error),
        ) from error


def _lay_out(target: Path) -> None:
    try:
        with as_file(files("resources") / "examples") as examples:
            (target.parent / "refs").mkdir(parents=True, exist_ok=True)
            for photograph in (examples / "refs").iterdir():
                shutil.copyfile(photograph, target.parent / "refs" / photograph.name)
            for file in (target.with_suffix(".csv"), target):
                if (examples / file.name).is_file():
                    shutil.copyfile(examples / file.name, file)
    except OSError as error:
        raise DiskTrouble(
            say("The example cannot be laid out in {parent}.", parent=target.parent),
            advice=say("Check that the folder can be written, or set TAGLOOM_HOME to one that can."),
            code="disk.example",
            detail=str(error),
        ) from error
