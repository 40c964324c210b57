"""BFL's rows of the contract table. Bodies as in its OpenAPI description of 2026-04-23 and as recorded in
2025; the recorded id is replaced by one of the same form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.basics.faults import Charged, Refused, Retry
from app.catalogue.request import ImageRequest
from app.providers.contract import Account, Forgotten, News, Over, Ready, Vendor, Working
from app.providers.vendors.bfl import BflVendor
from tests.app.providers.contract_table import (
    KEY,
    SIGNED,
    CancelRow,
    FaultRow,
    Made,
    NewsRow,
    VendorTable,
    common_look_faults,
    common_unknowns,
    refused,
)
from tests.app.providers.fakes import gen4_request
from tests.app.providers.scripted import Reply

TASK = "4c057b10-6c24-4c16-946b-35dbbce2af2f"
CREATE = "POST /v1/flux-2-pro"
LOOK = rf"GET /v1/get_result\?id={TASK}"
POLLING = f"https://api.eu2.bfl.ai/v1/get_result?id={TASK}"
CREATED = {"id": TASK, "polling_url": POLLING, "cost": 3.0, "input_mp": 0.0, "output_mp": 0.06}
"""Recorded 2025-12-17, of 256 × 256 pixels without references."""
BAD_KEY = {"detail": "Not authenticated - Invalid Authentication"}
NOT_FOUND = {"detail": "Not Found"}
PENDING_HEADERS = {"Retry-After": "1", "X-Ratelimit-Limit": "1200", "X-Ratelimit-Remaining": "1199"}
OUTPUT = f"https://bfldeliveryprodeu4.blob.core.windows.net/results/a.png?se=2026-11-23&sig={SIGNED}"
NEVER, ASK, LATER = Retry.NEVER, Retry.ASK, Retry.LATER


def told(status: str, *, headers: Mapping[str, str] | None = None, code: int = 200, **more: object) -> Reply:
    empty: dict[str, object] = dict.fromkeys(("result", "progress", "details", "preview"))
    return Reply(status=code, json={"id": TASK, "status": status, **empty, **more}, headers=headers or {})


PENDING = told("Pending", headers=PENDING_HEADERS)
READY = told("Ready", result={"sample": OUTPUT, "seed": 42, "prompt": "A cup", "start_time": 1.5})


def invalid(field: str, message: str) -> dict[str, object]:
    return {"detail": [{"loc": ["body", field], "msg": message, "type": "value_error"}]}


def flux_request(folder: Path, *, references: int = 2, **changes: object) -> ImageRequest:
    plain = gen4_request(folder, references=references)
    request = replace(
        plain,
        card="flux-2-pro",
        vendor="bfl",
        model="flux-2-pro",
        prompt="Product photo of image 1 worn by image 2 放在, “quotes” and 😀.",
        references=tuple(replace(one, tag="") for one in plain.references),
        parameters={
            "aspect_ratio": "1:1",
            "resolution": "4MP",
            "safety_tolerance": "2",
            "output_format": "png",
        },
        settings={"path": "/v1/flux-2-pro"},
        width=2048,
        height=2048,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def _working(progress: float | None, rest: float) -> object:
    return lambda news: isinstance(news, Working) and (news.progress, news.rest) == (progress, rest)


def _ready(news: News) -> bool:
    # A ticket that was made without a cost: what was charged is not known.
    return isinstance(news, Ready) and news.outputs == (OUTPUT,) and news.charge is None


def _over(name: str, reply: Reply, code: str, retry: Retry = NEVER) -> NewsRow:
    return NewsRow(name=name, reply=reply, news=Over, code=code, charged=Charged.UNKNOWN, retry=retry)


REASONS = {"Moderation Reasons": ["Derivative Works Filter"]}
LOOKS = (
    NewsRow(name="pending", reply=PENDING, news=Working, check=_working(None, 1.0)),  # type: ignore[arg-type]
    NewsRow(
        name="pending, with progress and a long wait",
        reply=told("Pending", progress=0.4, headers={"Retry-After": "7"}),
        news=Working,
        check=_working(0.4, 7.0),  # type: ignore[arg-type]
    ),
    NewsRow(
        name="a new status",
        reply=told("Reasoning", progress=7),
        news=Working,
        check=_working(1.0, 0.0),  # type: ignore[arg-type]
    ),
    NewsRow(name="ready", reply=READY, news=Ready, check=_ready),
    _over("ready without a picture", told("Ready", result={"seed": 1}), "bfl.no-picture"),
    _over("ready without a result", told("Ready"), "bfl.no-picture"),
    _over("request moderated", told("Request Moderated", details=REASONS), "bfl.moderated.request"),
    _over("content moderated", told("Content Moderated", details=REASONS), "bfl.moderated.content"),
    _over("moderated without a reason", told("Request Moderated"), "bfl.moderated.request"),
    _over("error", told("Error"), "bfl.failed", ASK),
    NewsRow(name="not found", reply=told("Task not found"), news=Forgotten),
    NewsRow(name="not found as 404", reply=told("Task not found", code=404), news=Forgotten),
)

REFUSALS = (
    refused("400", 400, {"detail": "Bad request"}, "bfl.refused.400"),
    refused("bad key", 403, BAD_KEY, "bfl.key", ASK),
    refused("bad key, echoed", 401, {"detail": f"no {KEY}"}, "bfl.key", ASK),
    refused("no credits", 402, {"detail": "Insufficient credits"}, "bfl.no-credits", ASK),
    refused("unknown model", 404, NOT_FOUND, "bfl.no-model", ASK),
    refused("too large", 413, None, "bfl.too-large"),
    refused("redirect", 307, None, "bfl.redirect", ASK, headers={"Location": "https://x.example/"}),
    refused("width", 422, invalid("width", "Input should be a multiple of 16"), "bfl.refused.422"),
    refused("422 without a reason", 422, None, "bfl.refused.422"),
    refused("418", 418, None, "bfl.refused.418"),
    refused(
        "24 at once", 429, {"detail": "Too many"}, "bfl.limit", LATER, headers={"Retry-After": "90"},
        retry_after=90.0,
    ),
    refused("429 without words", 429, None, "bfl.limit", LATER),
    refused("busy", 503, {"detail": "Service overloaded"}, "bfl.busy", LATER),
)  # fmt: skip


def bfl(made: Made) -> Vendor:
    return BflVendor(
        address=made.address, key=made.key, transport=made.transport, draft=made.draft, clock=made.clock
    )


def _unknown_503(name: str, json: object) -> FaultRow:
    like = next(row for row in common_unknowns("bfl") if row.name == "503 as nothing")
    return replace(like, name=f"503 as {name}", reply=Reply(status=503, json=json))


BFL = VendorTable(
    id="bfl",
    make=bfl,
    request=flux_request,
    key_header=("x-key", KEY),
    others={},
    create=CREATE,
    accepted=Reply(json=CREATED | {"surprise": True}),
    ticket_id=TASK,
    estimate=3.0,
    refusals=REFUSALS,
    unknowns=(
        *common_unknowns("bfl"),
        _unknown_503("a gateway's JSON", {"message": "Service Unavailable"}),
        _unknown_503("the shape that was never seen on the wire", {"error": "busy", "retry_after": 5}),
    ),
    look=LOOK,
    looks=LOOKS,
    look_faults=(
        *common_look_faults("bfl"),
        FaultRow(
            name="key", reply=Reply(status=403, json=BAD_KEY), kind=Refused, code="bfl.key",
            charged=Charged.UNKNOWN, retry=ASK,
        ),
        FaultRow(
            name="404 of a path", reply=Reply(status=404, json=NOT_FOUND), kind=Refused,
            code="bfl.look-refused.404", charged=Charged.UNKNOWN, retry=NEVER,
        ),
    ),
    cancel=r"(DELETE|POST) .*",
    cancels=(
        CancelRow(
            name="pending", routes={LOOK: PENDING}, free=None, says="no way to stop", deletes=0, stopped=False
        ),
        CancelRow(
            name="finished", routes={LOOK: READY}, free=None, says="already finished", deletes=0,
            stopped=False,
        ),
        CancelRow(name="failed", routes={LOOK: told("Error")}, free=None, says="already failed", deletes=0),
        CancelRow(
            name="unknown", routes={LOOK: told("Task not found")}, free=None, says="does not know", deletes=0
        ),
        CancelRow(
            name="down", routes={LOOK: Reply(status=503)}, free=None, says="may be charged", deletes=0,
            stopped=False,
        ),
    ),
    account="GET /v1/credits",
    account_reply=Reply(json={"credits": 1234.5}),
    account_told=Account(
        balance=1234.5, unit="BFL credits", concurrency={}, words="1,234.5 BFL credits left."
    ),
    usage_page="https://dashboard.bfl.ai/",
)  # fmt: skip
