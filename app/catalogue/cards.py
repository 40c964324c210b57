"""The data sheet of an image model: what it takes, its limits, its price. From a card come the node on
the canvas, its panel, its checks, the command line's help and the comparison table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.basics.money import Money
from app.document.sockets import Shape
from app.document.values import Value

Pixels = tuple[int, int]
"""Width and height."""


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


class Rate(Struct, frozen=True, kw_only=True):
    """What one megapixel costs, in money and in the vendor's own unit."""

    money: Money
    vendor_amount: float


class Megapixels(Struct, frozen=True, kw_only=True):
    """What a vendor bills by megapixels, besides the line's own price: each of the picture after the first
    `included`, and each of every reference as it is sent. `pixels` are those of one megapixel; a begun one
    counts whole, since an estimate must not be too low."""

    pixels: int
    included: int
    output: Rate
    input: Rate

    def of(self, size: Pixels) -> int:
        return math.ceil(size[0] * size[1] / self.pixels)


class Price(Struct, frozen=True, kw_only=True):
    """One line of a vendor's price list: for `choices` (all, where empty), in money and in the
    vendor's own unit (`8` of `Runway credits`). A price we do not know is not in the list."""

    choices: Mapping[str, str]
    money: Money
    vendor_amount: float
    vendor_unit: str
    megapixels: Megapixels | None = None
    """Where it depends on sizes; what `Card.price_for` gives is computed, and has none."""

    def computed(self, output: Pixels | None, sent: Sequence[Pixels | None]) -> Price | None:
        """The price of one picture of the size `output` with references of the sizes `sent`; None where a
        size that counts is not known."""
        by = self.megapixels
        if by is None:
            return self
        known = [by.of(one) for one in sent if one is not None]
        if output is None or len(known) < len(sent):
            return None
        more, given = max(0, by.of(output) - by.included), sum(known)
        return replace(
            self,
            money=Money(self.money + more * by.output.money + given * by.input.money),
            vendor_amount=self.vendor_amount
            + more * by.output.vendor_amount
            + given * by.input.vendor_amount,
            megapixels=None,
        )


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
    min_side: int | None = None
    max_side: int | None = None
    max_pixels: int | None = None
    max_bytes: int | None = None
    formats: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp")
    alpha: bool = True

    @property
    def largest(self) -> Pixels | None:
        """A size with the most pixels that may leave; None where nothing bounds them."""
        if self.max_pixels is not None:
            return (self.max_pixels, 1)
        return (self.max_side, self.max_side) if self.max_side is not None else None


class Offer(Struct, frozen=True, kw_only=True):
    """A vendor's way of selling a model. `model` is the vendor's name for it."""

    vendor: str
    model: str
    prices: tuple[Price, ...]
    settings: Mapping[str, Value]
    """What only that vendor's file reads (path, fixed fields)."""
    title: str = ""
    """The vendor's name for people."""
    without: tuple[str, ...] = ()
    """Parameters of the card that this vendor does not take: they are not sent."""
    poll_floor: float = 1.0
    """Seconds between two looks at a task, at least."""
    concurrency: int = 10
    deadline: float = 900.0
    """Seconds after which watching a task stops (the task stays in the ledger and is followed later). Of a
    synchronous offer: how long an answer may take."""
    synchronous: bool = False
    """Whether the picture comes with the answer to the create. Until then the vendor tells nothing, and there
    is nothing to cancel."""

    @property
    def by_size(self) -> bool:
        """Whether a price depends on the pixels of the references."""
        return any(one.megapixels is not None for one in self.prices)


class Card(Struct, frozen=True, kw_only=True):
    """`credits` is None where only the vendor's price is known. `prompt_units` names how `prompt_most`
    counts: `utf16`, `characters` or `words`. `sizes` maps choices to output pixels. Lists are in the order
    of `place`, smaller first."""

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
    place: int = 100
    words: tuple[str, ...] = ()
    """Further words the search finds it by, in any language."""
    prompt_advised: bool = False
    """Whether `prompt_most` is the vendor's advice: a longer prompt is taken."""

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

    def price_for(
        self, values: Mapping[str, Value], vendor: str = "auto", sent: Sequence[Pixels | None] = ()
    ) -> Price | None:
        """What one picture costs at a vendor, or None where we do not know (counts as over any cap). `sent`:
        the references' sizes as they are sent (`match.most_sent`)."""
        offer = self.offer(vendor)
        for price in offer.prices if offer else ():
            if all(self.value(values, key) == wanted for key, wanted in price.choices.items()):
                size = self.size_for(values)
                return price.computed((size.width, size.height) if size else None, sent)
        return None

    def value(self, values: Mapping[str, Value], parameter: str) -> Value:
        """A node's value for a parameter, or the card's default."""
        if parameter in values:
            return values[parameter]
        known = self.parameter(parameter)
        return known.default if known else None


Cards = Mapping[str, Card]
