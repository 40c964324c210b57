"""The rows of the fault matrix that a server can cause: what it does, and what must come of it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from PIL import Image

from app.basics.faults import Charged, Retry
from app.journal.operations import State
from tests.app.engine.fault_bench import QUICK, Case
from tests.app.engine.fault_vendors import PNG, End, Seller
from tests.app.engine.scripted import png
from tests.app.providers.contract_table import SIGNED, FaultRow
from tests.app.providers.google_table import answered, picture
from tests.app.providers.scripted import Act, Answerer, Reply, Seen

NO, YES, PERHAPS = Charged.NO, Charged.YES, Charged.UNKNOWN
NOW, LATER, ASK, NEVER = Retry.NOW, Retry.LATER, Retry.ASK, Retry.NEVER
SENDING, ANSWERING = "while it is sent", "in the answer to it"
FOLLOWING, FETCHING = "while it is followed", "while the picture comes"
HTML = Reply(status=503, body=b"<html>Service unavailable</html>")
_WORDS = {503: "a 503 in the vendor's own words", 429: "429"}


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


def sending(seller: Seller) -> Iterator[Case]:
    yield Case(
        group=SENDING,
        name="refuses the connection",
        refused=True,
        sent=0,
        counted=False,
        shown=f"{seller.id}.not-sent.refused",
        charged=NO,
        retry=NOW,
        state=State.FAILED,
        after=State.FAILED,
    )
    for act, code in _BREAKS.items():
        cut = _unknown(f"create: {act}", replace(seller.accepted, act=act), f"{seller.id}.lost.{code}")
        endless = replace(QUICK, work=20.0)  # a hundred megabytes are read before it is given up
        yield replace(cut, patience=endless) if act is Act.ENDLESS else cut
    for row in (*_unlike(seller, seller.table.unknowns), *_unsure(seller)):
        yield _unknown(f"create: {row.name}", row.reply, row.code)
    for row in _unlike(seller, seller.table.refusals):
        if row.retry is not LATER:
            yield _no(f"create: {_said(row)}", [row.reply], 1, row.code, row.retry)
    yield from _busy(seller)


def _unlike(seller: Seller, rows: Iterable[FaultRow]) -> Iterable[FaultRow]:
    """What the contract table has of the vendor, all or one row of each status and kind of words."""
    if seller.whole:
        return rows
    kinds = {}
    for row in rows:
        kind = row.name if row.reply.status == 200 else row.reply.json is None
        kinds.setdefault((row.reply.status, row.code.split(".")[1], row.retry, kind), row)
    return kinds.values()


def _unsure(seller: Seller) -> Iterator[FaultRow]:
    """See Other: what was asked for may have been done. Nor do the vendor's own words say that it was not."""
    like = seller.table.unknowns[0]
    for status in (302, 303, 408, 500, 504):
        reply = Reply(status=status, headers={"Location": "https://elsewhere.example/"})
        if status >= 400:
            reply = Reply(status=status, json=seller.busy or seller.limit)
        name = f"{status} in its own words" if status >= 400 else str(status)
        yield replace(like, name=name, reply=reply, code=f"{seller.id}.lost.{status}")


def _busy(seller: Seller) -> Iterator[Case]:
    """What may be sent again, since it was surely not taken."""
    limit, busy = (
        Reply(status=status, json=told) for status, told in ((429, seller.limit), (503, seller.busy))
    )
    hour, soon = {"Retry-After": "3600"}, {"Retry-After": "2"}
    code = f"{seller.id}.limit"
    yield _no("create: 429 for ever", [limit], 4, code, LATER)
    yield _no("create: 429, Retry-After an hour", [replace(limit, headers=hour)], 1, code, LATER)
    once = {"429 once": limit, "429 once, Retry-After 2 s": replace(limit, headers=soon)}
    if seller.busy is not None:
        yield _no(f"create: {_WORDS[503]}, for ever", [busy], 4, f"{seller.id}.busy", LATER)
        once[f"{_WORDS[503]}, once"] = busy
    asked = [row for row in seller.table.refusals if row.retry is LATER and (row.retry_after or 999) < 900]
    once |= {f"{_said(row)} (once, {row.retry_after:g} s)": row.reply for row in asked}
    for name, reply in once.items():
        yield Case(group=SENDING, name=f"create: {name}", create=[reply, seller.created], sent=2)
    cut = replace(seller.accepted, act=Act.RESET_AFTER_BODY)
    lost = _unknown("create: 429 once, then reset after the body", limit, f"{seller.id}.lost.reset")
    yield replace(lost, create=[limit, cut], sent=2)


