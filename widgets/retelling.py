"""Everything that is shown, said in another language: titles, labels, buttons, menus, tooltips, lists, in
every window that is open.

A text on the screen is traced to what it was made of (`app.basics.unsaid`); what was never ours (names,
paths, prompts) stays. What a widget paints itself, or fills from a model, it says anew when Qt tells it of
the change (`QEvent.LanguageChange`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.basics.unsaid import Unsaid
from app.basics.words import spoken

Get: TypeAlias = Callable[[], str]
Set: TypeAlias = Callable[[str], object]
OWN_WORDS = "own-words"
"""A widget with this property shows words of the artist: its text is left alone."""
_ROLES = (
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Qt.ItemDataRole.StatusTipRole,
)


def again_from(before: Unsaid) -> Callable[[str], str]:
    """After another language was chosen: texts of the one `before` in that of now."""
    known: dict[str, str] = {}

    def again(text: str) -> str:
        if text not in known:
            words, tab, keys = text.partition("\t")  # as menus and tooltips have keys
            found = before.find(words)
            known[text] = spoken(found) + tab + keys if found is not None else text
        return known[text]

    return again


def retell(app: QApplication, again: Callable[[str], str]) -> None:
    for thing in _things(app):
        for get, set_ in texts_of(thing):
            text = get()
            if text and (said := again(text)) != text:
                set_(said)


def _things(app: QApplication) -> Iterator[QObject]:
    seen: set[int] = set()
    for widget in app.allWidgets():
        yield widget
        for action in widget.actions():
            if id(action) not in seen:
                seen.add(id(action))
                yield action


def texts_of(thing: QObject) -> Iterator[tuple[Get, Set]]:
    """Every text that a widget or an action shows or tells, with the way to change it. What a person types is
    not among them."""
    if isinstance(thing, QAction):
        yield thing.text, thing.setText
        yield thing.toolTip, thing.setToolTip
        yield thing.statusTip, thing.setStatusTip
        return
    if not isinstance(thing, QWidget):
        return
    yield thing.toolTip, thing.setToolTip
    yield thing.statusTip, thing.setStatusTip
    yield thing.accessibleName, thing.setAccessibleName
    yield thing.accessibleDescription, thing.setAccessibleDescription
    if thing.isWindow():
        yield thing.windowTitle, thing.setWindowTitle
    if not thing.property(OWN_WORDS):
        yield from _own(thing)


def _own(thing: QWidget) -> Iterator[tuple[Get, Set]]:
    match thing:
        case QLabel() | QAbstractButton():
            yield thing.text, thing.setText
        case QMenu() | QGroupBox():
            yield thing.title, thing.setTitle
        case QLineEdit() | QPlainTextEdit() | QTextEdit():
            yield thing.placeholderText, thing.setPlaceholderText
        case QSpinBox():
            yield thing.suffix, thing.setSuffix
            yield thing.prefix, thing.setPrefix
            yield thing.specialValueText, thing.setSpecialValueText
        case QComboBox():
            yield thing.placeholderText, thing.setPlaceholderText
            for place in range(thing.count()):
                yield _bound(thing.itemText, place), _bound(thing.setItemText, place)
        case QTabWidget():
            for place in range(thing.count()):
                yield _bound(thing.tabText, place), _bound(thing.setTabText, place)
                yield _bound(thing.tabToolTip, place), _bound(thing.setTabToolTip, place)
        case QMessageBox():
            yield thing.text, thing.setText
            yield thing.informativeText, thing.setInformativeText
        case QDockWidget():
            yield thing.windowTitle, thing.setWindowTitle
        case QListWidget() | QTableWidget() | QTreeWidget():
            yield from _items(thing)


def _items(thing: QListWidget | QTableWidget | QTreeWidget) -> Iterator[tuple[Get, Set]]:
    if isinstance(thing, QListWidget):
        for row in range(thing.count()):
            item = thing.item(row)
            yield item.text, item.setText
            for role in _ROLES:
                yield _data(item, role), _bound(item.setData, role)
        return
    if isinstance(thing, QTableWidget):
        heads = [thing.horizontalHeaderItem(at) for at in range(thing.columnCount())]
        heads += [thing.verticalHeaderItem(at) for at in range(thing.rowCount())]
        cells = [thing.item(row, at) for row in range(thing.rowCount()) for at in range(thing.columnCount())]
        for cell in (*heads, *cells):
            if isinstance(cell, QTableWidgetItem):
                yield cell.text, cell.setText
                yield cell.toolTip, cell.setToolTip
        return
    for one in (thing.headerItem(), *_branches(thing.invisibleRootItem())):
        for column in range(thing.columnCount()):
            yield _bound(one.text, column), _bound(one.setText, column)
            yield _bound(one.toolTip, column), _bound(one.setToolTip, column)


def _branches(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    for place in range(item.childCount()):
        child = item.child(place)
        yield child
        yield from _branches(child)


def _bound(function: Callable[..., object], *first: object) -> Callable[..., str]:
    return lambda *rest: str(function(*first, *rest) or "")


def _data(item: object, role: Qt.ItemDataRole) -> Get:
    return lambda: found if isinstance(found := item.data(role), str) else ""  # type: ignore[attr-defined]
