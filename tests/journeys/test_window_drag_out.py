"""A finished picture is dragged out of the window into another program, by a real mouse."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.journeys.conftest import Shelve, Start
from tests.journeys.test_window_doings import MODEL, finish, run, state
from tests.support.screen import Point
from tests.support.window import Window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


def title_of(window: Window, node: str) -> Point:
    x, y, width, _ = window.still()["nodes"][node]
    return x + width // 2, y + 14


def test_a_picture_leaves_as_a_file(start: Start, shelve: Shelve, tmp_path: Path) -> None:
    window = start()
    window.open_title(MODEL)
    run(window)
    view = window.until("a draft", lambda seen: state(seen) == "done" and not seen["busy"])
    vendor, seed = Path(view["runs"][MODEL]["path"]), view["runs"][MODEL]["seed"]
    as_it_came = vendor.read_bytes()
    before = window.still()
    shelf = shelve([])

    shot = tmp_path / "dragged.png"
    received = shelf.take(title_of(window, MODEL), seen=lambda: window.screen.shoot(shot))
    ((file, sha256),) = received.items()
    assert sha256 == hashlib.sha256(as_it_came).hexdigest()
    assert file.name.endswith(f" {seed}{vendor.suffix}")
    assert vendor not in received, "the library's own file is nobody's else"
    window.until("no gesture", lambda seen: not seen["gesture"])
    after = window.still()
    told = ("document", "nodes", "position", "zoom")
    assert {one: after[one] for one in told} == {one: before[one] for one in told}

    received = shelf.take(title_of(window, MODEL), held="shift")
    ((file, sha256),) = received.items()
    assert sha256 != hashlib.sha256(as_it_came).hexdigest()
    assert b"tEXt" not in file.read_bytes()
    assert b"iTXt" not in file.read_bytes()
    assert window.still()["document"] == before["document"]

    strip = window.look().widget("strip")
    assert strip is not None
    x, y, _, height = strip["rect"]
    received = shelf.take((x + 60, y + height // 2 - 20))
    assert list(received.values()) == [hashlib.sha256(as_it_came).hexdigest()]
    assert vendor.read_bytes() == as_it_came
    finish(window)
