"""Google's rows of the contract table. Bodies as in its SDK's types and in recordings of its errors."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

from app.basics.faults import Retry
from app.catalogue.request import ImageRequest, RequestReference
from app.providers.contract import Account, Vendor
from app.providers.vendors.google import GoogleVendor
from app.providers.vendors.google.words import USAGE_PAGE
from tests.app.providers.contract_table import (
    KEY,
    CancelRow,
    FaultRow,
    Made,
    VendorTable,
    common_unknowns,
    refused,
)
from tests.app.providers.fakes import gen4_request, photograph
from tests.app.providers.scripted import Reply

CREATE = "POST /v1/models/gemini-3-pro-image:generateContent"
MODEL = "gemini-3-pro-image"
RESPONSE = "mAEDaZ-response"
ASK = Retry.ASK


def banana_request(folder: Path, *, references: int = 2, **changes: object) -> ImageRequest:
    request = replace(
        gen4_request(folder, references=0),
        card="nano-banana-pro",
        vendor="google",
        model=MODEL,
        prompt="Image 1 worn by image 2 放在, “quotes” and 😀.",
        references=tuple(
            RequestReference(tag="", photograph=photograph(folder, f"photo-{at}")) for at in range(references)
        ),
        parameters={"aspect_ratio": "16:9", "resolution": "4K"},
        settings={"version": "v1"},
        width=5504,
        height=3072,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def answered(*parts: dict[str, object], finish: str = "STOP", **more: object) -> Reply:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": finish, "index": 0}
    return Reply(json={"candidates": [candidate], "responseId": RESPONSE, "surprise": 1, **more})


def picture(content: bytes = b"\x89PNG a picture", **more: object) -> dict[str, object]:
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(content).decode()}, **more}


def error(code: int, status: str, message: str = "No.", **detail: object) -> dict[str, object]:
    told: dict[str, object] = {"code": code, "message": message, "status": status}
    return {"error": told | ({"details": [detail]} if detail else {})}


REFUSALS = (
    refused("argument", 400, error(400, "INVALID_ARGUMENT", "Bad size."), "google.refused.400"),
    refused(
        "key",
        400,
        error(400, "INVALID_ARGUMENT", f"{KEY} is bad", reason="API_KEY_INVALID"),
        "google.key",
        ASK,
    ),
    refused("text alone", 400, {"error": "no"}, "google.refused.400"),
    refused("no key", 403, error(403, "PERMISSION_DENIED"), "google.key", ASK),
    refused("unauthenticated", 401, error(401, "UNAUTHENTICATED"), "google.key", ASK),
    refused("model", 404, error(404, "NOT_FOUND"), "google.no-model", ASK),
    refused("too large", 413, {}, "google.too-large"),
    *(refused(str(code), code, {}, f"google.refused.{code}") for code in (402, 405, 409, 422, 451)),
    refused("redirect", 308, {}, "google.redirect", ASK, headers={"Location": "https://elsewhere.example/"}),
    refused(
        "limit",
        429,
        error(429, "RESOURCE_EXHAUSTED"),
        "google.limit",
        Retry.LATER,
        headers={"Retry-After": "3600"},
        retry_after=3600.0,
    ),
    refused(
        "limit, told inside",
        429,
        error(429, "RESOURCE_EXHAUSTED", retryDelay="17.5s"),
        "google.limit",
        Retry.LATER,
        retry_after=17.5,
    ),
)


def own_words(status: int, name: str) -> FaultRow:
    """Google's own words do not say that nothing was made."""
    (row,) = [one for one in common_unknowns("google") if one.name == f"{status} as nothing"]
    return replace(row, name=f"{status} {name}", reply=Reply(status=status, json=error(status, name)))


def google(made: Made) -> Vendor:
    return GoogleVendor(
        address=made.address,
        key=made.key,
        transport=made.transport,
        draft=made.draft,
        clock=made.clock,
        place=lambda: Path(gettempdir()) / f"tagloom-test-{uuid4().hex}.part",
    )


GOOGLE = VendorTable(
    id="google",
    make=google,
    request=banana_request,
    key_header=("x-goog-api-key", KEY),
    others={},
    create=CREATE,
    accepted=answered(picture()),
    ticket_id=RESPONSE,
    estimate=None,
    refusals=REFUSALS,
    unknowns=(
        *common_unknowns("google"),
        own_words(500, "INTERNAL"),
        own_words(503, "UNAVAILABLE"),
        own_words(504, "DEADLINE_EXCEEDED"),
    ),
    cancels=(
        CancelRow(
            name="there is nothing to cancel",
            routes={},
            free=None,
            says="It may have been charged",
            deletes=0,
            stopped=False,
        ),
    ),
    account=f"GET /v1/models/{MODEL}",
    account_reply=Reply(json={"name": f"models/{MODEL}"}),
    account_told=Account(
        balance=None,
        unit="",
        concurrency={},
        words=f"The key works. Google tells no balance; what was charged stands on its page: {USAGE_PAGE}",
    ),
    usage_page=USAGE_PAGE,
    names_addresses=False,
)
