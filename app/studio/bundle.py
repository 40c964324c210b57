"""What a bundle (`.tagloomz`) is: a zip of a document, its photographs and its results.

    bundle.json                  the list (`Manifest`)
    document.tagloom             the document; its `file` values are relative
    photographs/<sha256>.<ending>
    results/<sha256>.<ending>    the vendors' bytes as they came

It says nothing of the machine it was made on: no folder, no account, no operation of the ledger.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.basics.faults import BadInput
from app.basics.words import say

SUFFIX = ".tagloomz"
FORMAT = "tagloom-bundle/1"
MANIFEST = "bundle.json"
DOCUMENT = "document.tagloom"
MOST_MANIFEST = 64 * 1024 * 1024
_FORMATS = re.compile(r"tagloom-bundle/(\d{1,6})")

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Ending = Annotated[str, Meta(pattern=r"^(\.[a-z0-9]{1,8})?$")]
Name = Annotated[str, Meta(max_length=400)]
Key = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,128}$")]
Amount = Annotated[int, Meta(ge=0, lt=1 << 62)]
Number = Annotated[int, Meta(ge=-(1 << 62), lt=1 << 62)]
Micros = Annotated[int, Meta(ge=0, lt=1 << 53)]


class Photograph(Struct, frozen=True, kw_only=True):
    """`file` is the value in the document, so where it lies beside it."""

    file: Annotated[str, Meta(min_length=1, max_length=1024)]
    sha256: Hash
    ending: Ending

    @property
    def member(self) -> str:
        return f"photographs/{self.sha256}{self.ending}"


class Given(Struct, frozen=True, kw_only=True):
    """Where a result came from, as `library.Origin`, but for document and operation: those are of the machine
    that made it. `of` tells origins of the same picture apart."""

    of: Key
    node: Name
    card: Name
    vendor: Name
    fingerprint: Key
    draft: bool
    prompt: Annotated[str, Meta(max_length=1_000_000)]
    seed: Number | None
    credits: Amount | None
    money: Amount | None
    request: dict[str, object]


class BundledResult(Struct, frozen=True, kw_only=True):
    """`made` in microseconds since 1970, UTC."""

    sha256: Hash
    ending: Ending
    made: Micros
    origins: Annotated[tuple[Given, ...], Meta(min_length=1, max_length=1000)]

    @property
    def member(self) -> str:
        return f"results/{self.sha256}{self.ending}"


class Manifest(Struct, frozen=True, kw_only=True):
    """`name` is what the document is called, without its ending."""

    format: str
    name: Name
    photographs: tuple[Photograph, ...]
    results: tuple[BundledResult, ...]


def manifest_text(manifest: Manifest) -> bytes:
    """The same manifest gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)


def read_manifest(data: bytes, called: str) -> Manifest:
    """:raises BadInput: no list of ours, or of a newer Tagloom"""
    try:
        known = _FORMATS.fullmatch(msgspec.json.decode(data, type=_Format).format)
        if known is not None and int(known[1]) > 1:
            raise BadInput(
                say("{name} was made by a newer Tagloom.", name=called),
                advice=say("Update Tagloom, then open it again."),
                code="bundle.newer",
            )
        if known is None:
            raise not_ours(called, "another format")
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise not_ours(called, str(error)[:200]) from error


def not_ours(called: str, detail: str) -> BadInput:
    return BadInput(
        say("{name} is no Tagloom bundle.", name=called),
        advice=say("Choose a .tagloomz file, or ask for it anew."),
        code="bundle.not-ours",
        detail=detail,
    )


class _Format(Struct, frozen=True):
    format: str
