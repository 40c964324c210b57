"""NodeGraphQt as it comes, with a picture in each node by its own embedded widget. Only what can be looked
at: its frames, its panning and zooming with all nodes visible."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from benchmarks.canvas_work import LINKS, breathe, look, main, place

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from NodeGraphQt import BaseNode, NodeBaseWidget, NodeGraph


class Picture(NodeBaseWidget):  # type: ignore[misc]
    def __init__(self, parent: Any, pixmap: QPixmap) -> None:
        super().__init__(parent, name="picture", label="")
        label = QLabel()
        label.setPixmap(pixmap.scaled(220, 124))
        self.set_custom_widget(label)

    def get_value(self) -> str:
        return ""

    def set_value(self, value: object) -> None:
        """A picture has none."""


class Model(BaseNode):  # type: ignore[misc]
    __identifier__ = "bench"
    NODE_NAME = "Gen4 Image"

    def __init__(self) -> None:
        super().__init__()
        for slot in range(LINKS):
            self.add_input(f"reference {slot}")
        self.add_output("image")


class Stock:
    def __init__(self, app: QApplication) -> None:
        self.graph = NodeGraph()
        # Its search for circles follows every way through the graph: with three links a node it never ends.
        self.graph.set_acyclic(False)
        self.graph.register_node(Model)
        self.viewer = self.graph.viewer()

    def port(self) -> QWidget:
        port: QWidget = self.viewer.viewport()
        return port

    def open(self, count: int, pictures: list[Path]) -> None:
        made = [QPixmap(str(file)) for file in pictures]
        nodes: list[Any] = []
        for number in range(count):
            node = self.graph.create_node("bench.Model", pos=place(number, count), push_undo=False)
            node.add_custom_widget(Picture(node.view, made[number % len(made)]))
            for slot in range(min(LINKS, number)):
                node.input(slot).connect_to(nodes[number - slot - 1].output(0), push_undo=False)
            nodes.append(node)
        self.look_at_all()

    def whole(self) -> None:
        breathe()

    def settle(self) -> None:
        breathe()

    def look_at_all(self) -> None:
        self.graph.clear_selection()
        self.graph.fit_to_selection()

    def pan(self, dx: int, dy: int) -> None:
        self.viewer._set_viewer_pan(dx, dy)

    def zoom(self, factor: float) -> None:
        self.viewer._set_viewer_zoom(1 if factor > 1 else -1, sensitivity=0.04)


if __name__ == "__main__":
    main(Stock, look)
