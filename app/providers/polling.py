"""The one loop that looks at a task until it ends. Vendors look once; when to look is decided here.

Runway says not to expect news of a task more often than every 5 s, so looks are spent around the expected
end; `tests/app/providers/test_polling.py` simulates it and has the figures.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.basics.clock import Clock
from app.basics.faults import Fault, Unreachable
from app.providers.contract import Forgotten, News, Over, Ready, Working

FIRST_WITHOUT_HISTORY = 0.3
LOOPBACK_FLOOR = 0.1
_HISTORY = 50
_SHARE = 0.08
_MOST = 5.0
_JITTER = 0.1
_FIRST_JITTER = 0.05
_EARLY = 0.1
_FIRST_BACK_OFF = 1.0
_MOST_BACK_OFF = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds. `first`: age of a task at the first look; `floor`: at least between two looks; `near`: the age
    until which the end may come at any moment, so that no more than the floor is waited."""

    first: float
    floor: float
    near: float = 0.0


def pace_for(durations: Sequence[float], *, floor: float) -> Pace:
    """`durations`: how long the last tasks of that model took at that address, newest first (50 count).

    The first look comes at their 10th percentile, and a tenth earlier where that is worth a look: what is
    known is when we saw the end, never before our first look, so that without it the first look would drift
    later and later. `floor` is the card's, or `LOOPBACK_FLOOR`.
    """
    known = sorted(one for one in durations[:_HISTORY] if one >= 0)
    if not known:
        return Pace(first=FIRST_WITHOUT_HISTORY, floor=floor)
    first = known[len(known) // 10]
    early = _EARLY * first
    return Pace(first=first - early if early >= floor / 2 else first, floor=floor)


def wait_for(pace: Pace, age: float, *, looked: bool, roll: float) -> float:
    """Seconds until the next look at a task of `age` seconds; `roll` from 0 to 1 is the jitter's die.

    The first look's jitter is half of the others': it aims at an end that is known."""
    share = _SHARE * age if age > pace.near else 0.0
    plain = min(_MOST, max(pace.floor, share)) if looked else max(0.0, pace.first - age)
    jitter = _JITTER if looked else _FIRST_JITTER
    return plain * (1 - jitter + 2 * jitter * roll)


def back_off(failures: int, fault: Fault, *, roll: float) -> float:
    """Seconds after the `failures`-th look in a row that failed; a wait that was asked for is kept whole."""
    plain = min(_MOST_BACK_OFF, _FIRST_BACK_OFF * 2.0 ** min(failures - 1, 16))
    return max(plain * (0.5 + 0.5 * roll), fault.retry_after or 0.0)


async def follow(
    look: Callable[[], Awaitable[News]],
    *,
    pace: Pace,
    deadline: float,
    late: Callable[[float], Fault],
    clock: Clock,
    told: Callable[[News], None],
    age: float = 0.0,
    troubled: Callable[[Fault, float], None] | None = None,
    dice: Callable[[], float] = random.random,
    rest: Callable[[float], Awaitable[None]] | None = None,
) -> Ready | Over | Forgotten:
    """Looks until the task ends, and gives back its end.

    `told` hears each change of news, the end too. A look that fails (`Unreachable`) is repeated with growing
    waits, `troubled` hears the fault and the wait; the task is never given up for it. `age`: how old the task
    is already (one that is followed again). After `deadline` seconds of watching, one last look is taken and
    `late(deadline)` is raised. Stops by being cancelled, in its sleep or in a look. `rest` waits between the
    looks, if not the clock; it may take its own time.
    """
    began = clock.monotonic()
    last: News | None = None
    looked = False
    failures = 0
    wait = wait_for(pace, age, looked=False, roll=dice())
    while True:
        left = deadline - (clock.monotonic() - began)
        await (rest or clock.sleep)(max(0.0, min(wait, left)))
        is_last = wait >= left
        try:
            news = await look()
        except Unreachable as fault:
            failures += 1
            wait = back_off(failures, fault, roll=dice())
            if troubled is not None and not is_last:
                troubled(fault, wait)
        else:
            looked, failures = True, 0
            if news != last:
                told(news)
                last = news
            if isinstance(news, Ready | Over | Forgotten):
                return news
            now = age + clock.monotonic() - began
            wanted = news.rest if isinstance(news, Working) else 0.0
            wait = max(wait_for(pace, now, looked=looked, roll=dice()), wanted)
        if is_last:
            raise late(deadline)
