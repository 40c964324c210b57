"""Two texts held against each other, word by word, in a line that is short to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from app.basics.words import CLAUSES, listed, say, say_many

LONG = 60
"""Characters of a text that are shown before it is cut."""
MOST = 6
"""Places that are told one by one; the others are counted."""
_MOST_WORDS = 4000
_ALIKE = 0.3
"""Texts that share less than this of the longer one's words are told as rewritten."""
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"\s+|@?[^\W{_CJK}]+(?:['’-][^\W{_CJK}]+)*|.", re.DOTALL)

Place = tuple[str, str]
"""What stood there and what stands there now; one of them may be empty."""


def quoted(text: str) -> str:
    """In quotation marks, on one line, cut where it is long."""
    line = " ".join(text.split()) if len(text) > LONG or "\n" in text else text
    return f"“{line if len(line) <= LONG else line[: LONG - 1].rstrip() + '…'}”"


def word_changes(before: str, after: str) -> str:
    """`“dramatic” → “soft”; added “warm”`: where two texts differ. They are not the same."""
    if not before.strip() or not after.strip():
        return say("{before} → {after}", before=_or_empty(before), after=_or_empty(after))
    places = _places(_WORD.findall(before), _WORD.findall(after))
    if places is None:
        return say("rewritten as {after}", after=quoted(after))
    told = [words for place in places if (words := _told(place))]
    if not told:
        return say("only spaces or line ends")
    more = len(told) - MOST
    if more > 0:
        told = [*told[:MOST], say_many(more, "{n} more place", "{n} more places")]
    return listed(told, sep=CLAUSES)


def _or_empty(text: str) -> str:
    return quoted(text) if text else say("empty")


def _told(place: Place) -> str:
    gone, come = (" ".join(one.split()) for one in place)
    if gone == come:
        return ""
    if not gone:
        return say("added {words}", words=quoted(come))
    if not come:
        return say("removed {words}", words=quoted(gone))
    return say("{before} → {after}", before=quoted(gone), after=quoted(come))


def _places(before: list[str], after: list[str]) -> list[Place] | None:
    """Where they differ, in order; None where they have too little in common to say it so."""
    if max(len(before), len(after)) > _MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    blocks = matcher.get_matching_blocks()
    same = sum(_letters(before[block.a : block.a + block.size]) for block in blocks)
    if same < _ALIKE * max(_letters(before), _letters(after)):
        return None
    return list(_joined(matcher, before, after))


def _letters(words: list[str]) -> int:
    return sum(len(word) for word in words if not word.isspace())


def _joined(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Place]:
    """Changes with nothing but a blank between them are one place."""
    gone = come = between = ""
    for tag, at, to, new_at, new_to in matcher.get_opcodes():
        if tag == "equal":
            same = "".join(before[at:to])
            if not (gone or come) or (same.isspace() and not between):
                between = same
                continue
            yield gone, come
            gone = come = between = ""
            continue
        if gone or come:
            gone, come = gone + between, come + between
        between = ""
        gone, come = gone + "".join(before[at:to]), come + "".join(after[new_at:new_to])
    if gone or come:
        yield gone, come
