"""A bundle is made: the document on the desk with its photographs and its results in one file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.basics.words import say, say_many
from app.basics.zips import MOST_BYTES, Member, too_large, write_zip
from app.document.beside import FOLDER, HOLDS_PHOTOGRAPH
from app.document.disk import sha256_of, trouble, written_whole
from app.document.edits import set_values
from app.document.file_writer import write_text
from app.document.paths import relative_to, resolve
from app.document.values import Document
from app.engine.fingerprint import digest
from app.library.assets import Asset, Origin
from app.library.index import micros, to_mapping
from app.library.library import Library
from app.studio.bundle import (
    DOCUMENT,
    FORMAT,
    MANIFEST,
    SUFFIX,
    BundledResult,
    Given,
    Manifest,
    Photograph,
    manifest_text,
)
from app.studio.bundled_tables import TableFiles, table_files
from app.studio.studio import Studio
from app.studio.targets import free_target

_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


class Bundled(Struct, frozen=True, kw_only=True):
    """`notes`: what is not in it, in sentences."""

    path: Path
    photographs: int
    results: int
    bytes: int
    notes: tuple[str, ...] = ()


class _Gathered(Struct, frozen=True, kw_only=True):
    document: Document
    photographs: tuple[Photograph, ...]
    paths: dict[str, Path]
    """Member → the file."""
    missing: int


async def save_bundle(studio: Studio, target: Path, *, versions: bool = True, over: bool = False) -> Bundled:
    """Writes what is on the desk into a bundle, whole or not at all; the same again gives the same bytes.
    `versions`: every result of its nodes, else those that are shown, picked or kept. `over`: a file that is
    there may be replaced.

    :raises BadInput: `zip.too-large`, or the name is taken  :raises DiskTrouble: nothing was changed
    """
    keep = [studio.desk.path] if studio.desk.path else []
    target = await asyncio.to_thread(free_target, target, (SUFFIX,), over=over, keep=keep)
    document, desk = studio.editor.document, studio.desk
    name = Path(desk.name).stem if desk.path else desk.name
    with suppress(BadInput):  # what cannot run as it stands can be handed over all the same
        await studio.look()
    found = await _results(studio, document, versions)
    await studio.preview.refresh()
    of_table = await asyncio.to_thread(
        table_files, document, studio.kinds, desk.folder, studio.preview.resolve
    )
    gathered = await asyncio.to_thread(_gather, of_table, desk.folder, desk.trusted)
    results, damaged = await _sound(studio.library, found)
    manifest = Manifest(
        format=FORMAT,
        name=name[:200],
        photographs=gathered.photographs,
        results=tuple(_entry(assets, origins) for assets, origins in results),
    )
    paths = dict(gathered.paths)
    for entry, (asset, _) in zip(manifest.results, results, strict=True):
        paths[entry.member] = asset.path
    size = await asyncio.to_thread(_write, target, manifest, gathered.document, paths)
    return Bundled(
        path=target,
        photographs=len({one.sha256 for one in gathered.photographs if one.file not in of_table.tables}),
        results=len(results),
        bytes=size,
        notes=tuple(_notes(gathered.missing, damaged, of_table.left_out)),
    )


def _notes(missing: int, damaged: int, of_rows: int) -> Iterable[str]:
    if of_rows:
        yield say_many(
            of_rows, "A file of the table is missing or too much, and is not in it.",
            "{n} files of the table are missing or too much, and are not in it.",
        )  # fmt: skip
    if missing:
        yield say_many(
            missing, "A photograph is missing and is not in it.",
            "{n} photographs are missing and are not in it.",
        )  # fmt: skip
    if damaged:
        yield say_many(
            damaged, "A result in the library is damaged and is not in it.",
            "{n} results in the library are damaged and are not in it.",
        )  # fmt: skip


# --- results ---------------------------------------------------------------------------------

Found = tuple[Asset, tuple[Origin, ...]]


async def _results(studio: Studio, document: Document, versions: bool) -> list[Found]:
    """Each picture with those of its origins that belong to a node of the document, by hash."""
    assets: dict[str, Asset] = {}
    origins: dict[str, dict[str, Origin]] = {}

    def take(asset: Asset, origin: Origin) -> None:
        assets.setdefault(asset.sha256, asset)
        origins.setdefault(asset.sha256, {})[origin.operation] = origin

    library = studio.library
    for id, node in document.nodes.items():
        shown = studio.outlook.results.get(id)
        wanted = {one for one in (node.pick, node.lock, shown.sha256 if shown else "") if one}
        for asset in await library.for_node(studio.document_id, id):
            if versions or asset.sha256 in wanted:
                take(asset, asset.origin)
        for sha256 in sorted(wanted - assets.keys()):  # made for another document, or of another node
            other = await library.get(sha256)
            if other is not None:
                for origin in await library.origins(sha256):
                    take(other, replace(origin, node=id))
    return [(assets[one], tuple(origins[one].values())) for one in sorted(assets)]


async def _sound(library: Library, found: Sequence[Found]) -> tuple[list[Found], int]:
    sound = [one for one in found if await library.verify(one[0])]
    return sound, len(found) - len(sound)


def _entry(asset: Asset, origins: Sequence[Origin]) -> BundledResult:
    given = sorted((_given(one) for one in origins), key=lambda one: one.of)
    return BundledResult(
        sha256=asset.sha256,
        ending=_ending(asset.path),
        made=max(0, micros(asset.made)),
        origins=tuple(given),
    )


def _given(origin: Origin) -> Given:
    return Given(
        of=digest([origin.operation]),
        node=origin.node,
        card=origin.card,
        vendor=origin.vendor,
        fingerprint=origin.fingerprint,
        draft=origin.draft,
        prompt=origin.prompt,
        seed=origin.seed,
        credits=origin.credits,
        money=origin.money,
        request=to_mapping(origin.request),
    )


# --- photographs -----------------------------------------------------------------------------


def _gather(of_table: TableFiles, folder: Path | None, trusted: frozenset[Path]) -> _Gathered:
    """The document with every photograph beside it, as it will lie where the bundle is opened."""
    named: dict[Path, Photograph] = {}
    paths: dict[str, Path] = {}
    missing, document = 0, of_table.document
    for id, node in sorted(document.nodes.items()):
        file = node.values.get("file")
        if node.kind not in HOLDS_PHOTOGRAPH or not isinstance(file, str) or not file:
            continue
        if of_table.tables and "{" in file:
            continue  # its rows name the photographs
        source = _readable(file, folder, trusted)
        inside = relative_to(folder, source) if folder is not None and source is not None else None
        if source is None:
            missing += 1
            continue
        if source not in named:
            sha256 = _hashed(source)
            name = inside or _free(source.name, [one.file for one in named.values()])
            named[source] = Photograph(file=name, sha256=sha256, ending=_ending(source))
            paths[named[source].member] = source
        one = named[source]
        if inside is None:
            document = set_values(document, id, {"file": one.file, "sha256": one.sha256})
        elif one.file != file:
            document = set_values(document, id, {"file": one.file})
    taken = {one.file.casefold(): one for one in named.values()}
    for name, source in {**of_table.tables, **of_table.photographs}.items():
        if name.casefold() not in taken:
            one = Photograph(file=name, sha256=_hashed(source), ending=_ending(source))
            taken[name.casefold()] = one
            paths[one.member] = source
    photographs = tuple(sorted(taken.values(), key=lambda one: one.file))
    return _Gathered(document=document, photographs=photographs, paths=paths, missing=missing)


def _readable(file: str, folder: Path | None, trusted: frozenset[Path]) -> Path | None:
    try:
        source = resolve(folder, file, trusted)
        return source if source.is_file() else None
    except (Fault, OSError):
        return None


def _hashed(source: Path) -> str:
    try:
        return sha256_of(source)
    except OSError as error:
        raise DiskTrouble(
            say("{name} could not be read from the disk.", name=f"“{source.name}”"),
            advice=say("Check that the file may be read and that its disk is connected, then try again."),
            code="disk.read",
            detail=str(error),
        ) from error


def _free(name: str, taken: Sequence[str]) -> str:
    known = {one.casefold() for one in taken}
    path = PurePosixPath(name)
    count, free = 1, f"{FOLDER}/{name}"
    while free.casefold() in known:
        count += 1
        free = f"{FOLDER}/{path.stem}-{count}{path.suffix}"
    return free


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    return ending if _ENDING.fullmatch(ending) else ""


# --- the file --------------------------------------------------------------------------------


def _write(target: Path, manifest: Manifest, document: Document, paths: dict[str, Path]) -> int:
    members = [
        Member(name=MANIFEST, content=manifest_text(manifest), packed=True),
        Member(name=DOCUMENT, content=write_text(document).encode("utf-8"), packed=True),
        *(Member(name=name, content=paths[name]) for name in sorted(paths)),
    ]
    listed: tuple[Photograph | BundledResult, ...] = (*manifest.photographs, *manifest.results)
    expected = {one.member: one.sha256 for one in listed}
    try:
        if sum(one.stat().st_size for one in paths.values()) > MOST_BYTES:
            raise too_large()
    except OSError as error:
        raise trouble(target, error) from error
    with written_whole(target) as file:
        written = write_zip(file, members)
        if any(written[name] != sha256 for name, sha256 in expected.items()):
            raise trouble(target, OSError(0, "a picture changed while it was copied"))
        return file.tell()
