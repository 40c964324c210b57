"""Writing on the canvas: a title, a prompt or a note is edited where it stands, in a real text field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QPlainTextEdit, QWidget

from widgets.canvas.viewer import Viewer

_LEAST_WIDTH, _LEAST_HEIGHT = 260, 110


class PlainEditor(QPlainTextEdit):
    """For notes, and for prompts where no better field was lent."""

    finished = Signal()
    edited = Signal(str)

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(self.tr("Words of this node"))
        self.textChanged.connect(lambda: self.edited.emit(self.toPlainText()))


class TitleEditor(QLineEdit):
    """Enter keeps the title, Esc does not."""

    finished = Signal()
    accepted = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setAccessibleName(self.tr("Title"))
        self.selectAll()
        self.returnPressed.connect(self._keep)

    def _keep(self) -> None:
        self.accepted.emit(self.text().strip())
        self.finished.emit()


class InPlace(QObject):
    """At most one field at a time, over its card, wherever the camera goes."""

    closed = Signal()

    def __init__(self, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self.field: QWidget | None = None
        self._where: Callable[[], QRectF] = QRectF
        self._tall = False
        viewer.camera_moved.connect(self.follow)

    def open(self, field: QWidget, where: Callable[[], QRectF], *, tall: bool) -> None:
        """`where` says, in scene coordinates, what the field covers; `tall` fields have a least height."""
        self.close()
        self.field, self._where, self._tall = field, where, tall
        field.installEventFilter(self)
        finished = getattr(field, "finished", None)
        if finished is not None:
            finished.connect(self.close)
        self.follow()
        field.show()
        field.setFocus()

    def follow(self) -> None:
        """Over its card again, after the camera or the card has moved."""
        if self.field is None:
            return
        self.field.setGeometry(self._place(self._where()))

    def _place(self, where: QRectF) -> QRect:
        corner = self._viewer.mapFromScene(where.topLeft())
        zoom = self._viewer.zoom
        width, height = round(where.width() * zoom), round(where.height() * zoom)
        if self._tall:
            return QRect(corner.x(), corner.y(), max(width, _LEAST_WIDTH), max(height, _LEAST_HEIGHT))
        return QRect(corner.x(), corner.y(), max(width, 120), max(height, 28))

    def close(self) -> None:
        field, self.field = self.field, None
        if field is None:
            return
        field.removeEventFilter(self)
        had_focus = field.hasFocus()
        field.hide()
        field.deleteLater()
        if had_focus:
            self._viewer.setFocus()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            leaves = event.key() == Qt.Key.Key_Escape and not _choosing(self.field)
            if leaves or (held and event.key() == Qt.Key.Key_Return):
                self.close()
                return True
        if event.type() == QEvent.Type.FocusOut and not _inside(self.field):
            self.close()
        return False


def _choosing(field: QWidget) -> bool:
    """Whether the field has a list of tags or of snippets open: Esc closes that first."""
    return any(one.isVisible() for one in field.findChildren(QAbstractItemView))


def _inside(field: QWidget | None) -> bool:
    """Whether the keyboard went to something of the field's own (its completion list)."""
    focused = field.window().focusWidget() if field is not None else None
    return field is not None and focused is not None and (focused is field or field.isAncestorOf(focused))
