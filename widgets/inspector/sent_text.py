"""What a model's vendor is sent, where it is not what was written: tags become "image 1", "image 2"."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.studio.studio import Studio


class SentText(QWidget):
    """Hidden where the words leave as they stand in the prompt."""

    def __init__(self, studio: Studio, node: str) -> None:
        super().__init__()
        self._studio, self._node = studio, node
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        caption = QLabel(self.tr("What is sent"))
        caption.setProperty("role", "muted")
        rows.addWidget(caption)
        self.words = QLabel()
        self.words.setObjectName("sent-words")
        self.words.setAccessibleName(self.tr("What is sent"))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setWordWrap(True)
        rows.addWidget(self.words)

    def refresh(self) -> None:
        sent = self._studio.checks.sent(self._node)
        self.words.setText(sent)
        self.setVisible(bool(sent.strip()))
