"""Two versions of a node held against each other, in words, from what was asked for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.basics.words import listed, say
from app.catalogue.cards import Card
from app.document.differing import Labels, shown_value
from app.document.values import frozen
from app.document.wording import word_changes
from app.studio.versions import Reference, Version


def changed_since(
    older: Version, newer: Version, labels: Labels, cards: Mapping[str, Card]
) -> tuple[str, ...]:
    """Sentences; one at least, also where the same was asked."""
    found = tuple(_changes(older, newer, labels, cards))
    if found:
        return found
    return (say("The same was asked both times; only the picture is another."),)


def _changes(older: Version, newer: Version, labels: Labels, cards: Mapping[str, Card]) -> Iterator[str]:
    if older.card != newer.card:
        titles = [cards[one].title if one in cards else one for one in (older.card, newer.card)]
        yield say("Model: {before} → {after}.", before=titles[0], after=titles[1])
    if older.prompt != newer.prompt:
        yield say("Prompt: {change}.", change=word_changes(older.prompt, newer.prompt))
    yield from _references(older.references, newer.references)
    for key in sorted(older.values.keys() | newer.values.keys()):
        was, now = (frozen(one.values.get(key)) for one in (older, newer))
        if key != "seed" and was != now:
            yield say(
                "{field}: {before} → {after}.",
                field=labels.field(newer.card, key),
                before=shown_value(older.card, key, was, labels),
                after=shown_value(newer.card, key, now, labels),
            )
    if older.vendor != newer.vendor:
        titles = [vendor_title(one, cards) for one in (older, newer)]
        yield say("Vendor: {before} → {after}.", before=titles[0], after=titles[1])
    if older.draft != newer.draft:
        yield say("Bought instead of a draft.") if older.draft else say("A draft instead of bought.")
    if older.seed != newer.seed:
        seeds = [say("none") if one is None else one for one in (older.seed, newer.seed)]
        yield say("Seed: {before} → {after}.", before=seeds[0], after=seeds[1])


def vendor_title(version: Version, cards: Mapping[str, Card]) -> str:
    card = cards.get(version.card)
    offer = card.offer(version.vendor) if card else None
    return (offer.title if offer else "") or version.vendor


def _references(older: tuple[Reference, ...], newer: tuple[Reference, ...]) -> Iterator[str]:
    """By tag where both have it, else by content; then the order."""
    was, now = _keyed(older), _keyed(newer)
    for key, one in was.items():
        if key not in now and (same := _of_content(one, now, was)) is not None:
            yield say(
                "A reference is now called {tag} instead of {before}.", tag=_tag(same), before=_tag(one)
            )
        elif key not in now:
            yield say("Reference {tag} went.", tag=_tag(one))
        elif now[key].sha256 != one.sha256:
            yield say("Another photograph for {tag}.", tag=_tag(one))
    for key, one in now.items():
        if key not in was and _of_content(one, was, now) is None:
            yield say("Reference {tag} came.", tag=_tag(one))
    both = [key for key in was if key in now]
    order = [key for key in now if key in was]
    if both != order:
        yield say("References in another order: {list}.", list=listed(_tag(now[one]) for one in order))


def _keyed(row: tuple[Reference, ...]) -> dict[str, Reference]:
    """One without a tag by its content and how often that came before."""
    keyed: dict[str, Reference] = {}
    for one in row:
        key, count = one.tag or one.sha256, 2
        while key in keyed:
            key, count = f"{one.tag or one.sha256} {count}", count + 1
        keyed[key] = one
    return keyed


def _of_content(
    one: Reference, among: Mapping[str, Reference], known: Mapping[str, Reference]
) -> Reference | None:
    """The same photograph on the other side, under a tag that this side does not have."""
    return next(
        (other for key, other in among.items() if key not in known and other.sha256 == one.sha256), None
    )


def _tag(reference: Reference) -> str:
    return f"@{reference.tag}" if reference.tag else say("without a tag")
