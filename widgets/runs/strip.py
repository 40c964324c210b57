"""The strip below the canvas: the pictures of this session and what is being made, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.basics.faults import Charged
from app.engine.events import (
    Event,
    NodeCancelled,
    NodeDone,
    NodeFailed,
    NodeQueued,
    NodeRunning,
    RunFinished,
    RunStarted,
)
from app.engine.results import Result
from app.studio.outgoing import Leaving
from widgets.messages import percent
from widgets.parts.picture_source import PictureSource, filling
from widgets.parts.shown import Shown
from widgets.parts.sized import sized
from widgets.theme import CAPTION, Themes

CARD, PICTURE = QSize(138, 118), QSize(138, 78)
SIDE = 2 * 138
"""Px of the pictures that are asked for: enough for a screen at 200 %."""
MOST = 200
AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(slots=True, kw_only=True)
class Entry:
    """One node of one run. `words` stand below the picture, `inside` in it while there is none."""

    run: str
    node: str
    title: str
    words: str
    inside: str = ""
    at_work: bool = True
    path: Path | None = None
    failed: bool = False
    progress: float | None = None
    image: QImage | None = None
    seed: int | None = None


class Strip(QListView):
    """`chosen` carries the node of an entry, `opened` its picture's path (double click, Enter),
    `carried_off` a `Leaving`, its small picture and whether Shift was held (it is dragged away)."""

    chosen = Signal(str)
    opened = Signal(str, str)
    carried_off = Signal(object, object, bool)

    def __init__(self, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(self.tr("Results of this session"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSpacing(6)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self._themes = themes
        self._entries = Entries(pictures, self)
        self.setModel(self._entries)
        self.setItemDelegate(_Card(self, themes))
        self.clicked.connect(lambda index: self.chosen.emit(self._entries.entry(index).node))
        self.activated.connect(self._open)

    def tell(self, event: Event, title: str) -> None:
        """An event of a run; `title` names its node."""
        self._entries.tell(event, title)

    def pictures(self) -> tuple[Shown, ...]:
        """All that are there, as they stand beside each other."""
        return self._entries.pictures()

    def say_anew(self, again: Callable[[str], str]) -> None:
        self._entries.say_anew(again)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._entries.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self._themes.theme.colour("muted"))
            painter.setFont(sized(CAPTION))
            words = self.tr("The pictures of this session appear here.")
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, words)
            painter.end()

    def startDrag(self, actions: Qt.DropAction) -> None:
        entry = self._entries.entry(self.currentIndex()) if self.currentIndex().isValid() else None
        if entry is None or entry.path is None:
            return
        held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        leaving = Leaving(path=entry.path, name=entry.title, seed=entry.seed)
        self.carried_off.emit(leaving, entry.image, bool(held))

    def _open(self, index: AnyIndex) -> None:
        entry = self._entries.entry(index)
        if entry.path is not None:
            self.opened.emit(entry.node, str(entry.path))


class Entries(QAbstractListModel):
    def __init__(self, pictures: PictureSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._entries: list[Entry] = []

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return len(self._entries)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Pictures can be dragged away."""
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        there = index.isValid() and self.entry(index).path is not None
        return plain | Qt.ItemFlag.ItemIsDragEnabled if there else plain

    def entry(self, index: AnyIndex) -> Entry:
        return self._entries[index.row()]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._entries[index.row()]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{entry.words} {entry.inside}".strip()
        return None

    def pictures(self) -> tuple[Shown, ...]:
        return tuple(
            Shown(one.path, f"{one.title}  ·  {one.words}", one.title, one.seed)
            for one in self._entries
            if one.path is not None
        )

    def say_anew(self, again: Callable[[str], str]) -> None:
        """In another language, with its title where that is its kind's."""
        self._entries = [
            replace(one, words=again(one.words), inside=again(one.inside)) for one in self._entries
        ]

    def tell(self, event: Event, title: str) -> None:
        match event:
            case NodeQueued(reason="vendor" | "throttled" | "sending" | "paused"):
                self._change(event.run, event.node, title, words=title, inside=self.tr("Queued"))
            case NodeQueued(reason="silent"):
                words = self.tr("{title} · running").format(title=title)
                inside = self.tr("Says nothing until it is done")
                self._change(event.run, event.node, title, words=words, inside=inside)
            case NodeRunning(progress=progress):
                inside = percent(progress) if progress is not None else self.tr("Running")
                words = self.tr("{title} · running").format(title=title)
                self._change(event.run, event.node, title, words=words, inside=inside, progress=progress)
            case NodeDone(result=result) if result is not None and result.operation:  # not passed on
                self._done(event.run, result, title)
            case NodeFailed(because=""):
                self._failed(event, title)
            case NodeCancelled():
                self._ended(event.run, event.node, title, words=title, inside=event.words)
            case RunFinished():
                self._finished(event)
            case RunStarted() | _:
                return

    def _done(self, run: str, result: Result, title: str) -> None:
        seed = self.tr("seed {seed}").format(seed=result.seed) if result.seed is not None else title
        more = self.tr("reused") if result.reused else f"{result.width} × {result.height}"
        self._ended(
            run, result.node, title, words=f"{seed} · {more}", inside="", path=result.path, seed=result.seed
        )

    def _failed(self, event: NodeFailed, title: str) -> None:
        charged = {
            Charged.NO: self.tr("not charged"),
            Charged.YES: self.tr("charged"),
            Charged.UNKNOWN: self.tr("maybe charged"),
        }[event.fault.charged]
        words, inside = f"{title} · {charged}", event.fault.title
        self._ended(event.run, event.node, title, words=words, inside=inside, failed=True)

    def _finished(self, event: RunFinished) -> None:
        """Of a run whose document has left the desk only the end is told: what it came to, and no more."""
        made = {result.node: result for result in event.results}
        failed = {failure.node: failure for failure in event.failures}
        for entry in [one for one in self._entries if one.run == event.run and one.at_work]:
            if entry.node in made:
                self._done(event.run, made[entry.node], entry.title)
            elif entry.node in failed:
                self._failed(failed[entry.node], entry.title)
            else:
                inside = self.tr("Cancelled") if event.cancelled else self.tr("Ended")
                self._ended(event.run, entry.node, entry.title, words=entry.title, inside=inside)

    def _ended(self, run: str, node: str, title: str, **changes: object) -> None:
        self._change(run, node, title, at_work=False, progress=None, **changes)

    def _change(self, run: str, node: str, title: str, **changes: object) -> None:
        for row, entry in enumerate(self._entries):
            if (entry.run, entry.node) == (run, node):
                for name, value in changes.items():
                    setattr(entry, name, value)
                self._load(entry)
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0), [])
                return
        entry = Entry(run=run, node=node, title=title, words="")
        for name, value in changes.items():
            setattr(entry, name, value)
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._entries.insert(0, entry)
        self.endInsertRows()
        if len(self._entries) > MOST:
            self.beginRemoveRows(QModelIndex(), MOST, len(self._entries) - 1)
            del self._entries[MOST:]
            self.endRemoveRows()
        self._load(entry)

    def _load(self, entry: Entry) -> None:
        if entry.path is not None and entry.image is None:
            self._pictures.picture(entry.path, SIDE, lambda image: self._arrived(entry, image))

    def _arrived(self, entry: Entry, image: QImage) -> None:
        entry.image = image
        if entry in self._entries:
            place = self.index(self._entries.index(entry), 0)
            self.dataChanged.emit(place, place, [])


