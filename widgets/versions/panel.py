"""The versions of the selected node: scrubbed with the wheel, held against each other in words, and one of
them chosen as the node's output."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.catalogue.cards import Card
from app.studio.versions import Version
from widgets.parts.picture_source import PictureSource, Thumbnail
from widgets.parts.scrub import Scrub
from widgets.parts.tag_chip import TagChip
from widgets.theme import Themes
from widgets.versions.row import Row
from widgets.versions.words import origin_words, price_words, seed_words, time_words

SIDE = 640
THUMB = 34
Since = Callable[[Version, Version], Sequence[str]]
"""What changed from the first to the second, in sentences."""


class VersionsPanel(QFrame):
    """`show_versions` whenever something has changed. Every wish is carried out elsewhere."""

    use_wanted = Signal(object)
    newest_wanted = Signal()
    keep_wanted = Signal(object)
    """A version; or None, where the one that is kept is to be let go."""
    star_wanted = Signal(object, bool)
    reject_wanted = Signal(object, bool)
    look_wanted = Signal(object)
    scrubbed = Signal(object)

    def __init__(
        self, pictures: PictureSource, themes: Themes, cards: Mapping[str, Card], since: Since
    ) -> None:
        super().__init__()
        self.setObjectName("versions")
        self.setProperty("role", "panel")
        self.setAccessibleName(self.tr("Versions of the node"))
        self._cards, self._since, self._themes, self._pictures = cards, since, themes, pictures
        self._lock = self._pick = ""
        self._node = ""
        self.picture = Picture(pictures, themes)
        self.picture.scrubbed.connect(self.step)
        self.picture.looked.connect(lambda: self._with(self.look_wanted.emit))
        self.row = Row(pictures, themes)
        self.row.chosen.connect(self._chosen)
        self.row.used.connect(lambda: self._with(self.use_wanted.emit))
        self.count, self.facts, self.paid = _label("title"), _label("muted"), _label("caption")
        self.prompt, self.changes, self.heading = _label(""), _label(""), _label("muted")
        self.hint = _label("muted")
        self.hint.setText(self.tr("Select a model to see every picture that it has made."))
        self._build()
        self.show_versions("", (), None)

    # -- building

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 10)
        rows.setSpacing(8)
        rows.addWidget(self.hint)
        self._body = QWidget()
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.picture)
        inner.addWidget(self.row)
        inner.addLayout(self._buttons())
        inner.addWidget(self._details(), 1)
        rows.addWidget(self._body, 1)
        self._rest = QWidget()
        rows.addWidget(self._rest, 1)

    def _buttons(self) -> QGridLayout:
        self.use = QPushButton(self.tr("Use"))
        self.use.setProperty("kind", "primary")
        self.use.setToolTip(self.tr("This version is the node's output"))
        self.newest = QPushButton(self.tr("Newest"))
        self.newest.setToolTip(self.tr("No version is chosen any more; a run may make another"))
        self.star, self.reject = _sign("★", self.tr("Star")), _sign("✕", self.tr("Reject"))
        self.keep = QPushButton(self.tr("Keep it"))
        self.keep.setProperty("segment", True)
        self.keep.setCheckable(True)
        self.keep.setFixedHeight(30)
        self.keep.setToolTip(self.tr("Keep this version, whatever changes"))
        self.use.clicked.connect(lambda: self._with(self.use_wanted.emit))
        self.newest.clicked.connect(self.newest_wanted)
        self.star.clicked.connect(self.toggle_star)
        self.reject.clicked.connect(self.toggle_reject)
        self.keep.clicked.connect(self.toggle_keep)
        grid = QGridLayout()
        grid.setSpacing(6)
        for column, button in enumerate((self.use, self.newest, self.star, self.reject, self.keep)):
            button.setObjectName(f"version-{('use', 'newest', 'star', 'reject', 'keep')[column]}")
            grid.addWidget(button, 0, column)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _details(self) -> QScrollArea:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setSpacing(5)
        self._references = QHBoxLayout()
        self._references.setSpacing(6)
        for one in (self.count, self.facts, self.paid):
            rows.addWidget(one)
        rows.addSpacing(6)
        rows.addWidget(self.heading)
        rows.addWidget(self.changes)
        said = _label("muted")
        said.setText(self.tr("What was asked"))
        rows.addSpacing(6)
        rows.addWidget(said)
        rows.addWidget(self.prompt)
        rows.addLayout(self._references)
        rows.addStretch(1)
        for one, name in ((self.changes, self.tr("What changed")), (self.prompt, self.tr("Prompt"))):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            one.setAccessibleDescription(name)
        area = QScrollArea()
        area.setAccessibleName(self.tr("About the version"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(72)
        area.setWidget(inside)
        return area

    # -- showing

    def show_versions(
        self, node: str, versions: Sequence[Version], shown: int | None, *, pick: str = "", lock: str = ""
    ) -> None:
        """`shown` is the place of the one that the node shows, `pick` and `lock` what is chosen of it."""
        if node != self._node:
            self.row.clearSelection()
            self.row.entries.show((), None, "")
        self._node, self._pick, self._lock = node, pick, lock
        self._body.setVisible(bool(versions))
        self._rest.setVisible(not versions)
        self.hint.setVisible(not versions)
        self.hint.setText(
            self.tr("It has made no picture yet. Each that it makes will be kept here.")
            if node
            else self.tr("Select a model to see every picture that it has made.")
        )
        self.row.show_versions(versions, shown, lock)
        self._chosen()

    @property
    def version(self) -> Version | None:
        """The one that is looked at."""
        index, versions = self.row.currentIndex(), self.row.entries.versions
        return versions[index.row()] if index.isValid() and index.row() < len(versions) else None

    def step(self, by: int) -> None:
        """To an older version (1) or a newer one (-1)."""
        if self.row.entries.versions:
            place = self.row.currentIndex().row() + by
            self.row.select(min(max(place, 0), len(self.row.entries.versions) - 1))

    def _chosen(self) -> None:
        version = self.version
        if version is None:
            return
        entries, place = self.row.entries, self.row.currentIndex().row()
        total = len(entries.versions)
        words = self.tr("Version {n} of {count}").format(n=total - place, count=total)
        now = self.tr("shown by the node") if place == entries.shown else ""
        self.count.setText(" · ".join(one for one in (words, now) if one))
        self.picture.show_version(version)
        self.facts.setText(f"{seed_words(version)}\n{origin_words(version, self._cards)}")
        self.paid.setText(f"{price_words(version)} · {time_words(version, datetime.now().astimezone())}")
        self.prompt.setText(version.prompt)
        self._show_references(version)
        self._show_since()
        self._show_buttons(version, place)
        self.scrubbed.emit(version)

    def _show_buttons(self, version: Version, place: int) -> None:
        chosen = version.sha256 in (self._pick, self._lock)
        self.use.setEnabled(not chosen)
        self.use.setText(self.tr("In use") if chosen else self.tr("Use"))
        self.newest.setVisible(bool(self._pick or self._lock))
        self.star.setChecked(version.marks.star)
        self.reject.setChecked(version.marks.rejected)
        self.keep.setChecked(version.sha256 == self._lock)

    def _show_since(self) -> None:
        """Against the other of two that are selected, else against the one before."""
        entries, places = self.row.entries, self.row.places()
        both = len(places) == 2
        place = self.row.currentIndex().row()
        newer, older = places if both else (place, place + 1)
        there = older < len(entries.versions)
        self.heading.setVisible(there)
        self.changes.setVisible(there)
        if there:
            before, after = self.tr("Since the one before"), self.tr("From the older to the newer one")
            self.heading.setText(after if both else before)
            lines = self._since(entries.versions[older], entries.versions[newer])
            self.changes.setText("\n".join(f"• {line}" for line in lines))

    def _show_references(self, version: Version) -> None:
        while (item := self._references.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for place, one in enumerate(version.references[:4]):
            picture = Thumbnail(self._pictures, THUMB, THUMB)
            picture.show_picture(one.path)
            gone = self.tr("The photograph is not there any more")
            picture.setToolTip(str(one.path) if one.path else gone)
            self._references.addWidget(picture)
            if one.tag and len(version.references) < 3:
                self._references.addWidget(TagChip(one.tag, place, self._themes))
            elif one.tag:
                picture.setToolTip(f"@{one.tag}\n{picture.toolTip()}")
            picture.setAccessibleName(f"@{one.tag}" if one.tag else self.tr("Reference"))
        self._references.addStretch(1)

    # -- wishes

    def toggle_star(self) -> None:
        self._with(lambda version: self.star_wanted.emit(version, not version.marks.star))

    def toggle_reject(self) -> None:
        self._with(lambda version: self.reject_wanted.emit(version, not version.marks.rejected))

    def toggle_keep(self) -> None:
        self._with(lambda one: self.keep_wanted.emit(None if one.sha256 == self._lock else one))

    def want_use(self) -> None:
        self._with(self.use_wanted.emit)

    @property
    def node(self) -> str:
        """Whose versions are shown."""
        return self._node

    def _with(self, wish: Callable[[Version], object]) -> None:
        version = self.version
        if version is not None:
            self._show_buttons(version, self.row.currentIndex().row())  # until it is so
            wish(version)


class Picture(QWidget):
    """The version that is looked at, fitted. The wheel over it goes through the versions, a double click
    looks big."""

    scrubbed = Signal(int)
    looked = Signal()

    def __init__(self, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("version-picture")
        self._pictures, self._themes = pictures, themes
        self._image, self._version, self._scrub = QImage(), "", Scrub()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(96)
        self.setToolTip(self.tr("Turn the wheel to go through the versions; double-click to look big"))

    def sizeHint(self) -> QSize:
        return QSize(276, 156)

    def show_version(self, version: Version) -> None:
        self.setAccessibleName(self.tr("Version with {facts}").format(facts=seed_words(version)))
        if version.sha256 != self._version:
            self._version = version.sha256
            self._pictures.picture(version.path, SIDE, lambda image: self._arrived(version.sha256, image))

    def _arrived(self, sha256: str, image: QImage) -> None:
        """The one before stays until then: nothing flickers under the wheel."""
        if isValid(self) and sha256 == self._version:  # type: ignore[no-untyped-call]  # it may be gone
            self._image = image
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if steps := self._scrub.turned(event):
            self.scrubbed.emit(steps)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.looked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, 7, 7)
        painter.fillPath(shape, theme.colour("field"))
        if not self._image.isNull():
            painter.setClipPath(shape)
            painter.drawImage(_fitted(self._image, box), self._image)
            painter.setClipping(False)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawPath(shape)
        painter.end()


def _fitted(image: QImage, box: QRectF) -> QRectF:
    scale = min(box.width() / image.width(), box.height() / image.height())
    wide, high = image.width() * scale, image.height() * scale
    return QRectF(box.center() - QPointF(wide / 2, high / 2), box.center() + QPointF(wide / 2, high / 2))


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(40)
    if role:
        label.setProperty("role", role)
    return label


def _sign(sign: str, words: str) -> QPushButton:
    button = QPushButton(sign)
    button.setProperty("segment", True)
    button.setProperty("sign", True)
    button.setCheckable(True)
    button.setFixedSize(30, 30)
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
