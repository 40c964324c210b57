"""The settings in the whole window: opened from everywhere, and obeyed at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.preferences import declared
from app.preferences.presets import PRESETS
from tests.widgets.bench import bench_in, turns, until
from tests.widgets.canvas.world import example
from tests.widgets.whole import bench as bench
from widgets.dialogs.settings import SettingsDialog
from widgets.dialogs.shortcuts_dialog import ShortcutsDialog
from widgets.dressing import dressing_of
from widgets.looks import Looks
from widgets.theme import BODY, DARK, LIGHT
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")


def dialog_of(bench: Workbench) -> SettingsDialog:
    dialog = bench.settings.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


@pytest.mark.parametrize("preset", PRESETS)
async def test_ctrl_comma_opens_them_in_every_preset(bench: Workbench, preset: str) -> None:
    bench.hotkeys.choose(preset)
    QTest.keyClick(bench.graph.viewer, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    await turns()
    dialog = dialog_of(bench)
    assert dialog.page == "appearance"
    assert dialog.line.hasFocus()
    bench.settings.open()
    assert dialog_of(bench) is dialog, "one at a time"
    QTest.keyClick(dialog.line, Qt.Key.Key_Escape)
    await turns()
    assert bench.settings.dialog is None


async def test_they_are_in_a_menu_and_in_the_palette(bench: Workbench) -> None:
    menus = [menu for menu in bench.menus.bar.findChildren(QMenu) if menu.title() == "&Edit"]
    assert bench.commands.action("settings") in menus[0].actions()
    bench.command_palette.open()
    QTest.keyClicks(bench.command_palette.line, "settings")
    QTest.keyClick(bench.command_palette.line, Qt.Key.Key_Return)
    await turns()
    dialog_of(bench).close()


async def test_the_keys_command_opens_them_at_the_vendors(bench: Workbench) -> None:
    bench.commands.action("keys").trigger()
    assert dialog_of(bench).page == "vendors"
    bench.status.keys_wanted.emit()
    assert dialog_of(bench).page == "vendors"


def obeying(bench: Workbench, app: QApplication) -> Looks:
    return Looks(app, bench.themes, bench.studio.options, bench.window.arrange)


async def test_the_theme_is_obeyed(qapp: QApplication, tagloom_home: Path) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        looks = obeying(bench, qapp)
        bench.studio.options.set(declared.THEME, "light")
        assert bench.themes.theme is LIGHT
        await until(lambda: LIGHT.roles.window in dressing_of(bench.window).sheet)
        bench.commands.action("theme").trigger()
        assert bench.themes.theme is DARK
        assert bench.studio.options.get(declared.THEME) == "dark"
        bench.studio.options.set(declared.THEME, "system")
        assert bench.themes.choice == "system"
        looks.close()


async def test_the_size_of_texts_is_obeyed(qapp: QApplication, tagloom_home: Path) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        looks = obeying(bench, qapp)
        try:
            bench.studio.options.set(declared.TEXT_SCALE, 1.5)
            await turns()
            assert QApplication.font().pixelSize() == round(1.5 * BODY)
            assert bench.top.fontInfo().pixelSize() == round(1.5 * BODY)
            assert "font-size: 16px" in dressing_of(bench.window).sheet
        finally:
            bench.studio.options.reset(declared.TEXT_SCALE)
            looks.close()
        assert QApplication.font().pixelSize() == BODY
        assert "font-size: 11px" in dressing_of(bench.window).sheet


async def test_the_preset_is_obeyed(bench: Workbench) -> None:
    bench.studio.options.set(declared.CANVAS_PRESET, "blender")
    assert bench.hotkeys.keymap.preset == bench.hotkeys.mousemap.preset == "blender"
    assert bench.commands.keys("add") == ("Shift+A",)
    bench.hotkeys.choose("nuke")
    assert bench.studio.options.get(declared.CANVAS_PRESET) == "nuke"


async def test_the_minimap_is_obeyed(bench: Workbench) -> None:
    minimap = bench.graph.viewer.minimap
    assert minimap is not None
    assert minimap.shown
    bench.studio.options.set(declared.MINIMAP, False)
    assert not minimap.shown
    bench.graph.toggle_minimap()
    assert minimap.shown
    assert bench.studio.options.get(declared.MINIMAP) is True


async def test_the_cap_of_the_day_is_shown_at_once(bench: Workbench) -> None:
    bench.studio.options.set(declared.CAP_DAY_CREDITS, 4321)
    await turns()
    assert "4\u202f321" in bench.status._today.text()


async def test_keyboard_and_mouse_is_reached_from_the_canvas_page(bench: Workbench) -> None:
    bench.settings.open("canvas")
    await turns()
    dialog = dialog_of(bench)
    button = next(row.open for row in dialog.found() if hasattr(row, "open"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await turns()
    [shortcuts] = [one for one in QApplication.topLevelWidgets() if isinstance(one, ShortcutsDialog)]
    assert shortcuts.isVisible()
    shortcuts.close()


async def test_another_language_opens_the_same_page_anew(bench: Workbench) -> None:
    bench.settings.open("money")
    old = dialog_of(bench)
    QApplication.sendEvent(old, QEvent(QEvent.Type.LanguageChange))
    await turns()
    assert dialog_of(bench) is not old
    assert dialog_of(bench).page == "money"
