"""The whole window and every dialog in a language that is none: what is not in brackets was forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.document.copies import LeftCopy
from tests.widgets.bench import bench_in, turns
from tests.widgets.canvas.world import example
from tests.widgets.every_window import ALL, shown
from tests.widgets.every_window import copies as copies
from tests.widgets.telling import Shown, cut_off, letters, rest_of, settle, shown_in, shown_on

pytestmark = pytest.mark.qt_log_ignore("does not support")

NAMES = {
    *("Tagloom", "ComfyUI", "Blender", "Nuke", "Runway", "Replicate", "BFL", "Google"),
    "BytePlus ModelArk",
    *("Gen4 Image", "Gen4 Image Turbo", "Flux 2 Pro", "Nano Banana Pro", "Seedream 4.5", "Gemini 2.5 Flash"),
    *("Aa", "Hero", "New", "Shoes"),
}
"""What has one name in every language: programs, makers, models; titles that a test gave."""
_NAMES = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(NAMES, key=len, reverse=True)]
QTS = {"Close", "Cancel", "OK", "Scroll Left", "Scroll Right", "NodeGraph", "Nodes"}
"""Said by Qt in a real language, or never shown."""
DATA = (
    r"^(?:English|简体中文)$",
    r"^https://[\w./-]+$",
    r"^[\w./-]+/(?:cache|library|logs|settings|state|ledger\.sqlite)$",
    r"\bPython [\d.]+, Linux-[^\s,]+(?:, [A-Za-z][\w-]+ \d[\w.]*)+$",
    r"@\w+",
    r"\b[\w{}/.-]+\.(?:png|tagloom)\b",
    r"[\w./-]*/resources/[\w./-]+",
    r"\bseed\b|\{[a-z:._]+\}",
    r"\b\d+p\b",
    r"\b(?:PNG|JPEG|WebP|TIFF|PDF|PSD|C2PA|sRGB|Display P3|Adobe RGB(?: \(1998\))?|kB|MB|px|mm|cm|DPI|LZW)\b",
    r"Professional product photo of .*",
    r"Spend 100 credits\?|Photographs go up\.|It may have been charged\.",
    r"It has changed\.|Save it as another\.|The disk is full\.|Free some space\.",
)
"""A language by its own name (who reads only that must find it), addresses of vendors, Tagloom's folders on
this disk, what is installed with its versions; file names, prompts, tags, sizes; and what the questions of
the test were given."""
IN_A_LANGUAGE = "QTreeWidget guide-contents"
"""The guide is written in each language by hand; the pseudo language reads the English one."""
KEYS = re.compile(
    r"\b(?:Ctrl|Shift|Alt|Meta|Space|Tab|Return|Enter|Del|Backspace|Home|End|PgUp|PgDown|Up|Down|Left|Right"
    r"|Esc|F\d+)\b"
    r"|(?<![^\W_])[A-Z](?![^\W_])"
)


def forgotten(one: Shown) -> bool:
    rest = rest_of(one.text).strip()
    if rest in QTS:
        return False
    for pattern in (*DATA, *_NAMES):
        rest = re.sub(pattern, "", rest)
    return letters(KEYS.sub("", rest))


def complaints(window: QWidget) -> list[Shown]:
    return [one for one in shown_in(window) if forgotten(one)]


@pytest.mark.parametrize("selected", [(), ("hero",), ("words",), ("shoe",), ("save",), ("shoe", "ana")])
async def test_nothing_in_the_window_is_forgotten(
    qapp: QApplication, tagloom_home: Path, selected: tuple[str, ...]
) -> None:
    settle(tagloom_home)
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.outlines.toggle()
        bench.graph.select(selected)
        await turns(0.5)
        assert bench.language.code == "xx"
        assert sum("[!!! " in one.text for one in shown_in(bench.window)) > 200
        assert complaints(bench.window) == []
        assert [one for one in shown_on(bench.graph) if forgotten(one)] == []
        assert cut_off(bench.window) == []


@pytest.mark.parametrize("name", ALL)
async def test_nothing_in_a_dialog_is_forgotten(
    qapp: QApplication, tagloom_home: Path, copies: tuple[LeftCopy, ...], name: str
) -> None:
    settle(tagloom_home)
    async with bench_in(tagloom_home, qapp, example()) as bench, shown(bench, name, copies) as there:
        left = [one for one in complaints(there) if not one.widget.startswith(IN_A_LANGUAGE)]
        assert [(one.text, one.widget) for one in left] == []
        assert cut_off(there) == []


async def test_what_is_forgotten_is_seen(qapp: QApplication, tagloom_home: Path) -> None:
    settle(tagloom_home)
    async with bench_in(tagloom_home, qapp, example()) as bench:
        bench.top.setToolTip("Nobody has translated this")
        assert [one.text for one in complaints(bench.window)] == ["Nobody has translated this"]
