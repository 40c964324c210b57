"""Runway's JSON, both ways. Answers are read leniently: unknown keys are fine, missing ones say so."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from app.basics.faults import Refused
from app.basics.money import NOTHING, Money
from app.basics.units import unit_words
from app.basics.words import say
from app.catalogue.request import ImageRequest, Photograph
from app.providers.contract import (
    Account,
    Charge,
    News,
    Over,
    Ready,
    Ticket,
    Waiting,
    Working,
)
from app.providers.line import Answer
from app.providers.refusals import Speaker
from app.providers.sayings import charged
from app.providers.vendors.runway import words

UNIT = "Runway credits"
_CREDIT = 10_000
"""Micro-dollars: a credit is one cent (Runway's OpenAPI description)."""
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


def create_body(request: ImageRequest, uploads: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /v1/text_to_image. The prompt goes as given, tags in lower case."""
    body: dict[str, object] = {
        "model": request.model,
        "promptText": request.prompt,
        "ratio": f"{request.width}:{request.height}",
    }
    if request.references:
        body["referenceImages"] = [
            {"uri": uploads[one.photograph.sha256]} | ({"tag": one.tag.lower()} if one.tag else {})
            for one in request.references
        ]
    threshold = request.settings.get("moderation")
    measure = request.parameters.get("content_moderation")
    if isinstance(threshold, str) and isinstance(measure, str) and measure:
        body["contentModeration"] = {threshold: measure}
    if request.seed is not None:
        body["seed"] = request.seed
    return body


def created_ticket(answer: Answer, *, address: str, draft: bool) -> Ticket | None:
    """The ticket of an accepted create; None where the answer has no id, so that nobody can find the task."""
    id = answer.mapping.get("id")
    if not isinstance(id, str) or not id.strip():
        return None
    estimate = _credits(answer.mapping.get("estimatedCost"))
    return Ticket(vendor="runway", id=id, address=address, draft=draft, estimate=estimate)


def news_of(answer: Answer, speaker: Speaker) -> News | None:
    """What a task says of itself; None where it cannot be read. A status we do not know yet is work."""
    task = answer.mapping
    status = task.get("status")
    if not isinstance(status, str):
        return None
    charge = charge_of(task, draft=speaker.draft)
    match status:
        case "PENDING":
            return Waiting()
        case "THROTTLED":
            return Waiting(throttled=True)
        case "SUCCEEDED":
            return _finished(task, charge, speaker)
        case "FAILED":
            return Over(fault=words.failure(speaker, task, charge), charge=charge)
        case "CANCELLED":
            return Over(fault=_cancelled(charge, speaker), charge=charge, cancelled=True)
        case _:
            return Working(progress=_progress(task.get("progress")))


def charge_of(task: Mapping[str, object], *, draft: bool) -> Charge | None:
    """What the task cost at its end, in the vendor's own credits and in money; a draft costs no money."""
    credits = _credits(task.get("cost"))
    if credits is None:
        return None
    money = NOTHING if draft else Money(round(credits * _CREDIT))
    return Charge(money=money, vendor_amount=credits, vendor_unit=UNIT)


def account_of(answer: Answer) -> Account:
    models = _inner(_inner(answer.mapping, "tier"), "models")
    concurrency: dict[str, int | None] = {}
    for name, limits in models.items():
        most = limits.get("maxConcurrentGenerations") if isinstance(limits, dict) else None
        concurrency[str(name)] = most if isinstance(most, int) and not isinstance(most, bool) else None
    balance = answer.mapping.get("creditBalance")
    known = float(balance) if isinstance(balance, int | float) and not isinstance(balance, bool) else None
    text = (
        say("{known:,.0f} {unit} left.", known=known, unit=unit_words(UNIT))
        if known is not None
        else say("The key works; the balance was not told.")
    )
    return Account(balance=known, unit=UNIT, concurrency=concurrency, words=text)


def upload_of(answer: Answer) -> tuple[str, dict[str, str], str] | None:
    """Store address, form fields and the address for requests, of POST /v1/uploads."""
    told = answer.mapping
    address, fields, uri = told.get("uploadUrl"), told.get("fields"), told.get("runwayUri")
    if not isinstance(address, str) or not isinstance(fields, dict) or not isinstance(uri, str):
        return None
    if not uri.startswith("runway://") or not all(isinstance(value, str) for value in fields.values()):
        return None
    return address, fields, uri


def file_name(photograph: Photograph) -> str:
    """A name for the upload form, no path: 3 to 255 plain characters with the ending of its type."""
    last = re.split(r"[/\\]", photograph.name)[-1]
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", last.rsplit(".", 1)[0]).strip("-")[:80]
    return (stem or photograph.sha256[:16] or "photograph") + _ENDINGS.get(photograph.mime, ".jpg")


def _finished(task: Mapping[str, object], charge: Charge | None, speaker: Speaker) -> News:
    output = task.get("output")
    addresses = tuple(one for one in output if isinstance(one, str)) if isinstance(output, list) else ()
    if addresses:
        return Ready(outputs=addresses, charge=charge)
    fault = Refused(
        say("Runway says the task is finished, but names no picture."),
        advice=say(
            "{charge_words} Ask Runway with the id of the task.",
            charge_words=words.charge_words(charge, draft=speaker.draft),
        ),
        code="runway.no-picture",
        charged=charged(charge, draft=speaker.draft),
    )
    return Over(fault=fault, charge=charge)


def _cancelled(charge: Charge | None, speaker: Speaker) -> Refused:
    return Refused(
        say("The task was cancelled at Runway."),
        advice=words.charge_words(charge, draft=speaker.draft),
        code="runway.cancelled",
        charged=charged(charge, draft=speaker.draft),
    )


def _credits(cost: object) -> float | None:
    value = cost.get("credits") if isinstance(cost, dict) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def _progress(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return min(1.0, max(0.0, float(value)))


def _inner(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}
