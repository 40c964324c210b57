"""Two to nine pictures over the whole window: wipe, side by side, difference, blink."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.compare.compare_bar import CompareBar
from widgets.compare.comparison import LEAST, Comparison, Mode
from widgets.compare.gallery import Gallery
from widgets.compare.overlay import PLAIN, Overlay, held_with
from widgets.compare.surface import Surface
from widgets.messages import told
from widgets.parts.shown import Shown
from widgets.theme import Themes

_BY_KEYS, _NUDGE = 1.25, 0.05
_HELD = Qt.Key.Key_Z
_ONCE = (Qt.Key.Key_Space, _HELD)
"""Keys that mean nothing more while they are held down."""
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
Keys = dict[tuple[int, int], Callable[[], object]]


class Comparer(Overlay):
    """`compare` opens it. `still` says whether nothing may blink by itself (less motion): it blinks by hand
    then. `profile` is as for `Gallery`."""

    def __init__(
        self,
        themes: Themes,
        over: QWidget,
        *,
        still: Callable[[], bool] = lambda: False,
        profile: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        super().__init__(over)
        self.setObjectName("comparer")
        self._still = still
        self.gallery = Gallery(self, profile=profile)
        self.surface = Surface(self.gallery, themes, self)
        self.bar = CompareBar()
        self._by_itself = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._flip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.surface, 1)
        column.addWidget(self.bar)
        self._keys = self._table()
        self._listen()

    def _listen(self) -> None:
        bar = self.bar
        bar.mode_wanted.connect(self.choose_mode)
        bar.swap_wanted.connect(lambda: self._set(self.state.swapped()))
        bar.chosen.connect(lambda place, first: self._set(self.state.choosing(place, first=first)))
        bar.tune_wanted.connect(self._tune)
        bar.by_itself_wanted.connect(lambda: self._blink_by_itself(not self._by_itself))
        bar.loupe_wanted.connect(self.toggle_loupe)
        bar.fit_wanted.connect(self.surface.fit)
        bar.real_wanted.connect(lambda: self.surface.zoom_to(1.0))
        bar.close_wanted.connect(self.put_away)
        self.surface.moved.connect(self._show_words)

    @property
    def blinks(self) -> bool:
        """By itself, at this moment."""
        return self._timer.isActive()

    @property
    def state(self) -> Comparison:
        return self.surface.state

    def compare(self, shown: Sequence[Shown], mode: Mode | None = None) -> None:
        """Opens it over the window. The first two are A and B; of more than nine the first nine are taken.

        :raises ValueError: there are fewer than two
        """
        if len(shown) < LEAST:
            raise ValueError("a comparison needs two pictures")
        state = self.state.of(shown)
        self.gallery.show(one.path for one in state.shown)
        self.surface.camera.fit()
        self.bar.say()
        self.setAccessibleName(self.tr("Comparison"))
        self.cover()
        self._set(replace(state, mode=mode or state.mode))
        self.choose_mode(self.state.mode)

    def put_away(self) -> None:
        self._blink_by_itself(False)
        self._look_closely(held=False)
        self.surface.show_state(replace(self.state, shown=(), a=0, b=1))
        self.surface.differing.clear()
        self.gallery.clear()
        super().put_away()

    def close_down(self) -> None:
        """Waits for what is being decoded and computed."""
        self._timer.stop()
        self.surface.differing.close()
        self.gallery.close()

    # --- changing ---

    def choose_mode(self, mode: object) -> None:
        assert isinstance(mode, Mode)
        self._set(replace(self.state, mode=mode, front=False))
        self._blink_by_itself(mode is Mode.BLINK and not self._still())

    def _set(self, state: Comparison) -> None:
        self.surface.show_state(state)
        self._show()

    def _step(self, by: int, *, first: bool = False) -> None:
        if self.state.mode is not Mode.SIDE:
            self._set(self.state.stepped(by, first=first))

    def _tune(self, by: int) -> None:
        self._set(self.state.tuned(by))
        if self._timer.isActive():
            self._timer.start(self.state.period)

    def _nudge(self, by: float) -> None:
        self._set(replace(self.state, split=min(max(self.state.split + by, 0.0), 1.0)))

    def _blink_by_itself(self, wanted: bool) -> None:
        self._by_itself = wanted
        if wanted and self.state.mode is Mode.BLINK:
            self._timer.start(self.state.period)
        else:
            self._timer.stop()
        self._show()

    def _by_hand(self) -> None:
        """The other one, and it stays until the next key."""
        if self.state.mode is Mode.BLINK:
            self._blink_by_itself(False)
            self._flip()

    def _flip(self) -> None:
        self.surface.show_state(replace(self.state, front=not self.state.front))

    # --- the loupe ---

    def toggle_loupe(self) -> None:
        self._look_closely(switched=not self.surface.glasses.switched)

    def _look_closely(self, *, switched: bool | None = None, held: bool | None = None) -> None:
        self.surface.look_closely(switched=switched, held=held)
        self.bar.loupe.setChecked(self.surface.glasses.there)

    # --- showing ---

    def _show(self) -> None:
        if self.state.shown:
            self.bar.show_state(self.state, by_itself=self._by_itself)
            self._show_words()

    def _show_words(self) -> None:
        if not self.state.shown:
            return
        self.bar.show_zoom(self.surface.scale())
        words = [self.surface.words(one) for one in self.state.seen]
        if self.state.mode is Mode.DIFFERENCE:
            words.append(self.surface.told())
        self.setAccessibleDescription(told(one for one in words if one))

    # --- keys ---

    def _table(self) -> Keys:
        key = Qt.Key
        surface, held = self.surface, (PLAIN, CTRL)
        table: Keys = {
            (key.Key_Escape, PLAIN.value): self.put_away,
            (key.Key_X, PLAIN.value): lambda: self._set(self.state.swapped()),
            (key.Key_F, PLAIN.value): surface.fit,
            (key.Key_0, PLAIN.value): surface.fit,
            (key.Key_0, CTRL.value): surface.fit,
            (key.Key_Home, PLAIN.value): surface.fit,
            (key.Key_Space, PLAIN.value): self._by_hand,
            (key.Key_L, PLAIN.value): self.toggle_loupe,
            (_HELD, PLAIN.value): partial(self._look_closely, held=True),
            (key.Key_P, PLAIN.value): lambda: self._blink_by_itself(not self._by_itself),
            (key.Key_BracketLeft, PLAIN.value): lambda: self._tune(-1),
            (key.Key_BracketRight, PLAIN.value): lambda: self._tune(1),
            (key.Key_Left, ALT.value): lambda: self._nudge(-_NUDGE),
            (key.Key_Right, ALT.value): lambda: self._nudge(_NUDGE),
        }
        modes = (
            (key.Key_W, Mode.WIPE),
            (key.Key_S, Mode.SIDE),
            (key.Key_D, Mode.DIFFERENCE),
            (key.Key_B, Mode.BLINK),
        )
        table |= {(letter, PLAIN.value): partial(self.choose_mode, mode) for letter, mode in modes}
        for at, by in ((key.Key_Left, -1), (key.Key_Right, 1)):
            table[at, PLAIN.value] = partial(self._step, by)
            table[at, SHIFT.value] = partial(self._step, by, first=True)
        for times, at in enumerate((key.Key_1, key.Key_2, key.Key_3, key.Key_4), start=1):
            table[at, PLAIN.value] = partial(surface.zoom_to, float(times))
        for at, by in ((key.Key_Plus, 1), (key.Key_Equal, 1), (key.Key_Minus, -1)):
            table |= {(at, one.value): partial(surface.zoom_by, _BY_KEYS**by) for one in (*held, SHIFT)}
        return table

    def own_key(self, key: int, held: Qt.KeyboardModifier) -> bool:
        return (key, held.value) in self._keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is left over by a field of the bar comes here too; nothing goes on to the window below."""
        what = self._keys.get((event.key(), held_with(event).value))
        if what is not None and (event.key() not in _ONCE or not event.isAutoRepeat()):
            what()
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == _HELD and not event.isAutoRepeat():
            self._look_closely(held=False)
        event.accept()
