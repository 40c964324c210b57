"""Our canvas with its finished look, the document behind it and hands on it: Gen4 Image nodes, each with a
picture and three references."""

from __future__ import annotations

import time
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.basics.threads import take_short_turns
from app.catalogue.reader import read_cards
from app.document.editor import Editor
from app.document.values import Document, End, Link, Links, Node, Spot
from app.engine.results import Result
from app.engine.run_state import NodeRun, NodeState, RunState
from app.nodes.registry import build_kinds, shapes_of
from benchmarks.canvas_work import LINKS, breathe, main, place, work
from widgets.canvas.graph_view import GraphView
from widgets.canvas.handling import take_in_hand
from widgets.canvas.pictures import PictureShelf
from widgets.loop import FONTS
from widgets.theme import Themes, apply, load_fonts

QUIET = 0.25
TAGS = ("sneaker", "model", "studio")
NONE, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton


def document(count: int) -> Document:
    links = [
        Link(
            source=End(f"n{number - slot - 1}", "image"),
            target=End(f"n{number}", "reference_images"),
            tag=TAGS[slot],
        )
        for number in range(count)
        for slot in range(min(LINKS, number))
    ]
    values = MappingProxyType({"aspect_ratio": "16:9", "resolution": "1080p", "seed": 42})
    return Document(
        nodes=MappingProxyType(
            {f"n{number}": Node(kind="gen4-image", values=values) for number in range(count)}
        ),
        links=Links(tuple(links)),
        layout=MappingProxyType({f"n{number}": Spot(*place(number, count)) for number in range(count)}),
    )


def run_state(count: int, pictures: list[Path]) -> RunState:
    def done(number: int) -> NodeRun:
        path = pictures[number % len(pictures)]
        result = Result(node=f"n{number}", path=path, sha256=path.stem, width=1920, height=1080, seed=42)
        return NodeRun(state=NodeState.DONE, result=result)

    return RunState(nodes=MappingProxyType({f"n{number}": done(number) for number in range(count)}))


class Ours:
    def __init__(self, app: QApplication) -> None:
        take_short_turns()
        load_fonts(FONTS)
        themes = Themes(app)
        apply(app, themes.theme)
        kinds = build_kinds(read_cards())
        self.editor, self.shelf = Editor(), PictureShelf()
        self.view = GraphView(self.editor, kinds, shapes_of(kinds), themes, self.shelf)
        take_in_hand(self.view)
        self.at = QPoint()
        self.count = 0

    def port(self) -> QWidget:
        return self.view.viewer.viewport()

    def open(self, count: int, pictures: list[Path]) -> None:
        self.count = count
        self.view.set_run_state(run_state(count, pictures))
        self.editor.replace(document(count))

    def settle(self) -> None:
        """Cards come in slices, thumbnails in threads, and the zoom comes to rest after a moment."""
        still_since, kept = time.monotonic(), -1
        while time.monotonic() - still_since < QUIET:
            breathe()
            if self.shelf.bytes != kept:
                still_since, kept = time.monotonic(), self.shelf.bytes
            time.sleep(0.005)
        self.port().repaint()
        breathe()

    def whole(self) -> None:
        while self.view.mirror.filling.at_work:
            breathe()

    def look_at_all(self) -> None:
        self.view.fit()

    def look_at_thirty(self) -> None:
        self.view.zoom_to(0.82)
        self.view.center_on(f"n{self.count // 2}")

    def pan(self, dx: int, dy: int) -> None:
        self.view.viewer.pan_by(dx, dy)

    def zoom(self, factor: float) -> None:
        self.view.viewer.zoom_by(factor)

    def grab(self, nodes: int) -> None:
        first = f"n{self.count // 2}" if nodes == 1 else "n0"
        self.view.select(
            [first] if nodes == 1 else [f"n{number}" for number in range(min(nodes, self.count))]
        )
        title = self.view.rect_of(first).topLeft() + QPointF(60, 12)
        self.at = self.view.viewer.mapFromScene(title)
        self._mouse(QEvent.Type.MouseButtonPress, LEFT)
        for _ in range(3):  # beyond the distance at which a press becomes a drag
            self.drag(3, 2)
        breathe()

    def drag(self, dx: int, dy: int) -> None:
        self.at += QPoint(dx, dy)
        self._mouse(QEvent.Type.MouseMove, NONE)

    def let_go(self) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, LEFT)

    def select_all(self) -> None:
        self.view.select_all()

    def delete_all(self) -> None:
        self.view.handling.operations.delete()

    def undo(self) -> None:
        self.editor.undo()

    def _mouse(self, type: QEvent.Type, button: Qt.MouseButton) -> None:
        held = LEFT if type != QEvent.Type.MouseButtonRelease else NONE
        there = QPointF(self.port().mapToGlobal(self.at))
        event = QMouseEvent(type, QPointF(self.at), there, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.port(), event)


if __name__ == "__main__":
    main(Ours, work)
