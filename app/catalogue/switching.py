"""From one model to another: which values go along, what is lost and why, and what cannot be taken at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.basics.words import mark, say, spoken
from app.catalogue.asked import Asked
from app.catalogue.cards import Card, Parameter, ParameterType
from app.catalogue.match import match
from app.document.problems import Severity
from app.document.values import Value

_RESOLUTION, _RATIO, _VENDOR = "resolution", "aspect_ratio", "vendor"
_LINKED = ("references.", "reference.", "prompt.long")
"""Problems that are about what is linked, and not about the node's own values."""


class Moved(Struct, frozen=True, kw_only=True):
    """A node's values at another model. `lost` says in sentences what does not go along, or goes changed."""

    values: Mapping[str, Value]
    lost: tuple[str, ...]


def moved(values: Mapping[str, Value], old: Card, new: Card, kept: tuple[str, ...] = ()) -> Moved:
    """What fits is kept; where a ratio or a resolution is not offered, the nearest is taken. `kept` are
    values that belong to the document's own rules and go along whatever the cards say."""
    carried: dict[str, Value] = {key: value for key, value in values.items() if key in kept}
    lost: list[str] = []
    for parameter in old.parameters:
        if parameter.id not in values or parameter.id in carried:
            continue
        value, words = _one(values, parameter, old, new)
        if words:
            lost.append(words)
        if value is not None or (not words and new.parameter(parameter.id)):  # an empty seed is a value
            carried[parameter.id] = value
    for parameter in new.parameters:  # a default of the old card that the new one does not share
        if parameter.id not in carried and parameter.type is ParameterType.CHOICE:
            value, words = _default(values, parameter, old, new)
            if value is not None:
                carried[parameter.id] = value
            if words:
                lost.append(words)
    return Moved(values=carried, lost=tuple(lost))


def why_not(card: Card, asked: Asked) -> tuple[str, ...]:
    """Why a model cannot take what is linked: too many photographs, a shape or a length it refuses. Empty
    where it can."""
    there = replace(asked, values={})
    return tuple(
        problem.title
        for problem in match(card, there)
        if problem.severity is Severity.ERROR and problem.code.startswith(_LINKED)
    )


def _one(values: Mapping[str, Value], parameter: Parameter, old: Card, new: Card) -> tuple[Value, str]:
    value, there = values[parameter.id], new.parameter(parameter.id)
    if parameter.id == _VENDOR:
        offered = new.offer(str(value)) is not None
        return (
            (value, "")
            if offered
            else (
                None,
                say("Vendor: {value} does not offer {title}; auto is used.", value=value, title=new.title),
            )
        )
    if there is None:
        if value == parameter.default:
            return None, ""
        why = (
            say("it takes no seed") if parameter.type is ParameterType.SEED else say("it has no such setting")
        )
        return None, say(
            "{title} {parameter}: not with {new_title}, {why}.",
            title=parameter.title,
            parameter=_shown(parameter, value),
            new_title=new.title,
            why=why,
        )
    if there.type is ParameterType.CHOICE:
        return _choice(values, there, value, old, new)
    if there.type in (ParameterType.SEED, ParameterType.INTEGER):
        low, high = there.minimum, there.maximum
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is None or (whole and _within(int(str(value)), low, high)):
            return value, ""
        return None, say(
            "{title} {value}: {new_title} takes {low} to {high}; it is left empty.",
            title=there.title,
            value=value,
            new_title=new.title,
            low=low,
            high=high,
        )
    return value, ""


def _within(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _default(values: Mapping[str, Value], parameter: Parameter, old: Card, new: Card) -> tuple[Value, str]:
    """The old card's default goes along as a value, where the new card's is another."""
    before = old.parameter(parameter.id)
    if before is None or before.type is not ParameterType.CHOICE or before.default == parameter.default:
        return None, ""
    return _choice(values, parameter, before.default, old, new)


def _choice(
    values: Mapping[str, Value], there: Parameter, value: Value, old: Card, new: Card
) -> tuple[Value, str]:
    if any(choice.value == value for choice in there.choices):
        return value, ""
    nearest, words = there.default, mark("{title} {value}: not offered by {new_title}; {nearest} is used.")
    near = mark("{title} {value}: not offered by {new_title}; {nearest} is nearest.")
    if there.id == _RATIO:
        nearest, words = _nearest_ratio(there, value), near
    elif there.id == _RESOLUTION:
        nearest, words = _nearest_size(values, there, old, new), near
    return nearest, spoken(
        words,
        title=there.title,
        value=value,
        new_title=new.title,
        nearest=nearest,
    )


def _nearest_ratio(there: Parameter, value: Value) -> Value:
    wanted = _ratio(value)
    offered = [(choice.value, _ratio(choice.value)) for choice in there.choices]
    known = [(id, ratio) for id, ratio in offered if ratio is not None]
    if wanted is None or not known:
        return there.default
    return min(known, key=lambda one: max(one[1] / wanted, wanted / one[1]))[0]


def _ratio(value: Value) -> float | None:
    wide, colon, high = str(value).partition(":")
    if not colon or not wide.isdigit() or not high.isdigit() or not int(wide) or not int(high):
        return None
    return int(wide) / int(high)


def _nearest_size(values: Mapping[str, Value], there: Parameter, old: Card, new: Card) -> Value:
    """The resolution whose picture has nearest to as many pixels; the larger of two."""
    before = old.size_for(values)
    if before is None:
        return there.default
    sizes = dict(_pixels(there, new))
    if not sizes:
        return there.default
    wanted = before.width * before.height
    return min(sizes, key=lambda id: (max(sizes[id] / wanted, wanted / sizes[id]), -sizes[id]))


def _pixels(there: Parameter, card: Card) -> Iterator[tuple[str, int]]:
    for choice in there.choices:
        size = next((one for one in card.sizes if one.choices.get(there.id) == choice.value), None)
        if size is not None:
            yield choice.value, size.width * size.height


def _shown(parameter: Parameter, value: Value) -> str:
    return next((choice.title for choice in parameter.choices if choice.value == value), str(value))
