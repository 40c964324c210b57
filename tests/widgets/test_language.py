"""Another language while the window is open: everything that is shown is said anew, nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QPushButton

from app.basics.faults import BadInput
from app.basics.words import say
from app.preferences import declared
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import example
from tests.widgets.telling import shown_in, shown_on
from tests.widgets.test_pseudo_language import forgotten
from widgets.language import Language
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")


def told(bench: Workbench) -> list[str]:
    return [one.text for one in (*shown_in(bench.window), *shown_on(bench.graph))]


async def chosen(bench: Workbench, language: str) -> None:
    bench.studio.options.set(declared.LANGUAGE, language)
    await turns(0.4)


async def test_the_open_window_speaks_another_language_and_back(
    qapp: QApplication, tagloom_home: Path
) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.start()
        bench.outlines.toggle()
        bench.graph.select(("hero",))
        await until(lambda: bench.studio.checks.problems)
        await turns(0.8)
        before = told(bench)
        document, steps = bench.studio.editor.document, bench.studio.editor.past
        await chosen(bench, "xx")
        seen = (*shown_in(bench.window), *shown_on(bench.graph))
        assert [one for one in seen if forgotten(one)] == []
        assert bench.graph.selected() == ("hero",)
        await chosen(bench, "en")
        assert sorted({*told(bench)} ^ {*before}) == []
        assert bench.studio.editor.document is document
        assert bench.studio.editor.past == steps


async def test_open_dialogs_and_what_the_banner_says_change_too(
    qapp: QApplication, tagloom_home: Path
) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.accounts.open_queue()
        bench.say(
            BadInput(say("There is no file {path}.", path="x.png"), advice=say("Check its name."), code="x")
        )
        await turns(0.3)
        await chosen(bench, "xx")
        seen = [one for one in shown_in(bench.window) if one.text]
        assert [one for one in seen if forgotten(one)] == []
        assert any("x.png" in one.text and one.text.startswith("[!!!") for one in seen)
        assert any("QueuePanel" in one.widget for one in seen)


async def test_what_the_artist_wrote_is_left_alone(qapp: QApplication, tagloom_home: Path) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.graph.handling.operations.rename("hero", "Prompt")
        bench.graph.select(("hero",))
        await turns(0.3)
        await chosen(bench, "xx")
        assert bench.studio.editor.document.nodes["hero"].title == "Prompt"
        assert "Prompt" in [one.text for one in shown_on(bench.graph)]


async def test_the_setting_is_kept_and_spoken_from_the_start(qapp: QApplication, tagloom_home: Path) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        await chosen(bench, "xx")
    async with bench_in(tagloom_home, qapp, example()) as bench:
        assert bench.language.code == "xx"
        assert bench.window.findChild(QPushButton, "run").text().startswith("[!!!")
    assert QCoreApplication.translate("TopBar", "Estimate") == "Estimate"


def test_qts_own_buttons_are_in_chinese(qapp: QApplication) -> None:
    language = Language(qapp, qapp)
    try:
        language.begin("zh_CN")
        assert language.code == "zh_CN"
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    finally:
        language.close()
        language.deleteLater()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
