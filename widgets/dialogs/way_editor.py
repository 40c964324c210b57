"""A way of the mouse: done with the mouse, or chosen in lists with the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.preferences.mousemap import Way, way_of
from app.preferences.ways import GESTURES, MODIFIERS, PRESSES, Ways
from widgets.parts.gesture_words import place_words, press_words
from widgets.parts.mouse_field import MouseField


class WayEditor(QWidget):
    """For one gesture at a time (`show_for`). `wanted`: this way and no other. `strange`: what was done with
    the mouse cannot begin the gesture."""

    wanted = Signal(str)
    strange = Signal(str)
    done = Signal(str)
    """Was done with the mouse, and stands in the lists now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture = ""
        self.field = MouseField()
        self.field.done.connect(self._take)
        self.press = QComboBox()
        self.place = QComboBox()
        self.press.setAccessibleName(self.tr("What the mouse does"))
        self.place.setAccessibleName(self.tr("Where"))
        for combo in (self.press, self.place):
            combo.view().setAccessibleName(combo.accessibleName())
        self.modifiers = {name: QCheckBox(name) for name in MODIFIERS}
        self.use = QPushButton(self.tr("&Use this"))
        self.use.setAutoDefault(False)
        self.use.setToolTip(self.tr("This way for the gesture, instead of those that it has"))
        self.use.setAccessibleDescription(self.use.toolTip())
        self.use.clicked.connect(lambda: self.wanted.emit(self.way))
        chosen = QHBoxLayout()
        held = QLabel(self.tr("&With"))
        held.setBuddy(self.modifiers["Ctrl"])
        chosen.addWidget(held)
        for box in self.modifiers.values():
            chosen.addWidget(box)
        chosen.addSpacing(8)
        chosen.addWidget(self.press, 1)
        chosen.addWidget(self.place, 2)
        chosen.addWidget(self.use)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self.field)
        rows.addLayout(chosen)

    def show_for(self, gesture: str, title: str, ways: Ways) -> None:
        """Lists only what can begin it; chosen is the first of its ways."""
        names = (
            (self.press, self.tr("What the mouse does, for {gesture}")),
            (self.place, self.tr("Where, for {gesture}")),
        )
        for box, name in names:
            box.setAccessibleName(name.format(gesture=title))
        for name, check in self.modifiers.items():
            check.setAccessibleName(self.tr("{key} is held").format(key=name))
        if gesture == self._gesture:
            return
        self._gesture = gesture
        known = GESTURES[gesture]
        self.press.clear()
        for press, words in press_words().items():
            if PRESSES[press][1] in known.forms:
                self.press.addItem(_large(words), press)
        self.place.clear()
        for place in known.places:
            self.place.addItem(place_words()[place], place)
        if ways:
            first = way_of(ways[0])
            self._show(first)
            self.place.setCurrentIndex(self.place.findData(first.on))
        else:
            self._show(Way(press=str(self.press.itemData(0))))

    @property
    def way(self) -> str:
        held = frozenset(name for name, box in self.modifiers.items() if box.isChecked())
        press, place = str(self.press.currentData()), str(self.place.currentData())
        return Way(press=press, modifiers=held, on=place).text

    def _show(self, way: Way) -> None:
        self.press.setCurrentIndex(self.press.findData(way.press))
        for name, box in self.modifiers.items():
            box.setChecked(name in way.modifiers)

    def _take(self, text: str) -> None:
        way = way_of(text)
        if self.press.findData(way.press) < 0:
            self.strange.emit(text)
            return
        self._show(way)
        self.done.emit(self.way)


def _large(words: str) -> str:
    return words[:1].upper() + words[1:]
