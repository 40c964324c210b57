"""Links inside a failed card: a picture that the library's disk did not take is saved elsewhere."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from app import compose
from app.basics.faults import Fault
from app.engine.results import PictureHeld
from app.studio.studio import Studio
from tests.app.basics.disks import fill
from tests.app.basics.disks import tiny_disk as tiny_disk
from tests.app.studio.conftest import flat_knob
from tests.support.terminal import EXAMPLE
from tests.widgets.canvas.world import Canvas, canvas, example
from widgets.canvas.notices import fault_lines
from widgets.dialogs.banner import Banner
from widgets.remedies import Remedies
from widgets.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MODEL = "picture"


@pytest.fixture
async def studio(tagloom_home: Path, tiny_disk: Path, tmp_path: Path) -> AsyncIterator[Studio]:
    """The example has run, and the library's disk was full when its draft arrived."""
    _lay(tagloom_home, tiny_disk, tmp_path)
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home, seconds=0.0, knobs=[flat_knob()])
    await made.desk.open(tmp_path / "shoes.tagloom")
    await asyncio.to_thread(fill, tiny_disk)
    await made.run()
    yield made
    await made.close()


def _lay(home: Path, library: Path, folder: Path) -> None:
    home.mkdir()
    (home / "library").symlink_to(library)
    shutil.copytree(EXAMPLE.parent / "refs", folder / "refs")
    shutil.copyfile(EXAMPLE, folder / "shoes.tagloom")


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Canvas]:
    with canvas(qapp, example()) as made:
        yield made


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not there():
            QApplication.processEvents()
            await asyncio.sleep(0.01)


async def test_the_picture_is_saved_where_the_artist_says(
    studio: Studio, shown: Canvas, tiny_disk: Path, tmp_path: Path
) -> None:
    run = studio.runs.state.node(MODEL)
    assert isinstance(run.fault, PictureHeld)
    actions = [action for line in fault_lines(run) for action in line.actions]
    assert ("save-elsewhere", "Save the picture elsewhere…") in [(one.id, one.label) for one in actions]
    held = studio.held_picture(MODEL)
    assert held is not None

    faults: list[Fault] = []
    tasks, banner = Tasks(faults.append), Banner(shown.view)
    remedies = Remedies(
        studio, shown.view, banner, tasks, run=lambda nodes: None, show_node=lambda node: None
    )
    shown.view.fault_action_requested.emit(MODEL, "save-elsewhere")
    await until(lambda: shown.view.findChildren(QFileDialog))
    (dialog,) = shown.view.findChildren(QFileDialog)
    target = tmp_path / "elsewhere.png"
    dialog.selectFile(str(target))
    dialog.accept()
    await until(target.exists)
    await until(lambda: not tasks._running)
    assert target.read_bytes() == held.picture
    words = [one.text() for one in banner.findChildren(QLabel) if one.isVisible()]
    assert "The picture is saved." in words
    assert any(str(target) in one for one in words)

    (tiny_disk / "filler").unlink()
    await studio.run()
    result = studio.runs.state.node(MODEL).result
    assert result is not None
    assert result.path.read_bytes() == held.picture
    remedies.do(MODEL, "save-elsewhere")
    await until(lambda: not tasks._running)
    assert "The picture is not held any more." in [one.text() for one in banner.findChildren(QLabel)]
    assert faults == []
    await tasks.close()
