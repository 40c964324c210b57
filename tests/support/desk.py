"""The real window in a process of its own, offscreen, doing what it is told and saying what a person sees.

`python -m tests.support.loopback tests.support.desk STEP…` opens the window as `app` does and takes steps:
`wait=SECONDS`, `edit`, `save=PATH`, `run`, `store=VENDOR`, `fill=FOLDER`, `press=NAME`, `do=COMMAND`,
`seen=WORDS`, `crash`, `die`, `bug`. Most print a line of JSON; words of banners, notices and dialogs are
printed when they come. A dialog that stands in the way of the beginning is answered with `begin=NAME`.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from app.basics.faults import Fault
from app.document import edits
from app.engine.run_state import NodeState
from app.studio.carried import carried_text
from tests.app.basics.disks import fill
from widgets.cannot_begin import cannot_begin
from widgets.canvas.handling import take_in_hand
from widgets.desktop import Shell, open_shell
from widgets.first_look import FirstLook, begin
from widgets.furnish import furnished
from widgets.loop import live
from widgets.workbench import Workbench

KEY = "key_" + "0123456789abcdef" * 8
MODEL = "picture"
EVERY_MS = 40


def say(**facts: object) -> None:
    print(json.dumps(facts, ensure_ascii=False), flush=True)


class Eyes:
    """Says what comes up, once each; presses what stands in the way of the beginning."""

    def __init__(self, answer: str) -> None:
        self._answer = answer
        self._seen: set[str] = set()
        self._timer = QTimer(interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def said(self) -> str:
        return "\n".join(self._seen)

    def look(self) -> None:
        for window in QApplication.topLevelWidgets():
            for where, text in _words(window):
                if text and text not in self._seen:
                    self._seen.add(text)
                    say(seen=where, text=text)
            for box in window.findChildren(QMessageBox):
                if box.isVisible():
                    self._press(box)

    def _press(self, box: QMessageBox) -> None:
        button = box.findChild(QAbstractButton, self._answer) if self._answer else None
        (button or box.defaultButton()).click()


def _words(window: QWidget) -> Iterator[tuple[str, str]]:
    for name in ("banner", "notice"):
        for found in window.findChildren(QWidget, name):
            if found.isVisible():
                yield name, found.accessibleName()
    for dialog in window.findChildren(QDialog):
        if isinstance(dialog, QMessageBox) and dialog.isVisible():
            yield "box", f"{dialog.text()} {dialog.informativeText()}"
        elif dialog.isVisible():
            words = [one.text() for one in dialog.findChildren(QLabel) if one.isVisible()]
            words += [one.toPlainText() for one in dialog.findChildren(QPlainTextEdit)]
            yield dialog.objectName() or "dialog", "\n".join(words)


async def _step(bench: Workbench, eyes: Eyes, step: str) -> None:
    name, _, value = step.partition("=")
    match name:
        case "wait":
            await asyncio.sleep(float(value))
        case "edit":
            before = bench.studio.editor.position
            seed = secrets.randbelow(10**6)
            bench.studio.commit("Seed", lambda document: edits.set_value(document, MODEL, "seed", seed))
            await asyncio.sleep(0.2)
            image = bench.window.grab().toImage()
            spots = product(range(0, image.width(), 9), range(0, image.height(), 9))
            colours = len({image.pixel(*spot) for spot in spots})
            say(did="edit", edited=bench.studio.editor.position > before, colours=colours)
        case "save":
            say(did="save", saved=await _saved(bench, Path(value)), dirty=bench.studio.desk.dirty)
        case "run":
            bench.run()
            await _until(lambda: _spends(bench) or bench.studio.runs.state.node(MODEL).state in ENDS)
            await _until(lambda: bench.studio.runs.state.node(MODEL).state in ENDS)
            node = bench.studio.runs.state.node(MODEL)
            say(did="run", state=str(node.state), fault=node.fault.sentence() if node.fault else "")
        case "store":
            try:
                stored = await asyncio.to_thread(bench.studio.keys.store, value, KEY)
                say(did="store", source=str(stored.source), words=stored.words)
            except Fault as fault:
                say(did="store", source="", words=fault.sentence())
        case "fill":
            fill(Path(value))
        case "press":
            await _until(lambda: _button(bench, value) is not None)
            button = _button(bench, value)
            assert button is not None
            button.click()
        case "seen":
            await _until(lambda: value in eyes.said)
        case "do":
            bench.commands.action(value).trigger()
        case "crash":
            QTimer.singleShot(0, _crash)
        case "die":
            os.abort()
        case "bug":
            bench.tasks.start(_bug())
        case _:
            raise ValueError(step)
    await asyncio.sleep(0.2)


ENDS = (NodeState.DONE, NodeState.REUSED, NodeState.FAILED)


def _crash() -> None:
    raise ValueError(f"could not read /home/ana/shoe.png with {KEY}")


async def _bug() -> None:
    raise LookupError("no such thing")


def _button(bench: Workbench, name: str) -> QAbstractButton | None:
    found = bench.window.findChildren(QAbstractButton, name)
    return next((one for one in found if one.isVisible()), None)


def _spends(bench: Workbench) -> bool:
    """Says yes to the question before money is spent; whether it was asked."""
    named = [one for one in bench.window.findChildren(QAbstractButton) if one.text() == "Run and spend"]
    for button in named:
        button.click()
    return bool(named)


async def _saved(bench: Workbench, path: Path) -> bool:
    try:
        await bench.studio.desk.save(path)
    except Fault as fault:
        bench.say(fault)
        return False
    return True


async def _until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not there():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


def main() -> int:
    steps = sys.argv[1:]
    answer = next((one.partition("=")[2] for one in steps if one.startswith("begin=")), "")
    shell = open_shell()
    eyes = Eyes(answer)

    async def session(bench: Workbench, closed: asyncio.Event) -> None:
        say(did="begin", home=os.environ["TAGLOOM_HOME"], visible=bench.window.isVisible())
        for step in steps:
            if not step.startswith("begin="):
                await _step(bench, eyes, step)
        eyes.look()
        bench.studio.safekeeping.give_up()

    async def rest(shell: Shell, look: FirstLook) -> None:
        await furnished(shell, session, look, seconds=0.0)

    code = live(
        shell,
        lambda shell: begin(shell, carried_text, lambda: take_in_hand, lambda: rest, lambda: cannot_begin),
    )
    say(did="end", code=code)
    QCoreApplication.processEvents()
    return code


if __name__ == "__main__":
    sys.exit(main())
