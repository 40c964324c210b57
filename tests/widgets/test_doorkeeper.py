"""The window's side of a second start, over real sockets: what it takes, and what it leaves alone."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QLabel

from app.basics.doors import Door, knock, open_door
from app.basics.handing import Start
from app.document import edits, project_file
from app.document.values import BLANK
from tests.app.document.samples import product_shot
from tests.widgets.bench import bench_in, turns, until
from widgets import doorkeeper as room
from widgets.doorkeeper import Doorkeeper
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support")


@asynccontextmanager
async def kept(
    home: Path, app: QApplication, *more: str, loopback: bool = False
) -> AsyncIterator[tuple[Workbench, Door]]:
    """A window with an empty document behind a door."""
    with tempfile.TemporaryDirectory(prefix="doors-", dir="/tmp") as folder:
        door = open_door(Path(folder), loopback=loopback)
        assert door is not None
        async with bench_in(home, app, BLANK) as bench:
            keeper = Doorkeeper(bench, Start(files=more, door=door))
            await keeper.begin()
            try:
                yield bench, door
            finally:
                await keeper.close()
                await keeper.close()
                door.close()


async def ask(door: Door, what: str, *files: Path, **more: Any) -> dict[str, Any] | None:
    words = {"ask": what, "files": [str(one) for one in files], "tokens": {}, **more}
    return await asyncio.to_thread(knock, door.path, words, seconds=10)


@pytest.fixture
def shoes(tmp_path: Path) -> Path:
    path = tmp_path / "shoes.tagloom"
    project_file.save(path, product_shot())
    return path


@pytest.mark.parametrize("loopback", [False, True], ids=["socket", "loopback"])
async def test_a_window_in_which_nobody_has_worked_takes_a_document(
    qapp: QApplication, tagloom_home: Path, shoes: Path, loopback: bool
) -> None:
    async with kept(tagloom_home, qapp, loopback=loopback) as (bench, door):
        assert await ask(door, "has", shoes) == {"taken": [], "front": False}
        assert await ask(door, "free", shoes, shoes) == {"taken": [str(shoes)], "front": True}
        await until(lambda: bench.studio.desk.path == shoes)
        assert await ask(door, "free", shoes) == {"taken": [], "front": False}
        link = shoes.with_name("link.tagloom")
        link.symlink_to(shoes)
        assert await ask(door, "has", link) == {"taken": [str(link)], "front": True}
        assert await ask(door, "front") == {"taken": [], "front": True}


async def test_a_window_with_work_in_it_takes_nothing(
    qapp: QApplication, tagloom_home: Path, shoes: Path
) -> None:
    async with kept(tagloom_home, qapp) as (bench, door):
        bench.studio.desk.new(product_shot())
        assert await ask(door, "free", shoes) == {"taken": [], "front": False}, "somebody laid it there"
        bench.studio.desk.new(BLANK)
        bench.studio.commit("seed", lambda document: edits.set_title(product_shot(), "hero", "Hero"))
        assert await ask(door, "free", shoes) == {"taken": [], "front": False}
        bench.studio.editor.undo()
        assert await ask(door, "free", shoes) == {"taken": [], "front": False}, "it could be redone"
        assert bench.studio.desk.path is None


async def test_the_example_as_it_came_makes_room(qapp: QApplication, tagloom_home: Path, shoes: Path) -> None:
    async with kept(tagloom_home, qapp) as (bench, door):
        await bench.files.example()
        assert bench.studio.desk.untouched
        assert await ask(door, "free", shoes) == {"taken": [str(shoes)], "front": True}
        await until(lambda: bench.studio.desk.path == shoes)


async def test_a_document_that_is_not_there_is_said_in_the_window(
    qapp: QApplication, tagloom_home: Path, tmp_path: Path
) -> None:
    async with kept(tagloom_home, qapp) as (bench, door):
        gone = tmp_path / "gone.tagloom"
        assert await ask(door, "free", gone) == {"taken": [str(gone)], "front": True}
        await until(lambda: any("gone.tagloom" in one.text() for one in bench.banner.findChildren(QLabel)))


@pytest.mark.parametrize("loopback", [False, True], ids=["socket", "loopback"])
async def test_strangers_and_nonsense_get_no_answer(
    qapp: QApplication, tagloom_home: Path, shoes: Path, loopback: bool
) -> None:
    async with kept(tagloom_home, qapp, loopback=loopback) as (bench, door):
        assert await ask(door, "burn", shoes) is None
        if loopback:
            door.path.write_text(door.path.read_text().replace(door.secret, "0" * 32))
            assert await ask(door, "free", shoes) is None
        else:
            reader, writer = await asyncio.open_unix_connection(str(door.path))
            writer.write(b"[1, 2]\n")
            assert await reader.read() == b""
            writer.close()
        assert bench.studio.desk.path is None


async def test_further_documents_get_windows_and_too_many_are_told(
    qapp: QApplication, tagloom_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, ...]] = []
    monkeypatch.setattr(room, "open_apart", opened.append)
    files = [f"/d/{number}.tagloom" for number in range(15)]
    async with kept(tagloom_home, qapp, *files) as (bench, _):
        assert opened == [(file,) for file in files[1:12]]
        words = " ".join(one.text() for one in bench.banner.findChildren(QLabel))
        assert "3 more documents were not opened" in words


async def test_a_document_from_the_desktop_itself(
    qapp: QApplication, tagloom_home: Path, shoes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS gives documents to the running program as an event."""
    opened: list[tuple[str, ...]] = []
    monkeypatch.setattr(room, "open_apart", opened.append)
    async with kept(tagloom_home, qapp) as (bench, _):
        QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(shoes))))
        await until(lambda: bench.studio.desk.path == shoes)
        other = shoes.with_name("other.tagloom")
        QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(other))))
        await turns()
        assert opened == [(str(other),)]
