"""What is said over the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from app.basics.faults import BadInput, Where
from tests.widgets.conftest import comes
from widgets.dialogs import banner as banners
from widgets.dialogs.banner import Banner

FAULT = BadInput("<i>Bad</i> input.", advice="Mend it.", code="x.y", where=Where(node="hero"))


@pytest.fixture
def banner(stage: QWidget) -> Banner:
    return Banner(stage)


def words(banner: Banner) -> list[str]:
    return [one.text() for one in banner.findChildren(QLabel) if one.isVisible()]


def button(banner: Banner, text: str) -> QPushButton:
    return next(one for one in banner.findChildren(QPushButton) if one.text() == text)


def test_a_fault_is_said_with_its_advice_and_its_node(banner: Banner) -> None:
    wanted: list[str] = []
    banner.node_wanted.connect(wanted.append)
    banner.say_fault(FAULT)
    assert words(banner) == ["<i>Bad</i> input.", "Mend it."]
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in banner.findChildren(QLabel))
    assert banner.accessibleName() == "<i>Bad</i> input. Mend it."
    QTest.mouseClick(button(banner, "Show node"), Qt.MouseButton.LeftButton)
    assert wanted == ["hero"]


def test_what_has_no_node_and_no_advice_offers_none(banner: Banner) -> None:
    banner.say_fault(FAULT)
    banner.say("Saved.", "", error=False)
    assert words(banner) == ["Saved."]
    assert not button(banner, "Show node").isVisible()


def test_it_goes_by_a_click(banner: Banner) -> None:
    banner.say("Saved.", "")
    QTest.mouseClick(button(banner, "✕"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_it_goes_by_itself(banner: Banner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banners, "STAYS_MS", 30)
    banner.say("Saved.", "")
    assert banner.isVisible()
    assert comes(lambda: not banner.isVisible())


def test_it_stays_in_the_middle_of_what_it_lies_over(banner: Banner, stage: QWidget) -> None:
    banner.say("A long word about what happened. " * 5, "And what to do. " * 9)
    for width in (900, 300, 640):
        stage.resize(width, 700)
        QApplication.processEvents()
        assert abs(banner.geometry().center().x() - stage.rect().center().x()) <= 1
        assert banner.width() <= max(width - 32, 200)
