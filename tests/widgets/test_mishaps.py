"""Errors of slots, threads, the loop and of rubbish, heard in the real hooks of a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app.basics.logs import REMOVED

PROGRAM = """
import asyncio, gc, json, logging, sys, threading
from PySide6.QtCore import QCoreApplication, QTimer, qWarning
import qasync
from app.basics.logs import Spoken, redact
from app.basics.recent import Recent
from widgets.mishaps import Mishaps

KEY = "key_" + "0123456789abcdef" * 8
app = QCoreApplication([])
loop = qasync.QEventLoop(app)
asyncio.set_event_loop(loop)
hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
mishaps = Mishaps()
mishaps.install(loop)
mishaps.equip(Recent(), redact, Spoken)
heard = []

def fail(words):
    raise ValueError(words + KEY)

class Rubbish:
    def __del__(self):
        fail("rubbish ")

async def forgotten():
    fail("task ")

async def main():
    QTimer.singleShot(0, lambda: fail("early "))
    await asyncio.sleep(0.05)
    end = mishaps.listen(lambda one: heard.append([one.where, str(one.error).split()[0],
                         threading.current_thread() is threading.main_thread()]))
    QTimer.singleShot(0, lambda: fail("slot "))
    threading.Thread(target=fail, args=("thread ",)).start()
    asyncio.get_running_loop().call_soon(fail, "loop ")
    task = asyncio.ensure_future(forgotten())
    await asyncio.sleep(0.1)
    del task
    gc.collect()
    Rubbish()
    qWarning("Qt complains")
    await asyncio.sleep(0.2)
    end()

with loop:
    loop.run_until_complete(main())
lines = [one.whole for one in mishaps.lines]
mishaps.remove()
back = (sys.excepthook, threading.excepthook, sys.unraisablehook) == hooks
print(json.dumps({"heard": heard, "lines": lines, "back": back}))
"""


@pytest.fixture(scope="module")
def ran() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )


def test_each_is_heard_in_the_thread_of_the_window(ran: subprocess.CompletedProcess[str]) -> None:
    heard = json.loads(ran.stdout.splitlines()[-1])["heard"]
    assert heard[0] == ["the window", "early", True], "what came before somebody listened"
    assert sorted(heard[1:]) == [
        ["a thread", "thread", True],
        ["the background", "loop", True],
        ["the background", "task", True],
        ["the window", "slot", True],
    ]


def test_all_is_in_the_log_and_on_the_terminal_without_keys(ran: subprocess.CompletedProcess[str]) -> None:
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["back"], "the hooks are given back"
    log = "\n".join(told["lines"])
    for word in ("early", "slot", "thread", "loop", "task", "rubbish", "Qt complains"):
        assert word in log
    for text in (log, ran.stderr):
        assert "0123456789abcdef" not in text
        assert f"key_{REMOVED}" in text
    assert "Qt complains" in ran.stderr


def test_a_program_without_a_console_has_streams_that_lead_to_the_log() -> None:
    program = PROGRAM.replace("mishaps.install(loop)", "sys.stderr = None; mishaps.install(loop)", 1)
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    assert any("stderr: Traceback" in line for line in told["lines"])
    assert ran.stderr == ""
