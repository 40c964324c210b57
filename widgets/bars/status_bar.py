"""The bottom bar: the vendor, the queue, money today, whether it is saved, the zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.basics.money import Money, show_credits, show_usd
from widgets.messages import counted, keyed, percent


class StatusBar(QFrame):
    keys_wanted = Signal()
    zoom_wanted = Signal()
    queue_wanted = Signal()
    spending_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "status")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(18)
        self._vendor = QPushButton()
        self._vendor.setProperty("kind", "status")
        self._vendor.clicked.connect(self.keys_wanted)
        self._queue = QPushButton()
        self._queue.setProperty("kind", "status")
        self._queue.clicked.connect(self.queue_wanted)
        self._today = QPushButton(self.tr("Today"))
        self._today.setProperty("kind", "status")
        self._today.clicked.connect(self.spending_wanted)
        self._money, self._spending_key = show_usd(Money(0)), ""
        self._saved = QLabel()
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._zoom = QPushButton(percent(1.0))
        self._zoom.setProperty("kind", "status")
        self._zoom.clicked.connect(self.zoom_wanted)
        for button, command in (
            (self._vendor, "keys"),
            (self._queue, "queue"),
            (self._today, "spending"),
            (self._zoom, "zoom-100"),
        ):
            button.setProperty("command", command)
        for label in (self._saved, self._message):
            label.setProperty("role", "caption")
        for widget in (self._vendor, self._queue, self._today, self._message):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._saved)
        row.addWidget(self._zoom)

    def show_keys(self, queue: str, zoom: str, keys: str, spending: str) -> None:
        """The first keys of four commands, as tooltips say them; empty for none."""
        self._vendor.setToolTip(keyed(self.tr("Keys of the vendors"), keys))
        self._spending_key = spending
        self._tell_today()
        self._queue.setToolTip(keyed(self.tr("The queue of all documents"), queue))
        self._zoom.setToolTip(keyed(self.tr("Zoom; press for 100 %"), zoom))

    def show_vendor(self, words: str) -> None:
        self._vendor.setText("● " + words)

    def show_queue(self, running: int, queued: int) -> None:
        parts = []
        if running:
            parts.append(self.tr("{n} running").format(n=running))
        if queued:
            parts.append(self.tr("{n} queued").format(n=queued))
        self._queue.setText(" · ".join(parts) or self.tr("Nothing running"))

    def show_today(self, credits: int, money: Money, cap: int | None) -> None:
        words = self.tr("Today {spent}").format(spent=show_credits(credits))
        if cap is not None:
            words += " " + self.tr("of {cap} budget").format(cap=show_credits(cap))
        self._today.setText(words)
        self._money = show_usd(money)
        self._tell_today()

    def _tell_today(self) -> None:
        words = self.tr("{money} today; press for all that was spent").format(money=self._money)
        self._today.setToolTip(keyed(words, self._spending_key))

    def show_saved(self, words: str, nodes: int) -> None:
        self._saved.setText(f"{words} · " + counted(nodes, "1 node", "{n} nodes"))

    def show_zoom(self, zoom: float) -> None:
        """`zoom` 1.0 is 100 %."""
        self._zoom.setText(percent(zoom))

    def show_opening(self, name: str) -> None:
        """The name of a document that is being read; empty when it is there."""
        self.say(self.tr("Opening {name}…").format(name=name) if name else "")

    def show_saving(self, name: str) -> None:
        """The name of a document that is being written; empty when it is on the disk."""
        self.say(self.tr("Saving {name}…").format(name=name) if name else "")

    def show_filling(self, there: int, whole: int) -> None:
        """How many cards of a large document are on the canvas by now."""
        words = self.tr("{there} of {whole} nodes are on the canvas…")
        self.say(words.format(there=there, whole=whole) if there < whole else "")

    def say(self, words: str) -> None:
        self._message.setText(words)
