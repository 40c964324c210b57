"""What Replicate says when it refuses, holds back or fails, in plain words. Sources: its client library
(errors by RFC 7807) and its documentation; the form of a 422 is as third parties quote it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.basics.faults import NOWHERE, Charged, Refused, Retry, Where
from app.basics.words import mark, say
from app.providers.contract import Charge
from app.providers.line import Answer
from app.providers.refusals import Speaker, worded
from app.providers.sayings import REFERENCES, not_taken, redirected, sentence, too_large

KEY_NAME = "REPLICATE_API_TOKEN"
ADDRESS_NAME = "REPLICATE_BASE_URL"
USAGE_PAGE = "https://replicate.com/account/billing"
_PROMPT = Where(socket="prompt")
_FIELD = re.compile(r"input(?:\.(\w+))?(?:[.\[](\d+)\]?)?")
_MODERATED = re.compile(r"\bE005\b|flagged as sensitive|moderat|safety", re.IGNORECASE)
_RESETS = re.compile(r"resets in ~?(\d{1,5})\s*s")

_FIELDS: Mapping[str, tuple[Where, str]] = {
    "prompt": (_PROMPT, mark("the prompt")),
    "seed": (Where(parameter="seed"), mark("the seed")),
    "aspect_ratio": (Where(parameter="aspect_ratio"), mark("the aspect ratio")),
    "resolution": (Where(parameter="resolution"), mark("the resolution")),
    "reference_images": (REFERENCES, mark("the reference photographs")),
    "reference_tags": (REFERENCES, mark("the tags")),
}


def refusal(speaker: Speaker, answer: Answer) -> Refused:
    """A request that Replicate answered with no: not taken, not charged."""
    match answer.status:
        case 401 | 403:
            return speaker.key_refused(answer, variable=KEY_NAME)
        case 402:
            return speaker.refused(
                answer,
                say("The Replicate account has not enough credit for this picture."),
                say("Buy credit at {page}, wait a few minutes, then run again.", page=USAGE_PAGE),
                code="no-credits",
                retry=Retry.ASK,
            )
        case 404:
            return speaker.refused(
                answer,
                say("{host} does not offer this model.", host=speaker.host or "Replicate"),
                say("Look at the address in {variable}, or update Tagloom.", variable=ADDRESS_NAME),
                code="no-model",
                retry=Retry.ASK,
            )
        case 413:
            return too_large(speaker, answer, vendor="Replicate")
        case 301 | 307 | 308:
            return redirected(speaker, answer, variable=ADDRESS_NAME)
    first = _first(answer)
    where, field = _place(first)
    own = speaker.safe(worded(first, ("description",)) or worded(answer.json, ("detail", "title")), most=200)
    return speaker.refused(
        answer,
        not_taken("Replicate", field, answer.status, own.strip()),
        say("Change it and run again; if it looks right, report it with the detail."),
        code=f"refused.{answer.status}",
    ).at(where)


def names_references(answer: Answer) -> bool:
    """Whether a refusal is about the photographs: what was uploaded is not trusted any longer."""
    return _place(_first(answer))[0].socket == REFERENCES.socket


def rest_of(answer: Answer) -> float | None:
    """Seconds to wait that a 429 without a header tells in its body."""
    told = answer.mapping.get("retry_after")
    if isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told < 86_400:
        return float(told)
    found = _RESETS.search(worded(answer.json, ("detail",)))
    return float(found[1]) if found else None


def failure(speaker: Speaker, told: Mapping[str, object]) -> Refused:
    """A job that failed. Replicate does not say what it charged for that, so neither do we."""
    error = worded(told, ("error",))
    if _MODERATED.search(error):
        return Refused(
            say("The moderation of Gen4 Image at Replicate refused the prompt, a photograph or the picture."),
            advice=say("Change the words or the photographs. {money}", money=_money(speaker)),
            code="replicate.moderated",
            charged=speaker.made,
            where=_PROMPT,
            detail=speaker.safe(error),
        )
    own = speaker.safe(error.strip(), most=200)
    return Refused(
        say("Replicate failed: {own}", own=sentence(own))
        if own
        else say("Replicate failed and did not say why."),
        advice=say("Wait a little, then retry. {money}", money=_money(speaker)),
        code="replicate.failed",
        charged=speaker.made,
        retry=Retry.ASK,
        detail=speaker.safe(error),
    )


def cancelled(speaker: Speaker) -> Refused:
    """Its documentation: what was stopped after it had started is charged."""
    words = (
        _money(speaker) if speaker.draft else say("What had started is charged; see {page}", page=USAGE_PAGE)
    )
    return Refused(
        say("The job was cancelled at Replicate."),
        advice=words,
        code="replicate.cancelled",
        charged=speaker.made,
    )


def aborted() -> Refused:
    return Refused(
        say("The job was stopped at Replicate before it had started."),
        advice=say("Nothing was charged. Run again when you want the picture."),
        code="replicate.aborted",
        charged=Charged.NO,
        retry=Retry.ASK,
    )


def gone(speaker: Speaker) -> Refused:
    """A finished picture that was not fetched in its hour."""
    return Refused(
        say("The picture is gone: Replicate keeps it for one hour, and nobody fetched it in time."),
        advice=say("{money} Run again to have it made anew, at its price.", money=_money(speaker)),
        code="replicate.picture-gone",
        charged=speaker.made,
        retry=Retry.ASK,
    )


def no_picture(speaker: Speaker) -> Refused:
    return Refused(
        say("Replicate says the job is finished, but names no picture."),
        advice=say("{money} Ask Replicate with the id of the job.", money=_money(speaker)),
        code="replicate.no-picture",
        charged=speaker.made,
    )


def charge_words(charge: Charge | None, *, draft: bool) -> str:
    if draft:
        return say("It was a draft: nothing is charged.")
    if charge is None:
        return say("Replicate does not say what it charged; see {page} for it.", page=USAGE_PAGE)
    return say("Nothing was charged.")


def _money(speaker: Speaker) -> str:
    return charge_words(None, draft=speaker.draft)


def _first(answer: Answer) -> Mapping[str, object]:
    """The first of the fields that a 422 complains of."""
    told = answer.mapping.get("invalid_fields")
    return next((one for one in told if isinstance(one, dict)), {}) if isinstance(told, list) else {}


def _place(complaint: Mapping[str, object]) -> tuple[Where, str]:
    """Node part that the complaint is about, and its name in a sentence. What is missing is named by its
    description alone: `prompt is required` of `input`."""
    found = _FIELD.fullmatch(str(complaint.get("field") or ""))
    if found is None:
        return NOWHERE, ""
    name = found[1] or str(complaint.get("description") or "").partition(" ")[0]
    where, called = _FIELDS.get(name, (NOWHERE, ""))
    if where is REFERENCES and found[2] is not None:
        item = int(found[2])
        return Where(socket=where.socket, item=item), say("reference photograph {item}", item=item + 1)
    return where, called
