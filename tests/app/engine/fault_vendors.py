"""What the fault matrix has to know of a vendor. Each row is lived at every vendor it makes sense for."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PIL import Image

from app.basics.faults import Charged, Retry
from app.document.values import Node
from app.journal.operations import State
from tests.app.engine.scripted import png
from tests.app.providers import bfl_table, byteplus_table, google_table, runway_table
from tests.app.providers.contract_table import SIGNED, VendorTable
from tests.app.providers.scripted import Answerer, Reply, Seen

NO, YES, PERHAPS = Charged.NO, Charged.YES, Charged.UNKNOWN
ASK, NEVER = Retry.ASK, Retry.NEVER
PICTURE = r"GET /out/.*"
PNG = Reply(body=png(42), headers={"Content-Type": "image/png"})


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a job ends without a picture, by the vendor's own word. `counted`: whether the ledger takes it for
    spent, or for perhaps spent; nothing only where the vendor says that it charges nothing."""

    name: str
    reply: Reply
    code: str
    charged: Charged = PERHAPS
    retry: Retry = NEVER
    counted: bool = True
    state: State = State.FAILED


_UNREADABLE = End(name="", reply=Reply(), code="", retry=ASK, state=State.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """`price` in micro-dollars of what `node` asks for. `created` answers a create; `limit` and `busy` are
    the vendor's own words for a 429 and a 503, None where a 503 says nothing about the job.

    With looks: `waits` is one that says that it waits, `works` those that may come for ever, each with where
    that leaves the row. `ends` come with a look, or with the answer to the create where there are no looks;
    `comes` are odd answers that bring the picture all the same.
    """

    title: str
    table: VendorTable
    node: Node
    price: int
    created: Answerer
    limit: object
    busy: object = None
    looks: Answerer | None = None
    waits: Reply = field(default_factory=Reply)
    works: Mapping[str, tuple[Reply, State]] = field(default_factory=dict)
    ends: tuple[End, ...] = ()
    comes: tuple[tuple[str, Answerer], ...] = ()
    whole: bool = False
    """Whether each row of the vendor's contract table is lived, or one of each kind."""
    kept: float = 0
    """Seconds for which there is an address of the picture; 0: a fresh one may be asked for at any time."""

    @property
    def id(self) -> str:
        return self.table.id

    @property
    def accepted(self) -> Reply:
        """The plain answer to a create, for being cut and dripped."""
        return self.created if isinstance(self.created, Reply) else self.table.accepted


def at_host(seen: Seen, path: str) -> str:
    return f"http://{seen.headers['host']}{path}"


def _picture_at(seen: Seen) -> str:
    return at_host(seen, f"/out/a.png?_jwt={SIGNED}")


# --- Runway --------------------------------------------------------------------------------------


def _runway_ready(seen: Seen) -> Reply:
    return runway_table.task("SUCCEEDED", output=[_picture_at(seen)], cost={"credits": 8})


def _runway_ends() -> tuple[End, ...]:
    task, failed = runway_table.task, runway_table.failed
    ends = [
        End(name=f"FAILED, {code or 'no code'}", reply=failed(code), code=told, charged=NO, retry=retry,
            counted=False)
        for code, told, retry in runway_table.FAILURES
    ]  # fmt: skip
    return (
        *ends,
        End(name="FAILED and charged", reply=failed("SAFETY.OUTPUT", 8), code="runway.safety.output",
            charged=YES),
        End(name="FAILED, cost untold", reply=failed("INTERNAL", None), code="runway.internal", retry=ASK),
        End(name="CANCELLED elsewhere", reply=task("CANCELLED", cost={"credits": 0}), code="runway.cancelled",
            charged=NO, counted=False, state=State.CANCELLED),
        End(name="SUCCEEDED without a picture", reply=task("SUCCEEDED", output=[], cost={"credits": 8}),
            code="runway.no-picture", charged=YES),
        End(name="does not know the task (404)", reply=runway_table.GONE, code="engine.forgotten", retry=ASK,
            state=State.UNKNOWN),
    )  # fmt: skip


_THROTTLED = runway_table.task("THROTTLED", estimatedCost={"credits": 8})
RUNWAY = Seller(
    title="Runway",
    whole=True,
    table=runway_table.RUNWAY,
    node=Node(kind="gen4-image", values={"seed": 42}),
    price=80_000,
    created=Reply(json={"id": runway_table.TASK, "estimatedCost": {"credits": 8}}),
    limit={"error": "daily limit"},
    busy={"error": "busy"},
    looks=_runway_ready,
    waits=_THROTTLED,
    works={
        "THROTTLED": (_THROTTLED, State.SUBMITTED),
        "PENDING": (runway_table.task("PENDING"), State.SUBMITTED),
        "RUNNING": (runway_table.task("RUNNING"), State.RUNNING),
    },
    ends=_runway_ends(),
)


# --- BFL: the price is said when the job is taken; what a moderated one costs is said nowhere ----


def _bfl_created(seen: Seen) -> Reply:
    polling = at_host(seen, f"/v1/get_result?id={bfl_table.TASK}")
    return Reply(json=bfl_table.CREATED | {"polling_url": polling})


def _bfl_ready(seen: Seen) -> Reply:
    return bfl_table.told("Ready", result={"sample": _picture_at(seen), "seed": 42, "prompt": "A cup"})


def _bfl_ends() -> tuple[End, ...]:
    told = bfl_table.told
    rows = (
        ("Request Moderated", told("Request Moderated", details=bfl_table.REASONS), "bfl.moderated.request"),
        ("Content Moderated", told("Content Moderated", details=bfl_table.REASONS), "bfl.moderated.content"),
    )
    gone = End(name="does not know the task", reply=told("Task not found"), code="engine.forgotten",
               retry=ASK, state=State.UNKNOWN)  # fmt: skip
    return (
        *(End(name=name, reply=reply, code=code) for name, reply, code in rows),
        End(name="Error", reply=told("Error"), code="bfl.failed", retry=ASK),
        End(name="Ready without a picture", reply=told("Ready"), code="bfl.no-picture", charged=YES),
        gone,
        replace(gone, name="does not know the task (404)", reply=told("Task not found", code=404)),
    )


BFL = Seller(
    title="BFL",
    table=bfl_table.BFL,
    node=Node(kind="flux-2-pro", values={"seed": 42, "resolution": "1MP"}),
    price=30_000,
    created=_bfl_created,
    limit={"detail": "Too many"},
    busy={"detail": "Service overloaded"},
    looks=_bfl_ready,
    waits=bfl_table.PENDING,
    works={
        "Pending": (bfl_table.PENDING, State.RUNNING),
        "in a state nobody knows": (bfl_table.told("Reasoning"), State.RUNNING),
    },
    ends=_bfl_ends(),
    comes=(("names a polling address elsewhere: no key goes there", bfl_table.BFL.accepted),),
    kept=600,
)


# --- Google: the picture is the answer; what a job without one costs is said nowhere -------------


def _noise() -> bytes:
    """Large enough to be taken to the disk while it comes."""
    out = io.BytesIO()
    Image.frombytes("RGB", (160, 160), random.Random(7).randbytes(160 * 160 * 3)).save(out, "PNG")
    return out.getvalue()


def _google_ends() -> tuple[End, ...]:
    answered, picture = google_table.answered, google_table.picture
    blocked = [
        End(name=f"blocks the prompt, {why}", reply=Reply(json={"promptFeedback": {"blockReason": why}}),
            code=f"google.blocked.{code}", retry=retry)
        for why, code, retry in (
            ("SAFETY", "safety", NEVER),
            ("PROHIBITED_CONTENT", "prohibited-content", NEVER),
            ("IMAGE_SAFETY", "image-safety", NEVER),
            ("SOMETHING_NEW", "something-new", ASK),
        )
    ]  # fmt: skip
    ended = [
        End(name=f"ends with {why}, no picture", reply=answered(finish=why), code=f"google.ended.{code}",
            retry=retry)
        for why, code, retry in (
            ("SAFETY", "safety", NEVER),
            ("IMAGE_SAFETY", "image-safety", NEVER),
            ("RECITATION", "recitation", NEVER),
            ("NO_IMAGE", "no-image", ASK),
            ("MAX_TOKENS", "max-tokens", ASK),
            ("SOMETHING_NEW", "something-new", ASK),
        )
    ]  # fmt: skip
    stop = End(name="", reply=Reply(), code="google.ended.stop", retry=ASK)
    return (
        *blocked,
        *ended,
        replace(
            _UNREADABLE,
            name="gives a candidate that says nothing",
            reply=Reply(json={"candidates": [{}]}),
            code="google.lost.unreadable",
        ),
        replace(stop, name="answers with words alone", reply=answered({"text": "I cannot paint."})),
        replace(stop, name="gives only a thought's picture", reply=answered(picture(png(42), thought=True))),
        replace(
            stop,
            name="gives a picture that is no base64",
            reply=answered({"inlineData": {"mimeType": "image/png", "data": "§" * 9}}),
        ),
    )


def _google_comes() -> tuple[tuple[str, Answerer], ...]:
    answered, picture = google_table.answered, google_table.picture
    data = picture(png(42))["inlineData"]["data"]  # type: ignore[index]
    snake = {"inline_data": {"mime_type": "image/png", "data": data}}
    return (
        ("gives a thought's picture before the picture",
         answered(picture(png(7), thought=True), {"text": "Here."}, picture(png(42)))),
        ("writes inline_data", answered(snake)),
        ("gives the picture and says SAFETY", answered(picture(png(42)), finish="SAFETY")),
        ("gives a small picture", answered(picture(png(42)))),
    )  # fmt: skip


GOOGLE = Seller(
    title="Google",
    table=google_table.GOOGLE,
    node=Node(kind="nano-banana-pro", values={"seed": 42}),
    price=134_000,
    created=google_table.answered(google_table.picture(_noise())),
    limit=google_table.error(429, "RESOURCE_EXHAUSTED"),
    ends=_google_ends(),
    comes=_google_comes(),
)


# --- ModelArk: pictures that came are billed, and it says how many -------------------------------


def _ark_created(seen: Seen) -> Reply:
    return byteplus_table.answered({"url": _picture_at(seen), "size": "2048x2048"})


def _ark_ends() -> tuple[End, ...]:
    answered, error = byteplus_table.answered, byteplus_table.error
    held = answered(error("OutputImageSensitiveContentDetected"), images=0)
    free = End(name="", reply=held, code="byteplus.safety.output", charged=NO, counted=False)
    failed = replace(free, code="byteplus.failed", retry=ASK)
    return (
        replace(free, name="holds the picture back, inside a 200"),
        replace(
            free,
            name="holds it back and does not count",
            reply=answered(error("OutputImageSensitiveContentDetected"), images=None),
        ),
        replace(
            free,
            name="holds it back and bills it",
            reply=answered(error("OutputImageSensitiveContentDetected")),
            charged=YES,
            counted=True,
        ),
        replace(
            failed,
            name="fails inside a 200",
            reply=answered(error("InternalServiceError"), images=0),
        ),
        replace(
            _UNREADABLE,
            name="counts a picture and gives none",
            reply=answered(),
            code="byteplus.lost.unreadable",
        ),
        replace(failed, name="says an error beside no data", reply=Reply(json=error("Whatever"))),
    )


BYTEPLUS = Seller(
    title="BytePlus ModelArk",
    table=byteplus_table.BYTEPLUS,
    node=Node(kind="seedream-4-5", values={}),
    price=40_000,
    created=_ark_created,
    limit=byteplus_table.error("RateLimitExceeded.EndpointRPMExceeded"),
    busy=byteplus_table.error("ServerOverloaded"),
    ends=_ark_ends(),
    comes=(
        (
            "gives the picture inside, where an address was asked for",
            byteplus_table.answered({"b64_json": google_table.picture(png(42))["inlineData"]["data"]}),
        ),
        (
            "gives a second picture that was not asked for",
            lambda seen: byteplus_table.answered({"url": _picture_at(seen)}, {"error": {"code": "Late"}}),
        ),
        (
            "does not count what it made",
            lambda seen: byteplus_table.answered({"url": _picture_at(seen)}, images=None),
        ),
    ),
    kept=86_400,
)

SELLERS = (RUNWAY, BFL, GOOGLE, BYTEPLUS)
