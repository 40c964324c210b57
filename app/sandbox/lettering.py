"""Text in a draft: Inter as we ship it, a CJK face of the system where there is one, and no boxes.

Make one per picture: FreeType's faces are not for several threads.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
CJK_FACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/YuGothR.ttc",
    "C:/Windows/Fonts/malgun.ttf",
)
_NOWHERE = "\U0010fffd"
"""A character that no face has: what a face draws for it is its box."""


class Lettering:
    def __init__(self, cjk_faces: tuple[str, ...] = CJK_FACES) -> None:
        self._files = _shipped()
        self._cjk = next((Path(one) for one in cjk_faces if Path(one).exists()), None)
        self._faces: dict[tuple[str, int], Font] = {}
        self._known: dict[tuple[str, str], bool] = {}

    def width(self, text: str, size: int, style: str = "Regular") -> int:
        return round(sum(face.getlength(run) for run, face in self._runs(text, size, style)))

    def write(
        self,
        draw: ImageDraw.ImageDraw,
        at: tuple[int, int],
        text: str,
        size: int,
        fill: tuple[int, ...],
        style: str = "Regular",
    ) -> None:
        """`at` is the left end of the middle line of the text."""
        x, y = float(at[0]), at[1]
        for run, face in self._runs(text, size, style):
            if isinstance(face, ImageFont.FreeTypeFont):
                draw.text((x, y + size * 0.36), run, font=face, fill=fill, anchor="ls")
            else:
                draw.text((x, y - size / 2), run, font=face, fill=fill)
            x += face.getlength(run)

    def shortened(self, text: str, size: int, room: int, style: str = "Regular") -> str:
        """As much as fits, with an ellipsis for the rest."""
        text = self.drawable(text)
        if self.width(text, size, style) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + "…", size, style) <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"

    def drawable(self, text: str) -> str:
        """One line of what the faces can draw; what they cannot is left out."""
        plain = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
        kept = "".join(one for one in plain if one.isspace() or self._face_name(one) is not None)
        return " ".join(kept.split())

    def _runs(self, text: str, size: int, style: str) -> Iterator[tuple[str, Font]]:
        run, name = "", "latin"
        for one in text:
            other = "latin" if one.isspace() else self._face_name(one) or "latin"
            if other != name and run:
                yield run, self._face(name, size, style)
                run = ""
            run, name = run + one, other
        if run:
            yield run, self._face(name, size, style)

    def _face_name(self, one: str) -> str | None:
        if unicodedata.category(one) in ("Cs", "Co", "Cn"):
            return None
        if one.isascii():
            return "latin"
        return next((name for name in ("latin", "cjk") if self._has(name, one)), None)

    def _has(self, name: str, one: str) -> bool:
        if name == "cjk" and self._cjk is None:
            return False
        known = self._known.get((name, one))
        if known is None:
            face = self._face(name, 24, "Regular")
            known = self._known[name, one] = _ink(face, one) not in (_ink(face, _NOWHERE), b"")
        return known

    def _face(self, name: str, size: int, style: str) -> Font:
        key = (f"{name}-{style}", size)
        if key not in self._faces:
            self._faces[key] = self._load(name, size, style)
        return self._faces[key]

    def _load(self, name: str, size: int, style: str) -> Font:
        if name == "cjk" and self._cjk is not None:
            return ImageFont.truetype(str(self._cjk), size)
        content = self._files.get(style) or next(iter(self._files.values()), None)
        return ImageFont.truetype(BytesIO(content), size) if content else ImageFont.load_default(size)


def _ink(face: Font, one: str) -> bytes:
    """The pixels a face draws for a character; empty when it draws none."""
    sheet = Image.new("L", (40, 40))
    try:
        ImageDraw.Draw(sheet).text((4, 4), one, font=face, fill=255)
    except (OSError, ValueError, UnicodeError):
        return b""
    pixels = sheet.tobytes()
    return pixels if any(pixels) else b""


def _shipped() -> dict[str, bytes]:
    """Style → the file of Inter; empty where it is not installed with us."""
    folder = files("resources") / "fonts"
    if not folder.is_dir():
        return {}
    found = {one.name: one for one in folder.iterdir() if one.name.endswith((".otf", ".ttf"))}
    return {
        name.removeprefix("Inter-").rpartition(".")[0]: found[name].read_bytes()
        for name in sorted(found)
        if name.startswith("Inter-")
    }
