"""Questions that cost nothing and that every vendor is asked alike: how a job goes, how an account stands.

`asking` is the question on its way; it may be asked again at any time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.basics.clock import Clock
from app.basics.faults import Refused
from app.providers.contract import Forgotten, News
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Speaker
from app.providers.sayings import look_refused


async def looked(
    asking: Awaitable[Answer],
    speaker: Speaker,
    clock: Clock,
    *,
    vendor: str,
    variable: str,
    forgotten: Callable[[Answer], bool],
    read: Callable[[Answer], News | None],
) -> News:
    """What `read` makes of a good answer; `forgotten`: whether it says that there is no such job.

    :raises Unreachable: nobody answered, or nothing that can be read
    :raises Refused: the key in `variable` is not taken, or the vendor will not say
    """
    try:
        answer = await asking
    except LineBroke as broke:
        raise speaker.look_failed(broke, clock.now()) from None
    if forgotten(answer):
        return Forgotten()
    if answer.status in (401, 403):
        raise speaker.key_refused(answer, variable=variable, charged=speaker.made)
    if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        raise look_refused(speaker, answer, vendor=vendor)
    news = read(answer) if answer.ok else None
    if news is None:
        raise speaker.look_failed(answer, clock.now())
    return news


async def told_of_account(
    asking: Awaitable[Answer],
    speaker: Speaker,
    clock: Clock,
    *,
    refusal: Callable[[Speaker, Answer], Refused],
    good: Callable[[Answer], bool] = lambda answer: answer.ok and bool(answer.mapping),
) -> Answer:
    """An answer that is `good`.

    :raises Refused: the vendor's own no, in its words
    :raises Unreachable: nobody answered, or nothing that can be read
    """
    try:
        answer = await asking
    except LineBroke as broke:
        raise speaker.unanswered(broke, clock.now()) from None
    if good(answer):
        return answer
    if 400 <= answer.status < 500 and answer.status != 429:
        raise refusal(speaker, answer)
    raise speaker.unanswered(answer, clock.now())
