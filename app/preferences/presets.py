"""Every action that has keys, with the keys that hands of four programs know.

This is the only place where a key of the program is written down. Gestures of the mouse stand in `ways`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Keys = tuple[str, ...]
"""Portable key texts (`Ctrl+S`), the first is the one that menus show."""

TAGLOOM: Mapping[str, Keys] = MappingProxyType(
    {
        "new": ("Ctrl+N",),
        "open": ("Ctrl+O",),
        "new-window": ("Ctrl+Shift+N",),
        "save": ("Ctrl+S",),
        "save-as": ("Ctrl+Shift+S",),
        "export": ("Ctrl+E",),
        "copy-picture": ("Ctrl+Shift+C",),
        "save-picture": (),
        "bundle": (),
        "contact-sheet": (),
        "layers": (),
        "find-lost": (),
        "keys": (),
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
        "settings": ("Ctrl+,",),
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
        "compare": ("C",),
        "panel-palette": ("Ctrl+1",),
        "panel-strip": ("Ctrl+2",),
        "panel-inspector": ("Ctrl+3",),
        "panel-library": ("Ctrl+4",),
        "panel-versions": ("Ctrl+5",),
        "version-older": ("Alt+Left",),
        "version-newer": ("Alt+Right",),
        "version-use": ("Alt+Return", "Alt+Enter"),
        "version-newest": ("Alt+Home",),
        "version-keep": ("Alt+Shift+K",),
        "version-star": ("Alt+Shift+S",),
        "version-reject": ("Alt+Shift+X",),
        "compare-documents": ("Ctrl+Alt+D",),
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
        "batch": ("Ctrl+Shift+B",),
        "batch-start": (),
        "row-next": ("Ctrl+PgDown",),
        "row-previous": ("Ctrl+PgUp",),
        "row-open": (),
        "guide": ("F1",),
        "whats-this": ("Shift+F1",),
        "first-steps": (),
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
