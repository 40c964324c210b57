"""The rows of the fault matrix that a server can cause: what it does, and what must come of it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from PIL import Image

from app.basics.faults import Charged, Retry
from app.journal.operations import State
from tests.app.engine.fault_bench import PICTURE, QUICK, Case, ready
from tests.app.engine.scripted import png
from tests.app.providers.contract_table import FaultRow, common_unknowns
from tests.app.providers.runway_bench import CREATED
from tests.app.providers.runway_table import CREATE, FAILURES, GONE, LOOK, REFUSALS, failed, task
from tests.app.providers.scripted import Act, Answerer, Reply

NO, YES, PERHAPS = Charged.NO, Charged.YES, Charged.UNKNOWN
NOW, LATER, ASK, NEVER = Retry.NOW, Retry.LATER, Retry.ASK, Retry.NEVER
SENDING, FOLLOWING, FETCHING = "while it is sent", "while it is followed", "while the picture comes"
HTML = Reply(status=503, body=b"<html>Service unavailable</html>")
BUSY = Reply(status=503, json={"error": "busy"})
LIMIT = Reply(status=429, json={"error": "daily limit"})


# --- sending -------------------------------------------------------------------------------------

_BREAKS: Mapping[Act, str] = {
    Act.RESET_BEFORE_BODY: "reset",
    Act.RESET_IN_BODY: "reset",
    Act.RESET_AFTER_BODY: "reset",
    Act.CLOSE_AFTER_BODY: "reset",
    Act.SILENT: "slow",
    Act.HALF_HEADERS: "reset",
    Act.HALF_BODY: "unreadable",
    Act.HALF_BODY_RESET: "unreadable",
    Act.SLOW_HEADERS: "slow",
    Act.SLOW_BODY: "slow",
    Act.GARBAGE: "reset",
    Act.ENDLESS: "unreadable",
}


def sending() -> Iterator[Case]:
    yield Case(
        group=SENDING,
        name="refuses the connection",
        refused=True,
        sent=0,
        counted=0,
        shown="runway.not-sent.refused",
        charged=NO,
        retry=NOW,
        state=State.FAILED,
        after=State.FAILED,
    )
    for act, code in _BREAKS.items():
        reply = replace(CREATED, act=act)
        yield _unknown(f"create: {act}", reply, f"runway.lost.{code}")
    for row in common_unknowns("runway"):
        yield _unknown(f"create: {row.name}", row.reply, row.code)
    for row in REFUSALS:
        if row.retry is not Retry.LATER:
            yield _no(f"create: {_said(row)}", [row.reply], 1, row.code, row.retry)
    yield from _busy()


def _busy() -> Iterator[Case]:
    """What may be sent again, since it was surely not taken."""
    hour, soon = {"Retry-After": "3600"}, {"Retry-After": "2"}
    yield _no("create: 429 for ever", [LIMIT], 4, "runway.limit", LATER)
    yield _no("create: 429, Retry-After an hour", [replace(LIMIT, headers=hour)], 1, "runway.limit", LATER)
    yield _no("create: 503 with Runway's JSON, for ever", [BUSY], 4, "runway.busy", LATER)
    for name, reply in (
        ("429 once", LIMIT),
        ("429 once, Retry-After 2 s", replace(LIMIT, headers=soon)),
        ("503 with Runway's JSON, once", BUSY),
    ):
        yield Case(group=SENDING, name=f"create: {name}", routes={CREATE: [reply, CREATED]}, sent=2)
    yield Case(
        group=SENDING,
        name="create: 429 once, then reset after the body",
        routes={CREATE: [LIMIT, replace(CREATED, act=Act.RESET_AFTER_BODY)]},
        sent=2,
        shown="runway.lost.reset",
        charged=PERHAPS,
        retry=ASK,
        state=State.UNKNOWN,
        after=State.UNKNOWN,
    )


def _said(row: FaultRow) -> str:
    return row.name if row.name == str(row.reply.status) else f"{row.reply.status}, {row.name}"


def _unknown(name: str, reply: Reply, code: str) -> Case:
    return Case(
        group=SENDING,
        name=name,
        routes={CREATE: reply},
        shown=code,
        charged=PERHAPS,
        retry=ASK,
        state=State.UNKNOWN,
        after=State.UNKNOWN,
    )


def _no(name: str, replies: Sequence[Answerer], sent: int, code: str, retry: Retry) -> Case:
    return Case(
        group=SENDING,
        name=name,
        routes={CREATE: replies},
        sent=sent,
        counted=0,
        shown=code,
        charged=NO,
        retry=retry,
        state=State.REFUSED,
        after=State.REFUSED,
    )


# --- following -----------------------------------------------------------------------------------


def following() -> Iterator[Case]:
    throttled = task("THROTTLED", estimatedCost={"credits": 8})
    for name, looks in (
        ("THROTTLED for forty looks", [*[throttled] * 40, ready]),
        ("resets three looks", [*[Reply(act=Act.RESET_AFTER_BODY)] * 3, ready]),
        ("answers five looks with 500", [*[Reply(status=500)] * 5, ready]),
        ("answers a look with half of its JSON", [replace(throttled, act=Act.HALF_BODY), ready]),
        ("does not answer a look", [Reply(act=Act.SILENT), ready]),
        ("answers two looks with a page", [HTML, HTML, ready]),
        ("answers a look with 429, Retry-After 30 s", [replace(LIMIT, headers={"Retry-After": "30"}), ready]),
    ):
        yield Case(group=FOLLOWING, name=name, routes={LOOK: looks})
    for name, reply in (
        ("THROTTLED for ever", throttled),
        ("answers every look with 500", Reply(status=500)),
        ("PENDING for ever", task("PENDING")),
    ):
        yield _left(name, reply, "engine.deadline", LATER)
    yield replace(_left("RUNNING for ever", task("RUNNING"), "engine.deadline", LATER), state=State.RUNNING)
    yield _left("refuses the key at each look", Reply(status=401, json={"error": "no"}), "runway.key", ASK)
    yield from _over()


def _left(name: str, reply: Reply, code: str, retry: Retry) -> Case:
    """Not followed to its end now: the row stays, and is followed later."""
    return Case(
        group=FOLLOWING,
        name=name,
        routes={LOOK: reply},
        shown=code,
        charged=PERHAPS,
        retry=retry,
        state=State.SUBMITTED,
    )


def _over() -> Iterator[Case]:
    for code, told, retry in FAILURES:
        yield _failed(f"FAILED, {code or 'no code'}", failed(code), told, NO, retry, 0)
    yield _failed("FAILED and charged", failed("SAFETY.OUTPUT", 8), "runway.safety.output", YES, NEVER, 8)
    yield _failed("FAILED, cost untold", failed("INTERNAL", None), "runway.internal", PERHAPS, ASK, 8)
    cancelled = task("CANCELLED", cost={"credits": 0})
    yield replace(
        _failed("CANCELLED elsewhere", cancelled, "runway.cancelled", NO, NEVER, 0),
        state=State.CANCELLED,
        after=State.CANCELLED,
    )
    nothing = task("SUCCEEDED", output=[], cost={"credits": 8})
    yield _failed("SUCCEEDED without a picture", nothing, "runway.no-picture", YES, NEVER, 8)
    yield replace(
        _failed("does not know the task (404)", GONE, "engine.forgotten", PERHAPS, ASK, 8),
        state=State.UNKNOWN,
        after=State.UNKNOWN,
    )


def _failed(name: str, reply: Reply, code: str, charged: Charged, retry: Retry, credits: float) -> Case:
    return Case(
        group=FOLLOWING,
        name=name,
        routes={LOOK: reply},
        counted=credits,
        shown=code,
        charged=charged,
        retry=retry,
        state=State.FAILED,
        after=State.FAILED,
    )


# --- fetching ------------------------------------------------------------------------------------


@cache
def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 36), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


@cache
def bomb() -> bytes:
    """80 KB that are 400 million pixels."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@cache
