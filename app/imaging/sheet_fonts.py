"""The faces of a contact sheet, and how wide words are in them: the shipped one, and for the characters that
it has not a Chinese one of the system's.

Widths are taken without kerning, so that both writers (pixels and PDF) set the same line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

_CHINESE_FILES = (
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf"),
    *("SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "SourceHanSans-Regular.ttc"),
    *("PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc"),
    *("msyh.ttc", "Deng.ttf", "simhei.ttf", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf"),
)
"""By what is preferred; Linux, macOS, Windows, old systems."""
_SIMPLIFIED = re.compile(r"\bSC\b|\bCN\b|\bGB\b|YaHei$")
_MOST_LOOKED_AT = 20_000
_MOST_IN_ONE = 12
_MEASURED_AT = 1000
"""Pixels: widths are in thousandths of the size, as fonts have them."""
# Radicals, signs, syllables and ideographs; full-width forms; the planes of rare ideographs.
_WIDE = re.compile(
    "[\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_DARK = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Face(StrEnum):
    REGULAR = "regular"
    BOLD = "bold"
    CHINESE = "chinese"
    CHINESE_BOLD = "chinese-bold"


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """`number`: which one, in a file that holds several."""

    path: Path
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Letters of one face one after another, `width` in points at the size that was asked for."""

    text: str
    face: Face
    width: float


class SheetFonts:
    """`folder` holds the shipped faces. `chinese` None: the system has none, and `lacking` tells whether it
    would have been needed."""

    def __init__(self, folder: Path, chinese: FontFile | None) -> None:
        self.files: dict[Face, FontFile] = {
            Face.REGULAR: FontFile(path=folder / "Inter-Regular.otf"),
            Face.BOLD: FontFile(path=folder / "Inter-SemiBold.otf"),
        }
        if chinese is not None:
            self.files[Face.CHINESE] = chinese
            self.files[Face.CHINESE_BOLD] = _bold_beside(chinese)
        self.lacking = False
        self._sized: dict[tuple[Face, float], ImageFont.FreeTypeFont] = {}
        self._advances: dict[tuple[Face, str], float] = {}

    def of(self, face: Face, pixels: float) -> ImageFont.FreeTypeFont:
        known = self._sized.get((face, pixels))
        if known is None:
            file = self.files[face]
            known = self._sized[face, pixels] = ImageFont.truetype(
                str(file.path), pixels, index=file.number, layout_engine=ImageFont.Layout.BASIC
            )
        return known

    def runs(self, text: str, size: float, *, bold: bool = False) -> tuple[Run, ...]:
        """The words in the faces that have them. Signs that steer are left out."""
        latin = Face.BOLD if bold else Face.REGULAR
        chinese = Face.CHINESE_BOLD if bold else Face.CHINESE
        plain = _DARK.sub("", " ".join(text.split()))
        found = []
        for wide, letters in groupby(plain, key=lambda sign: _WIDE.match(sign) is not None):
            part = "".join(letters)
            face = chinese if wide else latin
            if face not in self.files:
                self.lacking, face, part = True, latin, "□" * len(part)
            width = sum(self.advance(face, one) for one in part)
            found.append(Run(text=part, face=face, width=size * width))
        return tuple(found)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        return sum(one.width for one in self.runs(text, size, bold=bold))

    def advance(self, face: Face, letter: str) -> float:
        """How wide a letter is, in parts of the size."""
        key = (face, letter)
        known = self._advances.get(key)
        if known is None:
            known = self._advances[key] = self.of(face, _MEASURED_AT).getlength(letter) / _MEASURED_AT
        return known

    def cut(self, text: str, size: float, room: float, *, bold: bool = False) -> str:
        """As much of one line as there is room for, with … where that is not all."""
        plain = " ".join(text.split())
        if self.width(plain, size, bold=bold) <= room:
            return plain
        low, high = 0, len(plain)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(plain[:middle].rstrip() + "…", size, bold=bold) <= room:
                low = middle
            else:
                high = middle - 1
        return plain[:low].rstrip() + "…"

    def folded(self, text: str, size: float, room: float, lines: int) -> tuple[str, ...]:
        """At most `lines` lines, broken between words, or between Chinese characters; … where that is not
        all."""
        rest = " ".join(text.split())
        made: list[str] = []
        while rest and len(made) < lines - 1 and self.width(rest, size) > room:
            place = self._break(rest, size, room)
            made.append(rest[:place].rstrip())
            rest = rest[place:].lstrip()
        if rest:
            made.append(self.cut(rest, size, room))
        return tuple(made)

    def _break(self, text: str, size: float, room: float) -> int:
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle], size) <= room:
                low = middle
            else:
                high = middle - 1
        for place in range(low, 0, -1):
            if text[place : place + 1] == " " or text[place - 1] == " " or _WIDE.match(text[place - 1]):
                return place
        return low  # one word, longer than the line


def font_folders() -> tuple[Path, ...]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        local = Path(os.environ.get("LOCALAPPDATA", str(home)))
        return (windows / "Fonts", local / "Microsoft" / "Windows" / "Fonts")
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    shared = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return (*shared, home / ".local" / "share" / "fonts", home / ".fonts")


def chinese_font(folders: Sequence[Path]) -> FontFile | None:
    """The best Chinese face in these folders. Reads them: for a thread."""
    found: dict[str, Path] = {}
    for path in _files(folders):
        if path.name in _CHINESE_FILES:
            found.setdefault(path.name, path)
    for name in _CHINESE_FILES:
        if name in found and (number := _simplified(found[name])) is not None:
            return FontFile(path=found[name], number=number)
    return None


def _bold_beside(chinese: FontFile) -> FontFile:
    """The bold face that lies beside a regular one; the same where none does."""
    name = (
        chinese.path.name.replace("-Regular", "-Bold").replace("msyh.", "msyhbd.").replace("Deng.", "Dengb.")
    )
    bold = chinese.path.with_name(name)
    return FontFile(path=bold, number=chinese.number) if bold.is_file() else chinese


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    left = _MOST_LOOKED_AT
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                left -= 1
                if left < 0:
                    return
                yield Path(root) / name


def _simplified(path: Path) -> int | None:
    """Which of the faces in a file is the simplified Chinese one, else the first; None where it is none."""
    first: int | None = None
    for number in range(_MOST_IN_ONE):
        try:
            family = ImageFont.truetype(str(path), 12, index=number).getname()[0] or ""
        except OSError:
            break
        if first is None:
            first = number
        if _SIMPLIFIED.search(family):
            return number
    return first
