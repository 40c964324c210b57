"""Notes of the desktop, over a real bus: what is told, what a click on it does, and what is never told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.basics.faults import BadInput, Lost
from app.engine.events import Event, NodeFailed, RunFinished
from app.engine.results import Result
from app.preferences import declared
from app.studio.parts import Consent
from tests.app.document.samples import product_shot
from tests.support import dbus
from tests.support.dbus import Notes, session_bus
from tests.widgets.bench import bench_in, turns, until
from widgets import notifying as room
from widgets.notifying import Notifying
from widgets.workbench import Workbench

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support"),
    pytest.mark.skipif(bool(dbus.missing()), reason=dbus.missing()),
]
TITLE, TEXT, ACTIONS, HINTS = 3, 4, 5, 6


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def notes(bus: str) -> Iterator[Notes]:
    made = Notes(bus)
    yield made
    made.close()


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the task bar and the bell were asked for."""
    told: list[str] = []
    monkeypatch.setattr(QApplication, "alert", lambda *_: told.append("alert"))
    monkeypatch.setattr(QApplication, "beep", lambda *_: told.append("beep"))
    return told


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program is in front."""
    monkeypatch.setattr(room, "in_front", lambda: False)


def ended(*results: Result, failures: tuple[NodeFailed, ...] = (), cancelled: bool = False) -> Event:
    return RunFinished(
        run="r", results=results, failures=failures, cancelled=cancelled, credits=0, money=None
    )


def made(node: str, *, reused: bool = False) -> Result:
    return Result(node=node, path=Path("/d/a.png"), sha256="0", width=1, height=1, reused=reused)


def failed(node: str, *, unknown: bool = False, because: str = "") -> NodeFailed:
    fault: Any = Lost if unknown else BadInput
    told = fault("Rejected <b>now</b> & here.", advice="Ask again.", code="x")
    return NodeFailed(run="r", node=node, fault=told, because=because)


def tell(bench: Workbench, event: Event) -> None:
    bench.studio.runs.events.emit(event)


@pytest.mark.usefixtures("behind")
async def test_the_end_of_a_run_is_told_and_a_click_goes_there(
    qapp: QApplication, tagloom_home: Path, notes: Notes, alerts: list[str]
) -> None:
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        notifying = Notifying(bench)
        bench.graph.select(())
        tell(bench, ended(made("hero"), made("hero")))
        await until(lambda: notes.shown)
        note = notes.shown[0]
        assert note[0] == "Tagloom"
        assert note[TITLE] == "2 pictures are done"
        assert note[TEXT] == bench.title_of("hero")
        assert note[ACTIONS] == ["default", "Show"]
        assert note[HINTS]["desktop-entry"] == ("s", "tagloom")
        assert note[HINTS]["suppress-sound"] == ("b", True)
        bench.window.hide()
        await turns()
        notes.press(1, "token-7")
        await until(lambda: bench.graph.selected() == ("hero",))
        assert bench.window.isVisible()
        assert alerts == []
        await notifying.close()
        await notifying.close()


@pytest.mark.usefixtures("behind")
async def test_failures_say_what_and_what_needs_a_person_is_urgent(
    qapp: QApplication, tagloom_home: Path, notes: Notes
) -> None:
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        notifying = Notifying(bench)
        bench.studio.options.set(declared.SOUND, True)
        tell(bench, ended(made("hero"), failures=(failed("hero"), failed("save", because="hero"))))
        await until(lambda: notes.shown)
        tell(bench, ended(failures=(failed("hero", unknown=True),)))
        await until(lambda: len(notes.shown) == 2)
        plain, unknown = notes.shown
        assert plain[TITLE] == "A picture was not made"
        assert "Rejected &lt;b&gt;now&lt;/b&gt; &amp; here. One is done." in plain[TEXT]
        assert plain[HINTS]["sound-name"] == ("s", "dialog-warning")
        assert "not known" in unknown[TITLE]
        assert unknown[HINTS]["urgency"] == ("y", 2)
        await notifying.close()


async def test_a_question_behind_other_windows_is_told_and_still_asked(
    qapp: QApplication, tagloom_home: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = Consent(question="Run 1 picture for 5 cents?", uploads=(), credits=5, money=None, count=1)
    monkeypatch.setattr(room, "in_front", lambda: False)
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:

        async def yes(asked: Consent) -> bool:
            return asked is consent

        bench.studio.ask = yes
        notifying = Notifying(bench)
        assert await bench.studio.ask(consent)
        await until(lambda: notes.shown)
        assert notes.shown[0][TEXT] == consent.question
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        await until(lambda: notes.closed == [1])
        await notifying.close()


async def test_what_is_seen_cancelled_or_reused_is_never_told(
    qapp: QApplication, tagloom_home: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch, alerts: list[str]
) -> None:
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        notifying = Notifying(bench)
        assert room.in_front()
        tell(bench, ended(made("hero")))
        monkeypatch.setattr(room, "in_front", lambda: False)
        tell(bench, ended(made("hero"), cancelled=True))
        tell(bench, ended(made("hero", reused=True)))
        bench.studio.options.set(declared.NOTIFICATIONS, False)
        tell(bench, ended(made("hero")))
        await turns(0.3)
        assert notes.shown == []
        assert alerts == []
        bench.studio.options.set(declared.SOUND, True)
        tell(bench, ended(made("hero")))
        assert alerts == ["beep"]
        await notifying.close()


@pytest.mark.usefixtures("behind", "bus")
async def test_where_no_desktop_takes_notes_the_task_bar_is_asked(
    qapp: QApplication, tagloom_home: Path, alerts: list[str]
) -> None:
    """A bus with nobody on it."""
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        notifying = Notifying(bench)
        bench.studio.options.set(declared.SOUND, True)
        tell(bench, ended(made("hero")))
        await until(lambda: alerts == ["alert", "beep"])
        await notifying.close()


@pytest.mark.usefixtures("behind")
async def test_where_there_is_no_bus_the_task_bar_is_asked(
    qapp: QApplication, tagloom_home: Path, alerts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench_in(tagloom_home, qapp, product_shot()) as bench:
        notifying = Notifying(bench)
        for address in ("", "unix:path=/not/there"):
            alerts.clear()
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
            tell(bench, ended(made("hero")))
            await until(lambda: alerts == ["alert"])
        await notifying.close()
