"""Every action that has keys, with the keys that hands of four programs know, and the gestures of the mouse.

This is the only place where a key of the program is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Keys = tuple[str, ...]
"""Portable key texts (`Ctrl+S`), the first is the one that menus show."""

TAGLOOM: Mapping[str, Keys] = MappingProxyType(
    {
        "new": ("Ctrl+N",),
        "open": ("Ctrl+O",),
        "save": ("Ctrl+S",),
        "save-as": ("Ctrl+Shift+S",),
        "quit": ("Ctrl+Q",),
        "undo": ("Ctrl+Z",),
        "redo": ("Ctrl+Shift+Z", "Ctrl+Y"),
        "history": ("Ctrl+Alt+Z",),
        "find": ("Ctrl+F",),
        "replace": ("Ctrl+H",),
        "cut": ("Ctrl+X",),
        "copy": ("Ctrl+C",),
        "paste": ("Ctrl+V",),
        "paste-inputs": ("Ctrl+Shift+V",),
        "duplicate": ("Ctrl+D",),
        "duplicate-inputs": ("Ctrl+Shift+D",),
        "delete": ("Del", "Backspace"),
        "delete-heal": ("Ctrl+Del",),
        "select-all": ("Ctrl+A",),
        "select-none": (),
        "select-upstream": ("Ctrl+[",),
        "select-downstream": ("Ctrl+]",),
        "commands": ("Ctrl+Shift+P",),
        "shortcuts": (),
        "add": ("Tab", "Shift+A"),
        "rename": ("F2",),
        "frame": ("Ctrl+G",),
        "unframe": ("Ctrl+Shift+G",),
        "skip": ("M",),
        "lock": ("L",),
        "collapse": ("H",),
        "extract": (),
        "tidy": ("Shift+L",),
        "zoom-in": ("Ctrl++", "Ctrl+="),
        "zoom-out": ("Ctrl+-",),
        "zoom-100": ("Ctrl+0",),
        "fit": ("F",),
        "fit-all": ("Home",),
        "minimap": ("N",),
        "panel-palette": ("Ctrl+1",),
        "panel-strip": ("Ctrl+2",),
        "panel-inspector": ("Ctrl+3",),
        "outline": ("Ctrl+Shift+O",),
        "link-to": ("Ctrl+L",),
        "unlink": ("Ctrl+U",),
        "link-up": ("Alt+Up",),
        "link-down": ("Alt+Down",),
        "next-panel": ("F6",),
        "previous-panel": ("Shift+F6",),
        "run": ("Ctrl+Return", "Ctrl+Enter", "F5"),
        "run-front": ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        "queue": ("Ctrl+Shift+Q",),
        "cancel": ("Ctrl+.",),
    }
)
COMFYUI: Mapping[str, Keys] = MappingProxyType(
    {
        "skip": ("Ctrl+B", "Ctrl+M"),
        "collapse": ("Alt+C",),
        "fit": (".",),
        "minimap": ("Alt+M",),
        "zoom-in": ("Alt+=", "Ctrl++", "Ctrl+="),
        "zoom-out": ("Alt+-", "Ctrl+-"),
        "cancel": ("Ctrl+Alt+Return", "Ctrl+Alt+Enter", "Ctrl+."),
    }
)
BLENDER: Mapping[str, Keys] = MappingProxyType(
    {
        "commands": ("F3", "Ctrl+Shift+P"),
        "add": ("Shift+A",),
        "duplicate": ("Shift+D",),
        "cut": ("Shift+Del",),
        "delete": ("X", "Del"),
        "delete-heal": ("Ctrl+X", "Ctrl+Del"),
        "select-all": ("A", "Ctrl+A"),
        "select-none": ("Alt+A",),
        "select-upstream": ("L", "Ctrl+["),
        "select-downstream": ("Shift+L", "Ctrl+]"),
        "frame": ("Ctrl+J",),
        "unframe": ("Alt+P",),
        "lock": ("K",),
        "tidy": ("Alt+L",),
        "fit": (".",),
        "run": ("F12", "Ctrl+Return", "Ctrl+Enter", "F5"),
    }
)
NUKE: Mapping[str, Keys] = MappingProxyType(
    {
        "add": ("Tab",),
        "duplicate": ("Alt+C",),
        "duplicate-inputs": ("Alt+Shift+C",),
        "delete": ("Ctrl+Del",),
        "delete-heal": ("Del", "Backspace"),
        "rename": ("N", "F2"),
        "frame": ("Alt+B",),
        "skip": ("D",),
        "lock": ("K",),
        "extract": ("Ctrl+Shift+X",),
        "tidy": ("L",),
        "minimap": ("Shift+N",),
    }
)
PRESETS: Mapping[str, Mapping[str, Keys]] = MappingProxyType(
    {"tagloom": TAGLOOM, "comfyui": COMFYUI, "blender": BLENDER, "nuke": NUKE}
)
"""What a preset does not name is as in Tagloom."""
TITLES: Mapping[str, str] = MappingProxyType(
    {"tagloom": "Tagloom", "comfyui": "ComfyUI", "blender": "Blender", "nuke": "Nuke"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One way of the mouse. `button`: left, middle, right, double (left, twice) or wheel. `modifiers` as keys
    are written, Space among them. `on`: anywhere, empty, node, title, frame, wire, socket or picture;
    `drag`: the button is held and the mouse moves."""

    button: str
    modifiers: tuple[str, ...] = ()
    on: str = "anywhere"
    drag: bool = True


def _drag(button: str, on: str, *modifiers: str) -> Binding:
    return Binding(button=button, modifiers=modifiers, on=on)


def _click(button: str, on: str, *modifiers: str) -> Binding:
    return Binding(button=button, modifiers=modifiers, on=on, drag=False)


GESTURES: Mapping[str, tuple[Binding, ...]] = MappingProxyType(
    {
        "pan": (
            _drag("middle", "anywhere"),
            _drag("left", "anywhere", "Space"),
            _drag("left", "empty", "Alt"),
        ),
        "zoom": (_click("wheel", "anywhere"),),
        "box-select": (_drag("left", "empty"),),
        "box-add": (_drag("left", "empty", "Shift"),),
        "box-remove": (_drag("left", "empty", "Ctrl"),),
        "search": (_click("double", "empty"),),
        "move": (_drag("left", "node"),),
        "duplicate-drag": (_drag("left", "node", "Alt"),),
        "link": (_drag("left", "socket"),),
        "cut-links": (_drag("right", "anywhere", "Ctrl"), _drag("left", "empty", "Alt", "Shift")),
        "reroute": (_click("double", "wire"), _drag("right", "wire", "Shift")),
        "fork": (_drag("left", "wire", "Shift"),),
        "rename-click": (_click("double", "title"),),
        "look-click": (_click("double", "picture"),),
        "menu": (_click("right", "anywhere"),),
    }
)
"""The same in every preset: they do not clash, so every hand finds its own."""


def gestures_at(button: str, on: str, modifiers: frozenset[str], *, drag: bool) -> tuple[str, ...]:
    """Ids of the gestures that a press may begin; what names the very place comes before `anywhere`."""
    found = [
        (binding.on == "anywhere", id)
        for id, bindings in GESTURES.items()
        for binding in bindings
        if binding.button == button and binding.drag == drag and frozenset(binding.modifiers) == modifiers
        and binding.on in (on, "anywhere")
    ]  # fmt: skip
    return tuple(id for _, id in sorted(found, key=lambda one: one[0]))
