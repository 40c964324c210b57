"""Chinese on the canvas and in the fields: composed with an input method, broken into lines, elided."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QFontMetricsF, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.widgets.bench import turns
from tests.widgets.whole import bench as bench
from widgets import theme
from widgets.canvas.face import Words
from widgets.canvas.kit import Kit
from widgets.canvas.text_flow import flow
from widgets.language import missing_face
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SENTENCE = "专业产品照片，人物穿着运动鞋站在摄影棚里，戏剧性的光线，商业品质。"


def compose(field: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


async def test_a_title_is_written_on_its_card_with_an_input_method(bench: Workbench) -> None:
    await turns()
    bench.graph.select(("words",))
    bench.graph.handling.rename("words")
    field = bench.graph.handling.in_place.field
    assert isinstance(field, QLineEdit)
    before = bench.studio.editor.document
    for preedit in ("t", "ti", "ti shi", "ti shi ci"):
        compose(field, preedit)
    assert bench.studio.editor.document is before
    compose(field, "", "提示词")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await turns()
    assert bench.studio.editor.document.nodes["words"].title == "提示词"


async def test_a_title_is_written_in_the_panel_with_an_input_method(bench: Workbench) -> None:
    bench.graph.select(("words",))
    await turns(0.2)
    field = bench.inspector.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    field.selectAll()
    compose(field, "guang")
    compose(field, "", "光")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await turns()
    assert bench.studio.editor.document.nodes["words"].title == "光"


async def test_letters_being_composed_are_no_shortcuts_of_the_canvas(bench: Workbench) -> None:
    bench.graph.select(("words",))
    bench.graph.handling.rename("words")
    field = bench.graph.handling.in_place.field
    assert field is not None
    for sign in "mlhf":  # skip, lock, collapse, fit
        compose(field, sign)
    node = bench.studio.editor.document.nodes["words"]
    assert not node.skip
    assert not node.collapsed


async def test_the_search_finds_a_node_by_composed_words(bench: Workbench) -> None:
    bench.graph.handling.open_search(bench.graph.viewport_center())
    search = bench.graph.handling.search
    compose(search.line, "ti shi ci")
    compose(search.line, "", "提示词")
    await turns()
    assert search.found()[:1] == ["prompt"]
    search.close_empty()


def test_a_prompt_without_spaces_is_broken_into_lines(qapp: QApplication) -> None:
    kit = Kit(theme.DARK)
    width = kit.body_size.horizontalAdvance(SENTENCE) / 2.5  # whatever face of the system draws it
    made = flow(Words(SENTENCE), kit, width)
    assert made.layout.lineCount() > 2
    assert not made.cut
    for line in range(made.layout.lineCount()):
        assert made.layout.lineAt(line).naturalTextWidth() <= width + kit.body_size.horizontalAdvance("。")


def test_chinese_is_elided_between_characters(qapp: QApplication) -> None:
    metrics = QFontMetricsF(theme.font())
    short = metrics.elidedText(SENTENCE, Qt.TextElideMode.ElideRight, 80.0)
    assert short.endswith("…")
    assert SENTENCE.startswith(short[:-1])
    assert metrics.horizontalAdvance(short) <= 80.0


def test_fonts_of_every_system_stand_behind_inter() -> None:
    families = theme.font().families()
    assert families[0] == "Inter"
    assert {"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"} <= {*families}


def test_a_language_that_no_font_can_write_is_said(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    assert "fonts-noto-cjk" in missing_face("zh_CN")
    assert missing_face("en") == ""
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: ["Noto Sans CJK SC"])
    assert missing_face("zh_CN") == ""
