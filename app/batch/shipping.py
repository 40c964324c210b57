"""A row on its way to another machine and back: with its photographs by content, and what must be the same
there. The pictures come back through the library."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from app.basics.about import tagloom_version
from app.basics.faults import BadInput, DiskTrouble, Fault, Retry
from app.basics.words import say
from app.batch.orders import RowDocument, RowOrder, RowOutcome, RowResult
from app.batch.runner import resolve_file
from app.engine.job import Caps
from app.library.store import Store
from app.library.store_faults import gone
from app.nodes.check import PHOTOGRAPH


class Photograph(msgspec.Struct, frozen=True, kw_only=True):
    """`path` on the machine that sent it, `name` of the file; `shared`: it is in the library's store."""

    path: str
    name: str
    sha256: str
    suffix: str
    shared: bool


class Shipped(msgspec.Struct, frozen=True, kw_only=True):
    """`token` names this sending. `photographs` by their `file` value. `ledger` and `library`: which ones the
    sender has, without secrets. `places`: how many pictures of each `vendor model` whoever runs it may have
    at the vendor at once. `caps` as `engine.job.Caps`. `vendors`: whether the sender has a key for each, for
    without one its pictures are drafts."""

    token: str
    order: RowOrder
    photographs: dict[str, Photograph]
    ledger: str
    library: str
    places: dict[str, int]
    caps: dict[str, int | None]
    vendors: dict[str, bool]
    version: str


def packed(shipped: Shipped) -> bytes:
    """As it travels: JSON."""
    return msgspec.json.encode(shipped, enc_hook=_plain)


def unpacked(text: bytes) -> Shipped:
    """:raises msgspec.DecodeError: it is none"""
    return msgspec.json.decode(text, type=Shipped, dec_hook=_made)


def _plain(value: object) -> object:
    if isinstance(value, RowDocument):
        return value.text
    raise NotImplementedError(type(value).__name__)


def _made(kind: type, value: object) -> object:
    if kind is RowDocument and isinstance(value, str):
        return RowDocument(value)
    raise NotImplementedError(kind.__name__)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`busy`: the worker is about to leave, and has not begun; somebody else may."""

    outcome: RowOutcome
    busy: bool = False


class Hasher(Protocol):
    """`imaging.photographs.Photographs`, as far as contents go."""

    async def content_hash(self, path: Path) -> str: ...


class Sender:
    """`store` is the library's; `shared`: whoever runs the rows has it, too, perhaps on another machine."""

    def __init__(
        self,
        store: Store,
        photographs: Hasher,
        *,
        shared: bool,
        ledger: str,
        library: str,
        places: Callable[[], dict[str, int]] = dict,
        caps: Callable[[], Caps] = Caps,
        vendors: Mapping[str, bool] | None = None,
    ) -> None:
        self._store, self._photographs, self._shared = store, photographs, shared
        self._ledger, self._library = ledger, library
        self._places, self._caps, self._vendors = places, caps, dict(vendors or {})
        self._putting: dict[str, asyncio.Task[None]] = {}
        self._there: set[str] = set()

    async def ship(self, order: RowOrder, token: str) -> Shipped:
        """:raises BadInput, DiskTrouble: a photograph cannot be read, or not be put into the library"""
        found: dict[str, Photograph] = {}
        for node in order.document.whole.nodes.values():
            file = node.values.get("file")
            if node.kind == PHOTOGRAPH and isinstance(file, str) and file and not node.skip:
                with contextlib.suppress(BadInput):  # the row says itself what is wrong with it
                    found[file] = await self._photograph(order, file)
        caps = self._caps()
        return Shipped(
            token=token,
            order=order,
            photographs=found,
            ledger=self._ledger,
            library=self._library,
            places=self._places(),
            caps={name: getattr(caps, name) for name in _CAPS},
            vendors=self._vendors,
            version=tagloom_version(),
        )

    async def _photograph(self, order: RowOrder, file: str) -> Photograph:
        path = await asyncio.to_thread(resolve_file, order, file)
        sha256 = await self._photographs.content_hash(path)
        suffix = path.suffix.lower()[:8]
        if self._shared:
            await self._put_once(path, sha256, suffix)
        return Photograph(path=str(path), name=path.name, sha256=sha256, suffix=suffix, shared=self._shared)

    async def _put_once(self, path: Path, sha256: str, suffix: str) -> None:
        """Each content once, however many rows want it at the same time."""
        if sha256 in self._there:
            return
        task = self._putting.get(sha256)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(self._put, path, sha256, suffix))
            self._putting[sha256] = task
            task.add_done_callback(lambda _: self._putting.pop(sha256, None))
        await asyncio.shield(task)
        self._there.add(sha256)

    def _put(self, path: Path, sha256: str, suffix: str) -> None:
        if self._store.holds(sha256, suffix):
            return
        temp = self._store.temp()
        try:
            shutil.copyfile(path, temp)
            taken = self._store.take(temp, suffix)
        except OSError as error:
            raise _unsaved(path, error) from error
        finally:
            temp.unlink(missing_ok=True)
        if taken.sha256 != sha256:  # it was changed just now
            raise BadInput(
                say("The photograph {name} changed while it was read.", name=path.name),
                advice=say("Run the row again."),
                code="image.changed",
            )


class Lander:
    """Saves the pictures of a row that was run elsewhere into its folder."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def land(self, order: RowOrder, outcome: RowOutcome) -> RowOutcome:
        """With the paths of the files as they are here.

        :raises DiskTrouble: a picture cannot be fetched or written; it is in the library
        """
        results = [await asyncio.to_thread(self._land, Path(order.output), one) for one in outcome.results]
        return msgspec.structs.replace(outcome, results=tuple(results))

    def _land(self, output: Path, result: RowResult) -> RowResult:
        if not result.saved:
            return result
        kept = self._store.bring(result.sha256, result.suffix)
        if kept is None:
            raise gone(f"{result.sha256}{result.suffix}")
        try:
            target = _placed(kept, _inside(output, result.saved), result.sha256)
        except OSError as error:
            raise _unsaved(output, error) from error
        return msgspec.structs.replace(result, saved=target.relative_to(output).as_posix())


def caps_of(shipped: Shipped) -> Caps:
    return Caps(**{name: shipped.caps.get(name) for name in _CAPS})  # type: ignore[arg-type]


def _inside(output: Path, saved: str) -> Path:
    """A worker names files within the row's folder, and nowhere else."""
    parts = [one for one in Path(saved).parts if one not in ("..", "/", "\\") and ":" not in one]
    return output.joinpath(*parts)


def _placed(source: Path, target: Path, sha256: str) -> Path:
    """Whole or not at all, never over another file; one that is there with the same bytes stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted, number = target, 1
    while target.exists() and not _same(source, target):
        number += 1
        target = wanted.with_stem(f"{wanted.stem}-{number}")
    if target.exists():
        return target
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".saving-")
    try:
        with os.fdopen(handle, "wb") as out, source.open("rb") as stream:
            shutil.copyfileobj(stream, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


def _same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while piece := a.read(1 << 20):
            if piece != b.read(1 << 20):
                return False
    return True


def _unsaved(place: Path, error: OSError) -> Fault:
    return DiskTrouble(
        say("{place} could not be read or written.", place=place),
        advice=say("Make room or make it writable, then run again: what is paid for is in the library."),
        code="cluster.disk",
        retry=Retry.LATER,
        detail=str(error),
    )


_CAPS = ("day_credits", "day_money", "document_credits", "document_money")
