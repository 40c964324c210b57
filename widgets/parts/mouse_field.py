"""A field that takes what the mouse does on it, with the keys that are held."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.preferences.mousemap import Way

_BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
_HELD = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
    (Qt.KeyboardModifier.MetaModifier, "Meta"),
)
FIELD_HEIGHT = 52
_THRESHOLD = 6.0


class MouseField(QLabel):
    """`done` tells a way (as a text, without a place): a drag and a wheel at once, a click when it has become
    no double click. Space counts while the pointer is here."""

    done = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Do it here with the mouse"), parent)
        self.setObjectName("mouse-field")
        self.setProperty("role", "field")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumHeight(FIELD_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(self.tr("Do it here with the mouse"))
        self.setAccessibleDescription(self.tr("Or choose it in the lists below"))
        self._space = False
        self._from: QPointF | None = None
        self._press: tuple[Qt.MouseButton, frozenset[str]] = (Qt.MouseButton.NoButton, frozenset())
        self._twice = False
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(lambda: self._tell("click"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in _BUTTONS:
            self._wait.stop()
            self._from, self._twice = event.position(), False
            self._press = (event.button(), self._held(event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)
        self._twice = event.button() == Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and (event.position() - self._from).manhattanLength() > _THRESHOLD:
            self._from = None
            self._tell("drag")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None or event.button() != self._press[0]:
            return
        self._from = None
        if self._twice:
            self._tell("double")
        elif event.button() == Qt.MouseButton.LeftButton:
            self._wait.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
        else:
            self._tell("click")

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        self.done.emit(Way(press="wheel", modifiers=self._held(event.modifiers())).text)

    def _held(self, modifiers: Qt.KeyboardModifier) -> frozenset[str]:
        names = {name for one, name in _HELD if modifiers & one}
        return frozenset(names | {"Space"} if self._space else names)

    def _tell(self, form: str) -> None:
        button, held = self._press
        press = "double-click" if form == "double" else f"{_BUTTONS[button]}-{form}"
        self.done.emit(Way(press=press, modifiers=held).text)

    # --- Space ---

    def enterEvent(self, event: QEnterEvent) -> None:
        """The keyboard comes along, since a modifier that is held counts: Space is none to Qt."""
        super().enterEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and event.type() != QEvent.Type.ShortcutOverride:
                self._space = event.type() == QEvent.Type.KeyPress
            event.accept()
            return True
        return super().event(event)
