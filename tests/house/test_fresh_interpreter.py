"""What a new interpreter loads and does: no Qt for the command line, no work at import."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.house.sources import ROOT, sources

QT = {"PySide6", "shiboken6", "NodeGraphQt", "Qt", "qasync"}

# Reports what importing does to the world: files written, folders made, sockets, processes, threads.
WATCH = """
import importlib, json, sys, threading
CALLS = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.system", "os.exec", "os.fork",
         "os.posix_spawn", "subprocess.Popen", "sqlite3.connect"}
seen, watching = [], False
def heard(event, args):
    if not watching:
        return
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"open {args[0]} {args[1]}")
    elif event in CALLS or (event.startswith("socket.") and event != "socket.__new__"):
        seen.append(f"{event} {args!r}")
sys.addaudithook(heard)
sys.dont_write_bytecode = True
watching = True
for name in sys.argv[1:]:
    importlib.import_module(name)
watching = False
seen += [f"thread {one.name}" for one in threading.enumerate() if one is not threading.main_thread()]
print(json.dumps({"seen": seen, "modules": sorted(sys.modules)}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """`seen`: what the imports did; `modules`: what was loaded; `packages`: their top names."""

    seen: list[str]
    modules: set[str]

    @property
    def packages(self) -> set[str]:
        return {name.split(".")[0] for name in self.modules}


def importing(*modules: str) -> Fresh:
    run = subprocess.run(
        [sys.executable, "-c", WATCH, *modules], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    return Fresh(seen=said["seen"], modules=set(said["modules"]))


def names_in(*rooms: str) -> list[str]:
    return [one.name for one in sources(*rooms) if not one.name.endswith("__main__")]


def test_composing_needs_no_qt() -> None:
    fresh = importing("app.compose")
    assert "app.compose" in fresh.modules
    assert sum(name.startswith("app.") for name in fresh.modules) > 20
    assert not fresh.packages & (QT | {"widgets"})


def test_no_room_of_app_loads_qt_or_works_at_import() -> None:
    names = names_in("app", "resources")
    fresh = importing(*names)
    assert len(names) > 50
    assert set(names) <= fresh.modules
    assert not fresh.packages & (QT | {"widgets"})
    assert fresh.seen == []


def test_no_widget_works_at_import() -> None:
    names = names_in("widgets")
    fresh = importing(*names)
    assert len(names) > 10
    assert set(names) <= fresh.modules
    assert "PySide6" in fresh.packages
    assert fresh.seen == []


def test_asking_for_the_version_needs_neither_qt_nor_the_engine() -> None:
    """The first thing a shell does; pictures, HTTP and the database stay out of it."""
    fresh = importing("app.basics.faults", "app.cli.arguments")
    assert not fresh.packages & (QT | {"httpx", "aiohttp", "PIL", "sqlalchemy"})


def test_the_first_look_loads_no_engine() -> None:
    """The document is on the canvas before anything is imported that could run it or read its pictures."""
    fresh = importing("widgets.desktop", "widgets.first_look", "widgets.loop")
    assert not fresh.packages & {"httpx", "aiohttp", "PIL", "sqlalchemy", "keyring"}
    rooms = ("engine", "providers", "journal", "library", "imaging", "sandbox", "cli")
    loaded = {name for name in fresh.modules for room in rooms if name.startswith(f"app.{room}.")}
    assert loaded == {"app.engine.results", "app.engine.run_state"}, (
        "what a node shows, and nothing that runs"
    )


def test_a_first_request_imports_nothing() -> None:
    """httpx leaves a tenth of a second of imports to its first request: the window's loop would wait."""
    asking = """
import asyncio, sys
from app.providers.line import LineBroke
from app.providers.transport import Transport
before = set(sys.modules)
async def ask():
    transport = Transport(version="0")
    try:
        await transport.ask("GET", "http://127.0.0.1:9/")
    except LineBroke as broke:
        print(broke.sent)
    await transport.close()
asyncio.run(ask())
print(sorted(set(sys.modules) - before))
"""
    run = subprocess.run(
        [sys.executable, "-c", asking], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.splitlines() == ["False", "[]"]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("open('made.txt', 'w').close()", "open made.txt w"),
        ("import os; os.mkdir('made')", "os.mkdir"),
        ("import threading; threading.Timer(2, int).start()", "thread Thread-1"),
        ("import socket; socket.socket().bind(('127.0.0.1', 0))", "socket.bind"),
    ],
)
def test_work_would_be_seen(code: str, word: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path)
    with open(f"{folder}/busy.py", "w", encoding="utf-8") as file:
        file.write(f"import os\nos.chdir({folder!r})\n{code}\n")
    monkeypatch.setenv("PYTHONPATH", folder)
    assert any(line.startswith(word) for line in importing("busy").seen)
