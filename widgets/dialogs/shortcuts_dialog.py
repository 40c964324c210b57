"""Keyboard and mouse: every action with its keys and every gesture with its ways, found by some letters,
changed by pressing others, or by doing it another way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.preferences.presets import TITLES
from app.preferences.ways import GESTURES
from widgets.commands import native, unmarked
from widgets.dialogs.way_editor import WayEditor
from widgets.messages import listed, told
from widgets.parts.fuzzy import best
from widgets.parts.gesture_words import fixed_titles, gesture_titles, way_words, ways_words
from widgets.parts.hotkeys import Hotkeys
from widgets.parts.key_field import KeyField
from widgets.parts.mouse_field import FIELD_HEIGHT

SIZE = (980, 660)
_ID = Qt.ItemDataRole.UserRole
_MOUSE = "mouse:"
"""Before the ids of gestures."""
_FIXED = "fixed:"
"""Before the names of what stays as it is."""


class ShortcutsDialog(QDialog):
    """What is changed holds at once. Enter or a click on a row listens for its new keys; Del clears them."""

    def __init__(self, hotkeys: Hotkeys, parent: QWidget) -> None:
        super().__init__(parent)
        self.hotkeys = hotkeys
        self.rows: dict[str, QTreeWidgetItem] = {}
        self._adding = False
        self.setObjectName("shortcuts")
        self.setWindowTitle(self.tr("Keyboard and mouse"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._build()
        hotkeys.changed.connect(self._show)
        self._show()
        self.line.setFocus()

    # --- building ---

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        rows.addLayout(self._top())
        self.table = self._table()
        rows.addWidget(self.table, 1)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setAccessibleName(self.tr("What happened"))
        rows.addWidget(self._below())
        rows.addLayout(self._bottom())
        rows.addWidget(self.said)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.reset_all = buttons.addButton(self.tr("Reset all"), QDialogButtonBox.ButtonRole.ResetRole)
        self.reset_all.clicked.connect(self._reset_all)
        buttons.rejected.connect(self.reject)
        for one in (self.reset_all, buttons.button(QDialogButtonBox.StandardButton.Close)):
            one.setAutoDefault(False)
        rows.addWidget(buttons)

    def _top(self) -> QHBoxLayout:
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Search actions, gestures or keys…"))
        self.line.setAccessibleName(self.tr("Search actions, gestures or keys"))
        self.line.setClearButtonEnabled(True)
        for button in self.line.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        self.line.textChanged.connect(lambda _: self._show())
        self.line.installEventFilter(self)
        self.preset = QComboBox()
        self.preset.setAccessibleName(self.tr("Preset"))
        self.preset.view().setAccessibleName(self.preset.accessibleName())
        for id, title in TITLES.items():
            self.preset.addItem(title, id)
        self.preset.setCurrentIndex(self.preset.findData(self.hotkeys.keymap.preset))
        self.preset.currentIndexChanged.connect(lambda _: self._choose(str(self.preset.currentData())))
        words = QLabel(self.tr("A&s in"))
        words.setBuddy(self.preset)
        top = QHBoxLayout()
        top.addWidget(self.line, 1)
        top.addWidget(words)
        top.addWidget(self.preset)
        return top

    def _table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setAccessibleName(self.tr("Actions and gestures, and their keys"))
        table.setObjectName("shortcut-rows")
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHeaderLabels([self.tr("Action"), self.tr("Menu"), self.tr("Keys and mouse"), ""])
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.header().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for column, wide in ((0, 260), (3, 200)):
            table.setColumnWidth(column, wide)
        table.itemClicked.connect(lambda *_: self.listen())
        table.currentItemChanged.connect(lambda *_: self._show_one())
        table.installEventFilter(self)
        return table

    def _below(self) -> QStackedWidget:
        """The field for keys, or what a way of the mouse is made with: as high, so that no row jumps."""
        self.field = KeyField()
        self.field.setMinimumHeight(FIELD_HEIGHT)
        self.field.pressed.connect(self._pressed)
        self.field.left.connect(self._left)
        keys = QWidget()
        rows = QVBoxLayout(keys)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.field)
        rows.addStretch()
        self.ways = WayEditor()
        self.ways.wanted.connect(lambda way: self._rebind_mouse((way,)))
        self.ways.done.connect(self._done)
        self.ways.strange.connect(self._strange)
        self.below = QStackedWidget()
        self.below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.below.addWidget(keys)
        self.below.addWidget(self.ways)
        return self.below

    def _bottom(self) -> QHBoxLayout:
        self.add = self._button(self.tr("&Add"), self.tr("One more, beside what is there"), self._add)
        self.clear = self._button(self.tr("&Clear"), self.tr("No keys, or no way of the mouse"), self._clear)
        self.reset = self._button(self.tr("&Reset"), self.tr("As in the preset"), self._reset)
        bottom = QHBoxLayout()
        bottom.addStretch()
        for button in (self.add, self.clear, self.reset):
            bottom.addWidget(button)
        return bottom

    def _button(self, words: str, tip: str, what: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: what())
        return button

    # --- showing ---

    def chosen(self) -> str:
        """The id of the current action; empty for none, and for the mouse."""
        id = self._current()
        return "" if id.startswith((_MOUSE, _FIXED)) else id

    def gesture(self) -> str:
        """The id of the current gesture of the mouse; empty for none, and for an action."""
        id = self._current()
        return id.removeprefix(_MOUSE) if id.startswith(_MOUSE) else ""

    def _current(self) -> str:
        return next((str(item.data(0, _ID)) for item in self.table.selectedItems()), "")

    def listed(self) -> list[str]:
        return list(self.rows)

    def _show(self) -> None:
        chosen, rows = self._current(), self._rows()
        self.table.clear()
        self.rows.clear()
        for id in best(
            self.line.text(), ((id, (cells[0], cells[2], cells[1])) for id, cells in rows.items())
        ):
            item = QTreeWidgetItem(list(rows[id]))
            item.setData(0, _ID, id)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, listed(cell for cell in rows[id] if cell))
            item.setToolTip(2, rows[id][2])
            item.setToolTip(3, rows[id][3])
            self.table.addTopLevelItem(item)
            self.rows[id] = item
        if self.rows:
            self.table.setCurrentItem(self.rows.get(chosen) or next(iter(self.rows.values())))
        self.reset_all.setEnabled(self.hotkeys.changed_by_hand)
        self._show_one()

    def _rows(self) -> dict[str, tuple[str, str, str, str]]:
        """Action, menu, keys, and what is special about them."""
        resolved, own = self.hotkeys.resolved(), self.hotkeys.keymap.own
        lost: dict[str, list[str]] = {}
        for one in resolved.lost:
            word = self.tr("{key} is taken by {action}")
            words = word.format(key=native((one.key,))[0], action=self.hotkeys.words(one.to))
            lost.setdefault(one.id, []).append(words)
        rows: dict[str, tuple[str, str, str, str]] = {}
        for id, command in self.hotkeys.known().items():
            special = told(lost.get(id, [])) or (self.tr("changed") if id in own else "")
            keys = "   ".join(native(self.hotkeys.commands.keys(id)))
            rows[id] = (command.words, unmarked(command.menu), keys, special)
        return {**rows, **self._mouse_rows()}

    def _mouse_rows(self) -> dict[str, tuple[str, str, str, str]]:
        resolved, own, titles = self.hotkeys.mousemap.resolved(), self.hotkeys.mousemap.own, gesture_titles()
        lost: dict[str, list[str]] = {}
        for one in resolved.lost:
            words = self.tr("taken by {gesture}").format(gesture=titles[one.to])
            if words not in lost.setdefault(one.id, []):
                lost[one.id].append(words)
        rows: dict[str, tuple[str, str, str, str]] = {}
        mouse = self.tr("Mouse")
        for id in GESTURES:
            special = told(lost.get(id, [])) or (self.tr("changed") if id in own else "")
            ways = "   ".join(ways_words(resolved.keys[id]))
            rows[f"{_MOUSE}{id}"] = (titles[id], mouse, ways, special)
        for id, (title, way) in fixed_titles().items():
            rows[f"{_FIXED}{id}"] = (title, mouse, way, self.tr("stays as it is"))
        return rows

    def _show_one(self) -> None:
        id, gesture = self.chosen(), self.gesture()
        self.field.setAccessibleName(self.tr("New keys for {action}").format(action=self.hotkeys.words(id)))
        self.below.setCurrentIndex(1 if gesture else 0)
        if gesture:
            ways = self.hotkeys.mousemap.resolved().keys[gesture]
            self.ways.show_for(gesture, gesture_titles()[gesture], ways)
            has, own = bool(ways), gesture in self.hotkeys.mousemap.own
        else:
            has, own = bool(id) and bool(self.hotkeys.commands.keys(id)), id in self.hotkeys.keymap.own
        self.add.setEnabled(bool(id or gesture))
        self.clear.setEnabled(has)
        self.reset.setEnabled(own)

    def _say(self, words: str, role: str = "muted") -> None:
        self.said.setText(words)
        self.said.setProperty("role", role)
        self.said.style().polish(self.said)

    # --- changing ---

    def listen(self) -> None:
        self._adding = False
        self._begin()

    def _add(self) -> None:
        if gesture := self.gesture():
            ways = self.hotkeys.mousemap.resolved().keys[gesture]
            self._rebind_mouse((*ways, self.ways.way))
            return
        self._adding = True
        self._begin()

    def _begin(self) -> None:
        if self.chosen():
            self._say(self.tr("New keys for {action}:").format(action=self.hotkeys.words(self.chosen())))
            self.field.listen()
        elif gesture := self.gesture():
            words = self.tr("{gesture}: do it in the field above with the mouse, or choose it in the lists.")
            self._say(words.format(gesture=gesture_titles()[gesture]))
        else:
            self._say(self.tr("This stays as it is."))

    def _done(self, way: str) -> None:
        """Done with the mouse, but not taken yet: the place is still to be chosen."""
        owner = self.hotkeys.mousemap.resolved().owner(way)
        titles = gesture_titles()
        words = self.tr("{way}: “Use this” takes it.")
        if owner not in ("", self.gesture()):
            words = self.tr("{way}: “Use this” takes it from {gesture}.")
        self._say(words.format(way=way_words(way), gesture=titles.get(owner, "")))

    def _strange(self, way: str) -> None:
        words = self.tr("{gesture} cannot begin with “{way}”.")
        words = words.format(gesture=gesture_titles()[self.gesture()], way=way_words(way))
        self._say(words, "warning")

    def _rebind_mouse(self, ways: tuple[str, ...]) -> None:
        gesture = self.gesture()
        words = self.hotkeys.rebind_mouse(gesture, ways)
        if words:
            self._say(words, "warning")
        else:
            shown = way_words(ways[-1])
            self._say(self.tr("{key}: {action}").format(key=shown, action=gesture_titles()[gesture]))

    def _pressed(self, text: str) -> None:
        id = self.chosen()
        self.table.setFocus()
        keys = (*self.hotkeys.commands.keys(id), text) if self._adding else (text,)
        try:
            words = self.hotkeys.rebind(id, keys)
        except ValueError:
            self._say(self.tr("This key cannot be used."), "warning")
            return
        if words:
            self._say(words, "warning")
        else:
            shown = native((text,))[0]
            self._say(self.tr("{key}: {action}").format(key=shown, action=self.hotkeys.words(id)))

    def _left(self) -> None:
        self._say("")
        if self.field.hasFocus():
            self.table.setFocus()

    def _clear(self) -> None:
        if id := self.chosen():
            self.hotkeys.rebind(id, ())
            self._say(self.tr("{action} has no keys now.").format(action=self.hotkeys.words(id)))
        elif gesture := self.gesture():
            self.hotkeys.rebind_mouse(gesture, ())
            words = self.tr("{gesture}: no way of the mouse begins it now.")
            self._say(words.format(gesture=gesture_titles()[gesture]))

    def _reset(self) -> None:
        if gesture := self.gesture():
            self.hotkeys.reset_mouse(gesture)
        else:
            self.hotkeys.reset(self.chosen())
        self._say("")

    def _reset_all(self) -> None:
        self.hotkeys.reset_all()
        self._say(
            self.tr("All keys and gestures are as in {preset}.").format(preset=self.preset.currentText())
        )

    def _choose(self, preset: str) -> None:
        self.hotkeys.choose(preset)
        self._say(self.tr("Keys and mouse as in {preset}.").format(preset=self.preset.currentText()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search to the rows; there Enter listens and Del clears."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if watched is self.line and key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.table.setFocus()
            return True
        if watched is self.table and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.listen()
            if self.gesture():
                self.ways.press.setFocus()
            return True
        if watched is self.table and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
            return True
        return False
