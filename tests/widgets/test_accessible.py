"""A walk through the whole window as a screen reader sees it: every control has a name, a role, a state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.widgets.bench import bench_in, turns
from tests.widgets.canvas.world import example
from tests.widgets.tabbing import controls, out_of_order, unseen

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ROLES = {
    QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton,
    QAccessible.Role.EditableText, QAccessible.Role.ComboBox, QAccessible.Role.Slider,
    QAccessible.Role.SpinBox, QAccessible.Role.List, QAccessible.Role.Tree, QAccessible.Role.PageTab,
    QAccessible.Role.MenuItem, QAccessible.Role.Link, QAccessible.Role.PageTabList,
}  # fmt: skip
"""What a person acts on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a screen reader is told of one thing."""

    role: QAccessible.Role
    name: str
    thing: str
    takes_keys: bool
    focused: bool
    usable: bool


def walked(one: QAccessibleInterface, deep: int = 0) -> Iterator[Told]:
    """Values, not interfaces: Qt frees those as it likes, and PySide does not hear of it."""
    yield _told(one)
    for place in range(one.childCount() if deep < 40 else 0):
        child = one.child(place)
        if child is not None and child.isValid():
            yield from walked(child, deep + 1)


def _told(one: QAccessibleInterface) -> Told:
    thing, state = one.object(), one.state()
    keys = isinstance(thing, QWidget) and thing.focusPolicy() != Qt.FocusPolicy.NoFocus
    words = f"{thing.metaObject().className()} {thing.objectName()} in {thing.parent()}" if thing else ""
    return Told(
        role=one.role(),
        name=one.text(QAccessible.Text.Name).strip(),
        thing=words,
        takes_keys=keys and not state.invisible,
        focused=bool(state.focused),
        usable=not state.disabled and not state.invisible,
    )


@pytest.mark.parametrize("selected", [(), ("hero",), ("words",), ("shoe",), ("save",)])
async def test_every_control_has_a_name_a_role_and_a_state(
    qapp: QApplication, tagloom_home: Path, selected: tuple[str, ...]
) -> None:
    QAccessible.setActive(True)
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.outlines.toggle()
        bench.graph.select(selected)
        await turns(0.3)
        seen = [
            one
            for one in walked(QAccessible.queryAccessibleInterface(bench.window))
            if one.takes_keys or one.role in ROLES
        ]
        assert len(seen) > 20
        assert [one for one in seen if one.role == QAccessible.Role.NoRole] == []
        assert [one for one in seen if not one.name] == []
        assert [one for one in seen if one.focused and not one.usable] == []


async def test_the_canvas_says_what_is_on_it(qapp: QApplication, tagloom_home: Path) -> None:
    QAccessible.setActive(True)
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.graph.select(("hero",))
        await turns()
        viewer = QAccessible.queryAccessibleInterface(bench.graph.viewer)
        assert viewer.text(QAccessible.Text.Name) == "Canvas"
        words = viewer.text(QAccessible.Text.Description)
        assert "6 nodes, 5 links" in words
        assert "Gen4 Image" in words


PANELS = {
    "top": lambda bench: bench.top,
    "nodes": lambda bench: bench.palette,
    "outline": lambda bench: bench.outlines.outline,
    "fields": lambda bench: bench.inspector,
    "results": lambda bench: bench.strip,
    "status": lambda bench: bench.status,
}


@pytest.mark.parametrize("selected", [("hero",), ("words",), ("shoe", "ana")])
@pytest.mark.parametrize("name", PANELS)
async def test_tab_reads_each_panel_and_the_focus_is_seen(
    qapp: QApplication, tagloom_home: Path, name: str, selected: tuple[str, ...]
) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        if name == "outline":
            bench.outlines.toggle()
        bench.graph.select(selected)
        await turns(0.3)
        panel = PANELS[name](bench)
        first, *_ = controls(panel)
        first.setFocus(Qt.FocusReason.TabFocusReason)
        await turns()
        assert await out_of_order(panel, first) == []
        assert await unseen(panel) == []


async def test_the_canvas_shows_that_keys_have_come_to_it(qapp: QApplication, tagloom_home: Path) -> None:
    async with bench_in(tagloom_home, qapp, example()) as bench:
        outline, canvas = bench.outlines, bench.graph
        outline.toggle()
        await turns()
        before = canvas.grab().toImage()
        outline.toggle()
        await turns()
        assert canvas.viewer.hasFocus()
        assert canvas.grab().toImage() != before
        ring = canvas.handling.ring
        assert ring.geometry() == canvas.viewer.geometry()
        outline.toggle()
        await turns()
        assert not ring.isVisible()
        QTest.mouseClick(canvas.viewer.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(9, 300))
        await turns()
        assert canvas.viewer.hasFocus()
        assert not ring.isVisible()
