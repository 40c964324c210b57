"""How the window ends when nobody is asked: by a signal, and when its screen is taken away."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.basics.places import places_under
from app.document import project_file
from app.document.copies import left_copies
from tests.app.document.samples import product_shot
from tests.journeys.conftest import Start
from tests.support import screen as screens
from tests.support.screen import Screen
from tests.support.window import Window

pytestmark = pytest.mark.journey


@pytest.fixture
def own_screen(tmp_path: Path) -> Iterator[Screen]:
    """An X server that this test may take away."""
    if absent := screens.missing():
        pytest.skip(absent)
    server = Screen(tmp_path / "own-screen")
    yield server
    server.close()


def changed(window: Window) -> None:
    """Everything selected and doubled."""
    x, y, width, _ = window.look()["canvas"]
    window.screen.click((x + width - 200, y + 40))
    window.screen.key("ctrl+a")
    window.until("all selected", lambda seen: len(seen["selected"]) >= 3)
    window.screen.key("ctrl+d")
    window.until("a change", lambda seen: seen["dirty"])


def kept_of(home: Path, more_than: int) -> None:
    """The change is in a recovery copy, offered at the next start."""
    (copy,) = left_copies(places_under(home).recovery)
    assert len(copy.load().nodes) > more_than
    copy.let_go()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_in_order_and_keeps_what_was_not_saved(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    shoes = tmp_path / "shoes.tagloom"
    project_file.save(shoes, product_shot())
    before = shoes.read_bytes()
    window = start(str(shoes))
    changed(window)
    window.process.send_signal(number)
    assert window.wait_closed() == 0
    assert window.said("closed")
    assert "Traceback" not in window.errors()
    assert shoes.read_bytes() == before
    kept_of(window.home, len(product_shot().nodes))


def test_a_screen_that_is_taken_away_ends_in_words(own_screen: Screen, tmp_path: Path) -> None:
    shoes = tmp_path / "shoes.tagloom"
    project_file.save(shoes, product_shot())
    window = Window(own_screen, tmp_path / "watch", home=tmp_path / "home", words=[str(shoes)])
    try:
        window.ready()
        changed(window)
        own_screen.close()
        assert window.wait_closed() == 1
        told = window.errors()
        assert "The screen that Tagloom was shown on is gone" in told
        assert "Traceback" not in told
        log = (places_under(window.home).logs / "tagloom.log").read_text("utf-8")
        assert "The screen is gone" in log
        kept_of(window.home, len(product_shot().nodes))
    finally:
        window.end()
