"""What a press means: where it was, and what was held, in the words of the mousemap."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

from app.preferences.mousemap import Begun, Mouse
from app.preferences.ways import ANYWHERE
from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.hits import NOTHING, Hit, What, hit_at
from widgets.canvas.stage import Stage

BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
_HELD = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
    (Qt.KeyboardModifier.MetaModifier, "Meta"),
)
_PLACES = {
    What.EMPTY: ("empty",),
    What.PLUG: ("socket",),
    What.ACTION: ("button",),
    What.TITLE: ("title", "node", "thing"),
    What.BODY: ("node", "thing"),
    What.PICTURE: ("picture", "node", "thing"),
    What.EDGE: ("edge",),
    What.WIRE: ("wire",),
    What.FRAME: ("frame", "thing"),
    What.FRAME_CORNER: ("corner", "frame"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Where a button went down: a point of the viewport in px, and of the screen; what lies there; its places
    in words, the most special first; what was held; and, once it is known, which of that is merely extra."""

    at: QPointF
    on_screen: QPointF
    button: str
    held: frozenset[str]
    hit: Hit
    places: tuple[str, ...]
    extra: frozenset[str] = frozenset()


def held(modifiers: Modifiers, *, space: bool) -> frozenset[str]:
    names = {name for one, name in _HELD if modifiers & one}
    return frozenset(names | {"Space"} if space else names)


class Choosing:
    """`mouse` is exchanged when ways are."""

    def __init__(self, stage: Stage, mouse: Mouse) -> None:
        self._stage = stage
        self.mouse = mouse

    def hit(self, at: QPointF) -> Hit:
        return hit_at(self._stage.viewer.canvas, self._stage.viewer.scene_at(at), self._stage.zoom)

    def press(self, at: QPointF, on_screen: QPointF, button: Qt.MouseButton, held: frozenset[str]) -> Press:
        """The minimap lies above all."""
        viewer, map = self._stage.viewer, self._stage.viewer.minimap
        name, size = BUTTONS.get(button, ""), viewer.viewport().size()
        if map is not None and map.rect(size).contains(at.toPoint()):
            places = ("grip", "minimap", ANYWHERE) if map.on_grip(size, at) else ("minimap", ANYWHERE)
            return Press(at=at, on_screen=on_screen, button=name, held=held, hit=NOTHING, places=places)
        hit = self.hit(at)
        return Press(at=at, on_screen=on_screen, button=name, held=held, hit=hit, places=places_of(hit))

    def drag(self, press: Press) -> Begun | None:
        return self.mouse.at(press.button, press.places, press.held, "drag")

    def click(self, press: Press) -> Begun | None:
        return self.mouse.at(press.button, press.places, press.held, "click")

    def double(self, press: Press) -> Begun | None:
        return self.mouse.at("double", press.places, press.held, "click")

    def wheel(self, modifiers: Modifiers) -> tuple[str, bool]:
        """Which gesture the wheel is (empty: none), and whether a modifier made it so."""
        names = held(modifiers, space=False)
        begun = self.mouse.at("wheel", (ANYWHERE,), names, "wheel")
        return (begun.id, begun.extra != names) if begun is not None else ("", False)

    def scrubbed(self, at: QPointF, modifiers: Modifiers) -> str:
        """The node whose versions the wheel goes through there; empty where it means something else."""
        names = held(modifiers, space=False)

        def means(places: tuple[str, ...]) -> bool:
            return self.mouse.at("wheel", places, names, "wheel") == Begun("versions")

        if not means(("picture", "node", ANYWHERE)):  # before anything is looked for
            return ""
        hit = self.hit(at)
        return hit.node.id if hit.node is not None and means(places_of(hit)) else ""


def places_of(hit: Hit) -> tuple[str, ...]:
    words = hit.what == What.BODY and hit.node is not None and hit.node.face.words is not None
    return (*(("words",) if words else ()), *_PLACES[hit.what], ANYWHERE)
