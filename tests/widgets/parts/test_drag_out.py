"""Pictures on their way out: what is handed over while they are still being copied, and how they look."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.studio.outgoing import Parcel
from widgets.parts import drag_out
from widgets.parts.drag_out import OutgoingData, hanging, lasting_paths


def test_who_asks_too_early_waits_for_the_files(qapp: QApplication) -> None:
    begun = threading.Event()

    def slow() -> Parcel:
        begun.set()
        time.sleep(0.15)
        return Parcel(files=(Path("/tmp/shoe pair.png"),))

    with ThreadPoolExecutor(1) as pool:
        data = OutgoingData(pool.submit(slow), [Path("/library/ab.png")])
        begun.wait(5)
        started = time.perf_counter()
        assert data.hasUrls()
        assert lasting_paths(data) == [Path("/library/ab.png")]
        assert time.perf_counter() - started < 0.1, "what needs no file waits for none"
        assert [url.toLocalFile() for url in data.urls()] == ["/tmp/shoe pair.png"]
    assert bytes(data.data("text/uri-list").data()) == b"file:///tmp/shoe%20pair.png\r\n"
    assert not data.hasImage()


def test_it_does_not_wait_for_ever(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drag_out, "PATIENCE", 0.05)
    never: Future[Parcel] = Future()
    assert OutgoingData(never, []).urls() == []


def flat(width: int, height: int, colour: str) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def test_one_picture_hangs_at_the_pointer(stage: QWidget) -> None:
    shown = hanging([flat(3840, 2160, "#c02020")], 1, stage).toImage()
    assert shown.width() / shown.devicePixelRatio() < 140
    middle = shown.pixelColor(shown.width() // 2, shown.height() // 2)
    assert (middle.red(), middle.green()) == (0xC0, 0x20)


def test_several_are_a_fan_with_their_number(stage: QWidget) -> None:
    few = [flat(400, 300, one) for one in ("#c02020", "#20c020", "#2020c0", "#ffffff")]
    shown = hanging(few, 12, stage).toImage()
    corner = shown.pixelColor(shown.width() - 6, shown.height() - 6)
    assert corner.blue() > 150, "the third looks out below"
    assert shown.pixelColor(8, 14) != QColor("#c02020"), "the number lies on the first"


def test_without_a_picture_nothing_hangs(stage: QWidget) -> None:
    assert hanging([], 3, stage).isNull()
    assert hanging([QImage()], 1, stage).isNull()
