"""BFL's JSON, both ways. Answers are read leniently: unknown keys are fine, missing ones say so."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.basics.money import NOTHING, Money
from app.basics.units import unit_words
from app.basics.words import say
from app.catalogue.request import ImageRequest, Photograph
from app.providers.contract import Account, Charge, Forgotten, News, Over, Ready, Ticket, Working
from app.providers.line import Answer
from app.providers.refusals import Speaker, retry_after
from app.providers.vendors.bfl import words

TAKEN = "taken"
"""Among a ticket's extras: when BFL took the job, by our clock."""
_CREDIT = 10_000
"""Micro-dollars: a credit is one cent (BFL's documentation, pricing)."""


def create_body(request: ImageRequest, pictures: Mapping[str, str]) -> dict[str, object]:
    """The body of POST /v1/flux-2-pro; `pictures` by prepared hash, in base64."""
    body: dict[str, object] = {"prompt": request.prompt}
    for number, one in enumerate(request.references, start=1):
        name = "input_image" if number == 1 else f"input_image_{number}"
        body[name] = pictures[one.photograph.sha256]
    if request.width and request.height:  # a 0 would break the schema's own minimum
        body |= {"width": request.width, "height": request.height}
    if request.seed is not None:
        body["seed"] = request.seed
    tolerance = request.parameters.get("safety_tolerance")
    if tolerance is not None:
        body["safety_tolerance"] = int(str(tolerance))
    form = request.parameters.get("output_format")
    if isinstance(form, str) and form:
        body["output_format"] = form
    return body


def created_ticket(answer: Answer, *, address: str, draft: bool, now: datetime) -> Ticket | None:
    """The ticket of an accepted create; None where the answer has no id, so that nobody can find the task."""
    id, look_at = answer.mapping.get("id"), answer.mapping.get("polling_url")
    if not isinstance(id, str) or not id.strip():
        return None
    return Ticket(
        vendor="bfl",
        id=id,
        address=address,
        draft=draft,
        look_at=look_at if isinstance(look_at, str) else "",
        estimate=_amount(answer.mapping.get("cost")),
        extras=MappingProxyType({TAKEN: now.isoformat()}),
    )


def charge_of(ticket: Ticket) -> Charge | None:
    """What BFL said that the job costs when it took it; a draft costs no money."""
    if ticket.estimate is None:
        return None
    money = NOTHING if ticket.draft else Money(round(ticket.estimate * _CREDIT))
    return Charge(money=money, vendor_amount=ticket.estimate, vendor_unit=words.UNIT)


def news_of(answer: Answer, ticket: Ticket, speaker: Speaker, now: datetime) -> News | None:
    """What a task says of itself; None where it cannot be read. A status we do not know yet is work: BFL's
    `Pending` does not tell waiting from working, and there is no free cancel either way."""
    task = answer.mapping
    status = task.get("status")
    if not isinstance(status, str):
        return None
    if status == "Ready":
        return _finished(task, charge_of(ticket), speaker)
    if status == "Task not found":
        return Forgotten()
    if status in words.ENDINGS:
        return Over(fault=words.ended(speaker, status, task), charge=None)
    return Working(progress=_progress(task.get("progress")), rest=retry_after(answer.headers, now) or 0.0)


def account_of(answer: Answer) -> Account:
    balance = answer.mapping.get("credits")
    known = _number(balance)
    text = (
        say("{known} {unit} left.", known=_shown(known), unit=unit_words(words.UNIT))
        if known is not None
        else say("The key works; the balance was not told.")
    )
    return Account(balance=known, unit=words.UNIT, concurrency={}, words=text)


def base64_of(photograph: Photograph) -> str:
    """Reads the file: call it in a thread."""
    return b64encode(photograph.path.read_bytes()).decode("ascii")


def _finished(task: Mapping[str, object], charge: Charge | None, speaker: Speaker) -> News:
    result = task.get("result")
    sample = result.get("sample") if isinstance(result, dict) else None
    if isinstance(sample, str) and sample:
        return Ready(outputs=(sample,), charge=charge)
    return Over(fault=words.no_picture(speaker, charge), charge=charge)


def _shown(amount: float) -> str:
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


def _amount(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and number >= 0 else None


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(value)


def _progress(value: object) -> float | None:
    number = _number(value)
    return None if number is None else min(1.0, max(0.0, number))
