"""The least that a Qt program can be: an empty QMainWindow. Says the time of its first paint and ends."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow


class FirstPaint(QObject):
    seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


def main() -> int:
    app = QApplication(["floor"])
    window = QMainWindow()
    window.resize(1600, 1000)
    paint = FirstPaint(window)
    window.installEventFilter(paint)
    window.show()
    while not paint.seen:
        app.processEvents()
    print(time.monotonic(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
