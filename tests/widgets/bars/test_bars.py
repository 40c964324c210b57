"""The bars say what they are told, in words that fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenuBar, QPushButton, QWidget

from app.basics.money import Money
from app.studio.parts import Outlook
from tests.widgets.conftest import stand
from widgets.bars.status_bar import StatusBar
from widgets.bars.top_bar import TopBar


@pytest.fixture
def top(stage: QWidget) -> TopBar:
    stage.resize(1600, 200)
    made = TopBar()
    stand(stage, made)
    return made


def estimate(top: TopBar) -> str:
    found = top.findChild(QLabel, "estimate")
    assert found is not None
    return found.text()


def words(bar: QWidget) -> list[str]:
    """What labels and buttons say."""
    told = (*bar.findChildren(QLabel), *bar.findChildren(QPushButton))
    return [one.text() for one in told if one.isVisible() and one.text()]


@pytest.mark.parametrize(
    ("outlook", "said"),
    [
        (Outlook(to_make=1, draft=True), ["<b>1 free draft</b>"]),
        (Outlook(to_make=3, draft=True), ["<b>3 free drafts</b>"]),
        (Outlook(to_make=2, credits=200, money=Money(160_000)), ["200", "$0.16"]),
        (Outlook(to_make=2, credits=200, money=None), ["200", "price not known"]),
        (Outlook(reused=2), ["nothing to pay"]),
    ],
)
def test_the_estimate_in_words(top: TopBar, outlook: Outlook, said: list[str]) -> None:
    top.show_estimate(outlook)
    assert [one for one in said if one not in estimate(top)] == []
    assert "<" not in top.findChild(QLabel, "estimate").toolTip()


def test_what_cannot_run_has_no_price(top: TopBar) -> None:
    top.show_estimate(Outlook(to_make=1, draft=True, reused=1))
    top.show_estimate(Outlook(blocked=True))
    assert (estimate(top), "in the library" in " ".join(words(top))) == ("Estimate —", False)


def test_a_narrow_bar_says_less(top: TopBar, stage: QWidget) -> None:
    top.show_draft(True)
    top.show_estimate(Outlook(to_make=1, reused=2, draft=True))
    assert "Sandbox — drafts, no credits spent" in words(top)
    assert "· 2 in the library" in words(top)
    stage.resize(1000, 200)
    QApplication.processEvents()
    assert "Sandbox" in words(top)
    assert "· 2 in the library" not in words(top)
    top.show_draft(False)
    assert "Sandbox" not in words(top)


def test_a_name_is_no_markup_and_shows_what_is_not_saved(top: TopBar) -> None:
    top.show_document("<b>shoes</b>.tagloom", True)
    (name,) = [one for one in top.findChildren(QLabel) if "shoes" in one.text()]
    assert name.textFormat() == Qt.TextFormat.PlainText
    assert name.text() == "<b>shoes</b>.tagloom  •"
    assert name.accessibleName() == "<b>shoes</b>.tagloom, not saved"
    top.show_document("shoes.tagloom", False)
    assert name.text() == "shoes.tagloom"


def test_run_and_cancel(top: TopBar) -> None:
    told: list[str] = []
    top.run_wanted.connect(lambda: told.append("run"))
    top.cancel_wanted.connect(lambda: told.append("cancel"))
    run = top.findChild(QPushButton, "run")
    cancel = next(one for one in top.findChildren(QPushButton) if one.text() == "Cancel")
    assert run is not None
    assert not cancel.isVisible()
    top.show_busy(True)
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    top.show_ready(False, "The prompt is empty.")
    QTest.mouseClick(run, Qt.MouseButton.LeftButton)
    assert run.toolTip() == "The prompt is empty."
    top.show_ready(True, "")
    QTest.mouseClick(run, Qt.MouseButton.LeftButton)
    assert told == ["cancel", "run"]


def test_the_status_bar_says_how_it_stands(stage: QWidget) -> None:
    bar = StatusBar()
    stand(stage, bar)
    told: list[str] = []
    bar.keys_wanted.connect(lambda: told.append("keys"))
    bar.zoom_wanted.connect(lambda: told.append("zoom"))
    bar.queue_wanted.connect(lambda: told.append("queue"))
    bar.spending_wanted.connect(lambda: told.append("spending"))
    bar.show_vendor("Runway")
    bar.show_queue(0, 0)
    assert "Nothing running" in words(bar)
    bar.show_queue(2, 3)
    bar.show_today(250, Money(2_000_000), 1000)
    bar.show_saved("Saved", 1)
    bar.show_zoom(0.945)
    said = " | ".join(words(bar))
    for part in ("2 running · 3 queued", "250", "1000", "Saved · 1 node"):
        assert part in said.replace(",", "").replace("\u202f", "").replace("\u00a0", " "), (part, said)
    bar.show_saved("Saved", 5)
    assert "Saved · 5 nodes" in words(bar)
    for button in bar.findChildren(QPushButton):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == ["keys", "queue", "spending", "zoom"]


def test_a_narrow_bar_keeps_its_menu_whole(stage: QWidget) -> None:
    bar, menu = TopBar(), QMenuBar()
    for title in ("文件(&F)", "编辑(&E)", "节点(&N)", "视图(&V)", "运行(&R)", "帮助(&H)"):
        menu.addMenu(title)
    bar.take_menu(menu)
    bar.show_document("a-long-name-of-a-document.tagloom", dirty=True)
    stand(stage, bar)
    for width in (1400, 1000, 800):
        stage.resize(width, 300)
        QApplication.processEvents()
        assert menu.width() >= menu.sizeHint().width(), width
