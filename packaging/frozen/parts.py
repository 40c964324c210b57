"""What goes into the frozen program and what is left out. The spec asks.

Names are those inside the program's folder, with `/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

Entry = tuple[str, str, str]
"""As PyInstaller has it: name inside, path outside, kind."""

UNUSED = (
    *("tkinter", "pydoc", "doctest", "idlelib", "lib2to3", "ensurepip", "venv", "turtle", "pip"),
    *(
        "pytest",
        "mypy",
        "PyInstaller",
        "shtab",
        "IPython",
        "curses",
        "readline",
        "_curses",
        "_tkinter",
    ),
    *("PIL.ImageTk", "PIL.ImageQt", "PIL.ImageShow", "PIL._imagingtk", "olefile", "trio"),
    *("PySide2", "PyQt5", "PyQt6", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtTest"),
    *("PySide6.QtPrintSupport", "PySide6.QtDesigner", "PySide6.QtHelp", "PySide6.QtUiTools", "PySide6.QtXml"),
    *("sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle", "sqlalchemy.dialects.mssql"),
    *("sqlalchemy.testing", "aiohttp.pytest_plugin", "anyio._backends._trio"),
)
"""Modules that Tagloom never imports, or its packages only where they happen to be there."""

PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platformthemes": ("qgtk3", "qxdgdesktopportal"),
    "imageformats": ("qgif", "qico", "qjpeg", "qsvg", "qtiff", "qwebp"),
    "iconengines": ("qsvgicon",),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("adwaita", "bradient"),
}
"""The plugins of Qt that stay, by folder, without what a system puts around their names. Nothing is drawn
with OpenGL, so its integrations are not among them."""

TRANSLATIONS = ("qtbase_en.qm", "qtbase_zh_CN.qm", "qt_zh_CN.qm")

CARRIED = re.compile(
    r"^lib(python3(\.\d+)?|ssl|crypto|sqlite3|ffi|bz2|lzma|uuid|xkbcommon|xkbcommon-x11"
    r"|xcb-(cursor|icccm|image|keysyms|render-util|util|xkb))\.so\b"
)
"""Libraries of the building system that go along: those of Python itself, and the small ones of X11 that many
desktops lack. Every other one (glibc, libstdc++, GL, fontconfig, glib, D-Bus, Wayland …) belongs to the
system it runs on: a second copy quarrels with the display, its drivers and its fonts."""

BY_NAME = ("libc2pa_c.so",)
"""Libraries that no file is linked with: Python opens them by their names."""

_PLUGIN = re.compile(r"(?:^|/)plugins/([\w-]+)/(?:lib)?([\w-]+?)\.(?:so|dll|dylib)$")
_QT_TRANSLATION = re.compile(r"PySide6/(?:Qt/)?translations/(\w+\.qm)$")
_LIBRARY = re.compile(r"^lib[\w+.-]+\.so(?:\.[\d.]+)?$")
_FOR_BUILDING = (".pyi", ".pxd", ".pyx", ".h", ".c", ".typed")


def is_wanted(name: str) -> bool:
    """Whether a file may stay, as far as its name says."""
    name = name.replace("\\", "/")
    if plugin := _PLUGIN.search(name):
        return plugin[2] in PLUGINS.get(plugin[1], ())
    if translation := _QT_TRANSLATION.search(name):
        return translation[1] in TRANSLATIONS
    return not name.endswith(_FOR_BUILDING)


def is_library(entry: Entry) -> bool:
    """A shared library, that is there only for others: neither a module of Python nor a plugin of Qt."""
    name = entry[0].replace("\\", "/")
    return bool(_LIBRARY.match(name.rsplit("/", 1)[-1])) and not _PLUGIN.search(name)


def shipped(
    entries: Iterable[Entry], *, needs: Callable[[str], Collection[str]], is_ours: Callable[[str], bool]
) -> list[Entry]:
    """What stays of `entries`: what is wanted, and the libraries that it needs, directly or through others.

    `needs` gives the file names of the libraries that the file at a path is linked with; `is_ours` tells
    whether a path is of the locked packages, and not of the building system.
    """
    wanted = [entry for entry in entries if is_wanted(entry[0])]
    files = [entry for entry in wanted if is_library(entry) and entry[2] != "SYMLINK"]
    libraries = {_last(name): path for name, path, _ in files if is_ours(path) or CARRIED.match(_last(name))}
    others = [entry for entry in wanted if not is_library(entry)]
    reached = {name for name in libraries if name.startswith("libpython") or name in BY_NAME}
    waiting = [path for _, path, _ in others] + [libraries[name] for name in reached]
    while waiting:
        for name in needs(waiting.pop()):
            if name in libraries and name not in reached:
                reached.add(name)
                waiting.append(libraries[name])
    return others + [entry for entry in wanted if is_library(entry) and _last(entry[0]) in reached]


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]
