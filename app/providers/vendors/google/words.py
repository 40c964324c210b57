"""What Google says when it refuses, or gives no picture, in plain words. Sources: the types of its SDK for
Python 3.4.0 (BlockedReason, FinishReason) and recordings of its errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from app.basics.faults import Refused, Retry, Where
from app.basics.words import joined, mark, say
from app.providers.line import Answer
from app.providers.refusals import Speaker, worded
from app.providers.sayings import Saying, not_taken, redirected, too_large

KEY_NAME = "GEMINI_API_KEY"
USAGE_PAGE = "https://aistudio.google.com/usage"
_PROMPT = Where(socket="prompt")
_REFERENCES = Where(socket="reference_images")
Told = Mapping[str, object]


_WORDS = mark("Change the words or the photographs.")
_AGAIN = mark("Wait a little, then retry; other words may help.")

BLOCKED: Mapping[str, Saying] = {
    "SAFETY": Saying(title=mark("Google's moderation refused the prompt."), advice=_WORDS, where=_PROMPT),
    "OTHER": Saying(
        title=mark("Google refused the prompt and does not say why."), advice=_WORDS, where=_PROMPT
    ),
    "BLOCKLIST": Saying(
        title=mark("The prompt holds a word that Google does not take."),
        advice=mark("Change the words."),
        where=_PROMPT,
    ),
    "PROHIBITED_CONTENT": Saying(
        title=mark("Google does not make pictures of what the prompt asks for."), advice=_WORDS, where=_PROMPT
    ),
    "IMAGE_SAFETY": Saying(
        title=mark("Google's moderation refused a reference photograph, or the picture asked for."),
        advice=mark("Take another photograph, or change the words."),
        where=_REFERENCES,
    ),
    "MODEL_ARMOR": Saying(
        title=mark("A filter of your own Google project (Model Armor) refused the prompt."),
        advice=mark("Change the words, or the filter."),
        where=_PROMPT,
    ),
    "JAILBREAK": Saying(
        title=mark("Google takes the prompt for an attempt to get around its rules."),
        advice=mark("Change the words."),
        where=_PROMPT,
    ),
}
ENDED: Mapping[str, Saying] = {
    "STOP": Saying(
        title=mark("Google answered without a picture."),
        advice=mark("Say in the prompt that a picture is wanted, then retry."),
        retry=Retry.ASK,
        where=_PROMPT,
    ),
    "MAX_TOKENS": Saying(
        title=mark("Google's model used up its words before the picture."), advice=_AGAIN, retry=Retry.ASK
    ),
    "SAFETY": Saying(title=mark("Google's moderation stopped the work."), advice=_WORDS),
    "RECITATION": Saying(title=mark("What was made is too close to something known."), advice=_WORDS),
    "OTHER": Saying(
        title=mark("Google made no picture and does not say why."), advice=_AGAIN, retry=Retry.ASK
    ),
    "BLOCKLIST": Saying(title=mark("The work holds a word that Google does not give."), advice=_WORDS),
    "PROHIBITED_CONTENT": Saying(title=mark("Google does not make pictures of this."), advice=_WORDS),
    "SPII": Saying(title=mark("Google sees somebody's private data in this work."), advice=_WORDS),
    "IMAGE_SAFETY": Saying(title=mark("Google's moderation held the picture back."), advice=_WORDS),
    "IMAGE_PROHIBITED_CONTENT": Saying(
        title=mark("The picture shows what Google does not give."), advice=_WORDS
    ),
    "IMAGE_OTHER": Saying(title=mark("Google's picture did not succeed."), advice=_AGAIN, retry=Retry.ASK),
    "NO_IMAGE": Saying(
        title=mark("Google's model made no picture."),
        advice=mark("Say more plainly what the picture shows, then retry."),
        retry=Retry.ASK,
        where=_PROMPT,
    ),
    "IMAGE_RECITATION": Saying(
        title=mark("The picture is too close to one that is known, so Google held it back."), advice=_WORDS
    ),
    "MALFORMED_RESPONSE": Saying(
        title=mark("Google's model answered with something that is no picture."),
        advice=_AGAIN,
        retry=Retry.ASK,
    ),
    "MODEL_ARMOR": Saying(
        title=mark("A filter of your own Google project (Model Armor) held the picture back."),
        advice=mark("Change the words, or the filter."),
    ),
}
_NEW = Saying(title=mark("Google made no picture."), advice=_AGAIN, retry=Retry.ASK)


def no_picture(speaker: Speaker, reason: str, blocked: bool) -> Refused:
    """A 200 without a picture."""
    saying = (BLOCKED if blocked else ENDED).get(reason, _NEW)
    code = re.sub(r"[^a-z]+", "-", reason.lower())[:40].strip("-") or "no-reason"
    return Refused(
        saying.title,
        advice=joined(saying.advice, charge_words(speaker.draft)),
        code=f"google.{'blocked' if blocked else 'ended'}.{code}",
        charged=speaker.made,
        retry=saying.retry,
        where=saying.where,
        detail=speaker.safe(reason, most=100),
    )


def charge_words(draft: bool) -> str:
    if draft:
        return say("It was a draft: nothing is charged.")
    return say(
        "It may have been charged: Google does not say in its answer; its usage page does: {page}",
        page=USAGE_PAGE,
    )


def error_of(answer: Answer) -> Told:
    """The error of Google's envelope; empty where somebody else speaks."""
    error = answer.mapping.get("error")
    return error if isinstance(error, dict) and isinstance(error.get("status"), str) else {}


def details_of(answer: Answer) -> list[Told]:
    details = error_of(answer).get("details")
    return [one for one in details if isinstance(one, dict)] if isinstance(details, list) else []


def later(speaker: Speaker, answer: Answer, now: datetime) -> Refused:
    """429 RESOURCE_EXHAUSTED: the wait stands in the header, or in a RetryInfo ("17s")."""
    fault = speaker.later(answer, now)
    for one in details_of(answer):
        delay = one.get("retryDelay")
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", delay) if isinstance(delay, str) else None
        if found and fault.retry_after is None:
            fault.retry_after = float(found[1])
    return fault


def refusal(speaker: Speaker, answer: Answer) -> Refused:
    """A create, or a question, that Google answered with no: not taken, not charged."""
    reasons = {str(one.get("reason", "")) for one in details_of(answer)}
    if answer.status in (401, 403) or "API_KEY_INVALID" in reasons:
        return speaker.key_refused(answer, variable=KEY_NAME)
    if answer.status == 404:
        return speaker.refused(
            answer,
            say("Google does not know this model at this address."),
            say("Update Tagloom, or correct the address in GOOGLE_GEMINI_BASE_URL."),
            code="no-model",
            retry=Retry.ASK,
        )
    if answer.status == 413:
        return too_large(speaker, answer, vendor="Google")
    if answer.status in (301, 307, 308):
        return redirected(speaker, answer, variable="GOOGLE_GEMINI_BASE_URL")
    own = speaker.safe(worded(error_of(answer), ("message",)), most=200)
    return speaker.refused(
        answer,
        not_taken("Google", "", answer.status, own),
        say("Change it and run again; if it looks right, report it with the detail."),
        code=f"refused.{answer.status}",
    )
