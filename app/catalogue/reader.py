"""Cards from TOML: text → description (msgspec, errors with their path) → `Card`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import msgspec
import tomli

from app.basics.faults import BadInput
from app.basics.words import mark, say
from app.catalogue.cards import (
    Card,
    Cards,
    Choice,
    Limit,
    Parameter,
    ParameterType,
    ReferenceLimits,
    Size,
)
from app.catalogue.offers import RawOffer, offer_faults, offer_of, vendors
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Value

MOST_BYTES = 256 * 1024
"""Of a card that the artist has put there."""


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Choice(_Strict):
    value: str
    title: str
    note: str = ""


class _Parameter(_Strict):
    id: str
    title: str
    type: ParameterType
    help: str
    default: str | int | None = None
    choices: list[_Choice] = []
    minimum: int | None = None
    maximum: int | None = None
    advanced: bool = False


class _Prompt(_Strict):
    title: str
    help: str
    most: int | None = None
    units: Literal["utf16", "characters", "words"] = "characters"
    advised: bool = False


class _References(_Strict):
    title: str
    help: str
    most: int
    least: int = 0
    min_ratio: float | None = None
    max_ratio: float | None = None
    min_side: int | None = None
    max_side: int | None = None
    max_pixels: int | None = None
    max_bytes: int | None = None
    formats: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp")
    alpha: bool = True


class _Sizes(_Strict):
    by: list[str]
    pixels: dict[str, Any]


class _Limit(_Strict):
    id: str
    text: str
    source: str
    date: str
    verified: bool = True


class _Card(_Strict):
    id: str
    title: str
    maker: str
    summary: str
    tags: bool
    seed: str
    largest: str
    help: str
    prompt: _Prompt
    references: _References
    parameters: list[_Parameter]
    offers: list[RawOffer]
    limits: list[_Limit]
    place: int = 100
    credits: int | None = None
    words: list[str] = []
    advice: list[str] = []
    sizes: _Sizes | None = None


def read_cards(folder: Path | None = None) -> Cards:
    """All cards of a folder (the shipped catalogue, by default), by id, in the order of their places.

    :raises BadInput: a card is malformed; the message names file and field
    """
    cards: dict[str, Card] = {}
    for name, text in _texts(folder):
        card = read_card(text, name)
        if card.id in cards:
            raise _bad(name, f"the id {card.id!r} is taken by another card")
        cards[card.id] = card
    ordered = sorted(cards.values(), key=lambda card: (card.place, card.id))
    return MappingProxyType({card.id: card for card in ordered})


def read_catalogue(own: Path, objection: Callable[[Card], str]) -> tuple[Cards, tuple[str, ...]]:
    """The shipped cards and those in the artist's folder `own`, which need not exist. An own card that cannot
    be used (malformed, an id that is taken, an `objection` to it) costs only itself: what is wrong comes back
    as a sentence."""
    cards, notes = dict(read_cards()), []
    for path in _own_paths(own):
        try:
            card = read_card(_own_text(path), path.name)
            taken = f"the id {card.id!r} is taken by another card" if card.id in cards else ""
            if wrong := taken or objection(card):
                raise _bad(path.name, wrong)
        except BadInput as fault:
            notes.append(fault.sentence())
        else:
            cards[card.id] = card
    ordered = sorted(cards.values(), key=lambda card: (card.place, card.id))
    return MappingProxyType({card.id: card for card in ordered}), tuple(notes)


def _own_paths(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if one.suffix == ".toml")
    except OSError:
        return []  # nobody has made one


def _own_text(path: Path) -> str:
    """:raises BadInput: it cannot be read, or is no text of a sensible size"""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise _bad(path.name, f"it has more than {MOST_BYTES // 1024} KB")
        return data.decode("utf-8")
    except OSError as error:
        raise _bad(path.name, f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _bad(path.name, f"this is not UTF-8: {error}") from error


def read_card(text: str, name: str = "card") -> Card:
    """One card from its TOML text; `name` is the file's name, for messages.

    :raises BadInput: names file and field
    """
    try:
        # Not tomllib: compiled, this is a fifth of the time, and every start reads every card.
        raw = msgspec.convert(tomli.loads(text), type=_Card)
    except msgspec.ValidationError as error:
        raise _bad(name, str(error)) from error
    except tomli.TOMLDecodeError as error:
        raise _bad(name, f"this is not TOML: {error}") from error
    _check(raw, name)
    return _card(raw)


def _texts(folder: Path | None) -> Iterator[tuple[str, str]]:
    where = folder if folder is not None else files("resources") / "catalogue"
    for entry in sorted(where.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            try:
                yield entry.name, entry.read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                raise _bad(entry.name, f"this is not UTF-8: {error}") from error


def _bad(name: str, what: str) -> BadInput:
    return BadInput(
        say("The model card {name} cannot be used: {what}.", name=name, what=what),
        advice=say("Mend the card, or take it out of its folder."),
        code="catalogue.card",
    )


def _check(raw: _Card, name: str) -> None:
    known = {one.id: one for one in raw.parameters}
    for fault in (
        *_faults_of_parameters(raw),
        *_faults_of_sizes(raw, known),
        *offer_faults(raw.offers, known.keys()),
    ):
        raise _bad(name, fault)


def _faults_of_parameters(raw: _Card) -> Iterator[str]:
    seen: set[str] = set()
    for one in raw.parameters:
        if one.id in seen:
            yield f"parameters.{one.id} stands there twice"
        seen.add(one.id)
        values = [choice.value for choice in one.choices]
        if len(values) != len(set(values)):
            yield f"parameters.{one.id}: a choice stands there twice"
        if one.type == ParameterType.CHOICE and one.default not in values:
            yield f"parameters.{one.id}: the default {one.default!r} is not among its choices"


def _faults_of_sizes(raw: _Card, known: Mapping[str, _Parameter]) -> Iterator[str]:
    if raw.sizes is None:
        return
    for by in raw.sizes.by:
        if by not in known:
            yield f"sizes.by names the parameter {by!r}, which the card does not have"
            return
    yield from _faults_of_pixels(raw.sizes.pixels, [known[by] for by in raw.sizes.by], "sizes.pixels")


def _faults_of_pixels(pixels: object, by: list[_Parameter], place: str) -> Iterator[str]:
    """A table for each parameter, with exactly its choices; at the end of each way, two sides."""
    if not by:
        sides = pixels if isinstance(pixels, list) else []
        if len(sides) != 2 or any(type(side) is not int or side < 1 for side in sides):
            yield f"{place} is not [width, height] in pixels"
        return
    choices = [choice.value for choice in by[0].choices]
    if not isinstance(pixels, dict) or set(pixels) != set(choices):
        yield f"{place} does not have exactly the choices of {by[0].id}: {', '.join(choices)}"
        return
    for choice in choices:
        yield from _faults_of_pixels(pixels[choice], by[1:], f"{place}.{choice}")


def _card(raw: _Card) -> Card:
    return Card(
        id=raw.id,
        title=raw.title,
        maker=raw.maker,
        words=tuple(raw.words),
        summary=mark(raw.summary),
        place=raw.place,
        credits=raw.credits,
        shape=_shape(raw),
        parameters=(*(_parameter(one) for one in raw.parameters), *vendors(raw.offers)),
        prompt_most=raw.prompt.most,
        prompt_units=raw.prompt.units,
        prompt_advised=raw.prompt.advised,
        references=_references(raw.references),
        tags=raw.tags,
        seed=raw.seed,
        largest=mark(raw.largest),
        sizes=tuple(_sizes(raw.sizes)) if raw.sizes else (),
        offers=tuple(offer_of(one) for one in raw.offers),
        limits=tuple(
            Limit(id=one.id, text=mark(one.text), source=one.source, date=one.date, verified=one.verified)
            for one in raw.limits
        ),
        advice=tuple(map(mark, raw.advice)),
        help=mark(" ".join(raw.help.split())),
    )


def _shape(raw: _Card) -> Shape:
    references = raw.references
    return Shape(
        kind=raw.id,
        title=raw.title,
        model=True,
        inputs=(
            Socket(
                id="prompt",
                title=mark(raw.prompt.title),
                type=SocketType.PROMPT,
                required=True,
                help=mark(raw.prompt.help),
            ),
            Socket(
                id="reference_images",
                title=mark(references.title),
                type=SocketType.IMAGE,
                required=references.least > 0,
                most=references.most,
                tagged=True,
                help=mark(references.help),
            ),
        ),
        outputs=(
            Socket(
                id="image", title=mark("Image"), type=SocketType.IMAGE, most=None, help=mark("The picture.")
            ),
        ),
    )


def _parameter(one: _Parameter) -> Parameter:
    return Parameter(
        id=one.id,
        title=mark(one.title),
        type=one.type,
        default=one.default,
        choices=tuple(Choice(value=c.value, title=mark(c.title), note=mark(c.note)) for c in one.choices),
        minimum=one.minimum,
        maximum=one.maximum,
        advanced=one.advanced,
        help=mark(one.help),
    )


def _references(one: _References) -> ReferenceLimits:
    return ReferenceLimits(
        most=one.most,
        least=one.least,
        min_ratio=one.min_ratio,
        max_ratio=one.max_ratio,
        min_side=one.min_side,
        max_side=one.max_side,
        max_pixels=one.max_pixels,
        max_bytes=one.max_bytes,
        formats=one.formats,
        alpha=one.alpha,
    )


def _sizes(raw: _Sizes) -> Iterator[Size]:
    """`pixels` nests one level for each name in `by`; its leaves are [width, height]."""
    levels: list[tuple[dict[str, str], Any]] = [({}, raw.pixels)]
    for name in raw.by:
        levels = [
            ({**choices, name: value}, below) for choices, table in levels for value, below in table.items()
        ]
    for choices, (width, height) in levels:
        yield Size(choices=MappingProxyType(choices), width=int(width), height=int(height))


def combinations(card: Card) -> Iterator[Mapping[str, Value]]:
    """Every set of choices that the card's sizes depend on: for tests, tables and help."""
    names = list(dict.fromkeys(key for size in card.sizes for key in size.choices))
    pools = [[one.value for one in found.choices] for name in names if (found := card.parameter(name))]
    for values in product(*pools):
        yield MappingProxyType(dict(zip(names, values, strict=True)))
