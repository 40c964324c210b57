"""The search over the canvas finds every kind by English and Chinese words, whole, begun and in pinyin."""

from __future__ import annotations

import unicodedata

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.widgets.canvas.world import KINDS, Canvas

FIRST = {
    "提示词": "prompt", "提示": "prompt", "tishici": "prompt", "ti shi ci": "prompt", "tsc": "prompt",
    "参考图": "reference-image", "参考": "reference-image", "cankaotu": "reference-image",
    "ckt": "reference-image", "照片": "reference-image", "參考圖": "reference-image",
    "图像": "gen4-image", "生成": "gen4-image", "文生图": "gen4-image", "tuxiang": "gen4-image",
    "wst": "gen4-image", "ｇｅｎ４": "gen4-image",
    "保存": "save-image", "保": "save-image", "baocun": "save-image", "bc": "save-image",
    "备注": "note", "beizhu": "note", "bz": "note", "备": "note",
    "预览": "preview", "yulan": "preview", "yl": "preview",
    "转接点": "reroute", "zjd": "reroute",
    "prompt": "prompt", "reference": "reference-image", "generate": "gen4-image", "save": "save-image",
    "note": "note", "preview": "preview", "dot": "reroute", "photo": "reference-image",
}  # fmt: skip


def compose(field: QLineEdit, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


@pytest.mark.parametrize(("typed", "kind"), FIRST.items())
def test_the_best_answer(shown: Canvas, typed: str, kind: str) -> None:
    search = shown.view.handling.search
    search.open_at(QPoint(200, 200), list(KINDS))
    search.line.setText(typed)
    assert search.found()[0] == kind


def test_every_kind_is_found_in_both_languages() -> None:
    """Words are data of the kind, so that whoever adds one without Chinese words is told here."""
    for kind in KINDS.values():
        chinese = [one for one in kind.words if any("CJK" in unicodedata.name(sign) for sign in one)]
        assert len(chinese) >= 2, kind.id
        assert [one for one in kind.words if one.isascii() and " " in one], f"{kind.id}: no pinyin"


def test_what_is_being_composed_finds_nothing_yet_and_what_is_chosen_does(shown: Canvas) -> None:
    search = shown.view.handling.search
    search.open_at(QPoint(300, 200), list(KINDS))
    before = search.found()
    for preedit in ("t", "ti", "ti shi", "ti shi ci"):
        compose(search.line, preedit)
        assert search.found() == before
        assert search.line.text() == ""
        assert search.isVisible()
    compose(search.line, "", "提示词")
    assert search.line.text() == "提示词"
    assert search.found()[0] == "prompt"
    steps, nodes = shown.editor.position, set(shown.document.nodes)
    QTest.keyClick(search.line, Qt.Key.Key_Return)
    assert shown.editor.position == steps + 1
    (made,) = set(shown.document.nodes) - nodes
    assert shown.document.nodes[made].kind == "prompt"


def test_a_composition_given_up_leaves_the_search_open(shown: Canvas) -> None:
    search = shown.view.handling.search
    search.open_at(QPoint(300, 200), list(KINDS))
    compose(search.line, "yu lan")
    compose(search.line, "")
    assert search.isVisible()
    assert search.line.text() == ""
    assert search.line.hasFocus()
