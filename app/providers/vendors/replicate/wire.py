"""Replicate's JSON, both ways. Answers are read leniently: unknown keys are fine, missing ones say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.basics.money import NOTHING
from app.basics.words import say
from app.catalogue.request import ImageRequest, Photograph
from app.providers.contract import Account, Charge, News, Over, Ready, Ticket, Waiting, Working
from app.providers.line import Answer
from app.providers.refusals import Speaker
from app.providers.vendors.replicate import words

TAKEN = "taken"
"""Among a ticket's extras: when Replicate took the job, by our clock."""
UNIT = "Replicate dollars"
FREE = Charge(money=NOTHING, vendor_amount=0.0, vendor_unit=UNIT)
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_SHARE = re.compile(r"^\s*(\d{1,3})%", re.MULTILINE)


def create_body(request: ImageRequest, uploads: Mapping[str, str]) -> dict[str, object]:
    """The body of a create: photographs and their tags are two lists in the same order."""
    given: dict[str, object] = {"prompt": request.prompt}
    for name in ("aspect_ratio", "resolution"):
        value = request.parameters.get(name)
        if isinstance(value, str) and value:
            given[name] = value
    if request.references:
        given["reference_images"] = [uploads[one.photograph.sha256] for one in request.references]
        given["reference_tags"] = [
            one.tag.lower() or f"image{number}" for number, one in enumerate(request.references, start=1)
        ]
    if request.seed is not None:
        given["seed"] = request.seed
    return {"input": given}


def created_ticket(answer: Answer, *, address: str, draft: bool, now: datetime) -> Ticket | None:
    """The ticket of an accepted create; None where the answer has no id, so that nobody can find the job."""
    id = answer.mapping.get("id")
    if not isinstance(id, str) or not id.strip():
        return None
    urls = answer.mapping.get("urls")
    look_at = urls.get("get") if isinstance(urls, dict) else None
    return Ticket(
        vendor="replicate",
        id=id,
        address=address,
        draft=draft,
        look_at=look_at if isinstance(look_at, str) else "",
        extras=MappingProxyType({TAKEN: now.isoformat()}),
    )


def news_of(answer: Answer, speaker: Speaker) -> News | None:
    """What a prediction says of itself; None where it cannot be read. A status we do not know yet is work."""
    told = answer.mapping
    status = told.get("status")
    if not isinstance(status, str):
        return None
    match status:
        case "starting":
            return Waiting()
        case "succeeded":
            return _finished(told, speaker)
        case "failed":
            return Over(fault=words.failure(speaker, told), charge=None)
        case "canceled":
            return Over(fault=words.cancelled(speaker), charge=None, cancelled=True)
        case "aborted":
            return Over(fault=words.aborted(), charge=FREE, cancelled=True)
        case _:
            return Working(progress=_progress(told.get("logs")))


def account_of(answer: Answer) -> Account:
    name = answer.mapping.get("username")
    whose = say(" of {name}", name=name) if isinstance(name, str) and name else ""
    return Account(
        balance=None,
        unit=UNIT,
        concurrency={},
        words=say(
            "The key{whose} works. Replicate does not tell the balance here: {page}",
            whose=whose,
            page=words.USAGE_PAGE,
        ),
    )


def file_address(answer: Answer) -> str:
    """Where an uploaded file can be named in a request; empty where the answer does not say."""
    urls = answer.mapping.get("urls")
    address = urls.get("get") if isinstance(urls, dict) else None
    return address if isinstance(address, str) else ""


def file_name(photograph: Photograph) -> str:
    """A name for the upload form: its content's, so that no path and no name of a person leaves."""
    return photograph.sha256[:16] + _ENDINGS.get(photograph.mime, ".jpg")


def _finished(told: Mapping[str, object], speaker: Speaker) -> News:
    """The model answers with one address; a list of them is read too. What the job cost is not told."""
    output = told.get("output")
    several = output if isinstance(output, list) else [output]
    addresses = tuple(one for one in several if isinstance(one, str) and one)
    if addresses:
        return Ready(outputs=addresses, charge=None)
    if told.get("data_removed") is True:
        return Over(fault=words.gone(speaker), charge=None)
    return Over(fault=words.no_picture(speaker), charge=None)


def _progress(logs: object) -> float | None:
    """The last per cent that the model's log tells."""
    told = _SHARE.findall(logs) if isinstance(logs, str) else []
    return min(1.0, int(told[-1]) / 100) if told else None