class _Card(QStyledItemDelegate):
    def __init__(self, view: Strip, themes: Themes) -> None:
        super().__init__(view)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = self._themes.theme
        model = index.model()
        assert isinstance(model, Entries)
        entry = model.entry(index)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = option.rect.topLeft()
        box = QRectF(place.x() + 0.5, place.y() + 0.5, PICTURE.width() - 1, PICTURE.height() - 1)
        shape = QPainterPath()
        shape.addRoundedRect(box, 7, 7)
        painter.fillPath(shape, theme.colour("error_ground" if entry.failed else "card"))
        if entry.image is not None:
            painter.setClipPath(shape)
            painter.drawImage(box, entry.image, filling(entry.image, box.width() / box.height()))
            painter.setClipping(False)
        elif entry.progress is not None:
            painter.fillRect(
                QRectF(box.left(), box.bottom() - 3, box.width() * entry.progress, 3), theme.colour("accent")
            )
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(theme.colour("accent" if chosen else "line"), 2 if chosen else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        painter.setFont(sized(CAPTION))
        if entry.image is None:
            painter.setPen(theme.colour("error" if entry.failed else "muted"))
            painter.drawText(
                box.adjusted(8, 6, -8, -6),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                entry.inside,
            )
        painter.setPen(theme.colour("muted"))
        below = QRectF(box.left(), box.bottom() + 5, box.width(), 16)
        words = QFontMetricsF(painter.font()).elidedText(
            entry.words, Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()
