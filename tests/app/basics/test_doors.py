"""Doors: private, as old as their names, and gone when their process is."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.basics.doors import Door, age_of, knock, open_door, others, place_of

BOTH = pytest.mark.parametrize("loopback", [False, True], ids=["socket", "loopback"])


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a path that is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="doors-", dir="/tmp") as made:
        yield Path(made)


@contextmanager
def answering(door: Door, said: bytes) -> Iterator[list[dict[str, Any]]]:
    """Somebody behind a door who says this to whoever knocks; what they were told."""
    heard: list[dict[str, Any]] = []

    def serve() -> None:
        line, _ = door.socket.accept()
        with line:
            data = b""
            while not data.endswith(b"\n"):
                data += line.recv(1024)
            heard.append(json.loads(data))
            line.sendall(said)

    thread = threading.Thread(target=serve)
    thread.start()
    yield heard
    thread.join(10)


@BOTH
def test_what_is_said_at_a_door_is_answered(folder: Path, loopback: bool) -> None:
    door = open_door(folder, loopback=loopback)
    assert door is not None
    assert door.path.stat().st_mode & 0o077 == 0
    with answering(door, b'{"taken": ["a"]}\n') as heard:
        assert knock(door.path, {"ask": "free"}, seconds=5) == {"taken": ["a"]}
    assert heard == [{"ask": "free", "secret": door.secret}]
    assert bool(door.secret) == loopback
    door.close()
    door.close()
    assert list(folder.iterdir()) == []


@BOTH
def test_a_door_of_a_dead_process_goes(folder: Path, loopback: bool) -> None:
    door = open_door(folder, loopback=loopback)
    assert door is not None
    door.socket.close()  # as a kill does: the name stays
    assert door.path.exists()
    assert knock(door.path, {"ask": "front"}, seconds=5) is None
    assert not door.path.exists()


@BOTH
def test_who_does_not_answer_is_told_from_who_is_not_there(folder: Path, loopback: bool) -> None:
    door = open_door(folder, loopback=loopback)
    assert door is not None
    with pytest.raises(TimeoutError):
        knock(door.path, {"ask": "front"}, seconds=0.1)
    assert door.path.exists()
    door.close()


@pytest.mark.parametrize("said", [b"", b"nonsense\n", b"[]\n"])
def test_an_answer_that_is_none_counts_as_none(folder: Path, said: bytes) -> None:
    door = open_door(folder)
    assert door is not None
    with answering(door, said):
        assert knock(door.path, {"ask": "front"}, seconds=5) is None
    door.close()


def test_a_file_that_is_no_door_is_no_door(folder: Path) -> None:
    for number, text in enumerate(("", "[]", '{"port": "x", "secret": 1}')):
        path = folder / f"{number}-1.door"
        path.write_text(text)
        assert knock(path, {}, seconds=1) is None


def test_only_older_doors_are_asked_and_the_one_used_last_first(folder: Path) -> None:
    first, second, third = (open_door(folder) for _ in range(3))
    assert first is not None
    assert second is not None
    assert third is not None
    os.utime(second.path, (1, 1))
    os.utime(first.path, (2, 2))
    assert others(folder, third) == (first.path, second.path)
    second.used()
    assert others(folder, third) == (second.path, first.path)
    assert others(folder, first) == ()
    assert others(folder, None) == (second.path, third.path, first.path)
    assert 0 <= age_of(first.path) < 60
    for door in (first, second, third):
        door.close()


def test_a_place_is_private_and_each_home_and_screen_has_its_own(folder: Path) -> None:
    plain = {"XDG_RUNTIME_DIR": str(folder), "TAGLOOM_HOME": "/a", "DISPLAY": ":1"}
    place = place_of(plain)
    assert place is not None
    assert place.stat().st_mode & 0o777 == 0o700
    assert place_of({**plain, "XDG_DATA_HOME": "/elsewhere"}) == place
    different = {place_of({**plain, **change}) for change in ({"TAGLOOM_HOME": "/b"}, {"DISPLAY": ":2"})}
    assert len(different | {place}) == 3
    place.chmod(0o755)
    assert place_of(plain) is None, "others can enter"


def test_a_place_that_somebody_else_could_have_laid_is_none(folder: Path) -> None:
    real = folder / "real"
    real.mkdir(mode=0o700)
    (folder / f"tagloom-{os.getuid()}").symlink_to(real)
    assert place_of({"TMPDIR": str(folder), "HOME": "/h"}) is None


def test_a_path_too_long_for_a_socket_gets_a_port_and_no_folder_no_door(folder: Path) -> None:
    deep = folder / ("long" * 40)
    deep.mkdir()
    door = open_door(deep)
    assert door is not None
    assert door.secret
    door.close()
    assert open_door(folder / "not there") is None
    assert open_door(folder / "not there", loopback=True) is None
