"""What of a view is to be painted, cut so that little is painted beside it and nothing needlessly often."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QRegion

_SCATTERED = 4.0
"""What is to be painted is painted in pieces where the view has this many times its area."""
_ROOM = 0.02
"""Of the view: so much is rather painted in vain than another piece begun, which looks for its cards anew."""

_ACROSS, _DOWN = 4, 2
_MOST = _ACROSS * _DOWN


def pieces_of(region: QRegion, view: QSize) -> list[QRect]:
    """None where all is better painted at once: much of the view, or what lies together."""
    rects: list[QRect] = [*region]  # type: ignore[misc]  # a QRegion is a sequence, untold
    whole = view.width() * view.height()
    if 2 * _area(region.boundingRect()) <= whole:
        return []
    pieces = _joined(_gathered(rects, view), _ROOM * whole)
    return pieces if _SCATTERED * sum(map(_area, pieces)) < whole else []


def _gathered(rects: list[QRect], view: QSize) -> list[QRect]:
    """As many as can be tried two by two in no time: what a curve leaves are dozens. Of more than that, those
    that lie in one part of the view are one."""
    if len(rects) <= _MOST:
        return rects
    found: dict[tuple[int, int], QRect] = {}
    for rect in rects:
        middle = rect.center()
        part = (_ACROSS * middle.x() // view.width(), _DOWN * middle.y() // view.height())
        found[part] = found[part].united(rect) if part in found else rect
    return list(found.values())


def _joined(pieces: list[QRect], room: float) -> list[QRect]:
    """Two become one as long as that paints little more."""
    pairs = ((_waste(one, other), one, other) for one, other in combinations(pieces, 2))
    best = min(pairs, default=None, key=lambda pair: pair[0])
    if best is None or best[0] > room:
        return pieces
    _, one, other = best
    return _joined([*(piece for piece in pieces if piece not in (one, other)), one.united(other)], room)


def _waste(one: QRect, other: QRect) -> int:
    return _area(one.united(other)) - _area(one) - _area(other)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height()
