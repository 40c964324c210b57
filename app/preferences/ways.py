"""The gestures of the mouse: where each may begin, and the ways that hands of four programs know.

This is the only place where a way of the mouse is written down. A way is a text, as keys are:
`Ctrl+right-drag`, `Space+left-drag`, `double-click on wire`, `Shift+wheel`. Without a place it is meant
anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Ways = tuple[str, ...]

PRESSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "left-drag": ("left", "drag"),
        "middle-drag": ("middle", "drag"),
        "right-drag": ("right", "drag"),
        "left-click": ("left", "click"),
        "middle-click": ("middle", "click"),
        "right-click": ("right", "click"),
        "double-click": ("double", "click"),
        "wheel": ("wheel", "wheel"),
    }
)
"""What the hand does: the button (`double`: left, twice), and the form of it."""
MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta", "Space")
ANYWHERE = "anywhere"
_CARDS = ("thing", "node", "title", "picture", "words", "frame")
_ALL = (ANYWHERE, "empty", *_CARDS, "socket", "wire", "edge", "button", "corner", "minimap", "grip")
PLACES = _ALL
"""`thing` is a node or a frame by its title or edge, `title`, `picture` and `words` are parts of a node,
`edge` and `corner` are what a node and a frame are resized by, `grip` is the corner of the minimap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """In which forms a gesture may begin (`drag`, `click`, `wheel`), and where."""

    forms: tuple[str, ...] = ("drag",)
    places: tuple[str, ...] = _ALL


GESTURES: Mapping[str, Gesture] = MappingProxyType(
    {
        "pan": Gesture(),
        "zoom-drag": Gesture(),
        "fit-click": Gesture(forms=("click",)),
        "zoom": Gesture(forms=("wheel",), places=(ANYWHERE,)),
        "scroll": Gesture(forms=("wheel",), places=(ANYWHERE,)),
        "scroll-across": Gesture(forms=("wheel",), places=(ANYWHERE,)),
        "versions": Gesture(forms=("wheel",), places=("picture", "node")),
        "box-select": Gesture(places=("empty", ANYWHERE, "frame")),
        "box-remove": Gesture(places=("empty", ANYWHERE, "frame")),
        "box-add": Gesture(places=("empty", ANYWHERE, "frame")),
        "search": Gesture(forms=("click",), places=("empty", ANYWHERE)),
        "cut-links": Gesture(places=(ANYWHERE, "empty", "frame", "wire")),
        "move": Gesture(places=_CARDS),
        "extract-drag": Gesture(places=_CARDS),
        "select-remove": Gesture(places=_CARDS),
        "duplicate-drag": Gesture(places=_CARDS),
        "select-add": Gesture(places=_CARDS),
        "link": Gesture(places=("socket",)),
        "relink": Gesture(places=("wire",)),
        "fork": Gesture(places=("wire",)),
        "reroute": Gesture(forms=("click", "drag"), places=("wire",)),
        "rename-click": Gesture(forms=("click",), places=_CARDS),
        "edit-click": Gesture(forms=("click",), places=("words", "node")),
        "look-click": Gesture(forms=("click",), places=("picture", "node", "title")),
        "compare-click": Gesture(forms=("click",), places=("node", "picture", "title")),
        "resize": Gesture(places=("edge", "corner")),
        "press": Gesture(forms=("click",), places=("button",)),
        "menu": Gesture(forms=("click",)),
        "minimap-look": Gesture(places=("minimap",)),
        "minimap-size": Gesture(places=("grip",)),
    }
)
"""Where two fit a press equally well, the first one here begins."""

TAGLOOM: Mapping[str, Ways] = MappingProxyType(
    {
        "pan": ("middle-drag", "Space+left-drag", "Alt+left-drag on empty"),
        "zoom-drag": (),
        "fit-click": (),
        "zoom": ("wheel", "Ctrl+wheel"),
        "scroll": (),
        "scroll-across": ("Shift+wheel",),
        "versions": ("Alt+wheel on picture",),
        "box-select": ("left-drag on empty",),
        "box-remove": ("Ctrl+left-drag on empty",),
        "box-add": ("Shift+left-drag on empty",),
        "search": ("double-click on empty",),
        "cut-links": (
            "Ctrl+right-drag",
            "Alt+Shift+left-drag on empty",
            "Alt+Shift+left-drag on wire",
            "Alt+Shift+left-drag on frame",
        ),
        "move": ("left-drag on thing",),
        "extract-drag": ("Ctrl+Shift+left-drag on thing",),
        "select-remove": ("Ctrl+left-drag on thing",),
        "duplicate-drag": ("Alt+left-drag on thing",),
        "select-add": ("Shift+left-drag on thing",),
        "link": ("left-drag on socket",),
        "relink": ("left-drag on wire",),
        "fork": ("Shift+left-drag on wire",),
        "reroute": ("double-click on wire", "Shift+right-drag on wire"),
        "rename-click": ("double-click on title", "double-click on frame"),
        "edit-click": ("double-click on words",),
        "look-click": ("double-click on picture",),
        "compare-click": ("Ctrl+Shift+left-click on node",),
        "resize": ("left-drag on edge", "left-drag on corner"),
        "press": ("left-click on button",),
        "menu": ("right-click",),
        "minimap-look": ("left-drag on minimap",),
        "minimap-size": ("left-drag on grip",),
    }
)
COMFYUI: Mapping[str, Ways] = MappingProxyType(
    {
        "pan": ("left-drag on empty", "middle-drag", "Space+left-drag"),
        "zoom-drag": ("Ctrl+Shift+left-drag on empty",),
        "box-select": ("Ctrl+left-drag on empty",),
        "box-remove": ("Ctrl+Alt+left-drag on empty",),
        "reroute": ("Alt+left-click on wire", "double-click on wire", "Shift+right-drag on wire"),
    }
)
BLENDER: Mapping[str, Ways] = MappingProxyType(
    {
        "zoom-drag": ("Ctrl+middle-drag",),
        "scroll": ("Shift+wheel",),
        "scroll-across": ("Ctrl+wheel",),
        "zoom": ("wheel",),
        "cut-links": ("Ctrl+right-drag",),
        "extract-drag": ("Alt+left-drag on thing",),
        "duplicate-drag": ("Ctrl+Shift+left-drag on thing",),
        "reroute": ("Shift+right-drag on wire", "double-click on wire"),
    }
)
NUKE: Mapping[str, Ways] = MappingProxyType(
    {
        "pan": ("middle-drag", "Alt+left-drag", "Space+left-drag"),
        "zoom-drag": ("Alt+middle-drag",),
        "fit-click": ("middle-click",),
        "duplicate-drag": (),
        "cut-links": ("Ctrl+right-drag", "Alt+Shift+left-drag on empty", "Alt+Shift+left-drag on wire"),
        "reroute": ("Ctrl+left-click on wire", "double-click on wire", "Shift+right-drag on wire"),
    }
)
PRESETS: Mapping[str, Mapping[str, Ways]] = MappingProxyType(
    {"tagloom": TAGLOOM, "comfyui": COMFYUI, "blender": BLENDER, "nuke": NUKE}
)
"""What a preset does not name is as in Tagloom."""
