"""A bundle is opened: document and photographs into a folder of their own, results into the library.

It comes from anywhere: sizes are bounded before anything is read, every content is held to its hash, and a
`file` value is followed only inside the new folder. What was laid out stays whole: the folder appears under
its name when everything else is done.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.basics.money import Money
from app.basics.words import say, say_many
from app.basics.zips import Zip, damaged, opened_zip
from app.document.disk import sync_folder, trouble
from app.document.file_reader import read_text
from app.document.paths import resolve
from app.document.plain import MOST_BYTES as MOST_DOCUMENT
from app.document.plain import decoded
from app.document.values import Document
from app.engine.fingerprint import digest
from app.imaging.opening import MOST_BYTES as MOST_PICTURE
from app.library.assets import Origin
from app.library.index import moment
from app.library.library import Library
from app.preferences.pieces import free_title, title_of
from app.studio.bundle import (
    DOCUMENT,
    MANIFEST,
    MOST_MANIFEST,
    BundledResult,
    Given,
    Manifest,
    Photograph,
    not_ours,
    read_manifest,
)

ENDING = ".tagloom"
_MOST_TRIES = 50


class Unbundled(Struct, frozen=True, kw_only=True):
    """`document` is where it lies now; `results` so many pictures the library knows. `notes` are sentences
    about what was left out; `again`: it had been laid out there before, and is as it was."""

    document: Path
    photographs: int
    results: int
    again: bool = False
    notes: tuple[str, ...] = ()


class _Laid(Struct, frozen=True, kw_only=True):
    folder: Path
    temp: Path | None
    """None where the folder is there already."""
    name: str

    @property
    def document(self) -> Path:
        return self.folder / f"{self.name}{ENDING}"


async def open_bundle(bundle: Path, folder: Path, library: Library) -> Unbundled:
    """Lays a bundle out in a new folder inside `folder`; the same one again goes where it went before, if
    nobody has changed the document there.

    :raises BadInput: what is wrong with it; nothing was laid out (pictures before the damage may be in the
        library: each is what its hash says)
    :raises DiskTrouble: nothing was laid out
    """
    manifest, laid = await asyncio.to_thread(_begin, bundle, folder)
    try:
        known, unread = await _take_results(bundle, manifest, laid.document, library)
        if laid.temp is not None:
            await asyncio.to_thread(_appear, laid.temp, laid.folder)
    finally:
        if laid.temp is not None:
            await asyncio.to_thread(shutil.rmtree, laid.temp, ignore_errors=True)
    notes: tuple[str, ...] = ()
    if unread:
        notes = (
            say_many(
                unread, "A result in it is no picture and was left out.",
                "{n} results in it are no pictures and were left out.",
            ),
        )  # fmt: skip
    return Unbundled(
        document=laid.document,
        photographs=len(manifest.photographs),
        results=known,
        again=laid.temp is None,
        notes=notes,
    )


def bundled_document(bundle: Path) -> Document:
    """The document in a bundle; nothing is laid out. Works on the disk: for a thread.

    :raises BadInput: it is no bundle, or damaged  :raises DiskTrouble: it cannot be read
    """
    with opened_zip(bundle) as zip:
        if DOCUMENT not in zip:
            raise not_ours(f"“{bundle.name}”", "no document")
        return read_text(decoded(zip.read(DOCUMENT, MOST_DOCUMENT))).document


async def place_for(bundle: Path, working: Path) -> Path:
    """Beside the bundle where that folder can be written, else in `working`."""

    def find() -> Path:
        beside = bundle.expanduser().resolve().parent
        if os.access(beside, os.W_OK | os.X_OK):
            return beside
        try:
            working.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise trouble(working, error) from error
        return working

    return await asyncio.to_thread(find)


# --- the folder ------------------------------------------------------------------------------


def _begin(bundle: Path, folder: Path) -> tuple[Manifest, _Laid]:
    called = f"“{bundle.name}”"
    with opened_zip(bundle) as zip:
        if MANIFEST not in zip or DOCUMENT not in zip:
            raise not_ours(called, "no list")
        manifest = read_manifest(zip.read(MANIFEST, MOST_MANIFEST), called)
        text = decoded(zip.read(DOCUMENT, MOST_DOCUMENT))
        read_text(text)  # what cannot be read is found before anything is written
        _check(manifest, zip, called)
        name = title_of(manifest.name, bundle.stem or "bundle")
        data = text.encode("utf-8")
        again = _laid_before(folder, name, data, manifest)
        if again is not None:
            return manifest, again
        return manifest, _laid_out(zip, manifest, folder, name, data, called)


def _check(manifest: Manifest, zip: Zip, called: str) -> None:
    """Everything that it lists is there, and nothing would lie outside or over another."""
    seen: set[str] = set()
    members: tuple[Photograph | BundledResult, ...] = (*manifest.photographs, *manifest.results)
    for one in members:
        if one.member not in zip:
            raise damaged(called, f"{one.member} is missing")
        if zip.size(one.member) > MOST_PICTURE:
            raise damaged(called, f"{one.member} has {zip.size(one.member)} bytes")
    for photograph in manifest.photographs:
        path = PurePosixPath(photograph.file)
        plain = str(path) == photograph.file and not any(part.startswith(".") for part in path.parts)
        strange = not photograph.file.isprintable() or any(sign in photograph.file for sign in '\\:*?"<>|')
        if not plain or path.is_absolute() or strange or path.suffix.lower() == ENDING:
            raise _outside(called, photograph.file)
        if photograph.file.casefold() in seen:
            raise damaged(called, f"{photograph.file} twice")
        seen.add(photograph.file.casefold())


def _outside(called: str, file: str) -> BadInput:
    shown = "".join(sign if sign.isprintable() else "�" for sign in file[:80])
    return BadInput(
        say("{name} holds a file that would lie elsewhere: “{member}”.", name=called, member=shown),
        advice=say("Copy it again from where it came from, or ask for it anew."),
        code="zip.outside",
    )


def _laid_before(folder: Path, name: str, data: bytes, manifest: Manifest) -> _Laid | None:
    for number in range(1, _MOST_TRIES):
        there = folder.expanduser().resolve() / (name if number == 1 else f"{name} {number}")
        laid = _Laid(folder=there, temp=None, name=name)
        try:
            same = laid.document.read_bytes() == data
            if same and all((there / one.file).is_file() for one in manifest.photographs):
                return laid
        except (FileNotFoundError, NotADirectoryError):
            if not there.exists():
                return None
        except OSError:
            return None
    return None


def _laid_out(zip: Zip, manifest: Manifest, folder: Path, name: str, data: bytes, called: str) -> _Laid:
    try:
        folder = folder.expanduser().resolve()
        folder.mkdir(parents=True, exist_ok=True)
        free = free_title(name, [one.name for one in folder.iterdir()])
        temp = folder / f".{name[:40]}.{secrets.token_hex(6)}.part"
        temp.mkdir()
    except OSError as error:
        raise trouble(folder / name, error) from error
    laid = _Laid(folder=folder / free, temp=temp, name=name)
    try:
        for one in manifest.photographs:
            _copy_photograph(zip, one, temp, called)
        _write(temp / f"{name}{ENDING}", lambda file: file.write(data))
    except Fault:
        shutil.rmtree(temp, ignore_errors=True)
        raise
    return laid


def _copy_photograph(zip: Zip, photograph: Photograph, temp: Path, called: str) -> None:
    target = resolve(temp, photograph.file)
    found: list[str] = []
    _write(target, lambda file: found.append(zip.copy(photograph.member, file, MOST_PICTURE)))
    if found != [photograph.sha256]:
        raise damaged(called, f"{photograph.member} is something else")


def _write(target: Path, put: Callable[..., object]) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            put(file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise trouble(target, error) from error


def _appear(temp: Path, folder: Path) -> None:
    try:
        os.rename(temp, folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise trouble(folder, error) from error


# --- the library -----------------------------------------------------------------------------


async def _take_results(
    bundle: Path, manifest: Manifest, document: Path, library: Library
) -> tuple[int, int]:
    """How many pictures the library has now, and how many in the bundle are none."""
    known = unread = 0
    for result in manifest.results:
        try:
            for given in result.origins:
                temp = await asyncio.to_thread(_fetched, bundle, result, library)
                await _add(library, temp, given, result, document)
            known += 1
        except BadInput as fault:
            if not fault.code.startswith("image."):
                raise
            unread += 1
    return known, unread


async def _add(library: Library, temp: Path, given: Given, result: BundledResult, document: Path) -> None:
    try:
        await library.add(temp, _origin(given, document), made=moment(result.made))
    finally:
        with suppress(OSError):
            await asyncio.to_thread(temp.unlink, missing_ok=True)


def _fetched(bundle: Path, result: BundledResult, library: Library) -> Path:
    called, temp = f"“{bundle.name}”", library.temp()
    try:
        with opened_zip(bundle) as zip, temp.open("xb") as file:
            sha256 = zip.copy(result.member, file, MOST_PICTURE)
        if sha256 != result.sha256:
            raise damaged(called, f"{result.member} is something else")
    except OSError as error:
        temp.unlink(missing_ok=True)
        raise _full(error) from error
    except Fault:
        temp.unlink(missing_ok=True)
        raise
    return temp


def _full(error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("The results in the bundle could not be kept in the library."),
        advice=say("Free some space on the library's disk, then open the bundle again."),
        code="bundle.library",
        detail=str(error),
    )


def _origin(given: Given, document: Path) -> Origin:
    """An origin of the bundle's: no operation of this ledger, and the same one again for the same place."""
    return Origin(
        operation=f"bundle-{digest([given.of, given.node, str(document)])}",
        fingerprint=given.fingerprint,
        document=str(document),
        node=given.node,
        card=given.card,
        vendor=given.vendor,
        draft=given.draft,
        prompt=given.prompt,
        seed=given.seed,
        credits=given.credits,
        money=None if given.money is None else Money(given.money),
        request=given.request,
    )