def _said(row: FaultRow) -> str:
    return row.name if row.name == str(row.reply.status) else f"{row.reply.status}, {row.name}"


def _unknown(name: str, reply: Reply, code: str) -> Case:
    return Case(
        group=SENDING,
        name=name,
        create=reply,
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
        create=replies,
        sent=sent,
        counted=False,
        shown=code,
        charged=NO,
        retry=retry,
        state=State.REFUSED,
        after=State.REFUSED,
    )


# --- the answer ----------------------------------------------------------------------------------


def answering(seller: Seller) -> Iterator[Case]:
    """What comes with the create itself. Only a vendor without looks can end the job there."""
    for name, reply in seller.comes:
        yield Case(group=ANSWERING, name=name, create=reply)
    if seller.looks is None:
        for end in seller.ends:
            yield replace(_ended(end), group=ANSWERING, create=end.reply)
    if not seller.table.names_addresses:
        yield from _inline()


def _inline() -> Iterator[Case]:
    """There is no second copy: what came is left where it lies, and the words say where."""
    yield Case(group=ANSWERING, name="gives a JPEG and calls it PNG", create=answered(picture(_jpeg())))
    for name, content, code in (
        ("a web page", _PAGE, "image.result-not-an-image"),
        ("nothing", b"", "image.result-damaged"),
        ("a damaged picture", _flipped(), "image.result-damaged"),
        ("half a picture", png(42)[:60], "image.result-damaged"),
        ("a decompression bomb (80 KB, 400 megapixels)", bomb(), "image.result-too-large"),
    ):
        end = End(name=f"gives {name} for the picture", reply=Reply(), code=code, retry=ASK)
        yield replace(_ended(end), group=ANSWERING, create=answered(picture(content)))


# --- following -----------------------------------------------------------------------------------


def following(seller: Seller) -> Iterator[Case]:
    if seller.looks is None:
        return
    ready = seller.looks
    limit = Reply(status=429, json=seller.limit, headers={"Retry-After": "30"})
    for name, looks in (
        ("waits for forty looks", [*[seller.waits] * 40, ready]),
        ("resets three looks", [*[Reply(act=Act.RESET_AFTER_BODY)] * 3, ready]),
        ("answers five looks with 500", [*[Reply(status=500)] * 5, ready]),
        ("answers a look with half of its JSON", [replace(seller.waits, act=Act.HALF_BODY), ready]),
        ("does not answer a look", [Reply(act=Act.SILENT), ready]),
        ("answers two looks with a page", [HTML, HTML, ready]),
        ("answers a look with 429, Retry-After 30 s", [limit, ready]),
    ):
        yield Case(group=FOLLOWING, name=name, look=looks)
    yield _left("answers every look with 500", Reply(status=500), "engine.deadline", LATER)
    for name, (reply, state) in seller.works.items():
        yield replace(_left(f"{name} for ever", reply, "engine.deadline", LATER), state=state)
    for row in seller.table.look_faults:
        if row.retry is not LATER:
            yield _left(f"refuses each look: {row.name}", row.reply, row.code, row.retry)
    for end in seller.ends:
        yield replace(_ended(end), look=end.reply)


def _left(name: str, reply: Reply, code: str, retry: Retry) -> Case:
    """Not followed to its end now: the row stays, and is followed later."""
    return Case(
        group=FOLLOWING,
        name=name,
        look=reply,
        shown=code,
        charged=PERHAPS,
        retry=retry,
        state=State.SUBMITTED,
    )


def _ended(end: End) -> Case:
    return Case(
        group=FOLLOWING,
        name=end.name,
        counted=end.counted,
        shown=end.code,
        charged=end.charged,
        retry=end.retry,
        state=end.state,
        after=end.state,
    )


# --- fetching ------------------------------------------------------------------------------------

