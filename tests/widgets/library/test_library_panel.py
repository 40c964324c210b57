"""The panel alone, with made-up pictures: what it shows, what it asks for, and what its keys say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget

from app.library.assets import Marks
from app.library.query import DiskUse, Hit, Query
from tests.widgets.conftest import Pictures, comes, stand
from widgets.library.model import AT_ONCE, BUDGET
from widgets.library.panel import LibraryPanel, size_words
from widgets.theme import Themes

NOW = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
SHIFT = Qt.KeyboardModifier.ShiftModifier


def hit(number: int, **changes: object) -> Hit:
    values = {
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(), "suffix": ".png", "width": 1920,
        "height": 1080, "made": 1_700_000_000_000_000 - number, "draft": False, "star": False,
        "rejected": False,
    }  # fmt: skip
    return Hit(**{**values, **changes})  # type: ignore[arg-type]


class Late(Pictures):
    """Pictures that come when they are let; `open` counts those under way."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[Path, Callable[[QImage], None]]] = []
        self.most = 0

    def picture(self, path: Path, side: int, show: Callable[[QImage], None]) -> None:
        self.asked.append(path)
        self.open.append((path, show))
        self.most = max(self.most, len(self.open))

    def let(self, side: int = 256) -> None:
        image = QImage(side, side // 2, QImage.Format.Format_RGB32)
        image.fill(QColor("#336699"))
        waiting, self.open = self.open, []
        for _, show in waiting:
            show(image)


@pytest.fixture
def late() -> Late:
    return Late()


@pytest.fixture
def panel(stage: QWidget, late: Late, themes: Themes) -> LibraryPanel:
    made = LibraryPanel(late, lambda one: Path(f"/library/{one.sha256}.png"), themes)
    stand(stage, made)
    return made


def button(panel: QWidget, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def test_only_what_is_seen_is_decoded_and_a_few_at_a_time(panel: LibraryPanel, late: Late) -> None:
    hits = [hit(number) for number in range(10_000)]
    panel.grid.hits.show_hits(hits)
    seen = len(panel.grid.seen())
    assert 0 < seen < 60
    for _ in range(60):
        QTest.qWait(5)
        late.let()
    assert late.most <= AT_ONCE
    assert 0 < len(late.asked) <= seen
    # Scrolled to the end in big leaps: what was passed over is never begun.
    before = len(late.asked)
    bar = panel.grid.verticalScrollBar()
    for place in range(0, bar.maximum(), bar.maximum() // 20):
        bar.setValue(place)
        QApplication.processEvents()
    bar.setValue(bar.maximum())
    for _ in range(60):
        QTest.qWait(5)
        late.let()
    assert len(late.asked) - before < 10 * seen
    last = panel.grid.hits.image(9_999)
    assert last is not None
    assert panel.grid.hits.bytes <= BUDGET


def test_images_are_made_for_the_screen_once(panel: LibraryPanel, late: Late) -> None:
    panel.grid.hits.show_hits([hit(1)])
    assert comes(lambda: bool(late.open))
    late.let(1024)
    image = panel.grid.hits.image(0)
    assert image is not None
    room = panel.grid.room()
    assert image.size() == QSize(1024, 512).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    QTest.qWait(30)
    assert len(late.asked) == 1


def test_a_file_that_cannot_be_read_holds_up_nobody(
    panel: LibraryPanel, late: Late, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.library.model.PATIENCE_MS", 20)
    panel.grid.hits._waiting.setInterval(5)
    panel.grid.hits.show_hits([hit(number) for number in range(40)])
    assert len(panel.grid.seen()) > AT_ONCE + 1
    assert comes(lambda: len(set(late.asked)) > AT_ONCE), "they never come, and the others are asked for"


def test_keys_say_what_is_to_be_done(panel: LibraryPanel) -> None:
    panel.grid.hits.show_hits([hit(number) for number in range(9)])
    panel.enter()
    spy = QSignalSpy(panel.doing)
    for key in (
        *(Qt.Key.Key_S, Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_U, Qt.Key.Key_R, Qt.Key.Key_C),
        *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape),
    ):
        QTest.keyClick(panel.grid, key)
    said = [spy.at(at)[0] for at in range(spy.count())]
    assert said == ["star", "reject", "remove", "undo", "reference", "canvas", "look", "look", "leave"]
    QTest.keyClick(panel.grid, Qt.Key.Key_Right)
    assert panel.grid.current() == hit(1)
    QTest.keyClick(panel.grid, Qt.Key.Key_Right, SHIFT)
    assert panel.grid.chosen() == (hit(1), hit(2))
    QTest.keyClick(panel.grid, Qt.Key.Key_Escape)
    assert panel.grid.chosen() == (), "Esc takes a choice of several back first"
    QTest.keyClick(panel.grid, Qt.Key.Key_Slash)
    assert panel.words.hasFocus()


def test_words_are_asked_for_once_they_are_typed(panel: LibraryPanel) -> None:
    spy = QSignalSpy(panel.asked)
    QTest.keyClicks(panel.words, "shoe @cup")
    assert comes(lambda: spy.count() > 0)
    assert spy.count() == 1
    assert panel.filters.query(panel.words.text(), NOW) == Query(words="shoe @cup")
    panel.grid.hits.show_hits([hit(1)])
    QTest.keyClick(panel.words, Qt.Key.Key_Down)
    assert panel.grid.hasFocus()
    assert panel.grid.current() == hit(1)
    QTest.keyClick(panel.words, Qt.Key.Key_Escape)
    assert panel.words.text() == ""


def choose(chip: QToolButton, words: str) -> None:
    menu = chip.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    next(one for one in menu.actions() if one.text().replace("&", "") == words).trigger()


def test_every_filter(panel: LibraryPanel) -> None:
    filters = panel.filters
    filters.show_choices((("flux-2-pro", "Flux 2 Pro"), ("gen4-image", "Gen4 Image")), ("/a/R&D.tagloom",))
    spy = QSignalSpy(filters.changed)
    assert not filters.narrowed
    button(panel, "library-starred").click()
    button(panel, "library-kept").click()
    choose(button(panel, "library-kind"), "Drafts")
    choose(button(panel, "library-model"), "Flux 2 Pro")
    choose(button(panel, "library-model"), "Gen4 Image")
    choose(button(panel, "library-document"), "RD.tagloom")
    choose(button(panel, "library-date"), "The last 7 days")
    choose(button(panel, "library-colour"), "blue")
    filters.take_swatch(QColor(1, 2, 3))
    assert spy.count() == 9
    assert filters.query("", NOW) == Query(
        cards=("flux-2-pro", "gen4-image"),
        documents=("/a/R&D.tagloom",),
        since=NOW.replace(hour=0, minute=0) - timedelta(days=6),
        colours=("blue",),
        swatch=(1, 2, 3),
        drafts=True,
        starred=True,
        rejected=False,
    )
    assert button(panel, "library-kind").text() == "Drafts"
    assert button(panel, "library-model").toolTip() == "Flux 2 Pro, Gen4 Image"
    assert button(panel, "library-colour").accessibleName() == "Colour: blue, a colour of your own"
    choose(button(panel, "library-colour"), "blue")
    choose(button(panel, "library-colour"), "a colour of your own")
    assert filters.query("", NOW).colours == ()
    button(panel, "library-clear").click()
    assert filters.query("", NOW) == Query()
    assert button(panel, "library-clear").isHidden()


def test_marks_and_removals_are_seen_at_once(panel: LibraryPanel) -> None:
    hits = panel.grid.hits
    hits.show_hits([hit(number) for number in range(4)])
    hits.mark({hit(1).sha256: Marks(star=True), hit(9).sha256: Marks(star=True)}, removed=False)
    assert [one.star for one in hits.hits] == [False, True, False, False]
    hits.mark({hit(2).sha256: Marks(removed=NOW)}, removed=False)
    assert [one.sha256 for one in hits.hits] == [hit(number).sha256 for number in (0, 1, 3)]
    hits.come([hit(2), hit(0), hit(-1)])
    assert [one.made for one in hits.hits] == [hit(number).made for number in (-1, 0, 1, 2, 3)]
    assert hits.row_of(hit(2).sha256) == 3
    hits.drop([hit(3).sha256, hit(0).sha256])
    assert hits.rowCount() == 3


def test_what_is_said_of_a_picture(panel: LibraryPanel) -> None:
    panel.grid.hits.show_hits([hit(0, draft=True, star=True), hit(1, rejected=True)])
    role = Qt.ItemDataRole.AccessibleTextRole
    words = [str(panel.grid.hits.index(row, 0).data(role)) for row in range(2)]
    assert words[0].startswith("1920 × 1080, 20")
    assert words[0].endswith(", draft, starred")
    assert words[1].endswith(", rejected")


def test_buttons_follow_what_is_chosen_and_what_is_shown(panel: LibraryPanel) -> None:
    panel.grid.hits.show_hits([hit(0)])
    star, put_back, delete = (button(panel, f"library-do-{name}") for name in ("star", "restore", "delete"))
    assert not star.isEnabled()
    assert put_back.isHidden()
    panel.enter()
    assert star.isEnabled()
    assert [name for name, _ in panel.choices()] == [
        "star",
        "reject",
        "reference",
        "canvas",
        "look",
        "remove",
    ]
    button(panel, "library-removed").click()
    panel.show_chosen()
    assert star.isHidden()
    assert put_back.isEnabled()
    assert delete.isEnabled()
    spy = QSignalSpy(panel.doing)
    delete.click()
    assert spy.at(0) == ["delete"]


def test_an_undo_is_offered_until_it_is_put_away(panel: LibraryPanel) -> None:
    bar = panel.findChild(QWidget, "library-undo")
    assert bar is not None
    assert bar.isHidden()
    panel.say_removed(2)
    assert bar.isVisible()
    spy = QSignalSpy(panel.doing)
    button(panel, "library-undo-button").click()
    assert spy.at(0) == ["undo"]
    button(panel, "library-undo-away").click()
    assert bar.isHidden()


def test_disk_use(panel: LibraryPanel) -> None:
    panel.show_disk(DiskUse(pictures=1_000, bytes=3_210_000_000, removed=2, freed=5_400_000))
    label = panel.findChild(QWidget, "library-disk")
    assert label is not None
    assert label.property("text") == "1000 pictures · 3.2 GB; 2 of them removed (5.4 MB)"
    assert [size_words(size) for size in (0, 4_400, 999_999)] == ["0 kB", "4 kB", "1000 kB"]


def test_several_are_dragged_away(panel: LibraryPanel, late: Late) -> None:
    panel.grid.hits.show_hits([hit(number) for number in range(3)])
    assert comes(lambda: bool(late.open))
    late.let()
    panel.grid.selectAll()
    spy = QSignalSpy(panel.grid.carried_off)
    view = panel.grid.viewport()
    start = panel.grid.visualRect(panel.grid.hits.index(0, 0)).center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(6, 6))
    QTest.mouseMove(view, start + QPoint(40, 40))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 40))
    assert comes(lambda: spy.count() > 0)
    assert [one.sha256 for one in spy.at(0)[0]] == [hit(number).sha256 for number in range(3)]
    assert spy.at(0)[2] is False


def test_a_narrow_panel_breaks_its_chips(panel: LibraryPanel, stage: QWidget) -> None:
    stage.resize(640, 700)
    QApplication.processEvents()
    wide = panel.filters.height()
    stage.resize(220, 700)
    assert comes(lambda: panel.filters.height() > wide)
    inside = panel.filters.rect()
    assert all(
        inside.contains(one.geometry()) for one in panel.filters.findChildren(QToolButton) if one.isVisible()
    )
