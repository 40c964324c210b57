"""Tags: how they are written, and how a prompt calls them.

A tag has 3 to 15 ASCII letters and digits, first a letter, and is compared without case. A call is the
longest run of ASCII letters and digits after @ or ＠ that does not follow a letter or digit, so that
`@sneaker放` calls @sneaker and `jo@example.com` calls nothing.

"A letter" before the @ is one that could end the name in an e-mail address: a letter of a script that has
capitals (Latin, Greek, Cyrillic …), in any width and with any accent. Chinese, Japanese, Korean, Thai and
other letters without case are written right up to the @ (`请把@sneaker放`), and do not hide a call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from msgspec import Struct

from app.basics.words import say
from app.document.reach import prompt_source as prompt_source  # the room's name for it

SHORTEST, LONGEST = 3, 15

_LEGAL = re.compile(r"[A-Za-z][A-Za-z0-9]{2,14}", re.ASCII)
_CALL = re.compile(r"[@＠]([A-Za-z0-9]+)", re.ASCII)
_SEPARATOR = re.compile(r"[,，、;；\r\n]")
_COLUMN = re.compile(r"\{[^{}\n]+\}")
_BEFORE = re.compile(r"^[\s@＠]+")
_BLANK_NAME = "subject"


class Call(Struct, frozen=True):
    """`tag` as the artist wrote it, without @; `start` and `end` in code points, the @ included."""

    tag: str
    start: int
    end: int


class TagFault(Struct, frozen=True, kw_only=True):
    """Why a tag cannot be used. `code` is `tag.length`, `tag.character` or `tag.first`."""

    code: str
    title: str


def same_tag(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def find_calls(text: str) -> tuple[Call, ...]:
    """All calls in a prompt, in order; also of runs that are no legal tag (`@4k`), so that they are seen."""
    return tuple(
        Call(found.group(1), found.start(), found.end())
        for found in _CALL.finditer(text)
        if not _follows_a_name(text, found.start())
    )


def _follows_a_name(text: str, place: int) -> bool:
    """Whether the character before `place`, accents skipped, could end the name of an e-mail address."""
    while place > 0:
        place -= 1
        category = unicodedata.category(text[place])
        if category == "Mn":
            continue  # an accent written apart, or the selector that makes an emoji: its base decides
        return category in ("Lu", "Ll", "Lt", "Nd")
    return False


def called_tags(text: str) -> frozenset[str]:
    """The tags a prompt calls, in lower case."""
    return frozenset(call.tag.lower() for call in find_calls(text))


def sent_prompt(text: str, known_tags: Collection[str] | None = None) -> str:
    """The prompt as it leaves: calls of known tags (of all, where none are given) in lower case with an
    ASCII @. Everything else stays as it was written."""
    known = None if known_tags is None else {tag.lower() for tag in known_tags}
    return replace_calls(
        text,
        [
            (call, f"@{call.tag.lower()}")
            for call in find_calls(text)
            if known is None or call.tag.lower() in known
        ],
    )


def replace_calls(text: str, changes: Iterable[tuple[Call, str]]) -> str:
    """`text` with each call replaced by the words beside it; calls in order, as `find_calls` gives them."""
    parts: list[str] = []
    done = 0
    for call, words in changes:
        parts += (text[done : call.start], words)
        done = call.end
    return "".join((*parts, text[done:]))


def rename_calls(text: str, old: str, new: str) -> str:
    """`text` with each call of `old` calling `new`; a full-width ＠ stays one."""
    return replace_calls(
        text,
        [(call, text[call.start] + new) for call in find_calls(text) if same_tag(call.tag, old)],
    )


def utf16_units(text: str) -> int:
    """The length of `text` as Runway counts it: characters outside the basic plane (emoji) count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_tags(text: str) -> tuple[str, ...]:
    """Tags from a field such as `sneaker, model，studio`, as they were typed.

    An empty piece keeps its place ("", for a photograph without a tag); empty pieces at the end go.
    """
    return _up_to_the_last([_BEFORE.sub("", piece).rstrip() for piece in _SEPARATOR.split(text)])


def tags_text(tags: Iterable[str]) -> str:
    """The field's text for tags in order: `parse_tags` of it gives them back."""
    return ", ".join(_up_to_the_last(tags))


def _up_to_the_last(tags: Iterable[str]) -> tuple[str, ...]:
    kept = list(tags)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def is_tag(text: str) -> bool:
    return _LEGAL.fullmatch(text) is not None


def is_column(text: str) -> bool:
    """Whether it is no more than `{column}`, which a table's row fills in."""
    return _COLUMN.fullmatch(text) is not None


def tag_fault(tag: str) -> TagFault | None:
    """What is wrong with a tag, or None. The first thing that a person would see is named."""
    if is_tag(tag):
        return None
    foreign = next((sign for sign in tag if not (sign.isascii() and sign.isalnum())), None)
    if foreign is not None:
        shown = say("a blank") if foreign.isspace() else f"“{foreign}”"
        return TagFault(
            code="tag.character",
            title=say(
                "The tag “{tag}” has {shown} in it: only letters a–z and digits work.", tag=tag, shown=shown
            ),
        )
    if not SHORTEST <= len(tag) <= LONGEST:
        return TagFault(
            code="tag.length",
            title=say(
                "The tag “{tag}” is too short: a tag has {least} to {most} letters and digits.",
                tag=tag,
                least=SHORTEST,
                most=LONGEST,
            )
            if len(tag) < SHORTEST
            else say(
                "The tag “{tag}” is too long: a tag has {least} to {most} letters and digits.",
                tag=tag,
                least=SHORTEST,
                most=LONGEST,
            ),
        )
    return TagFault(
        code="tag.first", title=say("The tag “{tag}” begins with a digit, not with a letter.", tag=tag)
    )


def clean_tag(text: str, taken: Iterable[str] = ()) -> str:
    """The nearest legal tag to `text`, in lower case, numbered while it is among `taken`."""
    plain = unicodedata.normalize("NFKD", text).lower()
    base = "".join(sign for sign in plain if sign.isascii() and sign.isalnum()).lstrip("0123456789")
    base = base[:LONGEST] or _BLANK_NAME
    used = {tag.lower() for tag in taken}
    if len(base) >= SHORTEST and base not in used:
        return base
    stem, number = base.rstrip("0123456789"), 2 if len(base) >= SHORTEST else 1
    while (tag := _numbered(stem, number)) in used:
        number += 1
    return tag


def _numbered(stem: str, number: int) -> str:
    digits = str(number).rjust(SHORTEST - len(stem), "0")
    return stem[: LONGEST - len(digits)] + digits


def suggest(tag: str, known: Iterable[str]) -> str | None:
    """The known tag that was probably meant, or None."""
    by_lower = {one.lower(): one for one in known if one}
    wanted = tag.lower()
    if wanted in by_lower:
        return by_lower[wanted]
    close = get_close_matches(wanted, by_lower)  # the best first
    if close:
        return by_lower[close[0]]
    begun = [one for one in by_lower if len(wanted) >= 2 and one.startswith(wanted)]
    return by_lower[min(begun, key=len)] if begun else None


def glued(tag: str, known: Iterable[str]) -> tuple[str, str] | None:
    """A known tag with a word run into it (`@modelwearing`): the tag and the word, or None."""
    begun = [one for one in known if is_tag(one) and tag.lower().startswith(one.lower())]
    if not begun:
        return None
    longest = max(begun, key=len)
    rest = tag[len(longest) :]
    return (longest, rest) if len(rest) >= 2 and rest[0].isalpha() else None