_PAGE = b"<!doctype html><html>Sign in</html>"


def _flipped() -> bytes:
    return png(42)[:-20] + b"\x00" + png(42)[-19:]


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


def fetching(seller: Seller) -> Iterator[Case]:
    if not seller.table.names_addresses:
        return
    page, flipped = replace(PNG, body=_PAGE), replace(PNG, body=_flipped())
    for name, first in (
        ("cuts the picture short", replace(PNG, act=Act.HALF_BODY)),
        ("resets in the picture", replace(PNG, act=Act.HALF_BODY_RESET)),
        ("resets before the picture", replace(PNG, act=Act.RESET_AFTER_BODY)),
        ("says 403: the address is too old", Reply(status=403)),
        ("says 404 for the address", Reply(status=404)),
        ("says 500 for the picture", Reply(status=500)),
        ("gives a web page as the picture", page),
        ("gives a damaged picture", flipped),
        ("gives an empty picture", Reply()),
        ("gives a message as the picture", Reply(json={"error": "slow down"})),
    ):
        yield Case(group=FETCHING, name=f"{name}, once", picture=[first, PNG])
    yield Case(group=FETCHING, name="gives a JPEG and calls it PNG", picture=replace(PNG, body=_jpeg()))
    yield Case(
        group=FETCHING,
        name="calls the picture application/octet-stream",
        picture=replace(PNG, headers={"Content-Type": "application/octet-stream"}),
    )
    for name, reply, code, retry in (
        ("403 for ever", Reply(status=403), f"{seller.id}.address-expired", NOW),
        ("500 for ever", Reply(status=500), f"{seller.id}.fetch.500", NOW),
        ("a web page for ever", page, "image.result-not-an-image", NOW),
        ("a damaged picture for ever", flipped, "image.result-damaged", NOW),
        ("a picture without an end", Reply(act=Act.ENDLESS), f"{seller.id}.picture-too-large", NEVER),
        ("a decompression bomb (80 KB, 400 megapixels)", Reply(body=bomb()), "image.result-too-large", NEVER),
    ):
        yield _not_home(name, reply, code, retry)
    slow = _not_home("drips for ever", replace(PNG, act=Act.SLOW_BODY), f"{seller.id}.fetch.slow", NOW)
    yield replace(slow, patience=replace(QUICK, download=0.25))
    zipped = replace(PNG, body=_gzip_bomb(), headers={"Content-Encoding": "gzip"})
    yield _not_home("a bomb by Content-Encoding", zipped, f"{seller.id}.picture-too-large", NEVER)
    yield from _kept(seller)
    yield from _astray(seller)


def _astray(seller: Seller) -> Iterator[Case]:
    """An address that no picture is fetched from; ModelArk names none again, so a person has to look."""
    named = seller.looks or seller.created
    assert callable(named)

    def unsafe(seen: Seen) -> Reply:
        told = json.dumps(named(seen).json).replace("http:", "ftp:").replace(SIGNED, "")
        return replace(named(seen), json=json.loads(told))

    case = _not_home("names an address that is not followed", PNG, f"{seller.id}.address-unsafe", NEVER)
    if seller.looks:
        yield replace(case, look=unsafe)
    else:
        yield replace(case, create=unsafe, after=State.SUBMITTED)


def _kept(seller: Seller) -> Iterator[Case]:
    """The address of the picture, when its time is over and nobody names a fresh one."""
    if not seller.kept:
        return
    gone = _not_home("", Reply(status=403), f"{seller.id}.address-expired", NOW)
    yield replace(gone, name="403 until shortly before its time is over", later=0.9 * seller.kept)
    yield replace(
        gone, name="403 until its time is over", later=seller.kept + 60, lasts=True, after=State.FAILED
    )


def _not_home(name: str, reply: Reply, code: str, retry: Retry) -> Case:
    """It is finished and paid, and fetched as soon as the vendor gives it."""
    return Case(
        group=FETCHING,
        name=name,
        picture=reply,
        shown=code,
        charged=PERHAPS,
        retry=retry,
        state=State.SUBMITTED,
    )


def server_rows(seller: Seller) -> tuple[Case, ...]:
    return (*sending(seller), *answering(seller), *following(seller), *fetching(seller))
