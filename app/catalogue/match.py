"""A model node against its card: what the vendor would refuse, found before anything is sent.

Pure: the facts of the photographs are given. Rules of the graph and of tags are `document.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import Fault, Where
from app.basics.words import joined, say
from app.catalogue.cards import Card, Offer, Parameter, ParameterType, Pixels, ReferenceLimits
from app.catalogue.sent import sent_words
from app.document import edits, tag_edits
from app.document.problems import Fix, Problem, Severity
from app.document.tags import utf16_units
from app.document.values import Document, Fit, Link, Value
from app.imaging.fitting import Bounds, Limits
from app.imaging.fitting import fit as fitted


class AskedReference(Struct, frozen=True, kw_only=True):
    """A link into the model's references. `pixels` are those of the photograph after turning, or of the
    picture still to be made, judged from its own card; None where they are not known (yet)."""

    link: Link
    title: str
    pixels: Pixels | None = None
    bytes: int | None = None
    fault: Fault | None = None
    """Why the photograph cannot be read, where it cannot."""
    skipped: bool = False
    """Its node is skipped: nothing arrives, as if the link were not there."""


class Asked(Struct, frozen=True, kw_only=True):
    """What a model node asks for. `prompt` is None where no words arrive; `prompt_node` is whose they are."""

    node: str
    title: str
    values: Mapping[str, Value]
    prompt: str | None
    prompt_node: str
    references: tuple[AskedReference, ...]

    def sent(self, card: Card) -> str:
        """The words that would leave."""
        return sent_words(
            card, self.prompt or "", [one.link.tag for one in self.references if not one.skipped]
        )


def match(card: Card, asked: Asked) -> tuple[Problem, ...]:
    """Every reason why `card` would not take what is asked, and the hints it has for it."""
    return (
        *_prompt(card, asked),
        *_count(card, asked),
        *(
            problem
            for place, reference in enumerate(asked.references)
            for problem in _reference(card, asked, place, reference)
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
                "The prompt of {title} has {length} characters; the most is {prompt_most}.",
                title=asked.title,
                length=length,
                prompt_most=card.prompt_most,
            ),
            advice=say("Shorten it by {over}.", over=over),
        )


def _advised(card: Card, asked: Asked, length: int, where: Where) -> Problem:
    units = say("words") if card.prompt_units == "words" else say("characters")
    return Problem(
        code="prompt.long",
        severity=Severity.HINT,
        where=where,
        title=say(
            "The prompt of {title} has {length} {units}; at most {prompt_most} are advised.",
            title=asked.title,
            length=length,
            units=units,
            prompt_most=card.prompt_most,
        ),
        advice=say("It is sent as it is; parts of it may be overlooked."),
    )


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


def _reference(card: Card, asked: Asked, place: int, reference: AskedReference) -> Iterator[Problem]:
    if reference.skipped or reference.fault is not None:
        return  # a fault is said once, at the photograph's own node
    if reference.pixels is None:
        return
    refused = (
        *_small(card, asked, place, reference, reference.pixels),
        *_ratio(card, asked, place, reference, reference.pixels),
    )
    yield from refused
    if not refused:
        yield from _large(card, asked, place, reference, reference.pixels)


def _small(
    card: Card, asked: Asked, place: int, reference: AskedReference, pixels: Pixels
) -> Iterator[Problem]:
    least = card.references.min_side
    if least is not None and min(pixels) < least:
        yield Problem(
            code="reference.small",
            severity=Severity.ERROR,
            where=Where(node=asked.node, socket="reference_images", item=place),
            title=say(
                "{reference} is too small for {title}: {width} × {height}.",
                reference=_called(reference),
                title=card.title,
                width=pixels[0],
                height=pixels[1],
            ),
            advice=say("Take a picture with sides of at least {least} pixels.", least=least),
        )


def _ratio(
    card: Card, asked: Asked, place: int, reference: AskedReference, pixels: Pixels
) -> Iterator[Problem]:
    low, high = card.references.min_ratio, card.references.max_ratio
    width, height = pixels
    ratio = width / height
    if reference.link.fit.mode != "none" or _within(ratio, low, high):
        return
    wide = high is not None and ratio > high
    limit = (
        say("wider than {high:g}:1", high=high)
        if wide
        else say("narrower than 1:{low:g}", low=1 / (low or 1))
    )
    taken = joined(
        say("at least {ratio:g}", ratio=low) if low is not None else "",
        say("at most {ratio:g}", ratio=high) if high is not None else "",
        sep=say(" and "),
    )
    source, target = reference.link.source, reference.link.target
    yield Problem(
        code="reference.ratio",
        severity=Severity.ERROR,
        where=Where(node=asked.node, socket="reference_images", item=place),
        title=say(
            "{reference} is {limit}: {width} × {height}, ratio {ratio:.3f}.",
            reference=_called(reference),
            limit=limit,
            width=width,
            height=height,
            ratio=ratio,
        ),
        advice=say(
            "{title} takes {taken}. Pad it with a colour, or crop it around a point.",
            title=card.title,
            taken=taken,
        ),
        fixes=(
            Fix(
                label=say("Pad"),
                edit=lambda document: tag_edits.set_fit(document, source, target, Fit(mode="pad")),
            ),
            Fix(
                label=say("Crop"),
                edit=lambda document: tag_edits.set_fit(document, source, target, Fit(mode="crop")),
            ),
        ),
    )


def _within(ratio: float, low: float | None, high: float | None) -> bool:
    return (low is None or ratio >= low) and (high is None or ratio <= high)


def _called(reference: AskedReference) -> str:
    return f"@{reference.link.tag}" if reference.link.tag else reference.title


def _large(
    card: Card, asked: Asked, place: int, reference: AskedReference, pixels: Pixels
) -> Iterator[Problem]:
    """A photograph over the vendor's limits is shrunk by itself; this only says so. Pictures that are made
    here or at a vendor have no `bytes` yet, and are judged by their sides alone."""
    limits = card.references
    width, height = sent_size(limits, reference.link.fit, pixels)
    shrunk = (width, height) != sent_size(_boundless(limits), reference.link.fit, pixels)
    heavy = limits.max_bytes is not None and (reference.bytes or 0) > limits.max_bytes
    if not shrunk and not heavy:
        return
    held = f"{pixels[0]} × {pixels[1]}" if shrunk else f"{_megabytes(reference.bytes or 0)} MB"
    sent = (
        say("at {width} × {height}", width=width, height=height)
        if shrunk
        else say("at {megabytes} MB or less", megabytes=_megabytes(limits.max_bytes or 0))
    )
    yield Problem(
        code="reference.large",
        severity=Severity.HINT,
        where=Where(node=asked.node, socket="reference_images", item=place),
        title=say(
            "{reference} is larger than {title} takes: {held}. It is sent {sent}.",
            reference=_called(reference),
            title=card.title,
            held=held,
            sent=sent,
        ),
        advice=say("Nothing to do: your file stays as it is."),
    )


def sent_size(limits: ReferenceLimits, fit: Fit, pixels: Pixels) -> Pixels:
    """The pixels of a photograph as it is sent: fitted, then shrunk to the vendor's sides and pixels. Its
    bytes may make it smaller still."""
    bounds = Bounds(least=limits.min_ratio, most=limits.max_ratio)
    # Without a limit: larger than any canvas that a fit makes.
    side = limits.max_side if limits.max_side is not None else sum(pixels) * 100
    room = Limits(max_side=side, max_pixels=limits.max_pixels)
    return fitted(pixels, mode=fit.mode, focus=fit.focus, bounds=bounds, limits=room).canvas


def most_sent(limits: ReferenceLimits, fit: Fit, pixels: Pixels | None) -> Pixels | None:
    """The same for a price, which must not be too low: what is not known yet is taken for the most that may
    leave; None where nothing bounds that."""
    return sent_size(limits, fit, pixels) if pixels is not None else limits.largest


def _boundless(limits: ReferenceLimits) -> ReferenceLimits:
    return replace(limits, max_side=None, max_pixels=None)


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f}".removesuffix(".0")


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
                    advice=say("Choose one of {list}.", list=", ".join(offered)),
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
    shown = say("Empty it") if parameter.default is None else say("Use {default}", default=parameter.default)
    return Fix(
        label=shown,
        edit=lambda document: edits.set_value(document, node, parameter.id, parameter.default),
    )


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
        advice=say("{default} is usually worth the little more time.", default=parameter.default),
        fixes=(_reset(asked.node, parameter),),
    )


def _vendor(card: Card, asked: Asked) -> Iterator[Problem]:
    vendor = asked.values.get("vendor") or "auto"
    offer = card.offer(str(vendor))
    if offer is not None:
        yield from _not_sent(card, asked, offer)
        return
    known = ", ".join(offer.vendor for offer in card.offers)
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
