"""A model node against its card: what the vendor would refuse, found before anything is sent.

Pure: the facts of the photographs are given. Rules of the graph and of tags are `document.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.basics.faults import Where
from app.basics.words import listed, say, say_many, spoken
from app.catalogue.asked import Asked
from app.catalogue.cards import Card, Offer, Parameter, ParameterType
from app.catalogue.references import reference_problems
from app.document import edits
from app.document.problems import Fix, Problem, Severity
from app.document.tags import utf16_units
from app.document.values import Document, Link, Value


def match(card: Card, asked: Asked) -> tuple[Problem, ...]:
    """Every reason why `card` would not take what is asked, and the hints it has for it."""
    return (
        *_prompt(card, asked),
        *_count(card, asked),
        *(
            problem
            for place, reference in enumerate(asked.references)
            for problem in reference_problems(card, asked, place, reference)
        ),
        *(problem for one in card.parameters for problem in _parameter(card, asked, one)),
        *_vendor(card, asked),
    )


def _prompt(card: Card, asked: Asked) -> Iterator[Problem]:
    if asked.prompt is None:
        return
    where = Where(node=asked.prompt_node, parameter="text")
    if not asked.prompt.strip():
        yield Problem(
            code="prompt.empty",
            severity=Severity.ERROR,
            where=where,
            title=say("The prompt of {title} is empty.", title=asked.title),
            advice=say("Say what the picture shows."),
        )
        return
    if card.prompt_most is None:
        return
    length = _length(card, asked.sent(card))
    if length > card.prompt_most:
        over = length - card.prompt_most
        if card.prompt_advised:
            yield _advised(card, asked, length, where)
            return
        yield Problem(
            code="prompt.long",
            severity=Severity.ERROR,
            where=where,
            title=say(
                "The prompt of {title} has {length}; the most is {prompt_most}.",
                title=asked.title,
                length=_measured(card, length),
                prompt_most=card.prompt_most,
            ),
            advice=say("Shorten it by {over}.", over=_measured(card, over)),
        )


def _advised(card: Card, asked: Asked, length: int, where: Where) -> Problem:
    return Problem(
        code="prompt.long",
        severity=Severity.HINT,
        where=where,
        title=say(
            "The prompt of {title} has {length}; at most {prompt_most} are advised.",
            title=asked.title,
            length=_measured(card, length),
            prompt_most=card.prompt_most,
        ),
        advice=say("It is sent as it is; parts of it may be overlooked."),
    )


def _measured(card: Card, length: int) -> str:
    if card.prompt_units == "words":
        return say_many(length, "1 word", "{n} words")
    return say_many(length, "1 character", "{n} characters")


def _length(card: Card, text: str) -> int:
    match card.prompt_units:
        case "utf16":
            return utf16_units(text)
        case "words":
            return len(text.split())
        case _:
            return len(text)


def _count(card: Card, asked: Asked) -> Iterator[Problem]:
    arriving = [one for one in asked.references if not one.skipped]
    most, least, count = card.references.most, card.references.least, len(arriving)
    where = Where(node=asked.node, socket="reference_images")
    if count > most:
        extra = arriving[most:]
        yield Problem(
            code="references.many",
            severity=Severity.ERROR,
            where=where,
            title=say(
                "{title} has {count} reference images; {card_title} takes {most}.",
                title=asked.title,
                count=count,
                card_title=card.title,
                most=most,
            ),
            advice=say("Unlink the ones you can do without, or use a model that takes more."),
            fixes=(
                Fix(
                    label=say("Keep the first {most}", most=most),
                    edit=lambda document: _without(document, tuple(one.link for one in extra)),
                ),
            ),
        )
    if count < least:
        yield Problem(
            code="references.few",
            severity=Severity.ERROR,
            where=where,
            title=say(
                "{title} has {count} reference images; {card_title} needs {least}.",
                title=asked.title,
                count=count,
                card_title=card.title,
                least=least,
            ),
            advice=say("Link a Reference Image."),
        )


def _without(document: Document, links: tuple[Link, ...]) -> Document:
    for link in links:
        document = edits.disconnect(document, link.source, link.target)
    return document


def _parameter(card: Card, asked: Asked, parameter: Parameter) -> Iterator[Problem]:
    if parameter.id == "vendor":
        return  # `_vendor` speaks of it
    value = card.value(asked.values, parameter.id)
    where = Where(node=asked.node, parameter=parameter.id)
    match parameter.type:
        case ParameterType.CHOICE:
            offered = [choice.value for choice in parameter.choices]
            if value not in offered:
                yield Problem(
                    code="parameter.choice",
                    severity=Severity.ERROR,
                    where=where,
                    title=say(
                        "{title} of {asked_title} is {value!r}, which is not offered.",
                        title=parameter.title,
                        asked_title=asked.title,
                        value=value,
                    ),
                    advice=say("Choose one of {list}.", list=listed(offered)),
                    fixes=(_reset(asked.node, parameter),),
                )
        case ParameterType.SEED | ParameterType.INTEGER:
            yield from _number(asked, parameter, value, where)
        case _:
            pass
    offered_here = any(value == choice.value for choice in parameter.choices)
    if parameter.id == "resolution" and offered_here and _smaller_than_default(card, asked, parameter):
        yield _worth_it(asked, parameter, where)


def _smaller_than_default(card: Card, asked: Asked, parameter: Parameter) -> bool:
    here = card.size_for(asked.values)
    usual = card.size_for({**asked.values, parameter.id: parameter.default})
    return here is not None and usual is not None and here.width * here.height < usual.width * usual.height


def _number(asked: Asked, parameter: Parameter, value: Value, where: Where) -> Iterator[Problem]:
    if value is None and parameter.type == ParameterType.SEED:
        return
    low, high = parameter.minimum, parameter.maximum
    whole = value if isinstance(value, int) and not isinstance(value, bool) else None
    if whole is not None and (low is None or whole >= low) and (high is None or whole <= high):
        return
    yield Problem(
        code=f"{parameter.type.value}.range",
        severity=Severity.ERROR,
        where=where,
        title=say(
            "{title} of {asked_title} is {value!r}.",
            title=parameter.title,
            asked_title=asked.title,
            value=value,
        ),
        advice=say(
            "Give a whole number from {low} to {high}, or leave it empty for a new one each run.",
            low=low,
            high=high,
        )
        if parameter.type == ParameterType.SEED
        else say("Give a whole number from {low} to {high}.", low=low, high=high),
        fixes=(_reset(asked.node, parameter),),
    )


def _reset(node: str, parameter: Parameter) -> Fix:
    shown = (
        say("Empty it")
        if parameter.default is None
        else say("Use {default}", default=_title(parameter, parameter.default))
    )
    return Fix(
        label=shown,
        edit=lambda document: edits.set_value(document, node, parameter.id, parameter.default),
    )


def _title(parameter: Parameter, value: Value) -> str:
    """What a choice is called; any other value as it is."""
    found = next((spoken(one.title) for one in parameter.choices if one.value == value), None)
    return str(value) if found is None else found


def _worth_it(asked: Asked, parameter: Parameter, where: Where) -> Problem:
    return Problem(
        code="guidance.resolution",
        severity=Severity.HINT,
        where=where,
        title=say(
            "{title} makes its picture at {resolution}.",
            title=asked.title,
            resolution=asked.values.get("resolution"),
        ),
        advice=say(
            "{default} is usually worth its price and the little more time.",
            default=_title(parameter, parameter.default),
        ),
        fixes=(_reset(asked.node, parameter),),
    )


def _vendor(card: Card, asked: Asked) -> Iterator[Problem]:
    vendor = asked.values.get("vendor") or "auto"
    offer = card.offer(str(vendor))
    if offer is not None:
        yield from _not_sent(card, asked, offer)
        return
    known = listed(offer.vendor for offer in card.offers)
    yield Problem(
        code="vendor.unknown",
        severity=Severity.ERROR,
        where=Where(node=asked.node, parameter="vendor"),
        title=say(
            "{title} asks for the vendor {vendor!r}, which does not offer {card_title}.",
            title=asked.title,
            vendor=vendor,
            card_title=card.title,
        ),
        advice=say("Use auto, or one of: {known}.", known=known),
        fixes=(
            Fix(
                label=say("Use auto"),
                edit=lambda document: edits.set_value(document, asked.node, "vendor", "auto"),
            ),
        ),
    )


def _not_sent(card: Card, asked: Asked, offer: Offer) -> Iterator[Problem]:
    """What was chosen and this vendor does not take."""
    for id in offer.without:
        parameter = card.parameter(id)
        if parameter is None or card.value(asked.values, id) == parameter.default:
            continue
        yield Problem(
            code="vendor.without",
            severity=Severity.HINT,
            where=Where(node=asked.node, parameter=id),
            title=say(
                "{title} does not take “{parameter_title}” for {card_title}: it is not sent.",
                title=offer.title,
                parameter_title=parameter.title,
                card_title=card.title,
            ),
            advice=say("Choose another vendor where it matters."),
            fixes=(_reset(asked.node, parameter),),
        )
