"""A photograph against the limits of a card: its sides, its ratio, its weight, and how it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from app.basics.faults import Where
from app.basics.words import joined, say
from app.catalogue.asked import Asked, AskedReference
from app.catalogue.cards import Card, Pixels, ReferenceLimits
from app.document import tag_edits
from app.document.problems import Fix, Problem, Severity
from app.document.values import Fit
from app.imaging.fitting import Bounds, Limits
from app.imaging.fitting import fit as fitted


def reference_problems(card: Card, asked: Asked, place: int, reference: AskedReference) -> Iterator[Problem]:
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
