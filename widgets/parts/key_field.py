"""A field that takes the next key that is pressed, whatever it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

_ALONE = frozenset(
    {
        Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_unknown,
    }
)  # fmt: skip


class KeyField(QLineEdit):
    """Listens from `listen` until a key came (`pressed`, as a portable text) or Esc or another widget was
    chosen (`left`). Otherwise it lets the keyboard pass."""

    pressed = Signal(str)
    left = Signal()
    listening = False  # of the class: Qt sends events while the field is made

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setPlaceholderText(self.tr("Enter, then the new keys"))

    def listen(self) -> None:
        self.listening = True
        self.setText(self.tr("Press the new keys · Esc keeps the old"))
        self.setFocus()

    def stop(self) -> None:
        self.listening = False
        self.clear()

    def event(self, event: QEvent) -> bool:
        """Before Qt makes of it a shortcut, a step of the focus or the end of a dialog."""
        if self.listening and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
                return True
        if self.listening and event.type() == QEvent.Type.FocusOut:
            self.stop()
            self.left.emit()
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ALONE:
            return
        if key == Qt.Key.Key_Escape and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.stop()
            self.left.emit()
            return
        text = text_of(key, event.modifiers())
        self.stop()
        self.pressed.emit(text)


def text_of(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    """The portable text of a key. The number block counts as the same keys elsewhere."""
    plain = modifiers & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
    if key == Qt.Key.Key_Backtab:
        key, plain = Qt.Key.Key_Tab, plain | Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(plain, key)).toString(QKeySequence.SequenceFormat.PortableText)
