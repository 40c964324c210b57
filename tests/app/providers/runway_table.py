"""Runway's rows of the contract table. Bodies as in Runway's documentation and its OpenAPI description."""

from __future__ import annotations

from app.basics.faults import Charged, Refused, Retry
from app.basics.money import Money
from app.providers.contract import Account, Charge, Forgotten, News, Over, Ready, Vendor, Waiting, Working
from app.providers.vendors.runway import RunwayVendor
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
from tests.app.providers.scripted import Reply, Seen

TASK = "17f20503-6c24-4c16-946b-35dbbce2af2f"
CREATE = "POST /v1/text_to_image"
LOOK = f"GET /v1/tasks/{TASK}"
DELETE = f"DELETE /v1/tasks/{TASK}"
NO_CREDITS = {
    "error": "You do not have enough credits to run this task.",
    "docUrl": "https://docs.dev.runwayml.com/api",
}
GONE = Reply(status=404, json={"error": "Could not find Task"})


def task(status: str, **more: object) -> Reply:
    return Reply(json={"id": TASK, "createdAt": "2026-11-23T19:49:32.334Z", "status": status} | more)


def failed(
    code: str | None, credits: int | None = 0, failure: str = "An unexpected error occurred."
) -> Reply:
    more: dict[str, object] = {"failure": failure}
    if code is not None:
        more["failureCode"] = code
    if credits is not None:
        more["cost"] = {"credits": credits}
    return task("FAILED", **more)


RUNNING = task("RUNNING", progress=0.4, estimatedCost={"credits": 8})
PENDING = task("PENDING", estimatedCost={"credits": 8})
OUTPUT = f"https://cdn.example.com/out.png?_jwt={SIGNED}"
READY = task("SUCCEEDED", output=[OUTPUT], cost={"credits": 8})


def issue(error: str, path: list[str | int], message: str) -> dict[str, object]:
    return {
        "error": error,
        "issues": [{"code": "custom", "path": path, "message": message}],
        "docUrl": "https://docs.dev.runwayml.com/api",
    }


INVALID = "Validation of body failed"


def begin_upload(seen: Seen) -> Reply:
    host = seen.headers["host"]
    return Reply(
        json={
            "uploadUrl": f"http://{host}/store?sig={SIGNED}",
            "fields": {"key": "uploads/a", "policy": SIGNED},
            "runwayUri": f"runway://{SIGNED}-upload",
        }
    )


def _over(name: str, reply: Reply, code: str, charged: Charged, retry: Retry) -> NewsRow:
    return NewsRow(name=name, reply=reply, news=Over, code=code, charged=charged, retry=retry)


NEVER, ASK = Retry.NEVER, Retry.ASK
FAILURES: tuple[tuple[str | None, str, Retry], ...] = (
    ("SAFETY.INPUT.TEXT", "runway.safety.input.text", NEVER),
    ("SAFETY.INPUT.IMAGE", "runway.safety.input.image", NEVER),
    ("SAFETY.INPUT.IMAGE.FACE", "runway.safety.input.image", NEVER),
    ("SAFETY.INPUT.AUDIO", "runway.safety.input", NEVER),
    ("SAFETY.OUTPUT.IMAGE", "runway.safety.output", NEVER),
    ("SAFETY.OUTPUT", "runway.safety.output", NEVER),
    ("SAFETY.NEW", "runway.safety", NEVER),
    ("INPUT_PREPROCESSING.SAFETY.TEXT", "runway.input-preprocessing.safety.text", NEVER),
    ("ASSET.INVALID", "runway.asset.invalid", NEVER),
    ("INTERNAL.BAD_OUTPUT.CODE01", "runway.internal.bad-output", ASK),
    ("INTERNAL.BAD_OUTPUT.01", "runway.internal.bad-output", ASK),
    ("INPUT_PREPROCESSING.INTERNAL", "runway.input-preprocessing.internal", ASK),
    ("THIRD_PARTY.UNAVAILABLE", "runway.third-party.unavailable", ASK),
    ("INTERNAL", "runway.internal", ASK),
    ("INTERNALS", "runway.failed", ASK),
    ("SOMETHING.NEW", "runway.failed", ASK),
    (None, "runway.failed", ASK),
)


