"""Bundle, contact sheet, layers and missing photographs in the real window, with its dialogs."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image
from psd_tools import PSDImage
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton

from app.document.values import BLANK
from tests.support.terminal import EXAMPLE
from tests.widgets.bench import bench_in, turns, until
from widgets.dialogs.contact_sheet_dialog import ContactSheetDialog
from widgets.dialogs.layers_dialog import LayersDialog
from widgets.dialogs.lost_dialog import LostDialog
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MODEL = "picture"
T = TypeVar("T", bound=QDialog)


@pytest.fixture
async def bench(tagloom_home: Path, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Workbench]:
    """The example in a folder of its own, run once."""
    shutil.copytree(EXAMPLE.parent / "refs", tmp_path / "work" / "refs")
    path = Path(shutil.copyfile(EXAMPLE, tmp_path / "work" / "shoes.tagloom"))
    async with bench_in(tagloom_home, qapp, BLANK) as made:
        made.handover.begin()
        await made.files.open_path(path)
        await made.studio.run((MODEL,))
        made.graph.select(())
        await turns()
        made.commands.refresh()
        yield made


def find(bench: Workbench, kind: type[T]) -> T | None:
    return next((one for one in bench.window.findChildren(kind) if one.isVisible()), None)


async def saved_as(bench: Workbench, target: Path) -> None:
    """The file dialog is answered."""
    await until(lambda: find(bench, QFileDialog) is not None)
    dialog = find(bench, QFileDialog)
    dialog.selectFile(str(target))
    dialog.done(QDialog.DialogCode.Accepted)
    await turns()


async def test_a_bundle_is_saved_and_opened(bench: Workbench, tmp_path: Path) -> None:
    bench.commands.action("bundle").trigger()
    target = tmp_path / "sent.tagloomz"
    await saved_as(bench, target)
    await until(target.exists)
    await until(lambda: bench.banner.isVisible())
    assert "Saved sent.tagloomz." in bench.banner.accessibleName()
    assert "3 photographs and 1 result" in bench.banner.accessibleName()
    before = bench.studio.editor.document
    assert await bench.files.open_path(target)
    assert bench.studio.desk.path == tmp_path / "shoes" / "shoes.tagloom"
    assert bench.studio.editor.document == before
    assert "It lies in" in bench.banner.accessibleName()
    await until(lambda: bench.studio.runs.state.node(MODEL).result is not None)
    assert await bench.files.open_path(target)
    assert "already, unchanged" in bench.banner.accessibleName()


async def test_a_damaged_bundle_is_told_and_the_document_stays(bench: Workbench, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tagloomz"
    bad.write_bytes(b"PK no")
    before = bench.studio.desk.path
    bench.tasks.start(bench.files.open_path(bad))
    await until(lambda: bench.banner.isVisible())
    assert "damaged or was cut short" in bench.banner.accessibleName()
    assert bench.studio.desk.path == before


async def test_a_contact_sheet_with_its_first_page(bench: Workbench, tmp_path: Path) -> None:
    bench.commands.action("contact-sheet").trigger()
    await until(lambda: find(bench, ContactSheetDialog) is not None)
    dialog = find(bench, ContactSheetDialog)
    assert not dialog.save.isEnabled(), "nothing is saved that was not seen"
    await until(dialog.save.isEnabled)
    assert not dialog.page.pixmap().isNull()
    assert dialog.words.text() == "1 page"
    dialog.columns.setValue(12)
    dialog.rows.setValue(12)
    dialog.margin.setValue(50)
    await until(lambda: "do not fit" in dialog.words.text())
    assert not dialog.save.isEnabled()
    dialog.columns.setValue(2)
    dialog.rows.setValue(2)
    dialog.paper.setCurrentIndex(dialog.paper.count() - 1)
    assert dialog.own.isVisible()
    dialog.own.setText("nonsense")
    await until(lambda: "no paper" in dialog.words.text())
    dialog.own.setText("800x600")
    dialog.format.setCurrentIndex(1)
    await until(dialog.save.isEnabled)
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    target = tmp_path / "sheet.png"
    await saved_as(bench, target)
    await until(target.exists)
    await until(lambda: "Saved sheet.png. 1 page." in bench.banner.accessibleName())
    with Image.open(target) as image:
        assert image.size == (800, 600)


async def test_layers_with_what_they_were_made_from(bench: Workbench, tmp_path: Path) -> None:
    bench.commands.action("layers").trigger()
    await until(lambda: find(bench, LayersDialog) is not None)
    dialog = find(bench, LayersDialog)
    dialog._references.click()
    dialog.save.click()
    target = tmp_path / "x.psd"
    await saved_as(bench, target)
    await until(target.exists)
    await until(lambda: "4 layers." in bench.banner.accessibleName())
    with target.open("rb") as file:
        names = [one.name for one in reversed(list(PSDImage.open(file)))]
    assert names == ["Gen4 Image, seed 42", "@coffee", "@astronaut", "@wall"]


async def test_missing_photographs_are_offered_and_put_back_in_one_step(
    bench: Workbench, tmp_path: Path
) -> None:
    work, far = tmp_path / "work", tmp_path / "far" / "deep"
    far.mkdir(parents=True)
    (work / "refs" / "coffee.png").rename(work / "IMG_2041.png")
    (work / "refs" / "astronaut.png").rename(far / "a.png")
    await bench.files.open_path(work / "shoes.tagloom")
    await until(lambda: "2 photographs are missing." in bench.banner.accessibleName())
    offer = bench.banner.findChild(QPushButton, "banner-offer")
    assert offer.isVisible()
    offer.click()
    await until(lambda: find(bench, LostDialog) is not None)
    dialog = find(bench, LostDialog)
    assert dialog.take.text() == "Put 1 back"
    dialog.look.click()
    await until(lambda: dialog.findChild(QFileDialog) is not None)
    asked = dialog.findChild(QFileDialog)
    asked.selectFile(str(tmp_path / "far"))
    asked.done(QDialog.DialogCode.Accepted)
    await until(lambda: dialog.take.text() == "Put 2 back")
    before = bench.studio.editor.document
    dialog.take.click()
    await until(lambda: bench.studio.editor.document is not before)
    files = {node.values.get("file") for node in bench.studio.editor.document.nodes.values()}
    assert {"IMG_2041.png", str(far / "a.png")} <= files
    assert "2 photographs are back." in bench.banner.accessibleName()
    bench.studio.editor.undo()
    assert bench.studio.editor.document == before


async def test_nothing_is_missing(bench: Workbench) -> None:
    bench.commands.action("find-lost").trigger()
    await until(lambda: "No photograph is missing." in bench.banner.accessibleName())
    assert not bench.banner.findChild(QPushButton, "banner-offer").isVisible()


async def test_what_can_be_done(bench: Workbench) -> None:
    assert bench.handover.pictured() == (MODEL,)
    assert bench.commands.action("layers").isEnabled()
    bench.studio.desk.new()
    await turns()
    bench.commands.refresh()
    assert not bench.commands.action("layers").isEnabled()
    assert not bench.commands.action("contact-sheet").isEnabled()
