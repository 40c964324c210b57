"""What BFL says when it refuses, holds back or fails, in plain words. Sources: its OpenAPI description of
2026-04-23, its documentation's page of errors, and answers recorded in 2025; a 422 is FastAPI's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.basics.faults import NOWHERE, Refused, Retry, Where
from app.basics.units import unit_words
from app.basics.words import joined, listed, mark, say, spoken
from app.providers.contract import Charge
from app.providers.line import Answer
from app.providers.refusals import Speaker, worded
from app.providers.sayings import Saying, charged, not_taken, redirected, sentence, too_large

KEY_NAME = "BFL_API_KEY"
ADDRESS_NAME = "BFL_BASE_URL"
USAGE_PAGE = "https://dashboard.bfl.ai/"
UNIT = "BFL credits"
_PROMPT = Where(socket="prompt")
_REFERENCES = Where(socket="reference_images")
_REFERENCE = re.compile(r"input_image(?:_(\d))?")

_FIELDS: Mapping[str, tuple[Where, str]] = {
    "prompt": (_PROMPT, mark("the prompt")),
    "seed": (Where(parameter="seed"), mark("the seed")),
    "width": (Where(parameter="resolution"), mark("the width")),
    "height": (Where(parameter="resolution"), mark("the height")),
    "safety_tolerance": (Where(parameter="safety_tolerance"), mark("the safety tolerance")),
    "output_format": (Where(parameter="output_format"), mark("the file type")),
}


ENDINGS: Mapping[str, Saying] = {
    "Request Moderated": Saying(
        code="moderated.request",
        title=mark("BFL's moderation refused the prompt or a reference photograph."),
        advice=mark("Change the words or the photographs, or raise the safety tolerance."),
        where=_PROMPT,
    ),
    "Content Moderated": Saying(
        code="moderated.content",
        title=mark("BFL made a picture, but its moderation held it back."),
        advice=mark("Try another prompt, other photographs, or a higher safety tolerance."),
    ),
    "Error": Saying(
        code="failed",
        title=mark("BFL failed and did not say why."),
        advice=mark("Wait a little, then retry."),
        retry=Retry.ASK,
    ),
}


def refusal(speaker: Speaker, answer: Answer) -> Refused:
    """A request that BFL answered with no: not taken, not charged."""
    match answer.status:
        case 401 | 403:
            return speaker.key_refused(answer, variable=KEY_NAME)
        case 402:
            return speaker.refused(
                answer,
                say("The BFL account has not enough credits for this picture."),
                say("Buy credits at {page}, then run again.", page=USAGE_PAGE),
                code="no-credits",
                retry=Retry.ASK,
            )
        case 404:
            return speaker.refused(
                answer,
                say("BFL does not offer this model at {host}.", host=speaker.host),
                say("Look at the address in {variable}, or update Tagloom.", variable=ADDRESS_NAME),
                code="no-model",
                retry=Retry.ASK,
            )
        case 413:
            return too_large(speaker, answer, vendor="BFL")
        case 301 | 307 | 308:
            return redirected(speaker, answer, variable=ADDRESS_NAME)
    where, field = _place(answer)
    own = speaker.safe(str(_first(answer).get("msg") or "") or worded(answer.json), most=200)
    return speaker.refused(
        answer,
        not_taken("BFL", field, answer.status, own),
        say("Change it and run again; if it looks right, report it with the detail."),
        code=f"refused.{answer.status}",
    ).at(where)


def ended(speaker: Speaker, status: str, task: Mapping[str, object]) -> Refused:
    """A task that ended without a picture. BFL does not say what it charged for that, so neither do we."""
    ending = ENDINGS[status]
    reasons = _reasons(task)
    title = ending.title
    if reasons:
        why = sentence(speaker.safe(listed(reasons), most=200))
        title = say("{title}: {why}", title=spoken(title).rstrip(".。"), why=why)
    return Refused(
        title,
        advice=joined(ending.advice, charge_words(None, draft=speaker.draft)),
        code=f"bfl.{ending.code}",
        charged=speaker.made,
        retry=ending.retry,
        where=ending.where,
        detail=speaker.safe(f"{status}: {task.get('details')}"),
    )


def gone(speaker: Speaker, charge: Charge | None) -> Refused:
    """A finished picture whose address ran out, and BFL names no fresh one."""
    return Refused(
        say("The picture is gone: BFL keeps it for 10 minutes, and nobody fetched it in time."),
        advice=say(
            "{charge_words} Run again to have it made anew, at its price.",
            charge_words=charge_words(charge, draft=speaker.draft),
        ),
        code="bfl.picture-gone",
        charged=charged(charge, draft=speaker.draft),
        retry=Retry.ASK,
    )


def no_picture(speaker: Speaker, charge: Charge | None) -> Refused:
    return Refused(
        say("BFL says the task is finished, but names no picture."),
        advice=say(
            "{charge_words} Ask BFL with the id of the task.",
            charge_words=charge_words(charge, draft=speaker.draft),
        ),
        code="bfl.no-picture",
        charged=charged(charge, draft=speaker.draft),
    )


def charge_words(charge: Charge | None, *, draft: bool) -> str:
    if draft:
        return say("It was a draft: nothing is charged.")
    if charge is None:
        return say("BFL did not say what it charged; see {page}", page=USAGE_PAGE)
    if not charge.vendor_amount:
        return say("Nothing was charged.")
    return say(
        "BFL charged {vendor_amount:g} {vendor_unit}.",
        vendor_amount=charge.vendor_amount,
        vendor_unit=unit_words(charge.vendor_unit),
    )


def _reasons(task: Mapping[str, object]) -> list[str]:
    details = task.get("details")
    told = details.get("Moderation Reasons") if isinstance(details, dict) else None
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _first(answer: Answer) -> Mapping[str, object]:
    """The first of FastAPI's complaints."""
    detail = answer.mapping.get("detail")
    told = detail if isinstance(detail, list) else []
    return next((one for one in told if isinstance(one, dict)), {})


def _place(answer: Answer) -> tuple[Where, str]:
    """Node part that the first complaint is about, and its name in a sentence."""
    path = _first(answer).get("loc")
    for part in path if isinstance(path, list) else []:
        if found := _REFERENCE.fullmatch(str(part)):
            item = int(found[1] or 1) - 1
            return Where(socket=_REFERENCES.socket, item=item), say(
                "reference photograph {item}", item=item + 1
            )
        if str(part) in _FIELDS:
            return _FIELDS[str(part)]
    return NOWHERE, ""
