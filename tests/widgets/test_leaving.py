"""How a session ends: asked by the artist, or by the system, which waits for nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from app.document import edits
from app.document.copies import left_copies
from tests.app.document.samples import product_shot
from tests.widgets.bench import bench_in, turns, until
from widgets.desktop import Program
from widgets.leaving import Leaving
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support")
Ending = tuple[Workbench, Leaving, asyncio.Event]


@pytest.fixture
async def ending(qapp: QApplication, tagloom_home: Path) -> AsyncIterator[Ending]:
    """A window with a change that is not saved."""
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        bench.studio.safekeeping.begin()
        bench.studio.commit("seed", lambda document: edits.set_value(document, "hero", "seed", 7))
        closed = asyncio.Event()
        leaving = Leaving(bench, closed)
        yield bench, leaving, closed
        leaving.stop()
        leaving.stop()


def dialogs(bench: Workbench) -> list[QDialog]:
    return [one for one in bench.window.findChildren(QDialog) if one.isVisible()]


def seed_kept(home: Path) -> object:
    """In the recovery copy, as a process that comes after ours would find it: its lock is still held here."""
    (copy,) = (home / "state" / "recovery").glob("*.tagloom")
    return '"seed": 7' in copy.read_text("utf-8")


async def test_a_signal_asks_nothing_and_keeps_the_change(ending: Ending, tagloom_home: Path) -> None:
    bench, _, closed = ending
    before = signal.getsignal(signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    await until(closed.is_set)
    assert dialogs(bench) == []
    assert not bench.window.isVisible()
    assert seed_kept(tagloom_home)
    assert signal.getsignal(signal.SIGTERM) is not before, "a second one ends the process as ever"
    await bench.studio.safekeeping.close()
    (copy,) = left_copies(tagloom_home / "state" / "recovery")
    assert copy.load().nodes["hero"].values["seed"] == 7
    copy.let_go()


async def test_a_logout_keeps_the_change_and_closing_then_asks_nothing(
    ending: Ending, tagloom_home: Path
) -> None:
    bench, leaving, closed = ending
    leaving.on_logout()
    assert seed_kept(tagloom_home)
    assert not closed.is_set(), "somebody may stop the logout"
    assert bench.window.isVisible()
    bench.window.close()
    await turns()
    assert closed.is_set()
    assert dialogs(bench) == []


async def test_to_quit_is_to_close_the_window_and_asks(ending: Ending, qapp: QApplication) -> None:
    bench, _, closed = ending
    assert isinstance(qapp, Program)
    qapp.quit_wanted.connect(bench.window.close)  # as `open_shell` does
    QApplication.sendEvent(qapp, QEvent(QEvent.Type.Quit))
    await until(lambda: dialogs(bench))
    assert not closed.is_set()
    dialogs(bench)[0].findChild(QPushButton, "saving-discard").click()
    await until(closed.is_set)


async def test_a_question_that_is_open_is_no_hindrance(ending: Ending, tagloom_home: Path) -> None:
    bench, leaving, closed = ending
    bench.window.close()
    await until(lambda: dialogs(bench))
    leaving.at_once("SIGTERM")
    leaving.at_once("SIGHUP")
    assert closed.is_set()
    assert seed_kept(tagloom_home)


async def test_when_it_is_over_signals_mean_what_they_meant(qapp: QApplication, tagloom_home: Path) -> None:
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        leaving = Leaving(bench, asyncio.Event())
        assert signal.getsignal(signal.SIGTERM) is not before[0]
        leaving.stop()
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)] == before
