"""Decoding beside the window: what the screen needs and no more, within a budget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.widgets.compare.conftest import Table, noise, saved
from tests.widgets.conftest import comes
from widgets.compare.comparison import Mode
from widgets.compare.gallery import BUDGET, Gallery
from widgets.parts.shown import Shown

MB = 1 << 20


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


@pytest.fixture
def gallery(owner: QObject) -> Iterator[Gallery]:
    made = Gallery(owner, budget=8 * MB)
    yield made
    made.close()


def had(gallery: Gallery, path: Path, scale: float) -> QSize:
    """What is at hand when nothing better is on its way."""
    gallery.at(path, scale)
    assert comes(lambda: not gallery.at_work)
    level = gallery.at(path, scale)
    assert level is not None
    return level.image.size()


def show(gallery: Gallery, *paths: Path) -> None:
    gallery.show(paths)
    assert comes(lambda: all(gallery.size(path) or gallery.fault(path) for path in paths))


def test_it_decodes_no_more_than_the_screen_needs(gallery: Gallery, tmp_path: Path) -> None:
    path = saved(tmp_path, "wide.jpg", noise(1600, 800))
    show(gallery, path)
    assert gallery.size(path) == QSize(1600, 800)
    assert gallery.bytes == 0, "to know the size nothing is decoded"
    for scale, width in (
        (0.1, 200),
        (0.25, 400),
        (0.3, 800),
        (0.5, 800),
        (0.51, 1600),
        (1.0, 1600),
        (9.0, 1600),
    ):
        assert had(gallery, path, scale) == QSize(width, width // 2), scale


def test_until_the_right_size_is_there_the_nearest_is_given(gallery: Gallery, tmp_path: Path) -> None:
    path = saved(tmp_path, "one.png", noise(800, 600))
    show(gallery, path)
    had(gallery, path, 0.25)
    level = gallery.at(path, 1.0)
    assert level is not None
    assert level.halvings == 2
    assert comes(lambda: (now := gallery.at(path, 1.0)) is not None and now.halvings == 0)


def test_memory_is_bounded_whatever_is_asked(gallery: Gallery, tmp_path: Path) -> None:
    """Four pictures of 7.3 MB within 8 MB: each is given what is its share, and no more is kept."""
    image = noise(1600, 1200)
    paths = [saved(tmp_path, f"{name}.bmp", image) for name in "abcd"]
    show(gallery, *paths)
    assert {gallery.finest(path) for path in paths} == {1}
    for scale in (0.1, 0.2, 0.4, 1.0, 0.1, 2.0):
        for path in paths:
            gallery.at(path, scale)
        assert comes(lambda: not gallery.at_work)
        assert gallery.bytes <= 8 * MB
    assert had(gallery, paths[0], 1.0) == QSize(800, 600)
    gallery.show(paths[:1])
    assert gallery.finest(paths[0]) == 0, "alone it has its own pixels"
    assert gallery.bytes <= 2 * MB
    gallery.clear()
    assert gallery.bytes == 0


def test_nine_pictures_in_4k_fit_at_their_own_size() -> None:
    assert BUDGET >= 9 * 3840 * 2160 * 4


def test_what_nobody_wants_any_more_is_not_decoded(gallery: Gallery, tmp_path: Path) -> None:
    path = saved(tmp_path, "one.png", noise(800, 600))
    show(gallery, path)
    for scale in (0.05, 0.1, 0.2, 0.4, 1.0):
        gallery.at(path, scale)
    assert comes(lambda: not gallery.at_work)
    level = gallery.at(path, 1.0)
    assert level is not None
    assert level.halvings == 0
    assert len(gallery.kept) < 5


@pytest.mark.timeout(300)
def test_the_window_does_not_stall_over_nine_in_4k(table: Table, tmp_path: Path) -> None:
    """Its own thread works little between two turns while they are decoded, fitted and at their own size."""
    image = noise(3840, 2160)
    image = noise(1600, 1200)
    paths = [saved(tmp_path, f"{at}.jpg", image, quality=80) for at in range(9)]
    late = Late()
    table.comparer.compare([Shown(path, path.stem) for path in paths], Mode.SIDE)
    settled(table)
    assert table.comparer.gallery.bytes < 40 * MB, "only what the panes need"
    table.surface.zoom_to(1.0)
    settled(table)
    assert table.comparer.gallery.bytes <= BUDGET
    late.stop()
    assert late.worst < 0.1, late.worst


def settled(table: Table) -> None:
    gallery = table.comparer.gallery
    table.surface.update()
    QTest.qWait(100)
    assert comes(lambda: not gallery.at_work and all(map(gallery.size, paths_of(table))), 120)


def paths_of(table: Table) -> list[Path]:
    return [one.path for one in table.comparer.state.shown]


class Late:
    """The most that this thread has worked between two turns of the event loop, in seconds. Not by the
    clock: on a busy machine that would measure the others."""

    def __init__(self) -> None:
        self.worst, self._last = 0.0, time.thread_time()
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        now = time.thread_time()
        self.worst, self._last = max(self.worst, now - self._last), now

    def stop(self) -> None:
        self._timer.stop()
