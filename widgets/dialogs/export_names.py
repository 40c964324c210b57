"""The pictures of an export by the names that they will have, with what lies there already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.document.collisions import Fate
from app.studio.exports import Line, Outcome

_NAME, _MARK = 0, 1
_LOOK, _WRONG, _DONE = "⚠", "✕", "✓"


class ExportNames(QTreeWidget):
    """`looked_at` carries the place of the picture that is chosen in the list."""

    looked_at = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("export-names")
        self.setAccessibleName(self.tr("Names of the files"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_MARK, QHeaderView.ResizeMode.Fixed)
        self.currentItemChanged.connect(lambda *_: self.looked_at.emit(self.place))

    @property
    def place(self) -> int:
        return max(0, self.indexOfTopLevelItem(self.currentItem())) if self.topLevelItemCount() else 0

    def _item(self, place: int) -> QTreeWidgetItem:
        item = self.topLevelItem(place)
        assert item is not None
        return item

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """A mark takes what it needs, up to half: the name is what counts."""
        needed = self.sizeHintForColumn(_MARK) if self.topLevelItemCount() else 0
        self.header().resizeSection(_MARK, min(needed, self.viewport().width() // 2))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """The chosen one stays chosen."""
        while self.topLevelItemCount() > len(lines):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        if missing := len(lines) - self.topLevelItemCount():
            self.addTopLevelItems([QTreeWidgetItem() for _ in range(missing)])
        for place, line in enumerate(lines):
            if line.fault is not None:
                title = line.subject.facts.title or line.subject.path.name
                self._show(place, title, f"{_WRONG} {line.fault.title}", line.fault.sentence())
            else:
                self._show(place, str(line.name), self._mark(line.fate))
        self._share()
        if lines and not self.selectedItems():
            self.setCurrentItem(self._item(0))

    def show_outcome(self, place: int, outcome: Outcome) -> None:
        if outcome.fault is not None:
            self._show(place, None, f"{_WRONG} {outcome.fault.title}", outcome.fault.sentence())
        else:
            words = self.tr("left out") if outcome.made is None else self.tr("exported")
            self._show(place, None, words if outcome.made is None else f"{_DONE} {words}")
        self._share()

    def _mark(self, fate: Fate) -> str:
        words = {
            Fate.NEW: "",
            Fate.NUMBERED: self.tr("name taken: numbered"),
            Fate.REPLACES: self.tr("replaces a file"),
            Fate.SKIPPED: self.tr("is there: left out"),
            Fate.TAKEN: self.tr("is there: will be asked"),
        }[fate]
        return f"{_LOOK} {words}" if words else ""

    def _show(self, place: int, name: str | None, mark: str, more: str = "") -> None:
        item = self._item(place)
        if name is not None:
            item.setText(_NAME, name)
            item.setToolTip(_NAME, name)
        item.setText(_MARK, mark)
        item.setToolTip(_MARK, more or mark)
        told = f"{item.text(_NAME)}, {mark}" if mark else item.text(_NAME)
        item.setData(_NAME, Qt.ItemDataRole.AccessibleTextRole, told)
