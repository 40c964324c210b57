"""ModelArk's rows of the contract table. Bodies as in BytePlus' documentation of image generation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.basics.faults import Retry
from app.catalogue.request import ImageRequest, RequestReference
from app.providers.contract import Account, Vendor
from app.providers.vendors.byteplus import ByteplusVendor
from tests.app.providers.contract_table import (
    KEY,
    SIGNED,
    CancelRow,
    Made,
    VendorTable,
    common_unknowns,
    refused,
)
from tests.app.providers.fakes import gen4_request, photograph
from tests.app.providers.scripted import Reply

CREATE = "POST /api/v3/images/generations"
MODEL = "seedream-4-5-251128"
REQUEST = "0217640000000000000000000000000000000000000000000abcd"
OUTPUT = f"https://ark-content.example.com/out.jpeg?X-Tos-Signature={SIGNED}"
NEVER, ASK = Retry.NEVER, Retry.ASK


def seedream_request(folder: Path, *, references: int = 2, **changes: object) -> ImageRequest:
    request = replace(
        gen4_request(folder, references=0),
        card="seedream-4-5",
        vendor="byteplus",
        model=MODEL,
        prompt="Image 1 worn by image 2 放在, “quotes” and 😀.",
        references=tuple(
            RequestReference(tag="", photograph=photograph(folder, f"photo-{at}")) for at in range(references)
        ),
        parameters={"aspect_ratio": "16:9", "resolution": "4K"},
        settings={"image_usd": "0.04"},
        width=5120,
        height=2880,
        seed=None,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def answered(*data: object, images: int | None = 1, **more: object) -> Reply:
    usage = {} if images is None else {"usage": {"generated_images": images, "output_tokens": 57600}}
    told = {"model": MODEL, "created": 1764000000, "data": list(data)} | usage | more
    return Reply(json=told, headers={"X-Request-Id": REQUEST})


def error(code: str, message: str = "No.", param: str = "") -> dict[str, object]:
    return {"error": {"code": code, "message": message, "param": param, "type": "BadRequest"}}


SUCCEEDED = answered({"url": OUTPUT, "size": "5120x2880", "surprise": 1})
MODERATION: tuple[tuple[str, str], ...] = (
    ("SensitiveContentDetected", "byteplus.safety"),
    ("SensitiveContentDetected.SevereViolation", "byteplus.safety.severe"),
    ("SensitiveContentDetected.Violence", "byteplus.safety.violence"),
    ("InputTextSensitiveContentDetected", "byteplus.safety.input.text"),
    ("InputImageSensitiveContentDetected", "byteplus.safety.input.image"),
    ("InputImageSensitiveContentDetected.PrivacyInformation", "byteplus.safety.input.person"),
    ("OutputImageSensitiveContentDetected", "byteplus.safety.output"),
    ("InputTextRiskDetection", "byteplus.risk.input.text"),
    ("InputImageRiskDetection", "byteplus.risk.input.image"),
    ("OutputImageRiskDetection", "byteplus.risk.output"),
)
NOT_OPENED = error("InvalidEndpointOrModel.NotFound", "The model does not exist or you do not have access.")

REFUSALS = (
    *(refused(code, 400, error(code), told) for code, told in MODERATION),
    refused("parameter", 400, error("InvalidParameter", "Bad size.", "size"), "byteplus.refused.400"),
    refused("missing", 400, error("MissingParameter", "No prompt.", "prompt"), "byteplus.refused.400"),
    refused("closed", 400, error("InvalidEndpoint.ClosedEndpoint"), "byteplus.endpoint-closed", ASK),
    refused("text alone", 400, {"error": "no"}, "byteplus.refused.400"),
    refused("key", 401, error("AuthenticationError", f"The key {KEY} is invalid."), "byteplus.key", ASK),
    refused("forbidden", 403, error("AccessDenied"), "byteplus.key", ASK),
    refused("overdue", 403, error("AccountOverdueError"), "byteplus.overdue", ASK),
    refused("not opened", 404, NOT_OPENED, "byteplus.not-opened", ASK),
    refused("not opened, named so", 404, error("ModelNotOpen"), "byteplus.not-opened", ASK),
    refused("nowhere", 404, {}, "byteplus.refused.404"),
    refused("too large", 413, {}, "byteplus.too-large"),
    *(refused(str(code), code, {}, f"byteplus.refused.{code}") for code in (402, 405, 409, 422, 451)),
    refused(
        "redirect", 308, {}, "byteplus.redirect", ASK, headers={"Location": "https://elsewhere.example/"}
    ),
    refused(
        "limit",
        429,
        error("RateLimitExceeded.EndpointRPMExceeded"),
        "byteplus.limit",
        Retry.LATER,
        headers={"Retry-After": "3600"},
        retry_after=3600.0,
    ),
    refused("busy", 503, error("ServerOverloaded"), "byteplus.busy", Retry.LATER),
)


def byteplus(made: Made) -> Vendor:
    return ByteplusVendor(
        address=made.address, key=made.key, transport=made.transport, draft=made.draft, clock=made.clock
    )


BYTEPLUS = VendorTable(
    id="byteplus",
    make=byteplus,
    request=seedream_request,
    key_header=("authorization", f"Bearer {KEY}"),
    others={},
    create=CREATE,
    accepted=SUCCEEDED,
    ticket_id=REQUEST,
    estimate=None,
    refusals=REFUSALS,
    unknowns=common_unknowns("byteplus"),
    cancels=(
        CancelRow(
            name="there is nothing to cancel",
            routes={},
            free=None,
            says="may be seen in its console",
            deletes=0,
            stopped=False,
        ),
    ),
    account=CREATE,
    account_reply=Reply(status=400, json=error("MissingParameter", "No model.", "model")),
    account_told=Account(
        balance=None,
        unit="",
        concurrency={},
        words="The key works. ModelArk tells no balance; what was charged stands in its console.",
    ),
    usage_page="https://console.byteplus.com/ark/",
)
