"""A finished picture by its address, and what can go wrong with that at any vendor."""

from __future__ import annotations

from pathlib import Path

from app.basics.clock import Clock
from app.basics.faults import Charged, DiskTrouble
from app.providers.addresses import may_follow
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Speaker
from app.providers.sayings import unsafe_address
from app.providers.transport import Transport

_EXPIRED = (401, 403, 404, 410)


async def fetched(
    transport: Transport, speaker: Speaker, clock: Clock, output: str, target: Path, *, base: str, vendor: str
) -> Answer | None:
    """None: the picture is at `target`. Otherwise the answer that says that its address is no longer good.

    :raises Refused: the address is not followed, or the picture is too large
    :raises Unreachable: it could not be fetched this time
    :raises DiskTrouble: of a draft, with nothing charged
    """
    if not may_follow(output, base=base):
        raise unsafe_address(speaker, output, vendor=vendor)
    try:
        answer = await transport.download(output, target, base=base)
    except LineBroke as broke:
        raise speaker.fetch_failed(broke, clock.now()) from None
    except DiskTrouble as fault:
        if speaker.draft:
            fault.charged = Charged.NO
        raise
    if answer.status in _EXPIRED:
        return answer
    if answer.status != 200:
        raise speaker.fetch_failed(answer, clock.now())
    return None
