"""ModelArk's JSON, both ways. Answers are read leniently: unknown keys are fine, missing ones say so."""

from __future__ import annotations

import contextlib
import hashlib
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.basics.money import NOTHING, Money, from_usd
from app.catalogue.request import ImageRequest
from app.providers.contract import Accepted, Charge, Forgotten, News, Over, Ready, Ticket
from app.providers.inlining import Stand
from app.providers.line import Answer
from app.providers.refusals import Speaker
from app.providers.vendors.byteplus import words

UNIT = "pictures"
UNTIL = "until"
_IMAGES, _USD, _CODE, _SAID = "images", "usd", "code", "said"


def create_body(request: ImageRequest, stand: Stand) -> dict[str, object]:
    """The body of POST /images/generations. There is no seed: the model takes none.

    `response_format` is `url`: the answer stays a few hundred bytes, which the ledger keeps before anything
    else happens, and the picture can be fetched for a day, also by the next process. Inline it would be
    megabytes that a crash takes along after they were paid.
    """
    body: dict[str, object] = {
        "model": request.model,
        "prompt": request.prompt,
        "sequential_image_generation": "disabled",
        "response_format": "url",
        "watermark": False,
    }
    if request.references:
        body["image"] = [stand(one.photograph) for one in request.references]
    if request.width and request.height:
        body["size"] = f"{request.width}x{request.height}"
    return body


def accepted(answer: Answer, request: ImageRequest, speaker: Speaker, **made: object) -> Accepted | None:
    """What an answer with 200 brought; None where nobody can tell. `made` is where: see `Ticket`, and `until`
    when the address ends. What a later look has to know stands in the ticket: there is nobody to ask."""
    ticket = _ticket(answer, request, **made)  # type: ignore[arg-type]
    if ticket is None:
        return None
    inside = None if ticket.look_at else _inside(answer)
    if inside is None:
        return Accepted(ticket=ticket, news=news_of(ticket, speaker))
    return Accepted(ticket=ticket, news=Ready(outputs=(), charge=charge_of(ticket), inline=inside))


def news_of(ticket: Ticket, speaker: Speaker) -> News:
    """How the job ended: it had when its ticket was written."""
    charge = charge_of(ticket)
    if ticket.look_at:
        return Ready(outputs=(ticket.look_at,), charge=charge)
    if _CODE not in ticket.extras:
        return Forgotten()
    error = {"code": ticket.extras[_CODE], "message": ticket.extras.get(_SAID, "")}
    return Over(fault=words.held_back(speaker, error, charge), charge=charge)


def charge_of(ticket: Ticket) -> Charge | None:
    """Pictures that came count at the card's price, as ModelArk bills them; a draft costs nothing."""
    images, usd = ticket.extras.get(_IMAGES, ""), ticket.extras.get(_USD, "")
    if not images.isdecimal() or not usd:
        return None
    money = NOTHING if ticket.draft else Money(int(images) * from_usd(usd))
    return Charge(money=money, vendor_amount=float(images), vendor_unit=UNIT)


def _ticket(
    answer: Answer, request: ImageRequest, *, address: str, draft: bool, until: datetime
) -> Ticket | None:
    pictures = _pictures(answer)
    urls = [url for one in pictures if isinstance(url := one.get("url"), str) and url]
    errors = [error for one in (*pictures, answer.mapping) if isinstance(error := one.get("error"), dict)]
    came = len(urls) or int(_inside(answer) is not None)
    if not came and not errors:
        return None
    extras = {UNTIL: until.isoformat(), _IMAGES: str(_images(answer.mapping, came))}
    usd = request.settings.get("image_usd")
    if isinstance(usd, str):
        extras[_USD] = usd
    if not came:
        extras |= {_CODE: str(errors[0].get("code", "")), _SAID: str(errors[0].get("message", ""))[:300]}
    return Ticket(
        vendor="byteplus",
        id=_id(answer, urls),
        address=address,
        draft=draft,
        look_at=urls[0] if urls else "",
        extras=MappingProxyType(extras),
    )


def _pictures(answer: Answer) -> list[Mapping[str, object]]:
    return [one for one in _list(answer.mapping.get("data")) if isinstance(one, dict)]


def _inside(answer: Answer) -> bytes | None:
    """A picture in base64, though an address was asked for: it is paid, and there is no other copy of it."""
    for one in _pictures(answer):
        data = one.get("b64_json")
        with contextlib.suppress(ValueError):
            if isinstance(data, str) and (picture := b64decode(data, validate=True)):
                return picture
    return None


def _images(told: Mapping[str, object], came: int) -> int:
    """What was billed: successful pictures alone. Without the vendor's own count, those that came."""
    usage = told.get("usage")
    count = usage.get("generated_images") if isinstance(usage, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else came


def _id(answer: Answer, urls: list[str]) -> str:
    """ModelArk names no job: its request's id where the answer's head has one, else a name of our own."""
    given = answer.headers.get("x-request-id", "").strip()
    if given and given.isprintable() and len(given) <= 200:
        return given
    told = f"{answer.mapping.get('created')}{urls}"
    return f"answer-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
