"""The words that leave for a model: tags as its vendor reads them. This is counted, shown and sent."""

from __future__ import annotations

from collections.abc import Sequence

from app.catalogue.cards import Card
from app.document.tags import find_calls, replace_calls, sent_prompt


def sent_words(card: Card, prompt: str, tags: Sequence[str]) -> str:
    """`tags` are those of the references, in the order in which they are sent; empty for one without."""
    return sent_prompt(prompt) if card.tags else numbered(prompt, tags)


def numbered(prompt: str, tags: Sequence[str]) -> str:
    """`@sneaker` as "image 1", for a vendor that knows its references by their order. A call of what is not
    linked stays as it is written."""
    places: dict[str, int] = {}
    for place, tag in enumerate(tags, 1):
        if tag:
            places.setdefault(tag.lower(), place)
    return replace_calls(
        prompt,
        [
            (call, f"image {places[call.tag.lower()]}")
            for call in find_calls(prompt)
            if call.tag.lower() in places
        ],
    )
