"""The whole window as data, for journeys that use it by mouse and keyboard: see `widgets.watch`.

Places are in px of the screen: [x, y, width, height] or [x, y].
"""

from __future__ import annotations

import json
import time

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QWidget,
)

from app.document.file_writer import write_text
from app.engine.run_state import NodeRun
from widgets.canvas.plugs import Wire
from widgets.commands import unmarked
from widgets.watch import StallMeter, Watch
from widgets.workbench import Workbench

EVERY_MS = 30
Place = list[int]


class Witness(QObject):
    """Says what was asked for until `stop`."""

    def __init__(self, bench: Workbench, watch: Watch) -> None:
        super().__init__(bench)
        self._bench, self._watch = bench, watch
        self._last = ""
        self._number = 0
        self._meter = StallMeter(watch, self) if watch.beat else None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        if watch.view:
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        if self._meter is not None:
            self._meter.stop()
        self._watch.say("closed")

    def _look(self) -> None:
        began, worked = time.monotonic(), time.thread_time()
        self._say_view()
        if self._meter is not None:
            self._meter.leave_out(time.monotonic() - began, time.thread_time() - worked)

    def _say_view(self) -> None:
        facts = self.view()
        told = json.dumps(facts, ensure_ascii=False)
        if told != self._last:
            self._last = told
            self._number += 1
            self._watch.say("view", number=self._number, **facts)

    def view(self) -> dict[str, object]:
        bench, studio = self._bench, self._bench.studio
        editor, graph = studio.editor, self._bench.graph
        field = graph.handling.in_place.field
        focus = QApplication.focusWidget()
        return {
            "document": write_text(editor.document),
            "history": editor.history,
            "position": editor.position,
            "dirty": editor.dirty,
            "path": str(studio.desk.path or ""),
            "selected": graph.selected(),
            "zoom": round(graph.zoom(), 4),
            "dark": bench.themes.theme.dark,
            "nodes": {id: self._node(id) for id in editor.document.nodes},
            "frames": {id: self._on_screen(QRectF(*one.rect)) for id, one in editor.document.frames.items()},
            "framed": graph.stage.selected_frames(),
            "wire": _wire(graph.stage.chosen_wire),
            "guides": len(graph.viewer.overlay.guides),
            "minimap": self._minimap(),
            "wires": self._wires(),
            "sockets": self._sockets(),
            "canvas": _rect(graph.viewer.viewport()),
            "refusal": graph.viewer.overlay.words,
            "aimed": len(graph.viewer.overlay.ghosts),
            "gesture": type(graph.handling.hands.gesture).__name__ if graph.handling.hands.gesture else "",
            "field": _rect(field) if field is not None else None,
            "busy": studio.runs.busy,
            "runs": {id: _run(run) for id, run in studio.runs.state.nodes.items()},
            "problems": {id: [one.title for one in found] for id, found in studio.checks.problems.items()},
            "drafts": studio.outlook.to_make,
            "reused": studio.outlook.reused,
            "pictures": bench.pictures.bytes + graph.easel.cards.bytes,
            "focus": _name(focus) if focus is not None else "",
            "windows": [_window(one) for one in QApplication.topLevelWidgets() if one.isVisible()],
            "widgets": [_widget(one) for one in QApplication.allWidgets() if _is_told(one)],
        }

    def _node(self, id: str) -> Place:
        return self._on_screen(self._bench.graph.rect_of(id))

    def _sockets(self) -> dict[str, Place]:
        graph = self._bench.graph
        viewport = graph.viewer.viewport()
        told: dict[str, Place] = {}
        for id, node in self._bench.studio.editor.document.nodes.items():
            there = not graph.rect_of(id).isEmpty()
            shape = self._bench.studio.shapes.get(node.kind) if there else None
            for socket in (*shape.inputs, *shape.outputs) if shape is not None else ():
                at = viewport.mapToGlobal(graph.point_of(id, socket.id))
                told[f"{id}.{socket.id}"] = [at.x(), at.y()]
        return told

    def _wires(self) -> dict[str, list[Place]]:
        """`source>target`: points at a quarter, a half and three quarters of the way."""
        viewer = self._bench.graph.viewer
        told: dict[str, list[Place]] = {}
        for wire in viewer.canvas.items():
            if isinstance(wire, Wire):
                path = wire.path()
                points = [viewer.mapFromScene(path.pointAtPercent(part)) for part in (0.25, 0.5, 0.75)]
                on_screen = [viewer.viewport().mapToGlobal(point) for point in points]
                told[">".join(map(str, wire.ends))] = [[at.x(), at.y()] for at in on_screen]
        return told

    def _minimap(self) -> Place:
        """Nothing while it is hidden."""
        viewer = self._bench.graph.viewer
        map = viewer.minimap
        return _moved(viewer.viewport(), map.rect(viewer.viewport().size())) if map and map.shown else []

    def _on_screen(self, rect: QRectF) -> Place:
        viewer = self._bench.graph.viewer
        corner = viewer.viewport().mapToGlobal(viewer.mapFromScene(rect.topLeft()))
        return [corner.x(), corner.y(), round(rect.width() * viewer.zoom), round(rect.height() * viewer.zoom)]


def _wire(wire: Wire | None) -> list[str]:
    """The ends of the selected link."""
    return [f"{end.node}.{end.socket}" for end in wire.ends] if wire is not None else []


def _run(run: NodeRun) -> dict[str, object]:
    result = run.result
    return {
        "state": str(run.state),
        "progress": run.progress,
        "fault": run.fault.title if run.fault is not None else "",
        "path": str(result.path) if result is not None else "",
        "sha256": result.sha256 if result is not None else "",
        "seed": result.seed if result is not None else None,
        "reused": result.reused if result is not None else False,
    }


def _window(one: QWidget) -> dict[str, object]:
    return {
        "title": one.windowTitle(),
        "id": int(one.winId()),
        "active": one.isActiveWindow(),
        "menu": isinstance(one, QMenu),
        "rect": _rect(one),
    }


def _is_told(one: QWidget) -> bool:
    if not one.isVisible() or one.size().isEmpty():
        return False
    return bool(_name(one) or _text(one)) or isinstance(one, (QMenu, QMenuBar))


def _widget(one: QWidget) -> dict[str, object]:
    told: dict[str, object] = {"name": _name(one), "text": _text(one), "rect": _rect(one)}
    told["enabled"] = one.isEnabled()
    if isinstance(one, (QMenu, QMenuBar)):
        told["items"] = [
            {"text": unmarked(action.text()), "rect": _moved(one, one.actionGeometry(action))}
            for action in one.actions()
            if action.isVisible() and not action.isSeparator()
        ]
    return told


def _name(one: QWidget) -> str:
    if isinstance(one, QMenuBar):
        return "menu-bar"
    own = one.objectName()
    return own if own and not own.startswith("qt_") else one.accessibleName()


def _text(one: QWidget) -> str:
    if isinstance(one, QLineEdit):
        return one.text() if one.echoMode() == QLineEdit.EchoMode.Normal else ""
    if isinstance(one, QPlainTextEdit):
        return one.toPlainText()
    return one.text() if isinstance(one, (QLabel, QAbstractButton)) else ""


def _rect(one: QWidget) -> Place:
    return _moved(one, QRect(QPoint(0, 0), one.size()))


def _moved(one: QWidget, rect: QRect) -> Place:
    corner = one.mapToGlobal(rect.topLeft())
    return [corner.x(), corner.y(), rect.width(), rect.height()]
