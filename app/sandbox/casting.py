"""Who plays what in a draft: which reference is the place, who stands in it, what lies in front.

Read from the prompt alone: the order of the calls, the words next to them, and the tags themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.sandbox.order import Order, Reference

CALL = re.compile(r"(?<![A-Za-z0-9_])[@＠]([A-Za-z0-9_]+)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLACES = _words(
    "studio background backdrop scene setting set room kitchen street city beach forest landscape wall "
    "sky place interior garden temple mountain office cafe environment location desert park house town "
    "market lake sea ocean field library bedroom bathroom shop stage world bg"
)
PEOPLE = _words(
    "model person man woman girl boy people subject character face portrait hero heroine actor actress "
    "child kid baby lady guy human athlete dancer runner chef astronaut cat dog animal pet mascot "
    "couple"
)
_INTO_A_PLACE = _words("in inside within against at behind before into through across throughout")
_ONTO = _words("on onto over along near")
_PLACE_AFTER = re.compile(r"\s*(?:里|中|上|内|背景|场景|的场景|的背景)")


class Role(StrEnum):
    PLACE = "place"
    PERSON = "person"
    THING = "thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`number` counts the references from 1, as they were sent; `called` says whether the prompt does."""

    reference: Reference
    role: Role
    number: int
    called: bool


def cast(order: Order) -> tuple[Part, ...]:
    """The parts in the order of the prompt; references that it never calls come last."""
    calls = _first_calls(order.prompt)
    numbered = list(enumerate(order.references, start=1))
    numbered.sort(key=lambda one: calls.get(one[1].tag.lower(), (len(order.prompt), 0))[0])
    place = _place(order.prompt, [one for _, one in numbered], calls)
    parts = []
    for number, one in numbered:
        role = Role.PLACE if one is place else _role(order.prompt, one, calls)
        called = one.tag.lower() in calls
        parts.append(Part(reference=one, role=role, number=number, called=called))
    return tuple(parts)


def _first_calls(prompt: str) -> dict[str, tuple[int, int]]:
    """Tag in lower case → where it is first called, from and to."""
    calls: dict[str, tuple[int, int]] = {}
    for found in CALL.finditer(prompt):
        calls.setdefault(found[1].lower(), found.span())
    return calls


def _place(
    prompt: str, references: Sequence[Reference], calls: dict[str, tuple[int, int]]
) -> Reference | None:
    best, best_score = None, 0
    for one in references:
        score = _like_a_place(prompt, one, calls)
        if score and score >= best_score:
            best, best_score = one, score
    if best is None:
        called = [one for one in references if one.tag.lower() in calls]
        if len(called) >= 3 and not _names(called[-1].tag, PEOPLE):
            best = called[-1]
    return best


def _like_a_place(prompt: str, one: Reference, calls: dict[str, tuple[int, int]]) -> int:
    """0 for no, more for surer."""
    score = 3 if _names(one.tag, PLACES) else 0
    where = calls.get(one.tag.lower())
    if where is None or (score == 0 and _names(one.tag, PEOPLE)):
        return score
    before, after = _neighbours(prompt, where)
    if (after[:1] and after[0] in PLACES) or _PLACE_AFTER.match(prompt, where[1]):
        score += 2
    if any(word in _INTO_A_PLACE for word in before[-2:]) or prompt[: where[0]].rstrip().endswith("在"):
        score += 2
    elif before[-1:] and before[-1] in _ONTO:
        score += 1
    return score


def _role(prompt: str, one: Reference, calls: dict[str, tuple[int, int]]) -> Role:
    if _names(one.tag, PEOPLE):
        return Role.PERSON
    where = calls.get(one.tag.lower())
    if where is not None and not _names(one.tag, PLACES) and _neighbours(prompt, where)[0][-1:] == ["by"]:
        return Role.PERSON
    return Role.THING


def _neighbours(prompt: str, where: tuple[int, int]) -> tuple[list[str], list[str]]:
    """The words of the same clause before and after a call, in lower case."""
    before = re.split(r"[,.;:!?，。；：！？@＠]", prompt[: where[0]].lower())[-1]
    after = re.split(r"[,.;:!?，。；：！？@＠]", prompt[where[1] :].lower())[0]
    return re.findall(r"[a-z]+", before), re.findall(r"[a-z]+", after)


def _names(tag: str, words: frozenset[str]) -> bool:
    return tag.lower().rstrip("0123456789_") in words
