"""The guide's window by its keys and mouse: contents, links, search, back and forward, small sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible, QTextDocument, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.catalogue.reader import read_card
from tests.widgets.bench import bench_in, turns
from tests.widgets.canvas.world import example
from tests.widgets.tabbing import out_of_order, unseen
from tests.widgets.test_accessible import ROLES, walked
from tests.widgets.whole import bench as bench
from widgets.guide.rendering import HEADINGS, render
from widgets.guide.window import GuideWindow
from widgets.theme import DARK, LIGHT, Choice, Theme, contrast
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
async def opened(bench: Workbench) -> AsyncIterator[GuideWindow]:
    window = GuideWindow(
        bench.help.guide_in("en"), bench.themes, bench.window, open_address=lambda url: gone.append(url)
    )
    gone.clear()
    window.open_at("start")
    await turns()
    yield window
    window.close()


gone: list[QUrl] = []


def click_link(window: GuideWindow, href: str) -> None:
    window.page.anchorClicked.emit(QUrl(href))


async def test_links_lead_on_and_keys_lead_back(opened: GuideWindow) -> None:
    click_link(opened, "tags.md")
    click_link(opened, "kind-gen4-image.md")
    assert opened.shown == "kind-gen4-image"
    assert opened.contents.currentItem().text(0).strip() == "Gen4 Image"
    QTest.keyClick(opened, Qt.Key.Key_Left, ALT)
    assert opened.shown == "tags"
    QTest.keyClick(opened, Qt.Key.Key_Left, ALT)
    assert opened.shown == "start"
    assert not opened.back.isEnabled()
    QTest.keyClick(opened, Qt.Key.Key_Right, ALT)
    assert opened.shown == "tags"
    click_link(opened, "money.md")
    assert not opened.forward.isEnabled()
    assert "Money" in opened.windowTitle()


async def test_a_link_is_pressed_by_the_keyboard(opened: GuideWindow) -> None:
    opened.page.setFocus()
    QTest.keyClick(opened.page, Qt.Key.Key_Tab)
    QTest.keyClick(opened.page, Qt.Key.Key_Return)
    assert opened.shown == "kind-reference-image"


async def test_what_leads_out_of_the_guide_is_handed_on(opened: GuideWindow) -> None:
    click_link(opened, "https://example.com/x")
    assert [one.toString() for one in gone] == ["https://example.com/x"]
    assert opened.shown == "start"


async def test_the_contents_are_walked_by_arrows(opened: GuideWindow) -> None:
    opened.contents.setFocus()
    QTest.keyClick(opened.contents, Qt.Key.Key_Down)
    assert opened.shown == "tags"
    QTest.keyClick(opened.contents, Qt.Key.Key_End)
    assert opened.shown == "kind-reroute"


async def test_search_narrows_the_contents_and_marks_the_page(opened: GuideWindow) -> None:
    QTest.keyClick(opened.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert opened.line.hasFocus()
    QTest.keyClicks(opened.line, "keyring")
    shown = [item.text(0) for item in opened._items.values() if not item.isHidden()]
    assert shown == ["Money and keys", "The command line"]
    assert opened.page.extraSelections() == []
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    assert opened.shown == "money"
    assert len(opened.page.extraSelections()) >= 2
    assert opened.page.textCursor().selectedText().lower() == "keyring"
    QTest.keyClick(opened.line, Qt.Key.Key_Escape)
    assert opened.line.text() == ""
    assert opened.isVisible()
    assert not any(item.isHidden() for item in opened._items.values())
    QTest.keyClick(opened.line, Qt.Key.Key_Escape)
    assert not opened.isVisible()


async def test_a_page_that_is_not_there_is_the_first(opened: GuideWindow) -> None:
    opened.open_at("tags")
    opened.open_at("nothing")
    assert opened.shown == "start"


async def test_the_card_of_the_example_is_copied_whole(opened: GuideWindow) -> None:
    opened.open_at("card")
    opened.page.selectAll()
    opened.page.copy()
    text = QApplication.clipboard().text()
    begin, end = text.index('id = "quick-square"'), text.index('date = "')
    card = read_card(text[begin : text.index("\n", end)])
    assert (card.id, card.offers[0].vendor) == ("quick-square", "runway")


async def test_a_narrow_window_shows_the_page_alone(opened: GuideWindow) -> None:
    assert opened.contents.isVisible()
    opened.resize(480, 400)
    await turns()
    assert not opened.contents.isVisible()
    opened.list_button.click()
    assert opened.contents.isVisible()
    opened.resize(900, 600)
    await turns()
    assert opened.contents.isVisible()


async def test_another_theme_is_drawn_at_once(bench: Workbench, opened: GuideWindow) -> None:
    before = opened.grab().toImage()
    bench.themes.choose(Choice.LIGHT)
    await turns()
    assert opened.grab().toImage() != before
    assert opened.shown == "start"


async def test_a_screen_reader_and_the_keyboard_get_everywhere(
    qapp: QApplication, tagloom_home: Path
) -> None:
    QAccessible.setActive(True)
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.help.open("start")
        opened = bench.help.guide
        assert opened is not None
        opened.go("tags")
        opened.go("money")
        opened.go_back()
        await turns(0.1)
        seen = [
            one
            for one in walked(QAccessible.queryAccessibleInterface(opened))
            if one.takes_keys or one.role in ROLES
        ]
        assert len(seen) > 5
        assert [one for one in seen if not one.name] == []
        opened.list_button.setFocus()
        assert await out_of_order(opened, opened.list_button) == []
        assert await unseen(opened) == []


# --- drawing ---


PAGE = """# One

A `code` and a [link](a.md).

## Two

```sh
line
```

| A | B |
| --- | --- |
| c | d |
"""


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_page_is_drawn_in_the_sizes_and_colours_of_the_house(qapp: QApplication, theme: Theme) -> None:
    document = QTextDocument()
    render(document, PAGE, theme)
    sizes = {}
    block = document.begin()
    while block.isValid():
        for piece in block.textFormats():
            if block.blockFormat().headingLevel():
                sizes[block.blockFormat().headingLevel()] = piece.format.font().pixelSize()
        block = block.next()
    assert sizes == {1: HEADINGS[1], 2: HEADINGS[2]}
    (table,) = (one for one in document.rootFrame().childFrames() if isinstance(one, QTextTable))
    cell = table.cellAt(0, 0)
    assert cell.firstCursorPosition().block().text() == "A", "no empty line after code"
    assert cell.firstCursorPosition().block().blockFormat().background().color().alpha() == 255
    assert not document.isModified()
    assert contrast(theme.roles.text, theme.roles.pill) >= 4.5
    assert contrast(theme.roles.accent, theme.roles.field) >= 4.5
