"""What a look at the way to a vendor says, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from app.basics.words import mark
from app.providers.contract import Account


class StepName(StrEnum):
    """In the order in which they are taken."""

    PROXY = "proxy"
    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    ANSWER = "answer"
    KEY = "key"
    BALANCE = "balance"


STEP_WORDS: Mapping[StepName, str] = {
    StepName.PROXY: mark("proxy"),
    StepName.NAME: mark("name"),
    StepName.CONNECTION: mark("connection"),
    StepName.CERTIFICATE: mark("certificate"),
    StepName.ANSWER: mark("answer"),
    StepName.KEY: mark("key"),
    StepName.BALANCE: mark("balance"),
}


class StepState(StrEnum):
    WORKING = "working"
    GOOD = "good"
    WARNING = "warning"
    """It works, and there is something to know about it."""
    BAD = "bad"
    NONE = "none"
    """There is nothing to look at."""


class Step(Struct, frozen=True, kw_only=True):
    """`words` say what was found, `advice` what to do about it; `seconds` how long it took."""

    name: StepName
    state: StepState
    words: str = ""
    advice: str = ""
    seconds: float = 0.0


class Report(Struct, frozen=True, kw_only=True):
    """`account` is there where the vendor answered to the key."""

    steps: tuple[Step, ...]
    account: Account | None = None

    @property
    def well(self) -> bool:
        return all(one.state is not StepState.BAD for one in self.steps)


Tell = Callable[[Step], None]
Seen = tuple[StepState, str, str]
"""State, words, advice."""
