"""One picture, large, over the whole window, and through the others of its list by arrow keys. Wheel zooms at
the cursor, drag pans, Esc or Space closes. Dragged out of the window it goes on as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.basics.words import spoken
from app.studio.outgoing import Leaving
from widgets.compare.camera import STEP, Camera
from widgets.compare.drawing import chequer, device_pixels, draw_picture
from widgets.compare.gallery import Gallery
from widgets.compare.histogram import ToneCounter, draw_histogram
from widgets.compare.loupe import TIMES, draw_loupe, draw_pixel, pixel_at
from widgets.compare.overlay import PLAIN, Overlay, held_with
from widgets.compare.viewer_bar import HEIGHT, ViewerBar
from widgets.messages import percent
from widgets.parts.picture_source import PictureSource
from widgets.parts.shown import Shown
from widgets.theme import Themes

PREVIEW = 1024
"""Longer side, in px, of what is shown until the picture itself is decoded."""
_AIR = 24
_BY_KEYS = 1.25
_HELD = Qt.Key.Key_Z


class Viewer(Overlay):
    """`carried_off` carries a `Leaving`, the image and whether Shift was held. `profile` is as for
    `Gallery`."""

    carried_off = Signal(object, object, bool)

    def __init__(
        self,
        pictures: PictureSource,
        themes: Themes,
        parent: QWidget,
        *,
        profile: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._pictures, self._themes = pictures, themes
        self.gallery = Gallery(self, profile=profile)
        self.tones = ToneCounter(self)
        self.camera = Camera()
        self.bar = ViewerBar(self)
        self._list: tuple[Shown, ...] = ()
        self._place = 0
        self._preview = QImage()
        self._before = (0.0, QPointF())
        self._grab: QPointF | None = None
        self._cursor: QPointF | None = None
        self._glass, self._held, self._times = False, False, TIMES[1]
        self._shows_tones = False
        self._keys = self._table()
        self._listen()

    def _listen(self) -> None:
        bar = self.bar
        bar.step_wanted.connect(self.step)
        bar.loupe_wanted.connect(self.toggle_loupe)
        bar.tones_wanted.connect(self.toggle_tones)
        bar.fit_wanted.connect(self._fit)
        bar.real_wanted.connect(partial(self.zoom_to, 1.0))
        bar.close_wanted.connect(self.put_away)
        self.gallery.changed.connect(self._heard)
        self.tones.changed.connect(self.update)

    # --- what is looked at ---

    def look(self, path: Path, words: str, *, name: str = "", seed: int | None = None) -> None:
        """Shows a picture fitted; `words` stand below it. With `name` and `seed` a copy of it is called."""
        self.look_through((Shown(path, words, name, seed),))

    def look_through(self, shown: Sequence[Shown], place: int = 0) -> None:
        """Shows one of a list, fitted; arrow keys go to the others."""
        self._list, self._place = tuple(shown), place
        self.bar.say()
        self.cover()
        self._begin()

    @property
    def shown(self) -> Shown | None:
        return self._list[self._place] if self._list else None

    def step(self, by: int) -> None:
        """To another of the list; at its ends it stays."""
        place = min(max(self._place + by, 0), len(self._list) - 1)
        if place != self._place:
            self._place = place
            self._begin()

    def _begin(self) -> None:
        one = self._list[self._place]
        self._preview = QImage()
        self.camera = Camera()
        self.gallery.show((one.path,))
        self.tones.clear()
        self.bar.show_place(self._place, len(self._list))
        self._pictures.picture(one.path, PREVIEW, partial(self._previewed, one.path))
        self._heard()

    def _previewed(self, path: Path, image: QImage) -> None:
        """Shown until more is there."""
        if self.shown is not None and path == self.shown.path and self.gallery.size(path) is None:
            self._preview = image
            self.camera.show(QSizeF(image.size()))
            self._heard()

    def _heard(self, *_: object) -> None:
        size = self._size()
        if size is not None and self.camera.frame != QSizeF(size):
            self.camera.show(QSizeF(size))
        if self.shown is not None:
            self._say_words(self.shown)
        self.update()

    def _size(self) -> QSize | None:
        return self.gallery.size(self.shown.path) if self.shown is not None else None

    def _say_words(self, one: Shown) -> None:
        size = self._size()
        ratio = percent(self.camera.scale(self.room().size())) if size is not None else "…"
        pixels = f"{size.width()} × {size.height()}" if size is not None else ""
        among = len(self._list)
        place = self.tr("{place} of {count}").format(place=self._place + 1, count=among) if among > 1 else ""
        parts = (one.words, pixels, ratio, place)
        self.bar.show_words("   ·   ".join(part for part in parts if part))
        self.setAccessibleName(one.words)

    # --- where it lies, in device pixels ---

    def whole(self) -> QRectF:
        ratio = self.devicePixelRatioF()
        return QRectF(0, 0, round(self.width() * ratio), round((self.height() - HEIGHT) * ratio))

    def room(self) -> QRectF:
        """In which a picture is fitted."""
        air = _AIR * self.devicePixelRatioF()
        return self.whole().adjusted(air, air, -air, -air / 6)

    def _scale(self) -> float:
        """Until its size is known the preview fills the room: it stands for the picture."""
        room = self.room()
        if self._size() is None and not self._preview.isNull() and not self.camera.zoom:
            across = room.width() / self.camera.frame.width()
            return min(across, room.height() / self.camera.frame.height())
        return self.camera.scale(room.size())

    def _box(self) -> QRectF:
        if self._size() is not None:
            return self.camera.box(self.room())
        size = self.camera.frame * self._scale()
        box = QRectF(QPointF(), size)
        box.moveCenter(self.room().center())
        return box

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("canvas"))
        image = self._image()
        if image is None:
            self._say_why(painter)
        else:
            with device_pixels(painter) as ratio:
                draw_picture(painter, image, self._box(), self.whole(), chequer(theme, ratio))
        if image is not None and self._shows_tones and self.shown is not None and self._size() is not None:
            self.tones.ask(self.shown.path, self.gallery.finest(self.shown.path))
            corner = QPointF(self.width() - 14, 14)
            draw_histogram(painter, theme, self.tones.tones, corner, self.tr("Counting…"))
        if self._glass or self._held:
            self._look_closely(painter)
        painter.end()

    def _image(self) -> QImage | None:
        """The best that is at hand."""
        one = self.shown
        level = self.gallery.at(one.path, self.camera.scale(self.room().size())) if one is not None else None
        if level is not None:
            return level.image
        return None if self._preview.isNull() else self._preview

    def _say_why(self, painter: QPainter) -> None:
        fault = self.gallery.fault(self.shown.path) if self.shown is not None else None
        painter.setPen(self._themes.theme.colour("muted" if fault is None else "error"))
        words = self.tr("Opening…") if fault is None else f"{spoken(fault.title)} {spoken(fault.advice)}"
        room = self.rect().adjusted(_AIR, _AIR, -_AIR, -_AIR - HEIGHT)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def _look_closely(self, painter: QPainter) -> None:
        if self.shown is None or self._cursor is None or self._size() is None:
            return
        level = self.gallery.finest_at_hand(self.shown.path)
        ratio = self.devicePixelRatioF()
        at = self._cursor * ratio
        place = self.camera.pixel(at, self.room())
        pixel = pixel_at(level.plain, place, level.halvings) if level is not None else None
        if level is None or pixel is None:
            return
        theme = self._themes.theme
        with device_pixels(painter):
            ground = chequer(theme, ratio)
            within = place / 2**level.halvings
            glass = draw_loupe(painter, theme, level.image, within, at, self._times, ratio, ground)
        on_screen = QRectF(glass.topLeft() / ratio, glass.size() / ratio)
        draw_pixel(painter, theme, pixel, self._times, on_screen)

    # --- what is seen of it ---

    def toggle_loupe(self) -> None:
        self._glass = not self._glass
        self._show_glass()

    def toggle_tones(self) -> None:
        self._shows_tones = not self._shows_tones
        self.bar.tones.setChecked(self._shows_tones)
        self.update()

    def _hold(self, held: bool) -> None:
        self._held = held
        self._show_glass()

    def _show_glass(self) -> None:
        there = self._glass or self._held
        self.bar.loupe.setChecked(there)
        if there and self._cursor is None:
            self._cursor = QPointF(self.mapFromGlobal(self.cursor().pos()))
        self.setCursor(Qt.CursorShape.BlankCursor if there else Qt.CursorShape.ArrowCursor)
        self.update()

    def _fit(self) -> None:
        self.camera.fit()
        self._heard()

    def zoom_to(self, zoom: float) -> None:
        room = self.room()
        self.camera.zoom_to(zoom, room.center(), room)
        self._heard()

    def _zoom_by(self, factor: float) -> None:
        self.zoom_to(self.camera.scale(self.room().size()) * factor)

    # --- mouse ---

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if self._glass or self._held:
            place = TIMES.index(self._times) + (1 if turned > 0 else -1)
            self._times = TIMES[min(max(place, 0), len(TIMES) - 1)]
        elif self._size() is not None:
            at = event.position() * self.devicePixelRatioF()
            self.camera.zoom_by(STEP**turned, at, self.room())
        self._heard()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grab = event.position()
        self._before = (self.camera.zoom, QPointF(self.camera.centre))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._cursor = event.position()
        if self._grab is not None and self.shown is not None and not self._is_inside(at):
            self._carry_off(self.shown, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif self._grab is not None and self._size() is not None:
            self.camera.pan((at - self._grab) * self.devicePixelRatioF(), self.room())
            self._grab = at
            self._heard()
        elif self._glass or self._held:
            self.update()

    def _is_inside(self, at: QPointF) -> bool:
        return self.window().rect().contains(self.mapTo(self.window(), at.toPoint()))

    def _carry_off(self, one: Shown, clean: bool) -> None:
        """The picture stays where it lay before it was dragged."""
        self._grab = None
        self.camera.zoom, self.camera.centre = self._before
        self._heard()
        leaving = Leaving(path=one.path, name=one.name or one.path.stem, seed=one.seed)
        self.carried_off.emit(leaving, self._image() or QImage(), clean)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grab = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Real pixels round the pointer, or fitted again."""
        if self._size() is not None:
            self.camera.toggle_real(event.position() * self.devicePixelRatioF(), self.room())
            self._heard()

    # --- keys ---

    def _table(self) -> dict[tuple[int, int], Callable[[], object]]:
        key = Qt.Key
        table: dict[tuple[int, int], Callable[[], object]] = {
            (key.Key_Left, PLAIN.value): partial(self.step, -1),
            (key.Key_Right, PLAIN.value): partial(self.step, 1),
            (key.Key_Up, PLAIN.value): partial(self.step, -1),
            (key.Key_Down, PLAIN.value): partial(self.step, 1),
            (key.Key_Home, PLAIN.value): lambda: self.step(-len(self._list)),
            (key.Key_End, PLAIN.value): lambda: self.step(len(self._list)),
            (key.Key_L, PLAIN.value): self.toggle_loupe,
            (_HELD, PLAIN.value): partial(self._hold, True),
            (key.Key_H, PLAIN.value): self.toggle_tones,
        }
        table |= dict.fromkeys(
            ((one, PLAIN.value) for one in (key.Key_Escape, key.Key_Space, key.Key_Return)), self.put_away
        )
        ctrl, shift = Qt.KeyboardModifier.ControlModifier.value, Qt.KeyboardModifier.ShiftModifier.value
        fits = ((key.Key_F, PLAIN.value), (key.Key_0, PLAIN.value), (key.Key_0, ctrl))
        table |= dict.fromkeys(fits, self._fit)
        for times, one in enumerate((key.Key_1, key.Key_2, key.Key_3, key.Key_4), start=1):
            table[one, PLAIN.value] = partial(self.zoom_to, float(times))
        for one, by in ((key.Key_Plus, 1), (key.Key_Equal, 1), (key.Key_Minus, -1)):
            for held in (PLAIN.value, ctrl, shift):
                table[one, held] = partial(self._zoom_by, _BY_KEYS**by)
        return table

    def own_key(self, key: int, held: Qt.KeyboardModifier) -> bool:
        return (key, held.value) in self._keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        what = self._keys.get((event.key(), held_with(event).value))
        if what is None:
            super().keyPressEvent(event)
        elif event.key() != _HELD or not event.isAutoRepeat():
            what()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == _HELD and not event.isAutoRepeat():
            self._hold(False)
        else:
            super().keyReleaseEvent(event)

    # --- the end ---

    def close_down(self) -> None:
        """Waits for what is being decoded."""
        self.tones.close()
        self.gallery.close()

    def put_away(self) -> None:
        self._list, self._place, self._preview = (), 0, QImage()
        self._grab = self._cursor = None
        self._held = False
        self.gallery.clear()
        self.tones.clear()
        super().put_away()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setGeometry(0, self.height() - HEIGHT, self.width(), HEIGHT)
        self._heard()
