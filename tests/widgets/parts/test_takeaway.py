"""The whole window: a finished picture is dragged out, and another program reads its file."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QLabel

from app.studio.outgoing import Leaving
from app.studio.studio import Studio
from tests.app.document.samples import product_shot
from tests.support.terminal import EXAMPLE
from tests.widgets.bench import bench_in, turns, until
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MODEL = "picture"


@pytest.fixture
async def bench(qapp: QApplication, tagloom_home: Path) -> AsyncIterator[Workbench]:
    async with bench_in(tagloom_home, qapp, product_shot()) as made:
        yield made


async def drafted(studio: Studio, folder: Path) -> Path:
    """The picture of the example, from the sandbox."""
    await asyncio.to_thread(shutil.copytree, EXAMPLE.parent / "refs", folder / "refs")
    await asyncio.to_thread(shutil.copy, EXAMPLE, folder)
    await studio.desk.open(folder / EXAMPLE.name)
    await studio.run()
    result = studio.runs.state.node(MODEL).result
    assert result is not None
    return result.path


def files_of(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls()]


async def test_a_finished_picture_leaves_under_a_name_to_read(
    bench: Workbench, tagloom_home: Path, tmp_path: Path
) -> None:
    picture = await drafted(bench.studio, tmp_path)
    data = bench.graph.hooks.carry_off((MODEL, "words"), False)
    assert data is not None
    (file,) = files_of(data)
    seed = bench.studio.runs.state.node(MODEL).result.seed  # type: ignore[union-attr]
    assert file.name == f"{EXAMPLE.stem} {bench.title_of(MODEL)} {seed}{picture.suffix}"
    assert file.is_relative_to(tagloom_home / "cache" / "outgoing")
    assert file.read_bytes() == picture.read_bytes()

    clean = bench.graph.hooks.carry_off((MODEL,), True)
    assert clean is not None
    (bare,) = files_of(clean)
    said = [one for one in (b"tEXt", b"iTXt", b"eXIf", b"tIME", b"caBX") if one in bare.read_bytes()]
    assert said == []
    assert bare.read_bytes()[:4] == picture.read_bytes()[:4]


async def test_nodes_without_a_picture_have_nothing_to_carry(bench: Workbench) -> None:
    assert bench.graph.hooks.carry_off(("words", "hero", "nobody"), False) is None


async def test_a_picture_that_is_gone_is_told(bench: Workbench, tmp_path: Path) -> None:
    data = bench.takeaway.data([Leaving(path=tmp_path / "gone.png", name="Hero")], False)
    assert files_of(data) == []
    await until(lambda: "There is no picture" in said(bench))


async def test_copies_of_earlier_days_go_when_the_window_starts(
    qapp: QApplication, tagloom_home: Path
) -> None:
    old = tagloom_home / "cache" / "outgoing" / "2020-01-01" / "a" / "shot.png"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    async with bench_in(tagloom_home, qapp, product_shot()) as made:
        made.start()
        await until(lambda: not old.exists())
        await turns()


def said(bench: Workbench) -> str:
    return "\n".join(label.text() for label in bench.banner.findChildren(QLabel))
