"""What is compared and looked at large, from the canvas, the strip and the menus."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document import edits
from app.document.values import Document, End
from app.preferences import declared
from tests.widgets.bench import bench_in, turns, until
from widgets.compare.comparison import Mode
from widgets.workbench import Workbench

pytestmark = [
    pytest.mark.timeout(200),
    pytest.mark.qt_log_ignore("propagateSizeHints", "QFont::setPointSizeF"),
]
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
PHOTOGRAPHS = ("cup", "person", "place")


async def laid(bench: Workbench) -> Workbench:
    """The example, on the desk."""
    await bench.files.example()
    await turns(0.3)
    bench.graph.fit()
    await turns()
    return bench


def names(bench: Workbench) -> list[str]:
    return [one.name for one in bench.comparing.comparer.state.shown]


async def test_selected_pictures_are_compared(tagloom_home: Path, qapp: QApplication) -> None:
    async with bench_in(tagloom_home, qapp, Document()) as bench:
        await laid(bench)
        bench.graph.select(("words", "cup"))
        bench.commands.refresh()
        assert not bench.commands.action("compare").isEnabled(), "words are no picture"
        bench.graph.select(PHOTOGRAPHS)
        bench.commands.refresh()
        bench.commands.action("compare").trigger()
        assert bench.comparing.comparer.isVisible()
        assert names(bench) == [bench.title_of(id) for id in PHOTOGRAPHS]
        await until(lambda: not bench.comparing.comparer.gallery.at_work)
        QTest.keyClick(bench.comparing.comparer, Qt.Key.Key_Escape)
        assert not bench.comparing.comparer.isVisible()
        assert bench.graph.viewer.hasFocus()


async def test_ctrl_shift_click_adds_one_and_compares(tagloom_home: Path, qapp: QApplication) -> None:
    async with bench_in(tagloom_home, qapp, Document()) as bench:
        await laid(bench)
        before = bench.studio.editor.position
        bench.graph.select(("cup",))

        def click(id: str) -> None:
            viewer = bench.graph.viewer
            at: QPoint = viewer.mapFromScene(bench.graph.rect_of(id).topLeft()) + QPoint(40, 8)
            QTest.mouseClick(viewer.viewport(), Qt.MouseButton.LeftButton, CTRL_SHIFT, at)

        click("person")
        assert bench.graph.selected() == ("cup", "person")
        assert names(bench) == [bench.title_of("cup"), bench.title_of("person")]
        QTest.keyClick(bench.comparing.comparer, Qt.Key.Key_Escape)
        bench.graph.select(())
        click("place")
        assert not bench.comparing.comparer.isVisible(), "one alone is selected, and what is missing is said"
        assert bench.graph.selected() == ("place",)
        click("cup")
        assert bench.comparing.comparer.isVisible()
        assert bench.studio.editor.position == before, "looking is no step of the document"


async def test_a_compare_node_opens_its_pictures_in_order(tagloom_home: Path, qapp: QApplication) -> None:
    """Through a re-route dot too; it costs nothing, makes nothing, and is an end of a run."""
    async with bench_in(tagloom_home, qapp, Document()) as bench:
        await laid(bench)
        studio = bench.studio
        studio.commit("Add", lambda one: edits.add_node(one, "both", "compare", {}, (900, 40)))
        studio.commit("Dot", lambda one: edits.add_node(one, "dot", "reroute", {}, (700, 40)))
        for source, target in (
            ("place.image", "dot.in"),
            ("dot.out", "both.images"),
            ("picture.image", "both.images"),
            ("cup.image", "both.images"),
        ):
            ends = [End(*end.split(".")) for end in (source, target)]
            studio.commit("Link", lambda one, ends=ends: edits.connect(one, studio.shapes, *ends))  # type: ignore[misc]
        face = bench.graph.stage.graph.item("both").face
        assert face.photo is not None
        assert len(face.photo.several) == 2, "the model has no picture yet"
        bench.run()
        await until(lambda: studio.runs.state.node("picture").result and not studio.runs.busy)
        await studio.runs.settled()
        await turns(0.3)
        assert studio.runs.state.node("both").fault is None
        face = bench.graph.stage.graph.item("both").face
        assert face.photo is not None
        result = studio.runs.state.node("picture").result
        assert result is not None
        assert face.photo.several[1] == result.path
        bench.look("both")
        shown = bench.comparing.comparer.state.shown
        assert [one.path for one in shown] == list(face.photo.several)
        assert f"seed {result.seed}" in shown[1].words
        assert bench.studio.kinds["gen4-image"].title in shown[1].words


async def test_arrow_keys_go_through_what_is_like_it(tagloom_home: Path, qapp: QApplication) -> None:
    async with bench_in(tagloom_home, qapp, Document()) as bench:
        await laid(bench)
        viewer, spots = bench.viewer, bench.studio.editor.document.layout
        in_order = sorted(PHOTOGRAPHS, key=lambda id: (spots[id].x, spots[id].y))
        bench.look(in_order[1])
        assert viewer.shown is not None
        seen = [viewer.shown.name]
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
            QTest.keyClick(viewer, key)
            seen.append(viewer.shown.name)
        assert seen == [bench.title_of(in_order[at]) for at in (1, 0, 1, 2)]
        QTest.keyClick(viewer, Qt.Key.Key_Escape)
        bench.run()
        await until(lambda: bench.strip.pictures() and not bench.studio.runs.busy)
        bench.look("picture")
        assert viewer.shown is not None
        result = bench.studio.runs.state.node("picture").result
        assert result is not None
        assert viewer.shown.path == result.path
        viewer.put_away()
        bench.strip.opened.emit("picture", str(result.path))
        assert viewer.isVisible()
        assert viewer.shown is not None
        assert viewer.shown.seed == result.seed


async def test_less_motion_is_asked_of_the_settings(tagloom_home: Path, qapp: QApplication) -> None:
    async with bench_in(tagloom_home, qapp, Document()) as bench:
        await laid(bench)
        bench.studio.options.set(declared.REDUCED_MOTION, True)
        bench.graph.select(("cup", "person"))
        bench.comparing.compare_selected()
        bench.comparing.comparer.choose_mode(Mode.BLINK)
        assert not bench.comparing.comparer.blinks
