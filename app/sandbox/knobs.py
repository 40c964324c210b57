"""Every knob of the sandbox, once: how long, how crowded, how broken.

Knobs ending in `_next` count down: each use takes one. They are set at start by
`--knob NAME=VALUE` and while it runs by `POST /_sandbox/knobs` with a JSON object.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

import msgspec

from app.basics.faults import BadInput, Where

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=30 * 86_400)]
Status = Annotated[int, msgspec.Meta(ge=400, le=599)]


class Knobs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seconds are floats; `*_next` count the next requests or tasks that misbehave."""

    seconds: Seconds = 1.0
    """From the moment a task has a place to its end; an early sixth of it is PENDING."""
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 20
    """Tasks of one model that run at once; further ones are THROTTLED."""
    daily_generations: Count = 25_000
    """Accepted in 24 hours per model; further creates answer 429."""
    credit_balance: Count = 1_000_000
    """Vendor credits at the start; too few answer 400, at BFL 402."""
    asset_megabytes: Annotated[float, msgspec.Meta(gt=0, le=200)] = 16.0

    throttle_next: Count = 0
    throttle_seconds: Seconds = 1.0
    """How long each of the next `throttle_next` tasks stays THROTTLED, room or no room."""

    fail_next: Count = 0
    fail_code: str | None = "INTERNAL.BAD_OUTPUT.CODE01"
    fail_charged: bool = False
    """Whether failed and moderated tasks keep their cost."""
    moderated_words: tuple[str, ...] = ()
    """A prompt with one of these, in any case, FAILS with SAFETY.INPUT.TEXT (BFL: Request Moderated)."""

    refuse_next: Count = 0
    """Creates answered with `refuse_status` instead of being looked at."""
    refuse_status: Status = 503
    refuse_html: bool = False
    """The refusal is a proxy's page, not the vendor's JSON."""
    refuse_accepts: bool = False
    """The task is made and then the refusal is answered: what a gateway in trouble does."""
    retry_after: Seconds | None = None
    reset_next: Count = 0
    """Creates cut before they are accepted."""
    lose_next: Count = 0
    """Creates accepted, then cut without a response."""
    garble_next: Count = 0
    """Creates accepted, then answered 200 with half a JSON object."""
    answer_delay: Seconds = 0.0
    """Between accepting a create and answering it."""

    refuse_polls_next: Count = 0
    lose_polls_next: Count = 0
    polls_status: Status = 503
    refuse_uploads_next: Count = 0
    uploads_status: Status = 400
    lose_uploads_next: Count = 0
    """Files cut while they are being stored."""
    keys_refused: bool = False
    """Every key is a wrong key: 401, at BFL 403."""

    cut_downloads_next: Count = 0
    html_downloads_next: Count = 0
    wrong_type_next: Count = 0
    """The picture's bytes, called application/octet-stream."""
    output_seconds: Seconds = 86_400.0
    """How long an address of an output is good; asking for the task again gives a fresh one."""
    same_address: bool = False
    """BFL: asking again names the first address again, even when it is no longer good."""
    upload_seconds: Seconds = 86_400.0
    picture_base64: str = ""
    """When set, every task gives exactly these bytes and nothing is painted: for benchmarks."""


class KnobBoard:
    """The knobs as they stand now, and who must know when they are turned."""

    def __init__(self, knobs: Knobs) -> None:
        self.now = knobs
        self._listeners: list[Callable[[], None]] = []

    def on_turn(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def turn(self, patch: Mapping[str, object]) -> Knobs:
        """Change the named knobs and leave the others; raises BadInput and changes nothing."""
        self.now = _converted(msgspec.structs.asdict(self.now) | dict(patch))
        for listener in self._listeners:
            listener()
        return self.now

    def take(self, name: str) -> bool:
        """Use one of a `_next` knob; False when there is none left."""
        left = int(getattr(self.now, name))
        if left <= 0:
            return False
        self.now = msgspec.structs.replace(self.now, **{name: left - 1})
        return True


def knobs_from_words(words: Iterable[str], start: Knobs | None = None) -> Knobs:
    """`["fail_next=2", "refuse_status=502"]` → Knobs. A value is JSON, or text when it is not."""
    patch: dict[str, object] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise _bad(f"“{word}” is not a knob setting.", f"Write it as NAME=VALUE. {_names()}")
        patch[name.strip().replace("-", "_")] = _value(value.strip())
    return _converted(msgspec.structs.asdict(start or Knobs()) | patch)


def knobs_told() -> str:
    """The knobs and their defaults, one a line, for `--knob help`."""
    start = msgspec.structs.asdict(Knobs())
    return "\n".join(f"{name}={json.dumps(value)}" for name, value in start.items())


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _converted(values: Mapping[str, object]) -> Knobs:
    try:
        return msgspec.convert(dict(values), Knobs)
    except msgspec.ValidationError as wrong:
        raise _bad(f"The sandbox has no such knob setting: {wrong}.", _names()) from wrong


def _names() -> str:
    return f"The knobs are {', '.join(sorted(Knobs.__struct_fields__))}."


def _bad(title: str, advice: str) -> BadInput:
    return BadInput(title, advice=advice, code="sandbox.knobs", where=Where(parameter="knob"))
