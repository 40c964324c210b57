"""Dialogs over the window, for screenshots."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QWidget

from app.engine.run_state import NodeState
from widgets.dialogs.fan_out import FanOut
from widgets.shot_documents import MODEL, crowded, twins, until
from widgets.workbench import Workbench

SETTLE = 0.7
"""Seconds for pictures to be decoded and the last frame to be painted."""


async def made(bench: Workbench) -> None:
    bench.run()
    await until(bench, lambda run: run.state in (NodeState.DONE, NodeState.REUSED) and run.result is not None)
    await bench.studio.runs.settled()
    await bench.studio.look()


async def ask(bench: Workbench, command: str) -> None:
    bench.graph.select((MODEL,))
    bench.commands.refresh()
    bench.commands.action(command).trigger()
    await asyncio.sleep(SETTLE)


def opened(bench: Workbench) -> QWidget:
    return next(one for one in bench.window.findChildren(QDialog) if one.isVisible())


async def comparing(bench: Workbench) -> None:
    await ask(bench, "compare-models")


async def switching(bench: Workbench) -> None:
    """Five photographs: the models that take fewer are greyed; another would go without its seed."""
    bench.studio.commit("Five photographs", crowded)
    bench.graph.fit()
    await ask(bench, "switch-model")
    models = opened(bench).findChild(QListWidget, "model-choices")
    free = [row for row in range(models.count()) if Qt.ItemFlag.ItemIsEnabled in models.item(row).flags()]
    models.setCurrentRow(free[-1])


async def fanning(bench: Workbench) -> None:
    """One prompt over all the models that can."""
    await ask(bench, "fan-out")
    dialog = opened(bench)
    models = dialog.findChild(QListWidget, "fan-out-models")
    for row in range(models.count()):
        if Qt.ItemFlag.ItemIsUserCheckable in models.item(row).flags():
            models.item(row).setCheckState(Qt.CheckState.Checked)
    await asyncio.sleep(1.0)


async def fanned(bench: Workbench) -> None:
    """What comes of it, side by side."""
    await fanning(bench)
    before = set(bench.studio.editor.document.nodes)
    dialog = opened(bench)
    assert isinstance(dialog, FanOut)
    dialog.make_and_run.click()
    made: set[str] = set()
    while not made or any(bench.studio.runs.state.node(id).result is None for id in made):
        await asyncio.sleep(SETTLE)
        made = set(bench.studio.editor.document.nodes) - before
    bench.graph.fit()
    await asyncio.sleep(SETTLE)


async def contact_sheet(bench: Workbench) -> None:
    bench.studio.commit("Add four", twins)
    bench.graph.select(())
    await made(bench)
    bench.handover.contact_sheet()
    await asyncio.sleep(6.0)


async def settings(bench: Workbench) -> None:
    bench.settings.open("money")


async def vendors(bench: Workbench) -> None:
    bench.settings.open("vendors")


async def exporting(bench: Workbench) -> None:
    await made(bench)
    await ask(bench, "export")
    await asyncio.sleep(2)