def _progress(wanted: float | None) -> object:
    def check(news: News) -> bool:
        return isinstance(news, Working) and news.progress == wanted

    return check


def _ready(news: News) -> bool:
    charge = Charge(money=Money(80_000), vendor_amount=8, vendor_unit="Runway credits")
    return isinstance(news, Ready) and news.outputs == (OUTPUT,) and news.charge == charge


LOOKS = (
    NewsRow(name="pending", reply=PENDING, news=Waiting, check=lambda news: not news.throttled),
    NewsRow(
        name="throttled",
        reply=task("THROTTLED", estimatedCost={"credits": 8}),
        news=Waiting,
        check=lambda news: news.throttled,
    ),
    NewsRow(name="running", reply=RUNNING, news=Working, check=_progress(0.4)),
    NewsRow(name="running, no progress", reply=task("RUNNING"), news=Working, check=_progress(None)),
    NewsRow(name="running, odd", reply=task("RUNNING", progress=7), news=Working, check=_progress(1.0)),
    NewsRow(name="a new status", reply=task("UPSCALING"), news=Working, check=_progress(None)),
    NewsRow(name="ready", reply=READY, news=Ready, check=_ready),
    NewsRow(
        name="ready, cost untold",
        reply=task("SUCCEEDED", output=[OUTPUT], surprise=1),
        news=Ready,
        check=lambda news: news.charge is None,
    ),
    _over(
        "no output",
        task("SUCCEEDED", output=[], cost={"credits": 8}),
        "runway.no-picture",
        Charged.YES,
        NEVER,
    ),
    _over("no output at all", task("SUCCEEDED"), "runway.no-picture", Charged.UNKNOWN, NEVER),
    NewsRow(
        name="cancelled",
        reply=task("CANCELLED", cost={"credits": 0}),
        news=Over,
        check=lambda news: news.cancelled,
        code="runway.cancelled",
        charged=Charged.NO,
    ),
    NewsRow(name="forgotten", reply=GONE, news=Forgotten),
    *(_over(f"failed {code}", failed(code), told, Charged.NO, retry) for code, told, retry in FAILURES),
    _over("failed and paid", failed("SAFETY.OUTPUT", 8), "runway.safety.output", Charged.YES, NEVER),
    _over("failed, cost untold", failed("INTERNAL", None), "runway.internal", Charged.UNKNOWN, ASK),
)

REFUSALS = (
    refused("no credits", 400, NO_CREDITS, "runway.no-credits", ASK),
    refused("prompt", 400, issue(INVALID, ["promptText"], "Too big"), "runway.refused.400"),
    refused(
        "ratio", 400, issue(INVALID, ["ratio"], "Invalid option: expected one of …"), "runway.refused.400"
    ),
    refused("no version", 400, {"error": "The X-Runway-Version header was not provided."}, "runway.version"),
    refused(
        "photograph too narrow",
        400,
        issue(
            INVALID,
            ["referenceImages", 1, "uri"],
            "Invalid asset aspect ratio. Must be at least 0.5. Got 0.462.",
        ),
        "runway.asset.ratio",
    ),
    refused("photograph too large", 400, {"error": "Asset size exceeds 16.0MB"}, "runway.asset.size"),
    refused("unsupported", 400, {"error": "Unsupported asset type image/gif"}, "runway.asset.type"),
    refused("not fetched", 400, {"error": "Failed to fetch asset: timed out"}, "runway.asset.fetch", ASK),
    refused("bad data URI", 400, {"error": "Invalid data URI"}, "runway.asset.data-uri"),
    refused(
        "upload gone",
        400,
        issue(INVALID, ["referenceImages", 0, "uri"], "The upload does not exist or has expired."),
        "runway.upload-gone",
        ASK,
    ),
    refused("key", 401, {"error": f"Invalid API key {KEY}"}, "runway.key", ASK),
    refused("forbidden", 403, {"error": "no"}, "runway.key", ASK),
    refused("too large", 413, {"error": "no"}, "runway.too-large"),
    *(
        refused(str(status), status, {"error": "no"}, f"runway.refused.{status}")
        for status in (402, 404, 405, 409, 422, 451)
    ),
    refused("redirect", 308, {}, "runway.redirect", ASK, headers={"Location": "https://elsewhere.example/"}),
    refused("limit", 429, {"error": "daily limit"}, "runway.limit", Retry.LATER),
    refused(
        "limit with a wait",
        429,
        {"error": "daily limit"},
        "runway.limit",
        Retry.LATER,
        headers={"Retry-After": "3600"},
        retry_after=3600.0,
    ),
    refused(
        "busy",
        503,
        {"error": "busy"},
        "runway.busy",
        Retry.LATER,
        headers={"Retry-After": "2"},
        retry_after=2.0,
    ),
)


