"""Pictures within a budget, painted cards within theirs, and the fuzzy search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.widgets.canvas.world import KINDS, Canvas
from tests.widgets.conftest import comes
from widgets.canvas.easel import Card, Easel, PaintedCards
from widgets.canvas.pictures import PictureShelf
from widgets.parts.fuzzy import best, score
from widgets.theme import DARK


@pytest.fixture
def shelf(qapp: QApplication) -> Iterator[PictureShelf]:
    made = PictureShelf(budget=1 << 20)
    yield made
    made.close()


def photo(folder: Path, name: str, size: tuple[int, int] = (900, 600), colour: str = "red") -> Path:
    path = folder / name
    Image.new("RGB", size, colour).save(path)
    return path


def test_a_picture_comes_at_the_step_that_fills_the_box(
    shelf: PictureShelf, qtbot: QtBot, tmp_path: Path
) -> None:
    path = photo(tmp_path, "a.png")
    told: list[int] = []

    def ready() -> None:
        told.append(1)

    assert shelf.request(path, 100, ready) is None
    assert shelf.request(path, 100, ready) is None
    qtbot.waitUntil(lambda: bool(told))
    image = shelf.request(path, 100, ready)
    assert image is not None
    assert (image.width(), image.height()) == (128, 85)
    assert image.pixelColor(5, 5).red() > 200
    assert told == [1]


def test_meanwhile_another_size_is_shown(shelf: PictureShelf, qtbot: QtBot, tmp_path: Path) -> None:
    path = photo(tmp_path, "a.png")
    told: list[int] = []
    shelf.request(path, 64, lambda: told.append(1))
    qtbot.waitUntil(lambda: bool(told))
    better = shelf.request(path, 500, lambda: told.append(2))
    assert better is not None
    assert better.width() == 64
    qtbot.waitUntil(lambda: 2 in told)


def test_the_budget_holds(shelf: PictureShelf, qtbot: QtBot, tmp_path: Path) -> None:
    told: list[int] = []
    for number in range(12):
        shelf.request(photo(tmp_path, f"{number}.png"), 256, lambda: told.append(1))
    qtbot.waitUntil(lambda: len(told) == 12)
    assert 0 < shelf.bytes <= shelf.budget


def test_a_file_that_changed_is_read_anew(shelf: PictureShelf, qtbot: QtBot, tmp_path: Path) -> None:
    path = photo(tmp_path, "a.png")
    seen: list[QImage] = []
    shelf.picture(path, 64, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 1)
    photo(tmp_path, "a.png", colour="blue")
    shelf.forget(path)
    shelf.picture(path, 64, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[1].pixelColor(5, 5).blue() > 200


def test_what_is_no_picture_is_asked_for_once(shelf: PictureShelf, qtbot: QtBot, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no")
    told: list[int] = []
    shelf.request(bad, 64, lambda: told.append(1))
    qtbot.waitUntil(lambda: bad in shelf._bad)
    assert shelf.request(bad, 64, lambda: told.append(1)) is None
    assert shelf._waiting == {}
    assert told == []


def test_a_card_is_told_of_every_size_that_comes(qapp: QApplication) -> None:
    """Zooming asks for another size before the first has come: both are to be painted."""
    held: list[Callable[[], None]] = []

    class Slow:
        def request(self, path: Path, box: int, ready: Callable[[], None]) -> QImage | None:
            held.append(ready)
            return None

    class Asker:
        painted = 0

        def repaint(self) -> None:
            self.painted += 1

        def update(self) -> None:
            """Nothing is shown here."""

    easel, card = Easel(DARK, Slow()), Asker()
    easel.image(Path("a.png"), 100, card)
    easel.image(Path("a.png"), 200, card)
    for ready in held:
        ready()
    assert card.painted == 2
    easel.forget(card)
    held[0]()
    assert card.painted == 2


def test_a_frame_without_time_shows_cards_as_they_were_and_the_next_one_as_they_are(
    shown: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only cards that were painted before wait: an unpainted one, near by, would be a hole."""
    easel, port = shown.view.viewer.easel, shown.view.viewer.viewport()
    cards = [shown.view.stage.graph.item(id) for id in ("words", "shoe", "ana", "hero")]
    *older, hero = [card for card in cards if card is not None]

    def hold() -> int:
        port.repaint()
        return sum(card is not None and card.holds for card in map(easel.cards.get, (*older, hero)))

    assert hold() == 4
    with monkeypatch.context() as patch:
        patch.setattr("widgets.canvas.easel.FRAME_S", -1.0)
        for card in older:
            card.repaint()
        easel.cards.drop(hero)
        assert [hold(), hold()] == [2, 3], "the unpainted one and one more, then one a frame"
    assert hold() == 4


def test_small_cards_that_were_never_painted_are_blocks_where_there_is_no_time(
    shown: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    easel, port = shown.view.viewer.easel, shown.view.viewer.viewport()
    shown.view.zoom_to(0.4)
    shown.view.center_on("hero")
    QTest.qWait(300)
    easel.cards.clear()
    with monkeypatch.context() as patch:
        patch.setattr("widgets.canvas.easel.FIRST_S", -1.0)
        hurried = port.grab().toImage()
        assert len(easel.cards) == 1, "the first is always painted"
        assert comes(lambda: len(easel.cards) == len(shown.document.nodes)), "the others come, one a frame"
    assert port.grab().toImage() != hurried


def test_painted_cards_stay_within_their_budget(qapp: QApplication) -> None:
    cards = PaintedCards(budget=100_000)
    for number in range(10):
        cards.put(number, Card(QPixmap(100, 100), 1.0, selected=False))
    assert cards.bytes <= 100_000
    assert cards.get(9) is not None
    assert cards.get(0) is None
    cards.drop(9)
    assert cards.get(9) is None
    cards.clear()
    assert (cards.bytes, len(cards)) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gen", "gen4-image"), ("g4", "gen4-image"), ("photo", "reference-image"),
        ("ref im", "reference-image"),
        ("save", "save-image"), ("PROMPT", "prompt"), ("note", "note"), ("preview", "preview"),
    ],
)  # fmt: skip
def test_the_search_finds(typed: str, first: str) -> None:
    choices = [(id, (kind.title, id, *kind.words)) for id, kind in KINDS.items()]
    assert best(typed, choices)[0] == first


def test_the_search_does_not_find_what_is_not_there() -> None:
    assert best("zzz", [("prompt", ("Prompt",))]) == []
    assert score("", "anything") > 0
    assert score("tpmorp", "Prompt") == 0
