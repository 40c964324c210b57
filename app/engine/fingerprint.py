"""Same inputs, same hash. A hash of hashes: a key costs what the node itself holds, not its ancestors.

Two kinds of key: `content_key` names the work of a node done here (and is remembered in memory only);
`asked_keys` name what a vendor is asked for, and stand in the ledger and the library for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.cards import Card, ParameterType
from app.document.tags import sent_prompt
from app.document.values import NO_FIT, Fit, Value

RECIPE = 1
"""Raise it when the same request would be sent otherwise, so that nothing old passes for it."""

_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=dict).encode

Words = Callable[[str, Sequence[str]], str]
"""A prompt and the tags of its references in order → the text that leaves."""


def digest(value: object) -> str:
    """128 bits, hexadecimal, of a JSON value; the order of keys in objects does not matter."""
    return hashlib.blake2b(_written(value).encode(), digest_size=16).hexdigest()


def content_key(kind: str, values: Mapping[str, Value], fed: Iterable[Sequence[object]]) -> str:
    """What a node's own work depends on: its kind, its values and, in the order of the links, what feeds it:
    `(socket, key of the parent, the parent's socket)`, with tag and fit where a link has them."""
    return digest([kind, values if type(values) is dict else dict(values), list(fed)])


def fit_key(fit: Fit) -> list[object]:
    """Only what acts: a colour says nothing while nothing is padded."""
    match fit.mode:
        case "pad":
            return ["pad", fit.color.lower()]
        case "crop":
            return ["crop", *fit.focus]
        case _:
            return []


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPicture:
    """A reference as the key sees it: the content of the file, what is done to it, and its tag."""

    sha256: str
    tag: str = ""
    fit: Fit = NO_FIT


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedKeys:
    """`base` is everything but the seed."""

    base: str

    def with_seed(self, seed: int | None) -> str:
        """The fingerprint of asking with this seed; with None, of asking with whatever seed is drawn."""
        return digest([self.base, seed])


def asked_keys(
    card: Card,
    vendor_model: str,
    values: Mapping[str, Value],
    prompt: str,
    references: Sequence[AskedPicture],
    words: Words,
) -> AskedKeys:
    """The key of one paid call. Title, layout, vendor address, and nodes that only pass things on are not in
    it; the prompt is in it as it would be sent, so that `@Sneaker` and `@sneaker` are one.

    `words` turns a prompt into what leaves (tags in lower case, or "image N").
    """
    tags = [one.tag.lower() for one in references]
    return AskedKeys(
        base=digest(
            [
                RECIPE,
                card.id,
                vendor_model,
                parameters_of(card, values),
                words(prompt, tags),
                [[one.sha256, tag, fit_key(one.fit)] for one, tag in zip(references, tags, strict=True)],
            ]
        )
    )


def parameters_of(card: Card, values: Mapping[str, Value]) -> dict[str, Value]:
    """The card's parameters with defaults filled in; without the seed, the tags and the choice of vendor."""
    return {
        one.id: card.value(values, one.id)
        for one in card.parameters
        if one.type not in (ParameterType.SEED, ParameterType.TAGS) and one.id != "vendor"
    }


def seed_parameter(card: Card) -> str | None:
    """The id of the card's seed, where it has one."""
    return next((one.id for one in card.parameters if one.type == ParameterType.SEED), None)


def fixed_seed(card: Card, values: Mapping[str, Value]) -> int | None:
    """The seed that the artist set, or None where one is drawn for each run."""
    name = seed_parameter(card)
    value = card.value(values, name) if name else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def draws_seed(card: Card, values: Mapping[str, Value]) -> bool:
    """Whether each run asks for another picture. A model without a seed is asked the same by the same inputs,
    and what it made stands for them."""
    return seed_parameter(card) is not None and fixed_seed(card, values) is None


def plain_words(prompt: str, tags: Sequence[str]) -> str:
    """What leaves for a model that takes tags itself."""
    return sent_prompt(prompt)