def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(260_000_000), 1)


def fetching() -> Iterator[Case]:
    good = Reply(body=png(42), headers={"Content-Type": "image/png"})
    page = Reply(body=b"<!doctype html><html>Sign in</html>", headers={"Content-Type": "image/png"})
    flipped = Reply(body=png(42)[:-20] + b"\x00" + png(42)[-19:])
    for name, first in (
        ("cuts the picture short", replace(good, act=Act.HALF_BODY)),
        ("resets in the picture", replace(good, act=Act.HALF_BODY_RESET)),
        ("resets before the picture", replace(good, act=Act.RESET_AFTER_BODY)),
        ("says 403: the address is too old", Reply(status=403)),
        ("says 404 for the address", Reply(status=404)),
        ("says 500 for the picture", Reply(status=500)),
        ("gives a web page as the picture", page),
        ("gives a damaged picture", flipped),
        ("gives an empty picture", Reply()),
        ("gives a message as the picture", Reply(json={"error": "slow down"})),
    ):
        yield Case(group=FETCHING, name=f"{name}, once", routes={PICTURE: [first, good]})
    yield Case(
        group=FETCHING,
        name="gives a JPEG and calls it PNG",
        routes={PICTURE: Reply(body=_jpeg(), headers={"Content-Type": "image/png"})},
    )
    for name, reply, code, retry in (
        ("403 for ever", Reply(status=403), "runway.address-expired", NOW),
        ("500 for ever", Reply(status=500), "runway.fetch.500", NOW),
        ("a web page for ever", page, "image.result-not-an-image", NOW),
        ("a damaged picture for ever", flipped, "image.result-damaged", NOW),
        ("a picture without an end", Reply(act=Act.ENDLESS), "runway.picture-too-large", NEVER),
        ("a decompression bomb (80 KB, 400 megapixels)", Reply(body=bomb()), "image.result-too-large", NEVER),
    ):
        yield _not_home(name, reply, code, retry)
    slow = _not_home("drips for ever", replace(good, act=Act.SLOW_BODY), "runway.fetch.slow", NOW)
    yield replace(slow, patience=replace(QUICK, download=0.25))
    zipped = Reply(body=_gzip_bomb(), headers={"Content-Type": "image/png", "Content-Encoding": "gzip"})
    yield _not_home("a bomb by Content-Encoding", zipped, "runway.picture-too-large", NEVER)


def _not_home(name: str, reply: Reply, code: str, retry: Retry) -> Case:
    """It is finished and paid, and fetched as soon as the vendor gives it."""
    return Case(
        group=FETCHING,
        name=name,
        routes={PICTURE: reply},
        shown=code,
        charged=PERHAPS,
        retry=retry,
        state=State.SUBMITTED,
    )


def server_rows() -> tuple[Case, ...]:
    return (*sending(), *following(), *fetching())
