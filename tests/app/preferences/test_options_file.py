"""Settings that are kept while the window goes on."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.basics.faults import DiskTrouble
from app.preferences.declared import CAP_DAY_CREDITS, LAST_FOLDER, REDUCED_MOTION, TEXT_SCALE, THEME
from app.preferences.options import Options
from app.preferences.options_file import InTurn


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "options.json"


def on_disk(file: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return found


class Jobs(list[Callable[[], None]]):
    """What is to be done later, done when the test says so."""

    def do(self) -> None:
        while self:
            self.pop(0)()


def test_a_change_holds_at_once_and_is_kept_later(file: Path) -> None:
    jobs = Jobs()
    options = Options(file, jobs.append)
    options.set(THEME, "light")
    assert options.get(THEME) == "light"
    assert not file.exists(), "it waits for the disk"
    jobs.do()
    assert on_disk(file) == {"theme": "light"}
    assert os.listdir(file.parent) == [file.name]


def test_changes_that_wait_together_are_all_kept_in_their_order(file: Path) -> None:
    jobs = Jobs()
    options = Options(file, jobs.append)
    options.set(THEME, "light")
    options.set(REDUCED_MOTION, True)
    options.set(THEME, "dark")
    options.reset(REDUCED_MOTION)
    options.set(CAP_DAY_CREDITS, 70)
    Options(file).set(TEXT_SCALE, 1.5)  # another program, in between
    jobs.do()
    assert Options(file).get(THEME) == "dark"
    assert on_disk(file)["cap-day-credits"] == 70
    assert "reduced-motion" not in on_disk(file)
    options.set(REDUCED_MOTION, True)
    jobs.do()
    assert on_disk(file) == {"theme": "dark", "cap-day-credits": 70, "reduced-motion": True}


def test_what_cannot_even_be_begun_is_said_at_once_and_costs_no_other(file: Path) -> None:
    jobs = Jobs()
    options = Options(file, jobs.append)
    options.set(THEME, "light")
    aside = file.parent.rename(file.parent.with_name("aside"))
    file.parent.write_bytes(b"in the way")
    with pytest.raises(DiskTrouble) as caught:
        options.set(REDUCED_MOTION, True)
    assert caught.value.code == "options.unwritable"
    file.parent.unlink()
    aside.rename(file.parent)
    jobs.do()
    assert on_disk(file) == {"theme": "light"}
    options.settle()
    options.set(CAP_DAY_CREDITS, 70)
    jobs.do()
    assert on_disk(file) == {"theme": "light", "reduced-motion": True, "cap-day-credits": 70}


def test_what_the_disk_would_not_keep_is_said_and_brought_with_the_next_change(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs()
    options = Options(file, jobs.append)
    options.set(TEXT_SCALE, 1.5)
    jobs.do()
    before = on_disk(file)
    options.set(THEME, "light")

    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        jobs.do()
    assert on_disk(file) == before
    assert os.listdir(file.parent) == [file.name], "no half of it is left"
    with pytest.raises(DiskTrouble) as caught:
        options.set(REDUCED_MOTION, True)
    assert "broken" in caught.value.detail
    jobs.do()
    assert on_disk(file) == {**before, "theme": "light", "reduced-motion": True}
    Options(file).set(THEME, "dark")  # another program
    options.set(CAP_DAY_CREDITS, 70)
    jobs.do()
    assert on_disk(file)["theme"] == "dark", "what was brought is not brought again"


def test_what_is_no_text_spoils_no_other_and_no_end(file: Path) -> None:
    options = Options(file, InTurn())
    with pytest.raises(ValueError, match="surrogates"):
        options.set(LAST_FOLDER, "/home/\udcff")
    with pytest.raises(ValueError, match="surrogates"):  # there is no file yet: all that is known is written
        options.set(THEME, "light")
    options.set(LAST_FOLDER, "/home")
    options.settle()
    assert on_disk(file) == {"theme": "light", "last-folder": "/home"}


def test_a_window_never_waits_for_the_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, synced, sync = threading.Event(), [], os.fsync

    def waits(handle: int) -> None:
        assert slow.wait(30)
        synced.append(threading.current_thread())
        sync(handle)

    monkeypatch.setattr(os, "fsync", waits)
    options = Options(file, InTurn())
    for credits in range(1, 30):
        options.set(CAP_DAY_CREDITS, credits)
    assert not file.exists()
    slow.set()
    options.settle()
    assert on_disk(file) == {"cap-day-credits": 29}
    assert len(synced) == 29
    assert threading.main_thread() not in synced
    assert os.listdir(file.parent) == [file.name]
