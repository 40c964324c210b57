"""From a finished text back to what it was made of, so that it can be said in another language: what stands
on the screen when the language is switched, and English texts that are kept on disk (the ledger's faults)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from app.basics.languages import every_text
from app.basics.words import ENGLISH, Catalogue, Said, foreign, joined, mark, said_of, spoken

_NAME = re.compile(r"\{(\w+)(?:![rsa])?(?::[^}]*)?\}")
_LEAST = 3
"""Letters that a pattern must have beside its values: `{a} {b}` fits everything and says nothing."""
_DEEPEST = 3
_SENTENCES = re.compile(r"(?<=[.?!\]]) |(?<=[。？！]) ?")


class Unsaid:
    """For texts of one language. Made of all texts of the program: some milliseconds, at first use."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._whole: dict[str, Said] = {}
        self._patterns: list[tuple[str, str, str, str]] = []
        for one, many in every_text():
            for source, shown in _shown(catalogue, one, many):
                if _NAME.search(source):
                    self._add(source, shown, one, many)
                else:
                    self._whole.setdefault(shown, mark(source))

    def _add(self, source: str, shown: str, one: str, many: str) -> None:
        parts = _NAME.split(shown)
        literals = parts[::2]
        if sum(_weight(sign) for part in literals for sign in part) < _LEAST:
            return
        seen: set[str] = set()
        pattern = ""
        for place, part in enumerate(parts):
            if place % 2 == 0:
                pattern += re.escape(part.replace("{{", "{").replace("}}", "}"))
            else:
                pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
                seen.add(part)
        longest = max((part.replace("{{", "{").replace("}}", "}") for part in literals), key=len)
        self._patterns.append((longest, pattern, one, many))

    def find(self, text: str, deep: int = 0) -> Said | None:
        """None where it is none of ours: a name, a path, words of the artist or of a vendor."""
        if known := self._whole.get(text):
            return known
        if not any(sign.isalpha() for sign in text):
            return None
        best: tuple[int, Said] | None = None
        for longest, pattern, one, many in self._patterns:
            if longest not in text or (best is not None and len(longest) <= best[0]):
                continue
            if found := re.fullmatch(pattern, text, re.DOTALL):
                best = len(longest), self._said(found, one, many, deep)
        return best[1] if best is not None else self._sentences(text, deep)

    def _sentences(self, text: str, deep: int) -> Said | None:
        """Sentences that were joined, some of which may be somebody else's."""
        parts = [part for part in _SENTENCES.split(text) if part]
        if len(parts) < 2 or deep:
            return None
        found = [self.find(part, 1) for part in parts]
        return (
            joined(*(said or part for said, part in zip(found, parts, strict=True))) if any(found) else None
        )

    def _said(self, found: re.Match[str], one: str, many: str, deep: int) -> Said:
        values: dict[str, object] = {}
        for name, value in found.groupdict().items():
            inner = self.find(value, deep + 1) if deep < _DEEPEST else None
            values[name] = inner if inner is not None else _Shown(value)
        if not many:
            return said_of(one, values)
        number = re.sub(r"\D", "", str(values.get("n", "1"))) or "1"
        return said_of(one, values, many, int(number))


def _weight(sign: str) -> int:
    """A character of Chinese is a word or half of one."""
    wide = ord(sign) > 0x2E7F
    return 2 if wide and sign.isalnum() else int(wide or sign.isalnum())


class _Shown(str):
    """A value as it was shown: the forms in the braces (`{money:.2f}`, `{name!r}`) have done their work."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


def _shown(catalogue: Catalogue, one: str, many: str) -> Iterator[tuple[str, str]]:
    """Sources, and how they look in a language."""
    if not many:
        yield one, catalogue.gettext(one)
        return
    yield one, catalogue.ngettext(one, many, 1)
    yield many, catalogue.ngettext(one, many, 2)


@cache
def english() -> Unsaid:
    """Texts as they are kept on disk."""
    return Unsaid(ENGLISH)


def spoken_again(text: str) -> str:
    """An English text from the disk in the language of now; what is none of ours stays as it is."""
    if not text or not foreign():
        return text
    found = english().find(text)
    return spoken(found) if found is not None else text
