"""Replicate's rows of the contract table. Bodies as its client library reads them; a 422 and a 429 as its
documentation and third parties quote them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.basics.faults import Charged, Refused, Retry
from app.catalogue.request import ImageRequest
from app.providers.contract import Account, Forgotten, News, Over, Ready, Vendor, Waiting, Working
from app.providers.vendors.replicate import ReplicateVendor
from app.providers.vendors.replicate.wire import FREE
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

TASK = "gm3qorzdhgbfurvjtvhg6dckhu"
CREATE = "POST /v1/models/runwayml/gen4-image/predictions"
LOOK = f"GET /v1/predictions/{TASK}"
CANCEL = f"POST /v1/predictions/{TASK}/cancel"
OUTPUT = f"https://replicate.delivery/xezq/{SIGNED}/out.png"
GONE = Reply(status=404, json={"detail": "The requested resource could not be found.", "status": 404})
NEVER, ASK, LATER = Retry.NEVER, Retry.ASK, Retry.LATER


def told(status: str, **more: object) -> Reply:
    base = f"https://api.replicate.com/v1/predictions/{TASK}"
    plain: dict[str, object] = {
        "id": TASK,
        "model": "runwayml/gen4-image",
        "version": "7823ca30",
        "input": {"prompt": "A cup"},
        "logs": "",
        "output": None,
        "error": None,
        "status": status,
        "created_at": "2026-11-23T12:00:00.000Z",
        "urls": {"get": base, "cancel": f"{base}/cancel"},
    }
    return Reply(status=201 if status == "starting" else 200, json=plain | more)


STARTING, PROCESSING = told("starting"), told("processing", logs="Generating...\n0%\n9%\n29%\n")
READY = told("succeeded", output=OUTPUT)
REMOVED = told("succeeded", data_removed=True)


def invalid(field: str, description: str) -> dict[str, object]:
    return {
        "title": "Input validation failed",
        "detail": f"- {field}: {description}\n",
        "status": 422,
        "invalid_fields": [{"type": "enum", "field": field, "description": description}],
    }


def replicate_request(folder: Path, *, references: int = 2, **changes: object) -> ImageRequest:
    request = replace(
        gen4_request(folder, references=references),
        vendor="replicate",
        model="runwayml/gen4-image",
        settings={},
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def replicate(made: Made) -> Vendor:
    return ReplicateVendor(
        address=made.address,
        key=made.key,
        transport=made.transport,
        uploads=made.uploads,
        draft=made.draft,
        clock=made.clock,
    )


def _progress(wanted: float | None) -> object:
    return lambda news: isinstance(news, Working) and news.progress == wanted


def _ready(news: News) -> bool:
    return isinstance(news, Ready) and news.outputs == (OUTPUT,) and news.charge is None


def _over(name: str, reply: Reply, code: str, retry: Retry = NEVER) -> NewsRow:
    return NewsRow(name=name, reply=reply, news=Over, code=code, charged=Charged.UNKNOWN, retry=retry)


LOOKS = (
    NewsRow(name="starting", reply=STARTING, news=Waiting),
    NewsRow(name="processing", reply=PROCESSING, news=Working, check=_progress(0.29)),  # type: ignore[arg-type]
    NewsRow(name="no log", reply=told("processing", logs=None), news=Working, check=_progress(None)),  # type: ignore[arg-type]
    NewsRow(name="a new status", reply=told("queued"), news=Working, check=_progress(None)),  # type: ignore[arg-type]
    NewsRow(name="ready", reply=READY, news=Ready, check=_ready),
    NewsRow(name="ready, as a list", reply=told("succeeded", output=[OUTPUT]), news=Ready, check=_ready),
    _over("ready without a picture", told("succeeded"), "replicate.no-picture"),
    _over("after its hour", REMOVED, "replicate.picture-gone", ASK),
    _over("failed", told("failed", error="Prediction failed."), "replicate.failed", ASK),
    _over("failed without a word", told("failed"), "replicate.failed", ASK),
    _over("moderated", told("failed", error="flagged as sensitive. (E005)"), "replicate.moderated"),
    NewsRow(
        name="canceled", reply=told("canceled"), news=Over, check=lambda news: news.cancelled,
        code="replicate.cancelled", charged=Charged.UNKNOWN,
    ),
    NewsRow(
        name="aborted", reply=told("aborted"), news=Over, check=lambda news: news.charge == FREE,
        code="replicate.aborted", charged=Charged.NO,
    ),
    NewsRow(name="forgotten", reply=GONE, news=Forgotten),
)  # fmt: skip

THROTTLED = {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}
REFUSALS = (
    refused("400", 400, {"detail": "Bad request"}, "replicate.refused.400"),
    refused("no token", 401, {"detail": "You did not pass an authentication token"}, "replicate.key", ASK),
    refused("bad token, echoed", 401, {"detail": f"no {KEY}"}, "replicate.key", ASK),
    refused("forbidden", 403, None, "replicate.key", ASK),
    refused("no credit", 402, {"detail": "You have insufficient credit"}, "replicate.no-credits", ASK),
    refused("unknown model", 404, GONE.json, "replicate.no-model", ASK),
    refused("too large", 413, None, "replicate.too-large"),
    refused("redirect", 307, None, "replicate.redirect", ASK, headers={"Location": "https://x.example/"}),
    refused("ratio", 422, invalid("input.aspect_ratio", "must be one of"), "replicate.refused.422"),
    refused("photograph", 422, invalid("input.reference_images.1", "no uri"), "replicate.refused.422"),
    refused("422 without a reason", 422, None, "replicate.refused.422"),
    refused("418", 418, None, "replicate.refused.418"),
    refused(
        "throttled", 429, THROTTLED, "replicate.limit", LATER, headers={"Retry-After": "90"}, retry_after=90.0
    ),
    refused("throttled, in words", 429, THROTTLED, "replicate.limit", LATER, retry_after=30.0),
    refused("throttled, in JSON", 429, {"retry_after": 7}, "replicate.limit", LATER, retry_after=7.0),
    refused("429 without words", 429, None, "replicate.limit", LATER),
)

_OWN_503 = next(row for row in common_unknowns("replicate") if row.name == "503 as nothing")

REPLICATE = VendorTable(
    id="replicate",
    make=replicate,
    request=replicate_request,
    key_header=("authorization", f"Bearer {KEY}"),
    others={},
    create=CREATE,
    accepted=STARTING,
    ticket_id=TASK,
    estimate=None,
    refusals=REFUSALS,
    unknowns=(
        *common_unknowns("replicate"),
        replace(_OWN_503, name="503 in its own form", reply=Reply(status=503, json={"detail": "Busy"})),
    ),
    look=LOOK,
    looks=LOOKS,
    look_faults=(
        *common_look_faults("replicate"),
        FaultRow(
            name="key", reply=Reply(status=401, json={"detail": "no"}), kind=Refused, code="replicate.key",
            charged=Charged.UNKNOWN, retry=ASK,
        ),
        FaultRow(
            name="400", reply=Reply(status=400, json={"detail": "no"}), kind=Refused,
            code="replicate.look-refused.400", charged=Charged.UNKNOWN, retry=NEVER,
        ),
    ),
    cancel=CANCEL,
    cancels=(
        CancelRow(
            name="before it started", routes={LOOK: STARTING, CANCEL: told("aborted")}, free=True,
            says="Nothing was charged", deletes=1,
        ),
        CancelRow(
            name="perhaps before it started", routes={LOOK: STARTING, CANCEL: told("canceled")}, free=None,
            says="had not started", deletes=1,
        ),
        CancelRow(
            name="running", routes={LOOK: PROCESSING, CANCEL: told("canceled")}, free=False,
            says="had started", deletes=1,
        ),
        CancelRow(
            name="running, told later",
            routes={LOOK: [PROCESSING, told("canceled")], CANCEL: told("processing")}, free=False,
            says="had started", deletes=1,
        ),
        CancelRow(
            name="taken, and it goes on", routes={LOOK: PROCESSING, CANCEL: told("processing")}, free=None,
            says="may go on", deletes=1, stopped=False,
        ),
        CancelRow(
            name="finished meanwhile", routes={LOOK: PROCESSING, CANCEL: READY}, free=None,
            says="already finished", deletes=1, stopped=False,
        ),
        CancelRow(
            name="finished before", routes={LOOK: READY}, free=None, says="already finished", deletes=0,
            stopped=False,
        ),
        CancelRow(
            name="failed before", routes={LOOK: told("failed")}, free=None, says="already failed", deletes=0
        ),
        CancelRow(name="unknown", routes={LOOK: GONE}, free=None, says="no longer knows", deletes=0),
        CancelRow(
            name="not taken", routes={LOOK: PROCESSING, CANCEL: Reply(status=500)}, free=None,
            says="may go on", deletes=1, stopped=False,
        ),
        CancelRow(
            name="down", routes={LOOK: Reply(status=503)}, free=None, says="may go on", deletes=0,
            stopped=False,
        ),
    ),
    account="GET /v1/account",
    account_reply=Reply(json={"type": "user", "username": "ada", "name": "Ada", "github_url": ""}),
    account_told=Account(
        balance=None,
        unit="Replicate dollars",
        concurrency={},
        words="The key of ada works. Replicate does not tell the balance here: "
        "https://replicate.com/account/billing",
    ),
    usage_page="https://replicate.com/account/billing",
)  # fmt: skip
