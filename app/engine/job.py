"""What a run is asked to do, and what it would cost: values that the window and the command line hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.basics.faults import Fault
from app.basics.money import Money, show_credits, show_usd
from app.basics.words import joined, listed, say, say_many
from app.document.values import Document
from app.engine.plan import Plan
from app.providers.contract import Keeping


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Upper bounds, None for none. `run_*` count what this run buys; `day_*` what was bought since midnight
    (local time) and this run; `document_*` all that this document ever bought and this run. Drafts count
    nothing. A price that is not known counts as over every cap."""

    run_credits: int | None = None
    run_money: Money | None = None
    day_credits: int | None = None
    day_money: Money | None = None
    document_credits: int | None = None
    document_money: Money | None = None


NO_CAPS = Caps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`document_id` is the document's name in the ledger, the same in window and terminal. `wanted` None:
    all models and ends. `resolve` turns a node's `file` value into a path, or raises BadInput.

    `output` is where Save Image nodes write; with `save_all` the picture of every wanted model is written
    there too, once. `live_only` refuses the sandbox. `retry_unknown`: the artist has decided that what is
    `unknown` may be sent again. `front`: before all that waits.
    """

    document: Document
    document_id: str
    resolve: Callable[[str], Path]
    output: Path
    wanted: Collection[str] | None = None
    save_all: bool = False
    live_only: bool = False
    retry_unknown: bool = False
    front: bool = False
    caps: Caps = NO_CAPS
    columns: Mapping[str, str] = field(default_factory=dict)
    """A table's row, for the names of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Before anything is sent. `money` is None where one of the prices is not known; `credits` leaves those
    out. Drafts are free and not counted in either; nor is what was sent before and is only followed."""

    plan: Plan
    credits: int
    money: Money | None
    bought: tuple[str, ...]
    """Nodes whose picture will be paid for."""
    drafts: tuple[str, ...]
    reused: tuple[str, ...]
    followed: tuple[str, ...]
    """Nodes whose picture was paid for already and is still on its way."""
    unpriced: tuple[str, ...]
    keepings: tuple[Keeping, ...]
    """Where photographs will go, one a live vendor that something is bought from."""
    troubles: Mapping[str, Fault] = field(default_factory=dict)
    """Photographs that cannot be read, by node."""

    @property
    def free(self) -> bool:
        return not self.bought

    @property
    def over_picks(self) -> tuple[str, ...]:
        """Nodes that would be paid for although the artist has picked a version: it no longer fits."""
        picked = {step.id for step in self.plan.models() if step.node.pick}
        return tuple(id for id in self.bought if id in picked)

    def told(self) -> str:
        """What it would cost, for whoever has not decided yet."""
        if not self.bought:
            return joined(self._also(), say("Nothing to pay."))
        return joined(say("{cost}.", cost=self._cost()), self._also())

    def question(self) -> str:
        """What is asked before money is spent, in whole sentences."""
        if not self.bought:
            return joined(self._also(), say("Nothing is bought."))
        return joined(say("Buy {cost}?", cost=self._cost()), self._also(), self._picks(), self._uploads())

    def _cost(self) -> str:
        return cost_words(len(self.bought), self.money, self.credits)

    def _also(self) -> str:
        return free_words(len(self.reused), len(self.followed), len(self.drafts))

    def _picks(self) -> str:
        count = len(self.over_picks)
        return say_many(
            count,
            "A version that you picked was made from other inputs; it stays among the versions, and a new "
            "one takes its place.",
            "{n} versions that you picked were made from other inputs; they stay among the versions, and "
            "new ones take their places.",
        ) if count else ""  # fmt: skip

    def _uploads(self) -> str:
        return joined(*(one.uploads for one in self.keepings))


def cost_words(count: int, money: Money | None, credits: int | None) -> str:
    """So many pictures, and what they cost together."""
    pictures = say_many(count, "1 picture", "{n} pictures")
    cost = (
        say("about {money}", money=show_usd(money)) if money is not None else say("a price that is not known")
    )
    shown = f" ({show_credits(credits)})" if credits else ""
    return say("{pictures} for {cost}{credits}", pictures=pictures, cost=cost, credits=shown)


def free_words(reused: int, followed: int, drafts: int) -> str:
    """What is had for nothing, in a sentence; empty where nothing is."""
    parts = (
        say_many(reused, "{n} reused from the library", "{n} reused from the library") if reused else "",
        say_many(followed, "{n} on its way already", "{n} on its way already") if followed else "",
        say_many(drafts, "{n} free draft", "{n} free drafts") if drafts else "",
    )
    return say("{list}.", list=listed(parts)) if any(parts) else ""
