from __future__ import annotations

import pytest
from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from widgets.surroundings import facts_of_qt, findings_of_qt


def test_what_qt_says(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: ["Aaa", "Noto Sans CJK SC"])
    found = {one.what: one for one in findings_of_qt()}
    assert list(found) == ["window system", "screens", "drawing", "Chinese"]
    assert all(one.well and not one.note for one in found.values())
    assert found["window system"].words == f"Qt {qVersion()} through “{qapp.platformName()}”"
    assert " at 1" in found["screens"].words
    assert found["Chinese"].words == "shown with Noto Sans CJK SC"
    told = dict(facts_of_qt())
    assert qVersion() in told["Qt"]
    assert qapp.screens()[0].name() == "" or qapp.screens()[0].name() not in told["Screens"]


def test_no_face_for_chinese_is_worth_knowing(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    chinese = findings_of_qt()[-1]
    assert (chinese.well, chinese.note) == (True, True)
    assert "fonts-noto-cjk" in chinese.advice
