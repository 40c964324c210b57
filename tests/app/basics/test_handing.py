"""A start and the windows that are there: who takes what, and what is said where one does not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.basics import handing
from app.basics.doors import Door, open_door, place_of
from app.basics.handing import APART, full_path, starting

Answer = Callable[[dict[str, Any]], dict[str, Any] | None]


class Household:
    """Windows that answer as they are told; `asked` is what each heard."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.asked: list[dict[str, Any]] = []
        self._doors: list[Door] = []
        self._threads: list[threading.Thread] = []

    def window(self, answer: Answer) -> Door:
        place = place_of(self.environment)
        assert place is not None
        door = open_door(place)
        assert door is not None
        door.socket.settimeout(0.05)
        self._doors.append(door)
        self._threads.append(threading.Thread(target=self._serve, args=(door, answer)))
        self._threads[-1].start()
        return door

    def _serve(self, door: Door, answer: Answer) -> None:
        while door.socket.fileno() >= 0:
            try:
                line, _ = door.socket.accept()
            except OSError:
                continue
            line.settimeout(5)
            with line, line.makefile("rb") as told:
                errand = json.loads(told.readline())
                self.asked.append(errand)
                said = answer(errand)
                if said is not None:
                    line.sendall(json.dumps(said).encode() + b"\n")

    def start(self, *words: str) -> handing.Start | None:
        start = starting(words, self.environment)
        if start is not None and start.door is not None:
            self._doors.append(start.door)
        return start

    def close(self) -> None:
        for door in self._doors:
            door.close()
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Household]:
    made = Household({"XDG_RUNTIME_DIR": str(tmp_path), "TAGLOOM_HOME": "/h", "XDG_ACTIVATION_TOKEN": "t1"})
    yield made
    made.close()


def has(*files: str) -> Answer:
    """A window that has these open, and takes nothing else."""

    def answer(errand: dict[str, Any]) -> dict[str, Any]:
        if errand["ask"] == "has":
            return {"taken": [one for one in errand["files"] if one in files]}
        return {"taken": [], "front": errand["ask"] == "front"}

    return answer


def free(errand: dict[str, Any]) -> dict[str, Any]:
    return {"taken": errand["files"][:1] if errand["ask"] == "free" else [], "front": False}


def test_the_first_start_goes_on_with_a_door(house: Household) -> None:
    start = house.start("shoes.tagloom")
    assert start is not None
    assert start.door is not None
    assert start.files == (str(Path.cwd() / "shoes.tagloom"),)
    assert start.note == ""


def test_a_start_without_documents_brings_a_window_to_front(house: Household) -> None:
    house.window(has())
    assert house.start() is None
    assert [one["ask"] for one in house.asked] == ["front"]
    assert house.asked[0]["tokens"]["XDG_ACTIVATION_TOKEN"] == "t1"


def test_a_document_goes_to_the_window_that_has_it(house: Household) -> None:
    house.window(has("/d/a.tagloom"))
    house.window(free)
    assert house.start("/d/a.tagloom") is None
    assert all(one["ask"] == "has" for one in house.asked)


def test_a_document_goes_to_a_window_in_which_nobody_has_worked(house: Household) -> None:
    house.window(has("/d/other.tagloom"))
    house.window(free)
    assert house.start("/d/a.tagloom") is None


def test_what_nobody_takes_is_for_a_window_of_its_own(house: Household) -> None:
    house.window(has("/d/a.tagloom"))
    start = house.start("/d/a.tagloom", "/d/b.tagloom", "/d/c.tagloom")
    assert start is not None
    assert start.files == ("/d/b.tagloom", "/d/c.tagloom")
    assert start.note == ""


def test_apart_asks_nobody(house: Household) -> None:
    house.window(free)
    start = house.start(APART, "/d/a.tagloom")
    assert start is not None
    assert start.apart
    assert start.files == ("/d/a.tagloom",)
    assert house.asked == []


def test_a_window_that_hangs_is_said_and_asked_once(
    house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "STARTING", 0.2)
    place = place_of(house.environment)
    assert place is not None
    hung = open_door(place)
    assert hung is not None
    start = house.start("/d/a.tagloom")
    assert start is not None
    assert start.files == ("/d/a.tagloom",)
    assert "does not answer" in start.note
    hung.socket.settimeout(0)
    hung.socket.accept()[0].close()
    with pytest.raises(BlockingIOError):
        hung.socket.accept()
    hung.close()


def test_a_window_that_answers_nothing_is_passed_over(house: Household) -> None:
    house.window(lambda errand: None)
    start = house.start("/d/a.tagloom")
    assert start is not None
    assert start.note == ""


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("/d/a b.tagloom", "/d/a b.tagloom"),
        ("file:///d/a%20b.tagloom", "/d/a b.tagloom"),
        ("file://localhost/d/%E9%9E%8B.tagloom", "/d/鞋.tagloom"),
        ("FILE:/d/a.tagloom", "/d/a.tagloom"),
        ("/d/../e/a.tagloom", "/e/a.tagloom"),
    ],
)
def test_names_and_addresses_become_full_paths(word: str, path: str) -> None:
    assert full_path(word) == path


def test_a_relative_name_is_of_the_folder_it_was_typed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert full_path("a.tagloom") == str(tmp_path / "a.tagloom")
