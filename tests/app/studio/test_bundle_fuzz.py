"""A bundle whose bytes were changed or cut ends in a fault, or is the bundle that it was."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.basics.faults import Fault
from app.basics.zips import Member, write_zip
from app.document.file_writer import write_text
from app.library.library import Library
from app.studio.bundle import (
    DOCUMENT,
    FORMAT,
    MANIFEST,
    BundledResult,
    Given,
    Manifest,
    Photograph,
    manifest_text,
)
from app.studio.unbundling import open_bundle
from tests.app.document.samples import product_shot
from tests.app.library.make import library_in, picture

RED, BLUE = picture("red"), picture("blue")


def small_bundle(path: Path) -> Path:
    def sha(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    given = Given(
        of="0" * 32, node="hero", card="gen4-image", vendor="runway", fingerprint="f" * 32, draft=False,
        prompt="@sneaker 在 studio", seed=42, credits=100, money=80_000, request={"values": {"seed": 42}},
    )  # fmt: skip
    manifest = Manifest(
        format=FORMAT,
        name="shoes",
        photographs=(Photograph(file="refs/red.png", sha256=sha(RED), ending=".png"),),
        results=(BundledResult(sha256=sha(BLUE), ending=".png", made=10**15, origins=(given,)),),
    )
    with path.open("wb") as file:
        write_zip(
            file,
            (
                Member(name=MANIFEST, content=manifest_text(manifest), packed=True),
                Member(name=DOCUMENT, content=write_text(product_shot()).encode(), packed=True),
                Member(name=manifest.photographs[0].member, content=RED),
                Member(name=manifest.results[0].member, content=BLUE),
            ),
        )
    return path


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def library(runner: asyncio.Runner, tmp_path: Path) -> Iterator[Library]:
    made = library_in(tmp_path)
    yield made
    runner.run(made.close())


Damage = st.one_of(
    st.tuples(st.just("flip"), st.integers(0, 1 << 20), st.integers(1, 255)),
    st.tuples(st.just("cut"), st.integers(0, 1 << 20), st.just(0)),
    st.tuples(st.just("drop"), st.integers(0, 1 << 20), st.integers(1, 64)),
    st.tuples(st.just("zero"), st.integers(0, 1 << 20), st.integers(1, 64)),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(Damage, min_size=1, max_size=4))
def test_junk_ends_in_faults(
    damage: list[tuple[str, int, int]], runner: asyncio.Runner, library: Library, tmp_path: Path
) -> None:
    bundle = tmp_path / "x.tagloomz"
    data = bytearray(small_bundle(bundle).read_bytes())
    for kind, place, count in damage:
        at = place % max(len(data), 1)
        if kind == "flip" and data:
            data[at] ^= count
        elif kind == "cut":
            del data[at:]
        elif kind == "drop":
            del data[at : at + count]
        elif kind == "zero":
            data[at : at + count] = bytes(len(data[at : at + count]))
    bundle.write_bytes(bytes(data))
    there = tmp_path / "there"
    fault: Fault | None = None
    try:
        laid = runner.run(open_bundle(bundle, there, library))
    except Fault as raised:
        fault = raised
    if fault is not None:
        assert fault.title
        assert fault.advice
        assert not there.exists() or not list(there.iterdir())
        return
    assert (laid.document.parent / "refs" / "red.png").read_bytes() == RED
    for asset in runner.run(library.page()):
        assert asset.path.read_bytes() == BLUE
    shutil.rmtree(there)


def test_the_bundle_itself_opens(runner: asyncio.Runner, library: Library, tmp_path: Path) -> None:
    laid = runner.run(open_bundle(small_bundle(tmp_path / "x.tagloomz"), tmp_path / "there", library))
    assert (laid.photographs, laid.results) == (1, 1)
    (asset,) = runner.run(library.for_node(str(laid.document), "hero"))
    assert (asset.origin.seed, asset.origin.credits, asset.origin.money) == (42, 100, 80_000)
