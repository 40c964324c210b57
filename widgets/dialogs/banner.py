"""A fault, said where the artist looks: a card over the canvas that goes by itself or by a click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.basics.faults import Fault

STAYS_MS = 12_000


class Banner(QFrame):
    """`node_wanted` carries the node that the fault names."""

    node_wanted = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("banner")
        self.setProperty("role", "card")
        self._over = over
        self._node = ""
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._advice = QLabel()
        for label in (self._title, self._advice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._show_node = QPushButton(self.tr("Show node"))
        self._show_node.setProperty("kind", "link")
        self._show_node.clicked.connect(lambda: self.node_wanted.emit(self._node))
        self._offered: Callable[[], None] = self.hide
        self._offer = QPushButton(self.tr("Find them…"))
        self._offer.setObjectName("banner-offer")
        self._offer.setProperty("kind", "link")
        self._offer.clicked.connect(self._take_offer)
        close = QPushButton("✕")
        close.setProperty("kind", "quiet")
        close.setProperty("sign", True)
        close.setFixedSize(24, 24)
        close.setAccessibleName(self.tr("Close the message"))
        close.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 8, 10)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._title)
        words.addWidget(self._advice)
        words.addWidget(self._show_node, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignLeft)
        line.addLayout(words, 1)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        over.installEventFilter(self)
        self.hide()

    def say(self, title: str, advice: str, *, node: str = "", error: bool = True) -> None:
        self._title.setText(title)
        self._title.setProperty("role", "error" if error else "title")
        self._title.style().polish(self._title)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._node = node
        self._show_node.setVisible(bool(node))
        self._offer.hide()
        self._name()
        self._lay()
        self.show()
        self.raise_()
        self._timer.start(STAYS_MS)

    def offer(self, title: str, advice: str, words: str, then: Callable[[], None]) -> None:
        """With a button that does something about it; stays until somebody answers or something else is
        said."""
        self.say(title, advice)
        self._timer.stop()
        self._offered = then
        self._offer.setText(words)
        self._offer.show()
        self._lay()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._title.text()} {self._advice.text()}".strip())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self._name)  # once its words are said anew
        super().changeEvent(event)

    def _take_offer(self) -> None:
        self.hide()
        self._offered()

    def say_fault(self, fault: Fault) -> None:
        self.say(fault.title, fault.advice, node=fault.where.node or "")

    def _lay(self) -> None:
        width = min(520, self._over.width() - 32)
        self.setFixedWidth(max(width, 200))
        self.adjustSize()
        self.move((self._over.width() - self.width()) // 2, 16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._lay()
        return False
