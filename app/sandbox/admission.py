"""What a create meets at an asynchronous vendor: the knobs that cut, refuse, lose and garble."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web

from app.sandbox.stage import Stage, cut

T = TypeVar("T")


async def admitted(
    stage: Stage,
    request: web.Request,
    ask: tuple[str | None, int | None],
    accept: Callable[[], Awaitable[T | web.Response]],
    trouble: Callable[[int], web.StreamResponse],
) -> T | web.StreamResponse:
    """What `accept` made, to be answered; else the answer, or the end of the line, that a knob asked for.
    `trouble` is the vendor's own word for a status."""
    board = stage.board
    stage.tally.saw_create(ask)
    if board.take("reset_next"):
        return cut(request)
    knobs = board.now
    refused = board.take("refuse_next")
    if refused and not knobs.refuse_accepts:
        stage.tally.refused += 1
        return trouble(knobs.refuse_status)
    made = await accept()
    if isinstance(made, web.Response):
        stage.tally.refused += 1
        return made
    await asyncio.sleep(board.now.answer_delay)
    if refused:
        return trouble(knobs.refuse_status)
    if board.take("lose_next"):
        return cut(request)
    if board.take("garble_next"):
        return web.Response(text='{"id":"', content_type="application/json")
    return made
