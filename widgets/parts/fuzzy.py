"""Finding a name by some of its letters, in their order: `g4i` finds Gen4 Image."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def score(wanted: str, text: str) -> float:
    """How well `text` answers `wanted`: 0 not at all, more is better. Case does not count.

    A whole prefix is best, then the beginnings of words, then letters that stand together. Spaces
    do not count (`tishici` finds `ti shi ci`), nor does the width that an input method gives to letters.
    """
    wanted, text = unicodedata.normalize("NFKC", wanted).lower().strip(), text.lower()
    if not wanted:
        return 1.0
    if text.startswith(wanted):
        return 100.0 - len(text) * 0.1
    if f" {wanted}" in f" {text}":
        return 80.0 - len(text) * 0.1
    if wanted in text:
        return 60.0 - len(text) * 0.1
    together = wanted.replace(" ", "")
    if together in text.replace(" ", ""):
        return 50.0 - len(text) * 0.1
    return _scattered(together, text)


def _scattered(wanted: str, text: str) -> float:
    total, place = 0.0, -1
    for letter in wanted:
        found = text.find(letter, place + 1)
        if found < 0:
            return 0.0
        starts = found == 0 or not text[found - 1].isalnum()
        total += 4.0 if starts else 2.0 if found == place + 1 else 0.5
        place = found
    return total / len(wanted) * 10 - len(text) * 0.05


def best(wanted: str, choices: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Ids of choices (id, the names it goes by, its own first), best first; the order given decides ties."""
    scored: list[tuple[float, int, str]] = []
    for place, (id, names) in enumerate(choices):
        points = max((score(wanted, name) * (0.7 if at else 1.0) for at, name in enumerate(names)), default=0)
        if points > 0:
            scored.append((-points, place, id))
    return [id for _, _, id in sorted(scored)]
