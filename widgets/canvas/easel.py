"""What all cards of a canvas share: the kit, the pictures, and the cards already painted."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from PySide6.QtGui import QImage, QPixmap

from widgets.canvas.kit import Kit
from widgets.canvas.late_pictures import Pictures
from widgets.theme import Theme

FRAME_S = 0.010
"""Seconds of a frame in which cards are painted anew; what is left over is shown as it was until the next."""
FIRST_S = 0.060
"""Seconds of a frame in which small cards are painted that have never been; the others are blocks until the
next."""


class Easel:
    """`settled` is False while the zoom is changing: cards are then shown from what was painted last,
    stretched, and painted sharp when it comes to rest. `coarse` goes with it where frames are dear: cards are
    stretched without smoothing, links drawn without smooth edges."""

    def __init__(self, theme: Theme, pictures: Pictures) -> None:
        self.kit = Kit(theme)
        self.pictures = pictures
        self.cards = PaintedCards()
        self.settled = True
        self.coarse = False
        self.ratio = 1.0
        self._framed = False
        self._began: float | None = None
        self._late: list[Repainted] = []
        self._askers: dict[Path, set[Repainted]] = {}
        self._asked: dict[Repainted, set[Path]] = {}
        self._ready: dict[Path, Callable[[], None]] = {}

    def begin_frame(self) -> None:
        self._framed, self._began = True, None

    def has_time(self, *, first: bool = False) -> bool:
        """Whether this frame may still paint a card of which an older picture can be shown; with `first`, one
        of which there is none. The first card is always painted, however long links and ground have taken:
        else none ever would be."""
        if not self._framed:
            return True
        if self._began is None:
            self._began = time.perf_counter()
            return True
        return time.perf_counter() - self._began < (FIRST_S if first else FRAME_S)

    def postpone(self, card: Repainted) -> None:
        """To the next frame."""
        self._late.append(card)

    def end_frame(self) -> None:
        self._framed = False
        late, self._late = self._late, []
        for card in late:
            card.update()

    def retheme(self, theme: Theme) -> None:
        self.kit = Kit(theme)
        self.cards.clear()

    def image(self, path: Path, box: int, asker: Repainted) -> QImage | None:
        """A picture for a card; the card is painted anew when a better one has come."""
        ready = self._ready.get(path)
        if ready is None:
            ready = self._ready[path] = partial(self._arrived, path)
        self._askers.setdefault(path, set()).add(asker)
        self._asked.setdefault(asker, set()).add(path)
        return self.pictures.request(path, box, ready)

    def forget(self, asker: Repainted) -> None:
        """The card is gone: nothing of it is kept, and no picture reaches it any more."""
        self.cards.drop(asker)
        for path in self._asked.pop(asker, set()):
            self._askers.get(path, set()).discard(asker)

    def forget_all(self) -> None:
        self.cards.clear()
        self._askers.clear()
        self._asked.clear()
        self._ready.clear()

    def _arrived(self, path: Path) -> None:
        """Askers stay: several sizes may be on their way, and each is to be painted."""
        for asker in tuple(self._askers.get(path, ())):
            asker.repaint()


class Repainted(Protocol):
    """A card that shows a picture."""

    def repaint(self) -> None: ...

    def update(self) -> None: ...

    def __hash__(self) -> int: ...


class Card(NamedTuple):
    """A painted card. `scale`: device pixels for a canvas unit; `holds`: whether it still looks like this."""

    pixmap: QPixmap
    scale: float
    selected: bool
    holds: bool = True


class PaintedCards:
    """Cards as pictures at the scale they were painted at, within a budget of bytes."""

    def __init__(self, budget: int = 96 << 20) -> None:
        self.budget = budget
        self.bytes = 0
        self._kept: OrderedDict[Hashable, Card] = OrderedDict()

    def get(self, owner: Hashable) -> Card | None:
        known = self._kept.get(owner)
        if known is not None:
            self._kept.move_to_end(owner)
        return known

    def put(self, owner: Hashable, card: Card) -> None:
        self.drop(owner)
        self._kept[owner] = card
        self.bytes += _bytes(card.pixmap)
        while self.bytes > self.budget and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= _bytes(gone.pixmap)

    def doubt(self, owner: Hashable) -> None:
        """It looks different by now; what was painted is kept for a frame that has no time."""
        known = self._kept.get(owner)
        if known is not None:
            self._kept[owner] = known._replace(holds=False)

    def drop(self, owner: Hashable) -> None:
        gone = self._kept.pop(owner, None)
        if gone is not None:
            self.bytes -= _bytes(gone.pixmap)

    def clear(self) -> None:
        self._kept.clear()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
