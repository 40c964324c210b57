"""What a model node asks for, as it is held against a card."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.basics.faults import Fault
from app.catalogue.cards import Card, Pixels
from app.catalogue.sent import sent_words
from app.document.values import Link, Value


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
