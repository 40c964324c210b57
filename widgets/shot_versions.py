"""The states of the window that show versions, and documents held against each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtWidgets import QDialog, QWidget

from app.document import edits
from widgets.shot_documents import MODEL, twins
from widgets.workbench import Workbench

SETTLE = 0.7
Done = Callable[[Workbench], Awaitable[None]]


async def versions(done: Done, bench: Workbench) -> None:
    """Four pictures of a model: one starred and in use, one rejected."""
    for seed in (7, 11, 23):
        bench.studio.commit("seed", partial(edits.set_value, id=MODEL, parameter="seed", value=seed))
        await done(bench)
    _reword(bench)
    await done(bench)
    bench.graph.select((MODEL,))
    bench.versioning.toggle()
    made = bench.versioning.versions
    row = await made.of(MODEL)
    await made.star([row[1]], True)
    await made.reject([row[2]], True)
    await made.use(MODEL, row[1])
    await bench.studio.look()
    await asyncio.sleep(SETTLE)


async def diff(bench: Workbench) -> None:
    """What changed since the document was saved."""
    _reword(bench)
    bench.studio.commit("seed", partial(edits.set_value, id=MODEL, parameter="seed", value=7))
    bench.studio.commit("Add three", twins)
    bench.compare_documents()
    await asyncio.sleep(SETTLE)


def differences(bench: Workbench) -> QWidget:
    found = bench.window.findChild(QDialog, "differences")
    assert found is not None
    return found


def _reword(bench: Workbench) -> None:
    text = str(bench.studio.editor.document.nodes["words"].values["text"])
    changed = text.replace("dramatic", "soft morning").replace("戏剧性", "柔和的晨间")
    bench.graph.handling.operations.write("words", changed)
