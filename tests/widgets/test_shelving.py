"""The library in the real window, by the keyboard: searched, marked, removed and taken back, used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton

from app.document.edits import set_pick
from app.library.assets import Asset
from app.library.query import Query
from app.preferences import declared
from tests.app.library.make import origin, picture
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import example
from widgets.canvas.drop import local_paths
from widgets.library.panel import LibraryPanel
from widgets.main_window import Place
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
COLORS = ("red", "green", "blue", "gold", "gray")


@pytest.fixture
async def bench(tagloom_home: Path, qapp: QApplication) -> AsyncIterator[Workbench]:
    async with bench_in(tagloom_home, qapp, example()) as made:
        yield made


async def made(bench: Workbench, color: str, **changes: object) -> Asset:
    temp = bench.studio.library.temp()
    await asyncio.to_thread(temp.write_bytes, picture(color, (320, 180)))
    known = {"prompt": f"A {color} cup", "fingerprint": color.rjust(64, "0"), "seed": len(color)}
    return await bench.studio.library.add(temp, origin(**{**known, **changes}))


async def open_library(bench: Workbench) -> LibraryPanel:
    bench.window.activateWindow()
    bench.graph.setFocus()
    await until(bench.graph.viewer.hasFocus)
    await press(bench, Qt.Key.Key_4, CTRL)
    await until(lambda: bench.shelving.panel is not None)
    panel = bench.shelving.panel
    assert panel is not None
    await until(panel.words.hasFocus)
    await until(lambda: panel.grid.hits.rowCount())
    return panel


async def press(
    bench: Workbench, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    if QApplication.focusWidget() is None:
        bench.window.activateWindow()
        await turns()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)
    await turns()


def shown(panel: LibraryPanel) -> list[str]:
    return [hit.sha256 for hit in panel.grid.hits.hits]


def banner_of(bench: Workbench) -> str:
    return " ".join(label.text() for label in bench.banner.findChildren(QLabel) if label.isVisible())


async def test_found_marked_removed_and_taken_back(bench: Workbench) -> None:
    assets = {color: await made(bench, color) for color in COLORS}
    newest_first = [assets[color].sha256 for color in reversed(COLORS)]
    panel = await open_library(bench)
    assert shown(panel) == newest_first
    QTest.keyClicks(panel.words, "red cup")
    await until(lambda: shown(panel) == [assets["red"].sha256])
    await press(bench, Qt.Key.Key_Return)
    assert panel.grid.hasFocus()
    details = panel.findChild(QLabel, "library-details")
    assert details is not None
    await until(lambda: "A red cup" in details.text())
    assert details.text().startswith("Gen4 Image · 320 × 180 · seed 3 · $0.08\nshoes.tagloom · 20")
    await press(bench, Qt.Key.Key_S)
    await until(lambda: panel.grid.hits.hits[0].star)
    await press(bench, Qt.Key.Key_X)
    await until(lambda: panel.grid.hits.hits[0].rejected and not panel.grid.hits.hits[0].star)
    await press(bench, Qt.Key.Key_Escape)
    await until(lambda: shown(panel) == newest_first)
    panel.grid.setCurrentIndex(panel.grid.hits.index(1, 0))
    await press(bench, Qt.Key.Key_Right, SHIFT)
    await press(bench, Qt.Key.Key_Delete)
    left = [newest_first[0], *newest_first[3:]]
    await until(lambda: shown(panel) == left)
    words = panel.findChild(QLabel, "library-undo-words")
    assert words is not None
    assert words.text() == "2 pictures were removed."
    assert words.isVisible()
    await press(bench, Qt.Key.Key_U)
    await until(lambda: shown(panel) == newest_first)
    assert not words.isVisible()
    await press(bench, Qt.Key.Key_Escape)
    assert bench.graph.viewer.hasFocus()
    await press(bench, Qt.Key.Key_4, CTRL)
    assert panel.held
    await press(bench, Qt.Key.Key_4, CTRL)
    assert not bench.window.shown(Place.LIBRARY)
    assert bench.graph.viewer.hasFocus()


async def test_new_pictures_come_by_themselves(bench: Workbench) -> None:
    first = await made(bench, "red")
    panel = await open_library(bench)
    QTest.keyClicks(panel.words, "cup")
    await turns(0.4)
    second = await made(bench, "blue")
    await made(bench, "gold", prompt="no such thing")
    await until(lambda: panel.grid.hits.rowCount() > 1)
    assert shown(panel) == [second.sha256, first.sha256]
    count = panel.findChild(QLabel, "library-count")
    assert count is not None
    assert count.text() == "2 pictures"


async def test_used_as_a_reference_and_found_on_the_canvas(bench: Workbench) -> None:
    node = next(id for id, one in bench.studio.editor.document.nodes.items() if one.kind == "gen4-image")
    asset = await made(bench, "red", document=bench.studio.document_id, node=node)
    elsewhere = await made(bench, "blue")
    panel = await open_library(bench)
    await press(bench, Qt.Key.Key_Return)
    await press(bench, Qt.Key.Key_C)
    await until(lambda: "No node of this document made it." in banner_of(bench))
    assert "shoes.tagloom" in banner_of(bench)
    before = set(bench.studio.editor.document.nodes)
    await press(bench, Qt.Key.Key_R)
    (new,) = set(bench.studio.editor.document.nodes) - before
    assert bench.studio.editor.document.nodes[new].kind == "reference-image"
    assert bench.studio.photograph_path(new) == elsewhere.path
    assert bench.studio.editor.undo_label == "Add photographs"
    panel.enter()
    panel.grid.setCurrentIndex(panel.grid.hits.index(1, 0))
    assert panel.grid.current().sha256 == asset.sha256  # type: ignore[union-attr]
    await press(bench, Qt.Key.Key_C)
    await until(lambda: bench.graph.selected() == (node,) or list(bench.graph.selected()) == [node])
    panel.enter()
    await press(bench, Qt.Key.Key_Space)
    await until(bench.viewer.isVisible)
    bench.viewer.hide()


async def test_dragged_to_the_canvas_it_is_the_picture_of_the_library(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = await made(bench, "red")
    panel = await open_library(bench)
    carried: list[list[Path]] = []

    def let_go(source: object, data: object, images: list[QImage], count: int) -> bool:
        carried.append(local_paths(data))  # type: ignore[arg-type]
        return True

    monkeypatch.setattr("widgets.shelving.drag_out", let_go)
    panel.grid.selectAll()
    panel.grid.startDrag(Qt.DropAction.CopyAction)
    assert carried == [[asset.path]]


async def test_deleted_for_good_only_what_nothing_uses(bench: Workbench) -> None:
    assets = {color: await made(bench, color) for color in COLORS}
    node = next(id for id, one in bench.studio.editor.document.nodes.items() if one.kind == "gen4-image")
    bench.studio.commit("Pick", lambda document: set_pick(document, node, assets["red"].sha256))
    panel = await open_library(bench)
    await bench.studio.library.remove([assets["red"].sha256, assets["blue"].sha256])
    removed = panel.findChild(QToolButton, "library-removed")
    assert removed is not None
    removed.click()
    await until(lambda: panel.grid.hits.rowCount() == 2)
    panel.doing.emit("delete")
    button: list[QPushButton] = []

    def asked() -> bool:
        found = bench.window.findChild(QPushButton, "deleting-yes")
        if isinstance(found, QPushButton) and found.isVisible():
            button.append(found)
        return bool(button)

    await until(asked)
    button[0].click()
    await until(lambda: not assets["blue"].path.exists())
    await until(lambda: "1 picture was deleted." in banner_of(bench))
    assert "1 is used by a document and stays." in banner_of(bench)
    assert assets["red"].path.exists()
    assert shown(panel) == [assets["red"].sha256]
    panel.enter()
    panel.doing.emit("restore")
    await until(lambda: panel.grid.hits.rowCount() == 0)
    assert panel.grid.empty == "Nothing is removed."
    removed.click()
    await until(lambda: panel.grid.hits.rowCount() == 4)


async def test_an_empty_library_says_what_fills_it(bench: Workbench) -> None:
    bench.shelving.open()
    panel = bench.shelving.panel
    assert panel is not None
    await until(lambda: panel.grid.empty)
    assert panel.grid.empty == "No pictures yet. Run a node, and whatever it makes is kept here."
    panel.words.setText("unicorn")
    await until(lambda: panel.grid.empty.startswith("No picture is like that."))


async def test_colours_are_learned_while_it_is_open(bench: Workbench) -> None:
    asset = await made(bench, "blue")
    await open_library(bench)
    found: list[str] = []
    async with asyncio.timeout(20):
        while not found:
            await turns(0.2)
            hits = await bench.studio.library.finder.find(Query(colours=("blue",)))
            found = [hit.sha256 for hit in hits]
    assert found == [asset.sha256]


async def test_in_another_language_it_is_made_anew(bench: Workbench) -> None:
    await made(bench, "red")
    panel = await open_library(bench)
    bench.studio.options.set(declared.LANGUAGE, "zh_CN")
    await until(lambda: bench.shelving.panel is not panel and bench.shelving.panel is not None)
    fresh = bench.shelving.panel
    assert fresh is not None
    await until(lambda: fresh.grid.hits.rowCount() == 1)
    bench.studio.options.set(declared.LANGUAGE, "en")
    await turns()
