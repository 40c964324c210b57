"""`python -m tests.support.shelf X Y FILE…`: a small file manager. Its rows are dragged out as files.

Its first line on stdout says where the rows are, the next ones what the target of a drag answers:
{"rows": {name: [x, y]}}, {"accepted": true}, {"dropped": "copy"}.
"""

from __future__ import annotations

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
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QListWidget

from tests.support.screen import Point, Screen

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


class Shelf(QListWidget):
    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._files = files
        self.setSelectionMode(QListWidget.SelectionMode.MultiSelection)
        self.setDragEnabled(True)
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
    shelf.setGeometry(int(sys.argv[1]), int(sys.argv[2]), 240, 180)
    shelf.show()
    QTimer.singleShot(200, shelf.told)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
