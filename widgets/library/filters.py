"""The chips above the grid: each narrows what is shown, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QMenu, QToolButton, QWidget

from app.basics.words import spoken
from app.imaging.palette import NAMES, SWATCHES
from app.library.query import Query
from widgets.messages import listed
from widgets.parts.flow import Flow

_DAYS = (0, 1, 7, 30, 365)
_LONG = 26


class Filters(QWidget):
    """`changed` when the question is another one. `query` is all of it but the words."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("library-filters")
        self._flow = Flow(self)
        chip, menu, tr = self._chip, self._menu, self.tr
        self.starred = chip("starred", tr("★ Starred"), tr("Those with a star alone"))
        self.kept = chip("kept", tr("Hide rejected"), tr("Those that were rejected are hidden"))
        self._kind = menu("kind", tr("Drafts and bought"), self._fill_kind)
        self._model = menu("model", tr("Model"), self._fill_models)
        self._document = menu("document", tr("Document"), self._fill_documents)
        self._date = menu("date", tr("Date"), self._fill_dates)
        self._colour = menu("colour", tr("Colour"), self._fill_colours)
        self.removed = chip("removed", tr("Removed"), tr("Those that were removed, to put back"))
        self.clear = chip("clear", tr("Show all"), tr("Takes every filter away"), checkable=False)
        self.clear.clicked.connect(lambda *_: self.reset())
        self._drafts: bool | None = None
        self._days = 0
        self._cards: set[str] = set()
        self._documents: set[str] = set()
        self._colours: set[str] = set()
        self._swatch: tuple[int, int, int] | None = None
        self._known_cards: Sequence[tuple[str, str]] = ()
        self._known_documents: Sequence[str] = ()
        self._show()

    def show_choices(self, cards: Sequence[tuple[str, str]], documents: Sequence[str]) -> None:
        """Models (id, title) and documents (paths) that there are pictures of."""
        self._known_cards, self._known_documents = cards, documents

    def query(self, words: str, now: datetime) -> Query:
        """`now` with the artist's own zone: days begin at her midnight."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return Query(
            words=words,
            cards=tuple(sorted(self._cards)),
            documents=tuple(sorted(self._documents)),
            since=midnight - timedelta(days=self._days - 1) if self._days else None,
            colours=tuple(sorted(self._colours)),
            swatch=self._swatch,
            drafts=self._drafts,
            starred=True if self.starred.isChecked() else None,
            rejected=False if self.kept.isChecked() else None,
            removed=self.removed.isChecked(),
        )

    @property
    def narrowed(self) -> bool:
        chosen = (self._cards, self._documents, self._colours, self._swatch, self._days)
        checked = (one.isChecked() for one in (self.starred, self.kept, self.removed))
        return any(chosen) or self._drafts is not None or any(checked)

    def reset(self) -> None:
        for chip in (self.starred, self.kept, self.removed):
            chip.setChecked(False)
        for chosen in (self._cards, self._documents, self._colours):
            chosen.clear()
        self._drafts, self._days, self._swatch = None, 0, None
        self._tell()

    # --- building ---

    def _chip(self, name: str, title: str, tip: str, *, checkable: bool = True) -> QToolButton:
        chip = QToolButton()
        chip.setObjectName(f"library-{name}")
        chip.setText(title)
        chip.setToolTip(tip)
        chip.setProperty("segment", "true")
        chip.setCheckable(checkable)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if checkable:
            chip.clicked.connect(lambda *_: self._tell())
        self._flow.addWidget(chip)
        return chip

    def _menu(self, name: str, title: str, fill: Callable[[QMenu], None]) -> QToolButton:
        chip = self._chip(name, title, title, checkable=False)
        chip.setCheckable(True)
        chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(chip)
        menu.aboutToShow.connect(partial(_fill, menu, fill))
        chip.setMenu(menu)
        return chip

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        """Each menu says what is chosen in it."""
        titles = dict(self._known_cards)
        kinds = {None: self.tr("Drafts and bought"), True: self.tr("Drafts"), False: self.tr("Bought")}
        swatch = [self.tr("a colour of your own")] if self._swatch else []
        for chip, plain, words in (
            (self._kind, kinds[None], [kinds[self._drafts]] if self._drafts is not None else []),
            (self._model, self.tr("Model"), [titles.get(one, one) for one in sorted(self._cards)]),
            (self._document, self.tr("Document"), [PurePath(one).name for one in sorted(self._documents)]),
            (self._date, self.tr("Date"), [self._days_words(self._days)] if self._days else []),
            (self._colour, self.tr("Colour"), [*map(_colour_words, sorted(self._colours)), *swatch]),
        ):
            text = listed(words) or plain
            chip.setText(f"{text[:_LONG]}…" if len(text) > _LONG else text)
            chip.setToolTip(text if words else plain)
            chip.setAccessibleName(f"{plain}: {text}" if words else plain)
            chip.setChecked(bool(words))
        self.clear.setVisible(self.narrowed)

    # --- the menus ---

    def _fill_kind(self, menu: QMenu) -> None:
        words = (
            (None, self.tr("&Drafts and bought")),
            (True, self.tr("D&rafts")),
            (False, self.tr("&Bought")),
        )
        group = QActionGroup(menu)
        for value, title in words:
            self._choice(menu, title, self._drafts is value, lambda value=value: self._set_kind(value), group)  # type: ignore[misc]

    def _set_kind(self, value: bool | None) -> None:
        self._drafts = value

    def _fill_dates(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for days in _DAYS:
            title = self._days_words(days)
            self._choice(menu, title, self._days == days, partial(self._set_days, days), group)

    def _set_days(self, days: int) -> None:
        self._days = days

    def _days_words(self, days: int) -> str:
        return {
            0: self.tr("Any date"),
            1: self.tr("Today"),
            7: self.tr("The last 7 days"),
            30: self.tr("The last 30 days"),
            365: self.tr("The last 365 days"),
        }[days]

    def _fill_models(self, menu: QMenu) -> None:
        self._several(menu, self._known_cards, self._cards)

    def _fill_documents(self, menu: QMenu) -> None:
        self._several(menu, [(one, PurePath(one).name) for one in self._known_documents], self._documents)

    def _several(self, menu: QMenu, known: Sequence[tuple[str, str]], chosen: set[str]) -> None:
        for value, title in known:
            plain = title.replace("&", "&&")
            action = self._choice(menu, plain, value in chosen, partial(_switch, chosen, value))
            action.setToolTip(value)
        if not known:
            menu.addAction(self.tr("Nothing here yet")).setEnabled(False)

    def _fill_colours(self, menu: QMenu) -> None:
        for name in NAMES:
            chosen = name in self._colours
            action = self._choice(menu, _colour_words(name), chosen, partial(_switch, self._colours, name))
            action.setIcon(_dot(QColor(*SWATCHES[name])))
        menu.addSeparator()
        if self._swatch is not None:
            off = self._choice(menu, self.tr("a colour of your own"), True, self._no_swatch)
            off.setIcon(_dot(QColor(*self._swatch)))
        other = menu.addAction(self.tr("Another colour…"))
        other.triggered.connect(lambda *_: self._choose_swatch())

    def _chose(self, what: Callable[[], None]) -> None:
        what()
        self._tell()

    def _no_swatch(self) -> None:
        self._swatch = None

    def _choose_swatch(self) -> None:
        dialog = QColorDialog(QColor(*(self._swatch or (120, 120, 120))), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self.take_swatch)
        dialog.open()

    def take_swatch(self, colour: QColor) -> None:
        self._swatch = (colour.red(), colour.green(), colour.blue())
        self._tell()

    def _choice(
        self,
        menu: QMenu,
        title: str,
        chosen: bool,
        what: Callable[[], None],
        group: QActionGroup | None = None,
    ) -> QAction:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(chosen)
        if group is not None:
            group.addAction(action)
        action.triggered.connect(lambda *_: self._chose(what))
        return action


def _fill(menu: QMenu, fill: Callable[[QMenu], None]) -> None:
    menu.clear()
    fill(menu)


def _switch(chosen: set[str], value: str) -> None:
    chosen.symmetric_difference_update({value})


def _colour_words(name: str) -> str:
    return spoken(NAMES[name])


def _dot(colour: QColor) -> QIcon:
    pixmap = QPixmap(28, 28)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour)
    painter.setPen(QColor(128, 128, 128))
    painter.drawEllipse(1, 1, 12, 12)
    painter.end()
    return QIcon(pixmap)
