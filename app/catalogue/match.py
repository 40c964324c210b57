"""A model node against its card: what the vendor would refuse, found before anything is sent.

Pure: the facts of the photographs are given. Rules of the graph and of tags are `document.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import Fault, Where
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
            title=f"The prompt of {asked.title} is empty.",
            advice="Say what the picture shows.",
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
            title=f"The prompt of {asked.title} has {length} characters; the most is {card.prompt_most}.",
            advice=f"Shorten it by {over}.",
        )


def _advised(card: Card, asked: Asked, length: int, where: Where) -> Problem:
    units = "words" if card.prompt_units == "words" else "characters"
    return Problem(
        code="prompt.long",
        severity=Severity.HINT,
        where=where,
        title=f"The prompt of {asked.title} has {length} {units}; at most {card.prompt_most} are advised.",
        advice="It is sent as it is; parts of it may be overlooked.",
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
            title=f"{asked.title} has {count} reference images; {card.title} takes {most}.",
            advice="Unlink the ones you can do without, or use a model that takes more.",
            fixes=(
                Fix(
                    label=f"Keep the first {most}",
                    edit=lambda document: _without(document, tuple(one.link for one in extra)),
                ),
            ),
        )
    if count < least:
        yield Problem(
            code="references.few",
            severity=Severity.ERROR,
            where=where,
            title=f"{asked.title} has {count} reference images; {card.title} needs {least}.",
            advice="Link a Reference Image.",
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
            title=f"{_called(reference)} is too small for {card.title}: {pixels[0]} × {pixels[1]}.",
            advice=f"Take a picture with sides of at least {least} pixels.",
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
    limit = f"wider than {high:g}:1" if wide else f"narrower than 1:{1 / (low or 1):g}"
    taken = " and ".join(
        f"{words} {bound:g}" for words, bound in (("at least", low), ("at most", high)) if bound is not None
    )
    source, target = reference.link.source, reference.link.target
    yield Problem(
        code="reference.ratio",
        severity=Severity.ERROR,
        where=Where(node=asked.node, socket="reference_images", item=place),
        title=f"{_called(reference)} is {limit}: {width} × {height}, ratio {ratio:.3f}.",
        advice=f"{card.title} takes {taken}. Pad it with a colour, or crop it around a point.",
        fixes=(
            Fix(
                label="Pad",
                edit=lambda document: tag_edits.set_fit(document, source, target, Fit(mode="pad")),
            ),
            Fix(
                label="Crop",
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
    sent = f"at {width} × {height}" if shrunk else f"at {_megabytes(limits.max_bytes or 0)} MB or less"
    yield Problem(
        code="reference.large",
        severity=Severity.HINT,
        where=Where(node=asked.node, socket="reference_images", item=place),
        title=f"{_called(reference)} is larger than {card.title} takes: {held}. It is sent {sent}.",
        advice="Nothing to do: your file stays as it is.",
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
                    title=f"{parameter.title} of {asked.title} is {value!r}, which is not offered.",
                    advice=f"Choose one of {', '.join(offered)}.",
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
        title=f"{parameter.title} of {asked.title} is {value!r}.",
        advice=f"Give a whole number from {low} to {high}"
        + (", or leave it empty for a new one each run." if parameter.type == ParameterType.SEED else "."),
        fixes=(_reset(asked.node, parameter),),
    )


def _reset(node: str, parameter: Parameter) -> Fix:
    shown = "Empty it" if parameter.default is None else f"Use {parameter.default}"
    return Fix(
        label=shown,
        edit=lambda document: edits.set_value(document, node, parameter.id, parameter.default),
    )


def _worth_it(asked: Asked, parameter: Parameter, where: Where) -> Problem:
    return Problem(
        code="guidance.resolution",
        severity=Severity.HINT,
        where=where,
        title=f"{asked.title} makes its picture at {asked.values.get('resolution')}.",
        advice=f"{parameter.default} is usually worth the little more time.",
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
        title=f"{asked.title} asks for the vendor {vendor!r}, which does not offer {card.title}.",
        advice=f"Use auto, or one of: {known}.",
        fixes=(
            Fix(
                label="Use auto",
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
            title=f"{offer.title} does not take “{parameter.title}” for {card.title}: it is not sent.",
            advice="Choose another vendor where it matters.",
            fixes=(_reset(asked.node, parameter),),
        )
