"""The Help menu over the whole window: diagnostics, newer versions, about, the log folder; and what is asked
at the start."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QListWidget, QMenuBar, QPlainTextEdit

from app.preferences import declared
from tests.app.providers.scripted import Reply, Scripted, scripted
from tests.widgets.bench import turns, until
from tests.widgets.whole import bench as bench
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")
RELEASE = {"tag_name": "v99.0", "html_url": "https://example.com/99", "body": "- New things."}


@pytest.fixture
async def page(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scripted]:
    """Before the window: its address stands in the environment of the studio."""
    async with scripted({"GET /latest": Reply(json=RELEASE)}) as server:
        monkeypatch.setenv("TAGLOOM_UPDATES_URL", f"{server.url}/latest")
        yield server


@pytest.fixture
async def window(page: Scripted, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    address = os.environ["TAGLOOM_UPDATES_URL"]
    monkeypatch.setattr(bench.studio.upkeep.updates._news, "_address", address)
    return bench


def dialog(bench: Workbench) -> QDialog | None:
    return next((one for one in bench.window.findChildren(QDialog) if one.isVisible()), None)


def asked(bench: Workbench) -> str:
    notice = bench.helping.notice
    return notice.accessibleName() if notice.isVisible() else ""


def press(bench: Workbench, name: str) -> None:
    found = bench.window.findChildren(QAbstractButton, name)
    next(one for one in found if one.isVisible()).click()


def banner(bench: Workbench) -> str:
    return bench.banner.accessibleName() if bench.banner.isVisible() else ""


async def started(bench: Workbench, times: int) -> None:
    """As if the window had been opened so often before."""
    bench.studio.options.set(declared.STARTS, times)
    await bench.helping.begin(bench.files)
    await turns()


async def test_the_menu(bench: Workbench) -> None:
    (bar,) = bench.top.findChildren(QMenuBar)
    help_menu = next(one.menu() for one in bar.actions() if one.text() == "&Help")
    words = [one.text().replace("&", "") for one in help_menu.actions() if not one.isSeparator()]
    assert words == [
        "Guide", "First steps", "What is this?", "Keyboard and mouse…", "Diagnostics…",
        "Open log folder", "Report a problem…",
        "Check for updates now", "About Tagloom",
    ]  # fmt: skip


async def test_the_third_start_asks_and_yes_looks_at_once(window: Workbench, page: Scripted) -> None:
    await started(window, 1)
    assert (asked(window), page.seen) == ("", [])
    await started(window, 2)
    assert asked(window) == (
        "Shall Tagloom look once a day whether there is a newer version? "
        "It sends nothing about you, and downloads nothing."
    )
    assert page.seen == []
    press(window, "updates-yes")
    await until(lambda: "99.0" in asked(window))
    opened: list[str] = []
    window.helping.open_page = opened.append
    assert asked(window) == "Tagloom 99.0 is there. - New things."
    press(window, "update-page")
    assert opened == ["https://example.com/99"]
    assert window.studio.options.get(declared.UPDATE_CHECKS) == "daily"
    await window.helping.begin(window.files)
    assert len(page.seen) == 1, "once a day"


@pytest.mark.parametrize(
    ("button", "wish", "starts"), [("updates-no", "never", 3), ("updates-later", "ask", 0)]
)
async def test_no_and_not_now(window: Workbench, page: Scripted, button: str, wish: str, starts: int) -> None:
    await started(window, 2)
    press(window, button)
    await turns()
    assert asked(window) == ""
    assert window.studio.options.get(declared.UPDATE_CHECKS) == wish
    assert window.studio.options.get(declared.STARTS) == starts
    assert page.seen == []


async def test_by_hand_everything_is_said(window: Workbench, page: Scripted) -> None:
    check = window.commands.action("updates")
    page.routes = {"GET /latest": Reply(json={**RELEASE, "tag_name": "0.0.1"})}
    check.trigger()
    await until(lambda: "This is the newest version" in banner(window))
    page.routes = {"GET /latest": Reply(status=302, headers={"Location": "https://login.invalid/"})}
    check.trigger()
    await until(lambda: "login page of a network" in banner(window))
    assert "Nothing has changed here." in banner(window)
    page.routes = {"GET /latest": Reply(json=RELEASE)}
    check.trigger()
    await until(lambda: "99.0" in asked(window))
    assert banner(window) == ""
    press(window, "update-close")


async def test_by_itself_nothing_is_said_of_a_network_that_stands_between(
    window: Workbench, page: Scripted
) -> None:
    page.routes = {"GET /latest": Reply(body=b"<html>Welcome to the hotel</html>")}
    window.studio.upkeep.updates.answer(yes=True)
    await window.helping.begin(window.files)
    assert len(page.seen) == 1
    assert (asked(window), banner(window)) == ("", "")


async def test_diagnostics_of_the_real_window(bench: Workbench) -> None:
    bench.commands.action("diagnostics").trigger()
    await until(lambda: dialog(bench) is not None)
    there = dialog(bench)
    assert there is not None
    found = there.findChild(QListWidget)
    assert isinstance(found, QListWidget)
    verdict = next(one for one in there.findChildren(QLabel) if one.property("role") == "title")
    await until(lambda: verdict.text() != "Looking…")
    told = [found.item(row).text() for row in range(found.count())]
    heads = [one.partition("\n")[0] for one in told]
    for wanted in ("window system · well", "versions · well", "keyring · worth knowing", "ledger · well"):
        assert wanted in heads
    assert verdict.text() == "All is well."
    there.reject()
    await turns()


async def test_about_and_a_report_by_hand(bench: Workbench) -> None:
    opened: list[str] = []
    bench.helping.open_page = opened.append
    bench.commands.action("about").trigger()
    await until(lambda: dialog(bench) is not None)
    about = dialog(bench)
    assert about is not None
    assert about.windowTitle() == "About Tagloom"
    about.reject()
    await turns()
    bench.commands.action("report").trigger()
    there = dialog(bench)
    assert there is not None
    text = there.findChild(QPlainTextEdit)
    assert isinstance(text, QPlainTextEdit)
    assert "What I expected:" in text.toPlainText()
    press(bench, "report-page")
    press(bench, "report-logs")
    assert opened[0].startswith("https://github.com/tagloom/tagloom/issues")
    assert opened[1].startswith("file://")
    assert opened[1].endswith("/logs")
    bench.commands.action("report").trigger()
    assert len([one for one in bench.window.findChildren(QDialog) if one.isVisible()]) == 1
    there.reject()
    await turns()