def runway(made: Made) -> Vendor:
    return RunwayVendor(
        address=made.address,
        key=made.key,
        transport=made.transport,
        uploads=made.uploads,
        draft=made.draft,
        clock=made.clock,
    )


RUNWAY = VendorTable(
    id="runway",
    make=runway,
    request=gen4_request,
    key_header=("authorization", f"Bearer {KEY}"),
    others={"POST /v1/uploads": begin_upload, r"POST /store.*": Reply(status=204)},
    create=CREATE,
    accepted=Reply(json={"id": TASK, "estimatedCost": {"credits": 8}, "surprise": True}),
    ticket_id=TASK,
    estimate=8.0,
    refusals=REFUSALS,
    unknowns=common_unknowns("runway"),
    look=LOOK,
    looks=LOOKS,
    look_faults=(
        *common_look_faults("runway"),
        FaultRow(
            name="key",
            reply=Reply(status=401, json={"error": "no"}),
            kind=Refused,
            code="runway.key",
            charged=Charged.UNKNOWN,
            retry=ASK,
        ),
        FaultRow(
            name="400",
            reply=Reply(status=400, json={"error": "no"}),
            kind=Refused,
            code="runway.look-refused.400",
            charged=Charged.UNKNOWN,
            retry=NEVER,
        ),
    ),
    cancel=DELETE,
    cancels=(
        CancelRow(
            name="waiting",
            routes={LOOK: [PENDING, GONE], DELETE: Reply(status=204)},
            free=None,
            says="had not started",
            deletes=1,
        ),
        CancelRow(
            name="running",
            routes={LOOK: [RUNNING, GONE], DELETE: Reply(status=204)},
            free=False,
            says="had started",
            deletes=1,
        ),
        CancelRow(
            name="running, and Runway says what it cost",
            routes={LOOK: [RUNNING, task("CANCELLED", cost={"credits": 0})], DELETE: Reply(status=204)},
            free=True,
            says="Nothing was charged",
            deletes=1,
        ),
        CancelRow(
            name="gone while it was cancelled",
            routes={LOOK: [PENDING, GONE], DELETE: GONE},
            free=None,
            says="had not started",
            deletes=1,
        ),
        CancelRow(
            name="unknown", routes={LOOK: GONE, DELETE: GONE}, free=None, says="no longer knows", deletes=0
        ),
        CancelRow(
            name="finished: the picture is not deleted",
            routes={LOOK: READY, DELETE: Reply(status=204)},
            free=False,
            says="already finished",
            deletes=0,
            stopped=False,
        ),
        CancelRow(
            name="failed before",
            routes={LOOK: failed("INTERNAL", 0), DELETE: Reply(status=204)},
            free=True,
            says="Nothing was charged",
            deletes=0,
        ),
        CancelRow(
            name="not taken",
            routes={LOOK: RUNNING, DELETE: Reply(status=500)},
            free=None,
            says="may go on",
            deletes=1,
            stopped=False,
        ),
        CancelRow(
            name="down",
            routes={LOOK: Reply(status=503), DELETE: Reply(status=204)},
            free=None,
            says="may go on",
            deletes=0,
            stopped=False,
        ),
    ),
    account="GET /v1/organization",
    account_reply=Reply(
        json={
            "creditBalance": 12345,
            "tier": {
                "maxMonthlyCreditSpend": 100,
                "models": {
                    "gen4_image": {"maxConcurrentGenerations": 3, "maxDailyGenerations": 500},
                    "gen4_image_turbo": {"maxConcurrentGenerations": None},
                },
            },
            "usage": {"models": {}},
        }
    ),
    account_told=Account(
        balance=12345.0,
        unit="Runway credits",
        concurrency={"gen4_image": 3, "gen4_image_turbo": None},
        words="12,345 Runway credits left.",
    ),
    usage_page="https://dev.runwayml.com/",
)
