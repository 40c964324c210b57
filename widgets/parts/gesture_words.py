"""The gestures of the mouse in words, for lists."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.preferences.presets import Binding


def tr(text: str) -> str:
    return QCoreApplication.translate("gestures", text)


def gesture_titles() -> dict[str, str]:
    """Gesture → what it does."""
    return {
        "pan": tr("Move the view"),
        "zoom": tr("Zoom at the pointer"),
        "box-select": tr("Select with a box"),
        "box-add": tr("Add with a box"),
        "box-remove": tr("Take away with a box"),
        "search": tr("Add a node here"),
        "move": tr("Move nodes"),
        "duplicate-drag": tr("Duplicate by dragging"),
        "link": tr("Draw a link"),
        "cut-links": tr("Cut links"),
        "reroute": tr("Put a dot on a link"),
        "fork": tr("Fork a link"),
        "rename-click": tr("Rename"),
        "look-click": tr("Look big"),
        "menu": tr("Menu of what is there"),
    }


def binding_words(binding: Binding) -> str:
    """`Ctrl + right drag`, `double click on a wire`."""
    presses = {
        ("left", True): tr("drag"),
        ("middle", True): tr("middle drag"),
        ("right", True): tr("right drag"),
        ("left", False): tr("click"),
        ("middle", False): tr("middle click"),
        ("right", False): tr("right click"),
        ("double", False): tr("double click"),
        ("wheel", False): tr("wheel"),
    }
    places = {
        "empty": tr("on empty"),
        "node": tr("a node"),
        "title": tr("on a title"),
        "wire": tr("on a link"),
        "socket": tr("from a socket"),
        "picture": tr("on a picture"),
    }
    press = " + ".join((*binding.modifiers, presses[binding.button, binding.drag]))
    place = places.get(binding.on, "")
    words = f"{press} {place}" if place else press
    return words[:1].upper() + words[1:]
