"""The data sheet of an image model: what it takes, its limits, its price. From a card come the node on
the canvas, its panel, its checks, the command line's help and the comparison table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from app.basics.money import Money
from app.document.sockets import Shape
from app.document.values import Value


class ParameterType(StrEnum):
    CHOICE = "choice"
    INTEGER = "integer"
    SEED = "seed"
    TEXT = "text"
    TAGS = "tags"
    """Not a value of its own: a view of the tags on the links (`document.tags`)."""


class Choice(Struct, frozen=True, kw_only=True):
    """`value` stands in documents; `title` is shown; `note` explains ("High quality")."""

    value: str
    title: str
    note: str = ""


class Parameter(Struct, frozen=True, kw_only=True):
    """`default` None means empty (a seed: a new one each run). Bounds are inclusive."""

    id: str
    title: str
    type: ParameterType
    default: Value = None
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    advanced: bool = False
    help: str = ""


class Size(Struct, frozen=True, kw_only=True):
    """Pixels for a set of choices (`{"aspect_ratio": "16:9", "resolution": "1080p"}`), and how the
    vendor writes them."""

    choices: Mapping[str, str]
    width: int
    height: int


class Price(Struct, frozen=True, kw_only=True):
    """One line of a vendor's price list: for `choices` (all, where empty), in money and in the
    vendor's own unit (`8` of `Runway credits`). A price we do not know is not in the list."""

    choices: Mapping[str, str]
    money: Money
    vendor_amount: float
    vendor_unit: str


class Limit(Struct, frozen=True, kw_only=True):
    """A limit with where it comes from, for the comparison page and for whoever doubts it."""

    id: str
    text: str
    source: str
    date: str
    verified: bool = True


class ReferenceLimits(Struct, frozen=True, kw_only=True):
    """What a vendor takes as a photograph. Ratio is width ÷ height; sizes in pixels and bytes."""

    most: int
    least: int = 0
    min_ratio: float | None = None
    max_ratio: float | None = None
    max_side: int | None = None
    max_pixels: int | None = None
    max_bytes: int | None = None
    formats: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp")
    alpha: bool = True


class Offer(Struct, frozen=True, kw_only=True):
    """A vendor's way of selling a model. `model` is the vendor's name for it."""

    vendor: str
    model: str
    prices: tuple[Price, ...]
    settings: Mapping[str, Value]
    """What only that vendor's file reads (path, fixed fields)."""
    poll_floor: float = 1.0
    """Seconds between two looks at a task, at least."""
    concurrency: int = 10
    deadline: float = 900.0
    """Seconds after which watching a task stops (the task stays in the ledger and is followed later). Of a
    synchronous offer: how long an answer may take."""
    synchronous: bool = False
    """Whether the picture comes with the answer to the create. Until then the vendor tells nothing, and there
    is nothing to cancel."""


class Card(Struct, frozen=True, kw_only=True):
    """`credits` is None where only the vendor's price is known. `prompt_units` names how `prompt_most`
    counts: `utf16`, `characters` or `words`. `sizes` maps choices to output pixels."""

    id: str
    title: str
    maker: str
    summary: str
    credits: int | None
    shape: Shape
    parameters: tuple[Parameter, ...]
    prompt_most: int | None
    prompt_units: str
    references: ReferenceLimits
    tags: bool
    """Whether the vendor's API takes tags; without, `@tag` is sent as "image N"."""
    seed: str
    """What a seed is worth: `similar`, `same`, `best effort`, `none`."""
    largest: str
    sizes: tuple[Size, ...]
    offers: tuple[Offer, ...]
    limits: tuple[Limit, ...]
    advice: tuple[str, ...]
    help: str

    def parameter(self, id: str) -> Parameter | None:
        return next((one for one in self.parameters if one.id == id), None)

    def offer(self, vendor: str = "auto") -> Offer | None:
        """The offer of a vendor; `auto` is the first, the maker's own."""
        if vendor in ("", "auto"):
            return self.offers[0] if self.offers else None
        return next((one for one in self.offers if one.vendor == vendor), None)

    def size_for(self, values: Mapping[str, Value]) -> Size | None:
        """Output pixels for a node's values, defaults filled in; None where the vendor decides."""
        for size in self.sizes:
            if all(self.value(values, key) == wanted for key, wanted in size.choices.items()):
                return size
        return None

    def price_for(self, values: Mapping[str, Value], vendor: str = "auto") -> Price | None:
        """What one picture costs at a vendor, or None where we do not know (counts as over any cap)."""
        offer = self.offer(vendor)
        for price in offer.prices if offer else ():
            if all(self.value(values, key) == wanted for key, wanted in price.choices.items()):
                return price
        return None

    def value(self, values: Mapping[str, Value], parameter: str) -> Value:
        """A node's value for a parameter, or the card's default."""
        if parameter in values:
            return values[parameter]
        known = self.parameter(parameter)
        return known.default if known else None


Cards = Mapping[str, Card]
