"""What Runway says when it refuses or fails, in plain words. Sources: its API documentation, pages errors,
errors/task-failures and assets/inputs; the issue shape is that of Zod 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.basics.faults import NOWHERE, Refused, Retry, Where
from app.basics.units import unit_words
from app.basics.words import joined, mark, say
from app.providers.contract import Charge
from app.providers.line import Answer
from app.providers.refusals import Speaker, worded
from app.providers.sayings import Saying, charged, not_taken, redirected, sentence, too_large

KEY_NAME = "RUNWAYML_API_SECRET"
USAGE_PAGE = "https://dev.runwayml.com/"
_PROMPT = Where(socket="prompt")
_REFERENCES = Where(socket="reference_images")


_SUSPENDS = mark("Refusals that repeat can suspend the account.")

FAILURES: tuple[Saying, ...] = (
    Saying(
        sign="SAFETY.INPUT.TEXT",
        code="safety.input.text",
        title=mark("Runway's moderation refused the prompt."),
        advice=mark("Change the words. {suspends}", suspends=_SUSPENDS),
        where=_PROMPT,
    ),
    Saying(
        sign="SAFETY.INPUT.IMAGE",
        code="safety.input.image",
        title=mark("Runway's moderation refused a reference photograph."),
        advice=mark("Take another photograph. {suspends}", suspends=_SUSPENDS),
        where=_REFERENCES,
    ),
    Saying(
        sign="SAFETY.INPUT",
        code="safety.input",
        title=mark("Runway's moderation refused the prompt or a photograph."),
        advice=mark("Change the words or the photographs. {suspends}", suspends=_SUSPENDS),
    ),
    Saying(
        sign="INPUT_PREPROCESSING.SAFETY.TEXT",
        code="input-preprocessing.safety.text",
        title=mark("Runway's moderation refused the prompt before it began."),
        advice=mark("Change the words. {suspends}", suspends=_SUSPENDS),
        where=_PROMPT,
    ),
    Saying(
        sign="SAFETY.OUTPUT",
        code="safety.output",
        title=mark("Runway made a picture, but its moderation held it back."),
        advice=mark("Try another prompt or other photographs. {suspends}", suspends=_SUSPENDS),
    ),
    Saying(
        sign="SAFETY",
        code="safety",
        title=mark("Runway's moderation refused this job."),
        advice=mark("Change the words or the photographs. {suspends}", suspends=_SUSPENDS),
    ),
    Saying(
        sign="ASSET.INVALID",
        code="asset.invalid",
        title=mark("Runway could not use a reference photograph."),
        advice=mark("Look at its format, size and ratio (width ÷ height from 0.5 to 2), or take another."),
        where=_REFERENCES,
    ),
    Saying(
        sign="INTERNAL.BAD_OUTPUT",
        code="internal.bad-output",
        title=mark("Runway's result was not good enough to be shown."),
        advice=mark("Retry; best with changed input, without text or logos laid over the photographs."),
        retry=Retry.ASK,
    ),
    Saying(
        sign="INPUT_PREPROCESSING.INTERNAL",
        code="input-preprocessing.internal",
        title=mark("Runway stumbled while it prepared the input."),
        advice=mark("Wait a little, then retry."),
        retry=Retry.ASK,
    ),
    Saying(
        sign="THIRD_PARTY.UNAVAILABLE",
        code="third-party.unavailable",
        title=mark("A service that Runway needs is not available."),
        advice=mark("Wait a while, then retry."),
        retry=Retry.ASK,
    ),
    Saying(
        sign="INTERNAL",
        code="internal",
        title=mark("Something went wrong inside Runway."),
        advice=mark("Wait a little, then retry."),
        retry=Retry.ASK,
    ),
)
_NO_CODE = Saying(
    sign="",
    code="failed",
    title=mark("Runway failed and did not say why."),
    advice=mark("Wait a little, then retry."),
    retry=Retry.ASK,
)

REFUSALS: tuple[Saying, ...] = (
    Saying(
        sign="enough credits",
        code="no-credits",
        title=mark("The Runway account has not enough credits for this picture."),
        advice=mark("Buy credits at {page}, then run again.", page=USAGE_PAGE),
        retry=Retry.ASK,
    ),
    Saying(
        sign="x-runway-version",
        code="version",
        title=mark("Runway no longer speaks the version of its API that Tagloom uses."),
        advice=mark("Update Tagloom."),
    ),
    Saying(
        sign="upload does not exist",
        code="upload-gone",
        title=mark("Runway no longer has a photograph that was uploaded before."),
        advice=mark("Run again: it is uploaded anew."),
        retry=Retry.ASK,
        where=_REFERENCES,
    ),
    Saying(
        sign="expired",
        code="upload-gone",
        title=mark("Runway no longer has a photograph that was uploaded before."),
        advice=mark("Run again: it is uploaded anew."),
        retry=Retry.ASK,
        where=_REFERENCES,
    ),
    Saying(
        sign="aspect ratio",
        code="asset.ratio",
        title=mark("Runway refused the shape of a reference photograph."),
        advice=mark("Pad or crop it to a ratio from 0.5 to 2 (the fit of its link)."),
        where=_REFERENCES,
    ),
    Saying(
        sign="asset size exceeds",
        code="asset.size",
        title=mark("A reference photograph is too large for Runway."),
        advice=mark("Take a smaller one."),
        where=_REFERENCES,
    ),
    Saying(
        sign="data uri",
        code="asset.data-uri",
        title=mark("Runway could not read a reference photograph that went with the request."),
        advice=mark("Take another photograph, or another format."),
        where=_REFERENCES,
    ),
    Saying(
        sign="unsupported",
        code="asset.type",
        title=mark("Runway does not take this kind of file as a reference."),
        advice=mark("Use JPEG, PNG or WebP."),
        where=_REFERENCES,
    ),
    *(
        Saying(
            sign=sign,
            code="asset.fetch",
            title=mark("Runway could not fetch a reference photograph."),
            advice=mark("Run again."),
            retry=Retry.ASK,
            where=_REFERENCES,
        )
        for sign in ("https", "must be a domain", "fetch", "timed out")
    ),
)

_FIELDS: Mapping[str, tuple[Where, str]] = {
    "promptText": (_PROMPT, mark("the prompt")),
    "ratio": (Where(parameter="aspect_ratio"), mark("the aspect ratio")),
    "referenceImages": (_REFERENCES, mark("the reference photographs")),
    "seed": (Where(parameter="seed"), mark("the seed")),
    "contentModeration": (Where(parameter="content_moderation"), mark("the measure for public figures")),
    "model": (NOWHERE, mark("the model")),
}


def refusal(speaker: Speaker, answer: Answer) -> Refused:
    """A create, or another request, that Runway answered with no: not taken, not charged."""
    if answer.status in (401, 403):
        return speaker.key_refused(answer, variable=KEY_NAME)
    if answer.status == 413:
        return too_large(speaker, answer, vendor="Runway")
    if answer.status in (301, 307, 308):
        return redirected(speaker, answer, variable="RUNWAYML_BASE_URL")
    saying = _saying(answer) if answer.status == 400 else None
    where, field = _place(answer)
    if saying is not None:
        fault = speaker.refused(answer, saying.title, saying.advice, code=saying.code, retry=saying.retry)
        return fault.at(where).at(saying.where)
    own = speaker.safe(worded(_first_issue(answer), ("message",)) or worded(answer.json), most=200)
    return speaker.refused(
        answer,
        not_taken("Runway", field, answer.status, own),
        say("Change it and run again; if it looks right, report it with the detail."),
        code=f"refused.{answer.status}",
    ).at(where)


def failure(speaker: Speaker, task: Mapping[str, object], charge: Charge | None) -> Refused:
    """A task that FAILED. Only the artist may have it made anew, even where it cost nothing."""
    code = task.get("failureCode")
    code = code if isinstance(code, str) else ""
    own = speaker.safe(worded(task, ("failure",)), most=300)
    saying = next((one for one in FAILURES if _begins(code, one.sign)), None)
    if saying is None:
        saying = _NO_CODE
        title = say("Runway failed: {own}", own=sentence(own)) if own else saying.title
    else:
        title = saying.title
    return Refused(
        title,
        advice=joined(saying.advice, charge_words(charge, draft=speaker.draft)),
        code=f"runway.{saying.code}",
        charged=charged(charge, draft=speaker.draft),
        retry=saying.retry,
        where=saying.where,
        detail=speaker.safe(f"{code or 'no failure code'}: {own}"),
    )


def charge_words(charge: Charge | None, *, draft: bool) -> str:
    if draft:
        return say("It was a draft: nothing is charged.")
    if charge is None:
        return say("Runway did not say what it charged; see {page}", page=USAGE_PAGE)
    if not charge.vendor_amount:
        return say("Nothing was charged.")
    return say(
        "Runway charged {vendor_amount:g} {vendor_unit}.",
        vendor_amount=charge.vendor_amount,
        vendor_unit=unit_words(charge.vendor_unit),
    )


def _begins(code: str, sign: str) -> bool:
    return code == sign or code.startswith(f"{sign}.")


def _saying(answer: Answer) -> Saying | None:
    """What the text of a refusal means, unless it is about another field."""
    text = _whole_text(answer)
    where, _ = _place(answer)
    fits = (
        one
        for one in REFUSALS
        if where == NOWHERE or one.where == NOWHERE or one.where.socket == where.socket
    )
    return next((one for one in fits if one.sign in text), None)


def _whole_text(answer: Answer) -> str:
    issue = _first_issue(answer)
    return f"{worded(answer.json)}\n{worded(issue, ('message',))}".lower()


def _issues(answer: Answer) -> Sequence[object]:
    issues = answer.mapping.get("issues")
    return issues if isinstance(issues, list) else ()


def _first_issue(answer: Answer) -> Mapping[str, object]:
    return next((one for one in _issues(answer) if isinstance(one, dict)), {})


def _place(answer: Answer) -> tuple[Where, str]:
    """Node part that the first issue is about, and its name in a sentence; nothing where it does not say."""
    path = _first_issue(answer).get("path")
    if not isinstance(path, list) or not path:
        return NOWHERE, ""
    where, name = _FIELDS.get(str(path[0]), (NOWHERE, ""))
    if where is _REFERENCES and len(path) > 1 and isinstance(path[1], int):
        return Where(socket=where.socket, item=path[1]), say("reference photograph {path}", path=path[1] + 1)
    return where, name


def names_references(answer: Answer) -> bool:
    """Whether a refusal is about the photographs: what was uploaded is not trusted any longer."""
    where, _ = _place(answer)
    saying = _saying(answer)
    return where.socket == _REFERENCES.socket or (saying is not None and saying.where is _REFERENCES)
