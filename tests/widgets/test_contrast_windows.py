"""Letters as they are painted in every window, in every theme: against what lies behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.document.copies import LeftCopy
from tests.widgets.bench import bench_in, turns
from tests.widgets.canvas.world import example
from tests.widgets.every_window import ALL, shown
from tests.widgets.every_window import copies as copies
from tests.widgets.telling import letters
from widgets.contrast import HIGH, HIGH_DARK, HIGH_LIGHT, VISIBLE
from widgets.theme import DARK, LEAST_CONTRAST, LIGHT, Theme, apply, contrast

pytestmark = pytest.mark.qt_log_ignore("does not support")
SHARP = 3
"""Times as large as on the screen: strokes have their own colour then, without the edges' mixture."""


def pictured(window: QWidget) -> QImage:
    image = QImage(window.size() * SHARP, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SHARP)
    window.render(image)
    return image


def texts(window: QWidget) -> Iterator[QLabel | QAbstractButton]:
    """That are read: dimmed where they cannot be used, but never gone. What is scrolled half away is not."""
    for one in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton)):
        seen = one.visibleRegion().boundingRect().height()
        if one.isVisible() and letters(one.text()) and seen > 0.75 * one.height():
            yield one


def colours(image: QImage) -> Counter[str]:
    """Colour → pixels. A row of 32-bit pixels has no gap at its end."""
    counted = Counter(memoryview(image.constBits()).cast("I"))
    return Counter({f"#{colour & 0xFFFFFF:06x}": count for colour, count in counted.items()})


def poor(window: QWidget, theme: Theme) -> list[str]:
    """Texts whose most different colour does not stand out from the one that most of them is."""
    image = pictured(window)
    least = HIGH if theme in (HIGH_DARK, HIGH_LIGHT) else LEAST_CONTRAST
    found = []
    for one in texts(window):
        rect = one.visibleRegion().boundingRect().translated(one.mapTo(window, QPoint(0, 0)))
        part = image.copy(QRect(rect.topLeft() * SHARP, rect.size() * SHARP))
        seen = colours(part)
        if not seen:
            continue
        ground = seen.most_common(1)[0][0]
        best = max(contrast(colour, ground) for colour in seen)
        if best < (least if one.isEnabled() else VISIBLE) - 0.05:
            found.append(f"{type(one).__name__} {one.text()[:40]!r} {best:.2f} on {ground} in {theme.name}")
    return found


@pytest.mark.parametrize("name", [*ALL, "window"])
async def test_letters_of_a_window_can_be_read(
    qapp: QApplication, tagloom_home: Path, copies: tuple[LeftCopy, ...], name: str
) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        for theme in (DARK, LIGHT, HIGH_DARK, HIGH_LIGHT):
            bench.themes.vary(lambda _, theme=theme: theme)
            assert bench.themes.theme is theme
            if name == "window":
                bench.graph.select(("hero",))
                await turns(0.2)
                assert poor(bench.window, theme) == []
                continue
            async with shown(bench, name, copies) as there:
                assert poor(there, theme) == []
        bench.themes.vary(None)
        apply(qapp, bench.themes.theme, bench.window)
