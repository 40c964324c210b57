"""Which words of a window are no Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from tests.widgets.telling import Shown, shown_in, shown_on
from widgets.canvas.graph_view import GraphView

NAMES = (
    "Tagloom", "ComfyUI", "Blender", "Nuke", "Runway", "Replicate", "BFL", "Black Forest Labs", "Google",
    "BytePlus", "ModelArk", "Gen4 Image Turbo", "Gen4 Image", "Flux 2 Pro", "Nano Banana Pro", "Seedream",
    "Gemini 2.5 Flash", "English", "Qt", "PySide6", "Python", "GitHub", "MIT", "GNU", "LGPL",
    # abbreviations that are written so in Chinese, too
    "PNG", "JPEG", "WebP", "TIFF", "GIF", "BMP", "HEIC", "AVIF", "CSV", "JSON", "API", "SDK", "TLS", "DNS",
    "TCP", "MB", "KB", "kB", "GB", "px", "PDF", "PSD", "C2PA", "ICC", "PEM", ".p12", "DPI", "sRGB",
    "Display P3", "Adobe RGB", "Photoshop", "Krita", "GIMP", "OpenRaster",
)  # fmt: skip
"""Programs, makers, models and languages have one name everywhere."""
KEYS = re.compile(
    r"\b(?:Ctrl|Shift|Alt|Meta|Space|Tab|Return|Enter|Del|Delete|Ins|Backspace|Home|End|PgUp|PgDown"
    r"|Up|Down|Left|Right|Esc|F\d+)\b"
)
"""As they stand on the keyboard."""
UNSEEN = re.compile(r"^(?:QMenuBar|QMenu|BaseMenu)  in (?:Viewer|QMenuBar)$")
"""Menus of the canvas's own that are never shown."""
DATA = re.compile(
    r"“image \d”|sneaker, model, studio|（[a-z0-9.-]+）|“(?:out|tagloom-data|.tagloom-versions)”|\bAa\b|https?://[\w./-]+|@\w+|\{\w+\}|\*?[\w{}/.-]*\.(?:png|jpe?g|webp|tiff?|bmp|gif|hei[cf]|avif|tagloomz?|json|csv|txt|sqlite)\b"
    r"|(?:/[\w.-]+)+/?|<[^>]*>|&\w+;|\b[a-z]+_[a-z_]+\b|\b\d+[pK]\b|TAGLOOM_HOME|\(&[A-Z]\)"
)
"""What a vendor is sent, what a tag may be, a node's id or a host in brackets, folders, a sign, addresses,
tags, places of a template, files, markup, letters of a menu."""
LATIN = re.compile(r"[A-Za-z]{2,}")


def english_of(text: str) -> list[str]:
    """The words of a text that are of no language that a Chinese reader was promised."""
    rest = DATA.sub(" ", text)
    for name in sorted(NAMES, key=len, reverse=True):
        rest = rest.replace(name, " ")
    return LATIN.findall(KEYS.sub(" ", rest))


def english_in(window: QWidget, *, without: tuple[str, ...] = ()) -> list[Shown]:
    """`without`: words of the artist."""
    return [
        one
        for one in shown_in(window)
        if not UNSEEN.match(one.widget) and english_of(_less(one.text, without))
    ]


def english_on(graph: GraphView, *, without: tuple[str, ...] = ()) -> list[Shown]:
    return [one for one in shown_on(graph) if english_of(_less(one.text, without))]


def help_of(window: QWidget) -> Iterator[str]:
    """What Shift+F1 says."""
    for one in window.findChildren(QWidget):
        if one.whatsThis():
            yield one.whatsThis()


def _less(text: str, without: tuple[str, ...]) -> str:
    for one in without:
        text = text.replace(one, " ")
    return text
