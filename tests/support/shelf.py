"""`python -m tests.support.shelf X Y FILE…`: a small file manager. Its rows are dragged out as files, and
files are dropped on it.

Its first line on stdout says where the rows are, the next ones what the target of a drag answers, and what is
dragged over it and dropped (each file is read when it is dropped, as by any other program):
{"rows": {name: [x, y]}}, {"accepted": true}, {"dropped": "copy"}, {"over": true},
{"received": [[path, sha256]]}.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QListWidget

from tests.support.screen import Point, Screen

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
SIZE = (240, 180)


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


class Shelf(QListWidget):
    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._files = files
        self.setSelectionMode(QListWidget.SelectionMode.MultiSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        for file in files:
            self.addItem(file.name)

    def startDrag(self, actions: Qt.DropAction) -> None:
        data = QMimeData()
        chosen = [self._files[index.row()] for index in self.selectedIndexes()]
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in chosen])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.actionChanged.connect(lambda action: say(accepted=action == Qt.DropAction.CopyAction))
        done = drag.exec(Qt.DropAction.CopyAction)
        self.clearSelection()
        say(dropped="copy" if done == Qt.DropAction.CopyAction else "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._over(event)
        say(over=event.isAccepted())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._over(event)

    def _over(self, event: QDragMoveEvent) -> None:
        """Files from elsewhere, as copies."""
        if event.source() is None and event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        say(received=[(str(one), hashlib.sha256(one.read_bytes()).hexdigest()) for one in files])

    def told(self) -> None:
        rows: dict[str, list[int]] = {}
        for row, file in enumerate(self._files):
            middle = self.visualItemRect(self.item(row)).center()
            at = self.viewport().mapToGlobal(QPoint(middle.x(), middle.y()))
            rows[file.name] = [at.x(), at.y()]
        say(rows=rows)


class FileShelf:
    """Its process, and a hand that drags files out of it."""

    def __init__(self, screen: Screen, at: Point, files: Sequence[Path]) -> None:
        self._screen = screen
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.shelf", *map(str, at), *map(str, files)],
            cwd=ROOT,
            env={**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._rest = b""
        self.middle: Point = (at[0] + SIZE[0] // 2, at[1] + SIZE[1] - 30)
        """Where things are dropped."""
        self._rows: dict[str, list[int]] = self._hear("rows")["rows"]

    def drag(self, names: Sequence[str], to: Point, *, there: Callable[[], object]) -> None:
        """Chosen with the mouse, dragged, and let go when the target takes them and `there` has returned."""
        places = [(self._rows[name][0], self._rows[name][1]) for name in names]
        for place in places[:-1]:
            self._screen.click(place)
        self._screen.press(places[-1])
        self._screen.glide(places[-1], to, steps=16)
        self._screen.glide((to[0] - 3, to[1]), to, steps=3)
        self._hear("accepted", wanted=True)
        there()
        self._screen.release()
        self._hear("dropped", wanted="copy")

    def take(self, start: Point, *, held: str = "", seen: Callable[[], object] = bool) -> dict[Path, str]:
        """Something is dragged here from `start` and let go, a key of the keyboard `held` from half way on.
        Gives the files that were received, with the SHA-256 of what was in them. `seen` is called before it
        is let go."""
        half = ((start[0] + self.middle[0]) // 2, start[1])
        self._screen.press(start)
        self._screen.glide(start, half, steps=12)
        if held:
            self._screen.do("keydown", held)
        self._screen.glide(half, self.middle, steps=16)
        self._screen.glide((self.middle[0] - 3, self.middle[1]), self.middle, steps=3)
        self._hear("over", wanted=True)
        seen()
        self._screen.release()
        received = self._hear("received")["received"]
        if held:
            self._screen.do("keyup", held)
        return {Path(path): sha256 for path, sha256 in received}

    def _hear(self, what: str, wanted: object = None) -> dict[str, Any]:
        """The next line that says this."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            line, newline, rest = self._rest.partition(b"\n")
            if newline:
                self._rest = rest
                told: dict[str, Any] = json.loads(line)
                if what in told and wanted in (None, told[what]):
                    return told
                continue
            assert self._process.stdout is not None
            if select.select([self._process.stdout], [], [], 0.2)[0]:
                got = os.read(self._process.stdout.fileno(), 65536)
                if not got:
                    break
                self._rest += got
        raise AssertionError(f"the file manager did not say {what} {wanted}")

    def close(self) -> None:
        self._process.kill()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def main() -> int:
    app = QApplication(["shelf"])
    shelf = Shelf([Path(one) for one in sys.argv[3:]])
    shelf.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    shelf.setGeometry(int(sys.argv[1]), int(sys.argv[2]), *SIZE)
    shelf.show()
    QTimer.singleShot(200, shelf.told)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
