"""The gestures of the mouse in words, for lists."""

from __future__ import annotations

from app.basics.words import spoken
from app.preferences.mousemap import way_of
from app.preferences.ways import ANYWHERE, Ways
from widgets.messages import listed


def tr(text: str) -> str:
    return spoken(text)


def gesture_titles() -> dict[str, str]:
    """Gesture → what it does."""
    return {
        "pan": tr("Move the view"),
        "zoom-drag": tr("Zoom by dragging"),
        "fit-click": tr("Show the selection or all"),
        "zoom": tr("Zoom at the pointer"),
        "scroll": tr("Scroll the view"),
        "scroll-across": tr("Scroll the view sideways"),
        "versions": tr("Go through the versions"),
        "box-select": tr("Select with a box"),
        "box-remove": tr("Take away with a box"),
        "box-add": tr("Add with a box"),
        "search": tr("Add a node here"),
        "cut-links": tr("Cut links"),
        "move": tr("Select and move"),
        "extract-drag": tr("Extract from its links by dragging"),
        "select-remove": tr("Take from the selection"),
        "duplicate-drag": tr("Duplicate by dragging"),
        "select-add": tr("Add to the selection, and move"),
        "link": tr("Draw a link"),
        "relink": tr("Select a link, or take up its end"),
        "fork": tr("Fork a link"),
        "reroute": tr("Put a dot on a link"),
        "rename-click": tr("Rename"),
        "edit-click": tr("Write on a node"),
        "look-click": tr("Look big"),
        "compare-click": tr("Compare with what is selected"),
        "resize": tr("Change the size"),
        "press": tr("Follow what a node offers"),
        "menu": tr("Menu of what is there"),
        "minimap-look": tr("Move the view in the minimap"),
        "minimap-size": tr("Change the size of the minimap"),
    }


def fixed_titles() -> dict[str, tuple[str, str]]:
    """What stays as it is: what it does, and how."""
    return {
        "grid": (tr("Snap to the grid"), tr("Shift, while moving")),
        "freely": (tr("Move freely, past guides and grid"), tr("Ctrl, while moving")),
        "not-inserted": (tr("Do not put it into the link below"), tr("Alt, while moving")),
        "ends": (tr("End a gesture without a trace"), tr("Esc, while dragging")),
        "look-tap": (tr("Look big at the selected node"), tr("Space, tapped")),
        "fingers": (tr("Move the view"), tr("Two fingers")),
        "pinch": (tr("Zoom at the pointer"), tr("Pinch")),
        "pen": (tr("Move the view"), tr("Button of the pen, held")),
    }


def press_words() -> dict[str, str]:
    """What the hand does → its words."""
    return {
        "left-drag": tr("left drag"),
        "middle-drag": tr("middle drag"),
        "right-drag": tr("right drag"),
        "left-click": tr("click"),
        "middle-click": tr("middle click"),
        "right-click": tr("right click"),
        "double-click": tr("double click"),
        "wheel": tr("wheel"),
    }


def place_words() -> dict[str, str]:
    """Where → its words."""
    return {
        "anywhere": tr("anywhere"),
        "empty": tr("on empty"),
        "thing": tr("on a node or frame"),
        "node": tr("on a node"),
        "title": tr("on a title"),
        "picture": tr("on a picture"),
        "words": tr("on the words of a node"),
        "frame": tr("on a frame"),
        "socket": tr("from a socket"),
        "wire": tr("on a link"),
        "edge": tr("on the side of a node"),
        "button": tr("on what a node offers"),
        "corner": tr("on the corner of a frame"),
        "minimap": tr("in the minimap"),
        "grip": tr("on the corner of the minimap"),
    }


def way_words(text: str) -> str:
    """`Ctrl + right drag`, `Double click on a link`."""
    return ways_words((text,))[0]


def ways_words(texts: Ways) -> tuple[str, ...]:
    """What differs only in its place stands together: `Alt + left drag on empty, on a link`."""
    places: dict[str, list[str]] = {}
    for way in map(way_of, texts):
        held, _, _ = way.text.rpartition("+")
        press = " + ".join((*(held.split("+") if held else ()), press_words()[way.press]))
        places.setdefault(press, []).extend(() if way.on == ANYWHERE else (place_words()[way.on],))
    lines = (f"{press} {listed(on)}" if on else press for press, on in places.items())
    return tuple(line[:1].upper() + line[1:] for line in lines)
