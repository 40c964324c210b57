"""A vendor in the settings: a key goes in and is never seen again; the way there is told step by step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from app import compose
from app.basics.faults import Fault
from app.studio.studio import Studio
from tests.app.providers.scripted import Act, Reply, Scripted, scripted
from tests.widgets.conftest import stand
from widgets.dialogs.vendor_row import VendorRow
from widgets.tasks import Tasks

KEY = "key_" + "0123456789abcdef" * 8
PATIENCE = 5.0


@pytest.fixture
async def studio(tagloom_home: Path, request: pytest.FixtureRequest) -> AsyncIterator[Studio]:
    """With a key in its environment where the test is marked so."""
    environment = {
        "TAGLOOM_HOME": str(tagloom_home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **getattr(request, "param", {}),
    }
    made = await compose.build(environment)
    yield made
    await made.close()


with_key = pytest.mark.parametrize("studio", [{"RUNWAYML_API_SECRET": KEY}], indirect=True)


@pytest.fixture
async def row(studio: Studio, stage: QWidget) -> AsyncIterator[VendorRow]:
    """Runway's."""
    faults: list[Fault] = []
    tasks = Tasks(faults.append)
    made = VendorRow(studio.vendors()[0], studio, tasks)
    stand(stage, made)
    yield made
    made.close_down()
    await tasks.close()
    assert faults == []


def texts(row: VendorRow) -> str:
    """Everything that could be read, copied, hovered over or heard."""
    told = [one.text() for one in row.findChildren(QLabel)]
    for line in row.findChildren(QLineEdit):
        told += [line.displayText(), line.placeholderText(), line.text()]
    for one in row.findChildren(QWidget):
        told += [one.toolTip(), one.accessibleName(), one.accessibleDescription(), one.windowTitle()]
    return "\n".join(told)


def button(row: VendorRow, text: str) -> QPushButton:
    return next(one for one in row.findChildren(QPushButton) if one.text() == text)


async def until(there: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not there():
            QApplication.processEvents()
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), PATIENCE)


@with_key
async def test_a_key_of_the_environment_is_named_and_not_shown(row: VendorRow) -> None:
    assert "key from the environment" in texts(row)
    assert KEY not in texts(row)
    assert KEY[-6:] not in texts(row)
    assert not button(row, "Remove").isEnabled(), "it is not ours to remove"


async def test_without_a_key_there_is_nothing_to_remove(row: VendorRow) -> None:
    assert "no key: drafts from the sandbox" in texts(row)
    assert not button(row, "Remove").isEnabled()
    QTest.mouseClick(button(row, "Store"), Qt.MouseButton.LeftButton)
    await until(lambda: "Paste a key first." in texts(row))


async def test_a_key_that_is_typed_is_hidden_kept_and_gone(row: VendorRow, studio: Studio) -> None:
    line = row.key
    assert line.echoMode() == QLineEdit.EchoMode.Password
    assert line.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
    QTest.keyClicks(line, KEY)
    assert KEY not in line.displayText()
    QTest.keyClick(line, Qt.Key.Key_Return)
    await until(lambda: studio.keys.source("runway") is not None)
    await until(lambda: "session" in texts(row))
    assert KEY not in texts(row)
    assert not line.isUndoAvailable()
    found = studio.keys.get("runway")
    assert found is not None
    assert found.reveal() == KEY
    QTest.mouseClick(button(row, "Remove"), Qt.MouseButton.LeftButton)
    await until(lambda: studio.keys.source("runway") is None)
    await until(lambda: "Removed. Pictures are drafts from now on." in texts(row))


async def test_a_key_that_is_none_is_refused_without_being_repeated(row: VendorRow, studio: Studio) -> None:
    QTest.keyClicks(row.key, "two words of it")
    QTest.mouseClick(button(row, "Store"), Qt.MouseButton.LeftButton)
    await until(lambda: any(one.property("role") == "error" for one in row.findChildren(QLabel)))
    assert studio.keys.source("runway") is None
    assert "two words of it" not in texts(row)


# --- the way there --------------------------------------------------------------------------------


@pytest.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scripted]:
    async with scripted({"GET /v1/organization": Reply(json={"creditBalance": 500})}) as there:
        yield there


@pytest.fixture
async def live(tagloom_home: Path, stage: QWidget, vendor: Scripted) -> AsyncIterator[VendorRow]:
    """Runway's, at a server on this computer, with a key."""
    faults: list[Fault] = []
    tasks = Tasks(faults.append)
    studio = await compose.build(
        {
            "TAGLOOM_HOME": str(tagloom_home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "RUNWAYML_API_SECRET": KEY,
            "RUNWAYML_BASE_URL": vendor.url,
        }
    )
    made = VendorRow(studio.vendors()[0], studio, tasks)
    stand(stage, made)
    yield made
    made.close_down()
    await tasks.close()
    await studio.close()
    assert faults == []
    assert KEY not in texts(made)


async def test_every_step_is_told(live: VendorRow, vendor: Scripted) -> None:
    QTest.mouseClick(live.test, Qt.MouseButton.LeftButton)
    await until(lambda: "All is well. Nothing was bought." in texts(live))
    said = live.steps.said()
    for words in (
        "✓ Name (DNS)",
        "✓ Connection (TCP)",
        "✓ Answer (HTTP)",
        "Runway takes the key",
        "500 Runway",
    ):
        assert words in said
    assert live.test.text() == "Test connection"
    assert [one.method for one in vendor.seen] == ["GET"]


async def test_a_refused_key_is_told(live: VendorRow, vendor: Scripted) -> None:
    vendor.routes = {".*": Reply(status=401, json={"error": f"{KEY} is no key"})}
    QTest.keyClick(live.test, Qt.Key.Key_Space)
    await until(lambda: "It does not work yet: see the step marked ✕." in texts(live))
    assert "✕ Key Runway did not take the key." in live.steps.said()


async def test_a_test_can_be_cancelled(live: VendorRow, vendor: Scripted) -> None:
    vendor.routes = {".*": Reply(act=Act.SILENT)}
    live.test.setFocus()
    QTest.keyClick(live.test, Qt.Key.Key_Space)
    await until(lambda: bool(vendor.seen))
    assert live.test.text() == "Cancel"
    assert "… Answer (HTTP)" in live.steps.said()
    QTest.keyClick(live.test, Qt.Key.Key_Space)
    await until(lambda: "Stopped." in texts(live))
    assert "…" not in live.steps.said()
    assert live.test.text() == "Test connection"
    assert live.test.hasFocus()


async def test_a_row_that_goes_away_stops_its_test(live: VendorRow, vendor: Scripted) -> None:
    vendor.routes = {".*": Reply(act=Act.SILENT)}
    QTest.mouseClick(live.test, Qt.MouseButton.LeftButton)
    await until(lambda: bool(vendor.seen))
    live.close_down()
    await until(lambda: live.test.text() == "Test connection")
