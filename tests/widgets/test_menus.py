"""Open recent: numbers to press, what is gone is grey and says why, and the list can be cleared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from app.document import project_file
from app.document.values import BLANK
from app.preferences import declared
from tests.app.document.samples import product_shot
from tests.widgets.bench import bench_in, until
from tests.widgets.telling import settle
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support")


def recent(bench: Workbench) -> QMenu:
    menus = [one.menu() for top in bench.menus.bar.actions() for one in top.menu().actions()]
    menu = next(one for one in menus if isinstance(one, QMenu) and "recent" in one.title())
    menu.aboutToShow.emit()
    return menu


def lines(bench: Workbench) -> list[QAction]:
    return [one for one in recent(bench).actions() if not one.isSeparator()]


async def test_recent_documents(qapp: QApplication, tagloom_home: Path, tmp_path: Path) -> None:
    kept = [tmp_path / name for name in ("shoes.tagloom", "a & b.tagloom")]
    for path in kept:
        project_file.save(path, product_shot())
    gone, folder = tmp_path / "gone.tagloom", tmp_path / "folder.tagloom"
    folder.mkdir()
    twin = tmp_path / "folder.tagloom" / "shoes.tagloom"
    project_file.save(twin, product_shot())
    async with bench_in(tagloom_home, qapp, BLANK) as bench:
        paths = (*kept, gone, folder, twin)
        bench.studio.options.set(declared.RECENT, tuple(map(str, paths)))
        first, second, third, fourth, fifth, clear = lines(bench)
        assert first.text() == f"&1  shoes.tagloom — {tmp_path}"
        assert second.text() == "&2  a && b.tagloom"
        assert third.text() == "&3  gone.tagloom  (not there any more)"
        assert fourth.text() == "&4  folder.tagloom  (it is a folder)"
        assert [one.isEnabled() for one in (first, second, third, fourth, fifth)] == [1, 1, 0, 0, 1]
        assert third.toolTip() == str(gone)
        assert clear.text() == "&Clear the list"
        second.trigger()
        await until(lambda: bench.studio.desk.path == kept[1])
        assert lines(bench)[0].text() == "&1  a && b.tagloom"
        lines(bench)[-1].trigger()
        (none,) = lines(bench)
        assert not none.isEnabled()
        assert bench.studio.options.get(declared.RECENT) == ()


async def test_ten_are_shown_and_the_tenth_is_pressed_as_nought(
    qapp: QApplication, tagloom_home: Path, tmp_path: Path
) -> None:
    async with bench_in(tagloom_home, qapp, BLANK) as bench:
        paths = tuple(str(tmp_path / f"{number}.tagloom") for number in range(14))
        bench.studio.options.set(declared.RECENT, paths)
        shown = [one.text() for one in lines(bench)]
        assert len(shown) == 11
        assert shown[9].startswith("1&0  9.tagloom")


def twice(menu: QMenu) -> list[tuple[str, str]]:
    """Letters for the keyboard that two lines of a menu, or of one within it, have."""
    seen: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for one in menu.actions():
        within = one.menu()
        if isinstance(within, QMenu):
            found += twice(within)
        if letter := re.search(r"(?<!&)&(\w)", one.text()):
            key = letter[1].upper()
            if key in seen:
                found.append((seen[key], one.text()))
            seen[key] = one.text()
    return found


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_a_letter_chooses_one_line_of_a_menu(
    qapp: QApplication, tagloom_home: Path, language: str
) -> None:
    settle(tagloom_home, language)
    async with bench_in(tagloom_home, qapp, BLANK) as bench:
        menus = [one.menu() for one in bench.menus.bar.actions()]
        assert len(menus) > 5
        for menu in menus:
            assert isinstance(menu, QMenu)
            assert twice(menu) == []
