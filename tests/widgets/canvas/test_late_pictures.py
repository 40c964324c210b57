"""What is asked for before the decoders are there is answered when they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from widgets.canvas.late_pictures import LatePictures, Ready

ONE, OTHER = Path("/nowhere/one.png"), Path("/nowhere/other.png")


class Shelf:
    """Has one picture at once, and gets the other later."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, int]] = []
        self.waiting: list[Ready] = []

    def request(self, path: Path, box: int, ready: Ready) -> QImage | None:
        self.asked.append((path, box))
        if path == ONE:
            return QImage(4, 4, QImage.Format.Format_RGB32)
        self.waiting.append(ready)
        return None


def test_each_wish_is_handed_on_once_and_answered() -> None:
    told: list[str] = []
    ready = {ONE: lambda: told.append("one"), OTHER: lambda: told.append("other")}
    late, shelf = LatePictures(), Shelf()
    for _ in range(3):  # asked at every paint
        for path, then in ready.items():
            assert late.request(path, 64, then) is None
    late.lend(shelf)
    assert shelf.asked == [(ONE, 64), (OTHER, 64)]
    assert told == ["one"], "what is there is painted now"
    for then in shelf.waiting:
        then()
    assert told == ["one", "other"]
    assert late.request(ONE, 32, ready[ONE]) is not None
    assert told == ["one", "other"]
