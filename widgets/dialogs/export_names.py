"""The pictures of an export by the names that they will have, with what lies there already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.document.collisions import Fate
from app.studio.exports import Line, Outcome
from widgets.theme import Themes

_NAME, _MARK = 0, 1


class ExportNames(QTreeWidget):
    """`looked_at` carries the place of the picture that is chosen in the list."""

    looked_at = Signal(int)

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
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
        header.setSectionResizeMode(_MARK, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(lambda *_: self.looked_at.emit(self.place))

    @property
    def place(self) -> int:
        return max(0, self.indexOfTopLevelItem(self.currentItem())) if self.topLevelItemCount() else 0

    def _item(self, place: int) -> QTreeWidgetItem:
        item = self.topLevelItem(place)
        assert item is not None
        return item

    def show_lines(self, lines: Sequence[Line]) -> None:
        """The chosen one stays chosen."""
        while self.topLevelItemCount() > len(lines):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        if missing := len(lines) - self.topLevelItemCount():
            self.addTopLevelItems([QTreeWidgetItem() for _ in range(missing)])
        for place, line in enumerate(lines):
            if line.fault is not None:
                self._show(
                    place, line.subject.facts.title or line.subject.path.name, line.fault.title, "error"
                )
            else:
                self._show(place, str(line.name), *self._mark(line.fate))
        if lines and not self.selectedItems():
            self.setCurrentItem(self._item(0))

    def show_outcome(self, place: int, outcome: Outcome) -> None:
        if outcome.fault is not None:
            self._show(place, None, outcome.fault.title, "error")
            self._item(place).setToolTip(_MARK, outcome.fault.sentence())
        elif outcome.made is None:
            self._show(place, None, self.tr("left out"), "muted")
        else:
            self._show(place, None, self.tr("exported"), "good")

    def _mark(self, fate: Fate) -> tuple[str, str]:
        return {
            Fate.NEW: ("", "muted"),
            Fate.NUMBERED: (self.tr("name taken: numbered"), "warning"),
            Fate.REPLACES: (self.tr("replaces a file"), "warning"),
            Fate.SKIPPED: (self.tr("is there: left out"), "warning"),
            Fate.TAKEN: (self.tr("is there: will be asked"), "warning"),
        }[fate]

    def _show(self, place: int, name: str | None, mark: str, role: str) -> None:
        item = self._item(place)
        if name is not None:
            item.setText(_NAME, name)
            item.setToolTip(_NAME, name)
        item.setText(_MARK, mark)
        item.setToolTip(_MARK, mark)
        item.setForeground(_MARK, self._themes.theme.colour(role))
        told = f"{item.text(_NAME)}, {mark}" if mark else item.text(_NAME)
        item.setData(_NAME, Qt.ItemDataRole.AccessibleTextRole, told)
