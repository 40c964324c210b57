"""A window that is killed with changes that are not saved, and two windows over one document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import Start
from tests.support.screen import Screen
from tests.support.window import Window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

MODEL = "picture"
TITLE = "Changes that were not saved"


@pytest.fixture
def begin(screen: Screen, tmp_path: Path) -> Iterator[list[Window]]:
    """Windows that are started with a dialog in front, and so are not waited for as `start` does."""
    windows: list[Window] = []
    yield windows
    for one in windows:
        one.end()


def reopened(windows: list[Window], screen: Screen, folder: Path) -> Window:
    windows.append(Window(screen, folder / "watch", home=folder / "home"))
    return windows[-1]


def copies(home: Path) -> list[Path]:
    return list((home / "state" / "recovery").glob("*.tagloom"))


def changed_and_killed(window: Window) -> str:
    """The document as it was when the program was killed."""
    window.screen.click((700, 780))
    window.open_title(MODEL)
    window.step("Skip", lambda: window.screen.key("m"))
    window.until("a copy of it", lambda seen: copies(window.home), seconds=20)
    document: str = window.still()["document"]
    assert window.look()["dirty"]
    window.end()
    return document


def test_killed_with_changes_the_next_start_offers_them(
    start: Start, begin: list[Window], screen: Screen, tmp_path: Path
) -> None:
    whole = changed_and_killed(start())
    assert len(copies(tmp_path / "home")) == 1

    again = reopened(begin, screen, tmp_path)
    view = again.until("the question", lambda seen: seen.title(TITLE))
    assert view["document"] != whole, "the file is as it was"
    again.focus(TITLE)
    again.press("recovery-continue")
    view = again.until("the document of before", lambda seen: seen["document"] == whole)
    assert view["dirty"]
    assert Path(view["path"]).name == "first-run.tagloom"
    again.focus("[*]")
    screen.key("ctrl+s")
    again.until("saved", lambda seen: not seen["dirty"])
    screen.key("ctrl+q")
    assert again.wait_closed() == 0
    assert again.errors() == ""
    assert copies(tmp_path / "home") == []

    last = start()
    assert last.until("the document", lambda seen: seen["document"])["document"] == whole
    assert last.still().title(TITLE) is None


def test_the_file_is_kept_and_the_copy_is_put_aside(
    start: Start, begin: list[Window], screen: Screen, tmp_path: Path
) -> None:
    whole = changed_and_killed(start())
    again = reopened(begin, screen, tmp_path)
    again.until("the question", lambda seen: seen.title(TITLE))
    again.focus(TITLE)
    again.press("recovery-keep")
    again.press("recovery-continue")
    again.until("the answer", lambda seen: seen.title(TITLE) is None)
    again.until("the copy put aside", lambda _: not copies(tmp_path / "home"))
    view = again.still()
    assert (view["dirty"], view["document"] == whole) == (False, False)
    assert len(list((tmp_path / "home" / "state" / "recovery" / "aside").glob("*.tagloom"))) == 1
    again.focus("[*]")
    screen.key("ctrl+q")
    assert again.wait_closed() == 0


def test_a_second_window_over_the_same_document_says_so_and_asks_before_it_saves(start: Start) -> None:
    first = start()
    second = start(str(Path(first.look()["path"])), "--new-window")
    view = second.until("the notice", lambda seen: "is open in another window" in seen.said())
    assert view["path"] == first.look()["path"]
    second.screen.click((700, 780))
    second.open_title(MODEL)
    second.step("Skip", lambda: second.screen.key("m"))
    second.screen.key("ctrl+s")
    view = second.until("the question", lambda seen: seen.title("Save?"))
    assert view["dirty"]
    second.focus("Save?")
    second.press("saving-cancel")
    second.until("the answer", lambda seen: seen.title("Save?") is None)
    assert second.look()["dirty"]
    first.end()
    second.focus("[*]")
    second.screen.key("ctrl+s")
    second.until("saved", lambda seen: not seen["dirty"])
