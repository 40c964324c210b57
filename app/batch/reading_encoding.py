"""In which encoding a text was written."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.basics.words import mark, say, spoken

_PIECE = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", mark("UTF-8")),
    (codecs.BOM_UTF32_LE, "utf-32", mark("UTF-32")),
    (codecs.BOM_UTF32_BE, "utf-32", mark("UTF-32")),
    (codecs.BOM_UTF16_LE, "utf-16", mark("UTF-16")),
    (codecs.BOM_UTF16_BE, "utf-16", mark("UTF-16")),
)
_GUESSED = {
    "gb18030": mark("Chinese (GB18030)"),
    "big5": mark("Chinese (Big5)"),
    "cp932": mark("Japanese (Shift-JIS)"),
    "euc_jp": mark("Japanese (EUC)"),
    "cp949": mark("Korean (CP949)"),
    "cp1252": mark("Western (Windows-1252)"),
    "cp1250": mark("Central European (Windows-1250)"),
    "cp1251": mark("Cyrillic (Windows-1251)"),
    "cp1253": mark("Greek (Windows-1253)"),
    "cp1254": mark("Turkish (Windows-1254)"),
    "koi8_r": mark("Cyrillic (KOI8-R)"),
    "mac_roman": mark("Western (Macintosh)"),
}
"""What tables of shops are written in; anything else would be a guess without a use."""

_CENTRAL = frozenset({"Czech", "Polish", "Slovak", "Slovene", "Croatian", "Romanian"})
_ODD = re.compile(r"[^\W\d_][¡¢£¥¯¹²³¼½¾¿]|[¡¢£¥¯¹²³¼½¾¿Ÿ][^\W\d_]")
"""Signs at a letter that have no business there: of a text that is Central European."""
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """`codec` is Python's name, `title` for people; `guessed`: nothing in the file says it."""

    codec: str
    title: str
    sha256: str
    guessed: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.guessed:
            return ()
        words = say(
            "The table is not in UTF-8 and was read as {encoding}. Where letters look wrong, save it as "
            "CSV in UTF-8.",
            encoding=spoken(self.title),
        )
        return (words,)


def encoding_of(path: Path) -> Encoding:
    """Reads all of it, a piece at a time.

    :raises OSError: it cannot be read
    """
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    begin, sample, valid = b"", bytearray(), True
    for piece in _pieces(path):
        begin = begin or piece
        digest.update(piece)
        if not piece.isascii() and len(sample) < _SAMPLE:
            _gather(sample, piece)
        valid = valid and _decodes(decoder, piece)
    valid = valid and _decodes(decoder, b"", last=True)
    codec, title, guessed = _found(begin, bytes(sample), valid)
    return Encoding(codec=codec, title=title, guessed=guessed, sha256=digest.hexdigest())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _gather(sample: bytearray, piece: bytes) -> None:
    """The lines that tell encodings apart. No encoding here has a line's end within a letter."""
    for line in piece.splitlines(keepends=True):
        if not line.isascii():
            sample += line[: _SAMPLE - len(sample)]
        if len(sample) >= _SAMPLE:
            return


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, last: bool = False) -> bool:
    try:
        decoder.decode(piece, last)
    except UnicodeDecodeError:
        return False
    return True


def _found(begin: bytes, sample: bytes, valid: bool) -> tuple[str, str, bool]:
    for signs, codec, title in _MARKS:
        if begin.startswith(signs):
            return codec, title, False
    if wide := _wide(begin[:4096]):
        return wide, mark("UTF-16"), True
    if valid or _mostly_utf8(sample):
        return "utf-8", mark("UTF-8"), False
    codec = _guess(sample)
    return codec, _GUESSED[codec], True


def _wide(begin: bytes) -> str:
    """UTF-16 without a mark: commas, tabs and line ends have a zero beside them, always on the same side."""
    begin = begin[: len(begin) // 2 * 2]
    even, odd = begin[::2].count(0), begin[1::2].count(0)
    if not (even or odd) or (even and odd):
        return ""
    codec = "utf-16-le" if odd else "utf-16-be"
    text = begin.decode(codec, "replace")
    return codec if "\n" in text or "\r" in text or "," in text or "\t" in text else ""


def _mostly_utf8(sample: bytes) -> bool:
    """UTF-8 with a broken place or two, which is said where it is, rather than a whole table misread."""
    text = sample.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= sign <= "\udcff" for sign in text)
    return sum(sign > "\x7f" for sign in text) - broken >= 3 * broken


def _guess(sample: bytes) -> str:
    """What the library finds; where it has too little to go by, what is written most."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=list(_GUESSED))
    best, languages = matches.best(), {one.encoding: one.language for one in matches}
    codec = best.encoding if best is not None and best.encoding in _GUESSED else "cp1252"
    if (best is None or not best.coherence) and _common_chinese(sample):
        return "gb18030"
    western = sample.decode("cp1252", "replace")
    if not any(sign.isalpha() for sign in western if sign > "\x7f"):
        return "cp1252"  # a dash, a degree, a €
    if codec in ("cp1252", "cp1250"):
        language = languages.get("cp1250", "")
        central = codec == "cp1250" and language in _CENTRAL and languages.get("cp1252") != language
        return "cp1250" if central or _ODD.search(western) else "cp1252"
    return codec


def _common_chinese(sample: bytes) -> bool:
    """Whether nearly all of it is in the 3,755 letters that GB 2312 calls the first level, or its signs; and
    not all in the first half of those, which is where Korean lies."""
    pairs = _PAIR.findall(sample)
    common = [one for one in pairs if 0xB0 <= one[0] <= 0xD7 or one[0] in (0xA1, 0xA3)]
    korean = len(pairs) > 6 and all(one[0] <= 0xC8 for one in pairs)
    return bool(pairs) and len(common) * 20 >= len(pairs) * 19 and not korean
