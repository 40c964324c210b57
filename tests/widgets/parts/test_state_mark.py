from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from widgets.parts.state_mark import SIDE, State, mark
from widgets.theme import DARK, LIGHT, Theme


def shape(image: QImage) -> frozenset[tuple[int, int]]:
    """The pixels that are painted, whatever their colour."""
    spots = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return frozenset(spot for spot in spots if QColor.fromRgba(image.pixel(*spot)).alpha() > 100)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_states_differ_by_shape(qapp: QApplication, theme: Theme) -> None:
    shapes = [shape(mark(one, theme).pixmap(SIDE).toImage()) for one in State]
    for number, one in enumerate(shapes):
        assert len(one) > 30
        for other in shapes[:number]:
            assert len(one ^ other) > len(one | other) / 3


def test_a_fine_screen_gets_a_fine_picture(qapp: QApplication) -> None:
    sizes = mark(State.GOOD, DARK, ratio=2.0).availableSizes()
    assert [(one.width(), one.height()) for one in sizes] == [(2 * SIDE, 2 * SIDE)]
