from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.support import screen as screens
from tests.support.program import qapp_cls
from tests.support.screen import Screen
from tests.support.shelf import FileShelf
from tests.support.window import Window

__all__ = ["qapp_cls"]
BESIDE = (1610, 20)

Start = Callable[..., Window]
Shelve = Callable[[Sequence[Path]], FileShelf]


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """One X server for all journeys of this process."""
    absent = screens.missing()
    if absent:
        pytest.skip(absent)
    server = Screen(tmp_path_factory.mktemp("screen"))
    yield server
    server.close()


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Start]:
    """Starts the real program, in a home of this test; what is left running is ended."""
    started: list[Window] = []

    def begin(*words: str, taught: bool = True, **environment: str) -> Window:
        folder, home = tmp_path / "watch", tmp_path / "home"
        window = Window(screen, folder, home=home, words=words, taught=taught, **environment)
        started.append(window)
        window.ready()
        return window

    yield begin
    for window in started:
        window.end()
    screen.release()


@pytest.fixture
def shelve(screen: Screen) -> Iterator[Shelve]:
    """A file manager with these files beside the window."""
    opened: list[FileShelf] = []

    def shelf(files: Sequence[Path]) -> FileShelf:
        opened.append(FileShelf(screen, BESIDE, files))
        return opened[-1]

    yield shelf
    for one in opened:
        one.close()
