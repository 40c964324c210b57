"""A canvas with the example on it, and hands for it: real mouse and keyboard events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.catalogue.reader import read_cards
from app.document.editor import Editor
from app.document.values import Document, End, Frame, Link, Links, Node, Spot
from app.nodes.registry import build_kinds, shapes_of
from widgets.canvas.graph_view import GraphView
from widgets.canvas.handling import take_in_hand
from widgets.canvas.hooks import Hooks
from widgets.canvas.pictures import PictureShelf
from widgets.theme import Choice, Themes

EXAMPLES = Path(__file__).parents[3] / "resources" / "examples" / "refs"
KINDS = build_kinds(read_cards())
SHAPES = shapes_of(KINDS)
PROMPT = (
    "Professional product photo of @sneaker worn by @model in @studio setting, dramatic lighting, "
    "commercial quality."
)


def node(kind: str, title: str = "", **values: object) -> Node:
    defaults = KINDS[kind].defaults if kind in KINDS else {}
    return Node(kind=kind, title=title, values=MappingProxyType({**defaults, **values}))  # type: ignore[arg-type]


def example() -> Document:
    """Prompt, three photographs in a frame, Gen4 Image, Save Image: as in the drawing of the window."""
    hero = End("hero", "reference_images")
    return Document(
        nodes=MappingProxyType(
            {
                "words": node("prompt", text=PROMPT),
                "shoe": node("reference-image", "shoe.png", file=str(EXAMPLES / "coffee.png")),
                "ana": node("reference-image", "ana.png", file=str(EXAMPLES / "astronaut.png")),
                "wall": node("reference-image", "wall.png", file=str(EXAMPLES / "brick.png")),
                "hero": node("gen4-image", aspect_ratio="16:9", resolution="1080p", seed=42),
                "save": node("save-image", name="shots/{name}-{seed}.png"),
            }
        ),
        links=Links(
            (
                Link(source=End("words", "text"), target=End("hero", "prompt")),
                Link(source=End("shoe", "image"), target=hero, tag="sneaker"),
                Link(source=End("ana", "image"), target=hero, tag="model"),
                Link(source=End("wall", "image"), target=hero, tag="studio"),
                Link(source=End("hero", "image"), target=End("save", "image")),
            )
        ),
        frames=MappingProxyType({"refs": Frame(title="References", rect=(-20.0, 178.0, 320.0, 470.0))}),
        layout=MappingProxyType(
            {
                "words": Spot(0.0, 0.0),
                "shoe": Spot(30.0, 218.0),
                "ana": Spot(30.0, 362.0),
                "wall": Spot(30.0, 506.0),
                "hero": Spot(410.0, 92.0),
                "save": Spot(786.0, 146.0),
            }
        ),
    )


class Canvas:
    """A shown `GraphView`, and hands."""

    def __init__(self, view: GraphView, editor: Editor, shelf: PictureShelf) -> None:
        self.view = view
        self.editor = editor
        self.shelf = shelf
        self.viewport: QWidget = view.viewer.viewport()

    @property
    def document(self) -> Document:
        return self.editor.document

    def at(self, x: float, y: float) -> QPoint:
        """A point of the scene, in px of the viewport."""
        return QPoint(self.view.viewer.mapFromScene(QPointF(x, y)))

    def on(self, id: str, dx: float = 60.0, dy: float = 15.0) -> QPoint:
        """A point of a card, from its top left corner in canvas units: its title, by default."""
        rect = self.view.rect_of(id)
        return self.at(rect.x() + dx, rect.y() + dy)

    def plug(self, id: str, socket: str) -> QPoint:
        return self.view.point_of(id, socket)

    def press(
        self,
        at: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        QTest.mousePress(self.viewport, button, held, at)

    def move(
        self,
        to: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """QTest's own moves carry no buttons."""
        QApplication.sendEvent(
            self.viewport,
            QMouseEvent(
                QEvent.Type.MouseMove,
                QPointF(to),
                QPointF(self.viewport.mapToGlobal(to)),
                Qt.MouseButton.NoButton,
                button,
                held,
            ),
        )

    def release(
        self,
        at: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        QTest.mouseRelease(self.viewport, button, held, at)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        let_go: bool = True,
    ) -> None:
        self.press(start, button, held)
        for step in range(1, 6):
            self.move(start + (end - start) * step / 5, button, held)
        if let_go:
            self.release(end, button, held)

    def click(self, at: QPoint, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.viewport, Qt.MouseButton.LeftButton, held, at)

    def double(self, at: QPoint) -> None:
        QTest.mouseDClick(self.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def key(
        self,
        key: Qt.Key,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        on: QWidget | None = None,
    ) -> None:
        QTest.keyClick(on if on is not None else self.view.viewer, key, held)


@contextmanager
def canvas(
    app: QApplication,
    document: Document,
    hooks: Hooks | None = None,
    size: tuple[int, int] = (1280, 860),
    choice: Choice = Choice.DARK,
) -> Iterator[Canvas]:
    """At 100 %, the scene's (0, 0) near the upper left."""
    themes = Themes(app, choice)
    shelf = PictureShelf()
    editor = Editor(document)
    view = GraphView(editor, KINDS, SHAPES, themes, shelf, hooks)
    take_in_hand(view)
    view.resize(*size)
    view.show()
    QTest.qWaitForWindowExposed(view)
    view.viewer.setFocus()
    QApplication.processEvents()
    view.zoom_to(1.0)
    view.viewer.look_at(QPointF(size[0] / 2 - 80, size[1] / 2 - 80))
    try:
        yield Canvas(view, editor, shelf)
    finally:
        view.close_down()
        shelf.close()
        view.close()
        view.deleteLater()
        themes.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
