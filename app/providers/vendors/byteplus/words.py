"""What ModelArk says when it refuses, in plain words. Source: docs.byteplus.com, ModelArk, "Error codes"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.basics.faults import NOWHERE, Refused, Retry, Where
from app.basics.words import joined, mark, say
from app.providers.contract import Charge
from app.providers.line import Answer
from app.providers.refusals import Speaker, worded
from app.providers.sayings import Saying, charged, not_taken, redirected, sentence, too_large

KEY_NAME = "ARK_API_KEY"
CONSOLE = "https://console.byteplus.com/ark/"
_PROMPT = Where(socket="prompt")
_REFERENCES = Where(socket="reference_images")
Told = Mapping[str, object]


SAYINGS: tuple[Saying, ...] = (
    Saying(
        sign="InputTextSensitiveContentDetected",
        code="safety.input.text",
        title=mark("ModelArk's moderation refused the prompt."),
        advice=mark("Change the words."),
        where=_PROMPT,
    ),
    Saying(
        sign="InputImageSensitiveContentDetected.PrivacyInformation",
        code="safety.input.person",
        title=mark("ModelArk's moderation takes somebody in a reference photograph for a real person."),
        advice=mark("Take another photograph."),
        where=_REFERENCES,
    ),
    Saying(
        sign="InputImageSensitiveContentDetected",
        code="safety.input.image",
        title=mark("ModelArk's moderation refused a reference photograph."),
        advice=mark("Take another photograph."),
        where=_REFERENCES,
    ),
    Saying(
        sign="OutputImageSensitiveContentDetected",
        code="safety.output",
        title=mark("ModelArk made a picture, but its moderation held it back."),
        advice=mark("Try another prompt or other photographs."),
    ),
    Saying(
        sign="SensitiveContentDetected.SevereViolation",
        code="safety.severe",
        title=mark("ModelArk's moderation sees a severe violation in this job."),
        advice=mark("Change the words or the photographs; such refusals may cost the account."),
    ),
    Saying(
        sign="SensitiveContentDetected.Violence",
        code="safety.violence",
        title=mark("ModelArk's moderation sees violence in this job."),
        advice=mark("Change the words or the photographs."),
    ),
    Saying(
        sign="SensitiveContentDetected",
        code="safety",
        title=mark("ModelArk's moderation refused this job."),
        advice=mark("Change the words or the photographs."),
    ),
    Saying(
        sign="InputTextRiskDetection",
        code="risk.input.text",
        title=mark("ModelArk's risk control refused the prompt."),
        advice=mark("Change the words."),
        where=_PROMPT,
    ),
    Saying(
        sign="InputImageRiskDetection",
        code="risk.input.image",
        title=mark("ModelArk's risk control refused a reference photograph."),
        advice=mark("Take another photograph."),
        where=_REFERENCES,
    ),
    Saying(
        sign="OutputImageRiskDetection",
        code="risk.output",
        title=mark("ModelArk made a picture, but its risk control held it back."),
        advice=mark("Try another prompt or other photographs."),
    ),
    Saying(
        sign="ModelNotOpen",
        code="not-opened",
        title=mark("This model is not opened in the ModelArk account."),
        advice=mark("Open it in the console ({page}, Model activation), then run again.", page=CONSOLE),
        retry=Retry.ASK,
    ),
    Saying(
        sign="InvalidEndpointOrModel",
        code="not-opened",
        title=mark("The ModelArk account does not have this model, or it is not opened there."),
        advice=mark("Open it in the console ({page}, Model activation), then run again.", page=CONSOLE),
        retry=Retry.ASK,
    ),
    Saying(
        sign="InvalidEndpoint",
        code="endpoint-closed",
        title=mark("The place where this model works is closed in the ModelArk account."),
        advice=mark("Open it again in the console ({page}), then run again.", page=CONSOLE),
        retry=Retry.ASK,
    ),
    Saying(
        sign="AccountOverdueError",
        code="overdue",
        title=mark("The BytePlus account has a bill to pay."),
        advice=mark("Pay it in the console ({page}), then run again.", page=CONSOLE),
        retry=Retry.ASK,
    ),
)
_HELD_BACK = Saying(
    sign="",
    code="failed",
    title=mark("ModelArk made no picture."),
    advice=mark("Wait a little, then retry."),
    retry=Retry.ASK,
)

_FIELDS: Mapping[str, tuple[Where, str]] = {
    "prompt": (_PROMPT, mark("the prompt")),
    "size": (Where(parameter="aspect_ratio"), mark("the size")),
    "image": (_REFERENCES, mark("the reference photographs")),
    "model": (NOWHERE, mark("the model")),
}


def error_of(answer: Answer) -> Told:
    """The error of an answer, empty where it has none: also how one knows that ModelArk itself speaks."""
    error = answer.mapping.get("error")
    return error if isinstance(error, dict) else {}


def refusal(speaker: Speaker, answer: Answer) -> Refused:
    """A create, or a question, that ModelArk answered with no: not taken, not charged."""
    error = error_of(answer)
    saying = saying_of(error)
    if saying is not None:
        fault = speaker.refused(answer, saying.title, saying.advice, code=saying.code, retry=saying.retry)
        return fault.at(_place(error)[0]).at(saying.where)
    if answer.status in (401, 403):
        return speaker.key_refused(answer, variable=KEY_NAME)
    if answer.status == 413:
        return too_large(speaker, answer, vendor="ModelArk")
    if answer.status in (301, 307, 308):
        return redirected(speaker, answer, variable="ARK_BASE_URL")
    where, field = _place(error)
    own = speaker.safe(worded(error, ("message",)), most=200)
    return speaker.refused(
        answer,
        not_taken("ModelArk", field, answer.status, own),
        say("Change it and run again; if it looks right, report it with the detail."),
        code=f"refused.{answer.status}",
    ).at(where)


def held_back(speaker: Speaker, error: Told, charge: Charge | None) -> Refused:
    """A picture that was asked for and is not given, said inside an answer that is no error."""
    own = speaker.safe(worded(error, ("message",)), most=300)
    saying = saying_of(error) or _HELD_BACK
    title = (
        say("ModelArk made no picture: {own}", own=sentence(own))
        if saying is _HELD_BACK and own
        else saying.title
    )
    return Refused(
        title,
        advice=joined(saying.advice, charge_words(charge, draft=speaker.draft)),
        code=f"byteplus.{saying.code}",
        charged=charged(charge, draft=speaker.draft),
        retry=saying.retry,
        where=saying.where,
        detail=speaker.safe(f"{worded(error, ('code',)) or 'no code'}: {own}"),
    )


def saying_of(error: Told) -> Saying | None:
    code = worded(error, ("code",))
    return next((one for one in SAYINGS if code == one.sign or code.startswith(f"{one.sign}.")), None)


def charge_words(charge: Charge | None, *, draft: bool) -> str:
    if draft:
        return say("It was a draft: nothing is charged.")
    if charge is None:
        return say("What ModelArk charged may be seen in its console: {page}", page=CONSOLE)
    return say("One picture was charged.") if charge.vendor_amount else say("Nothing was charged.")


def _place(error: Told) -> tuple[Where, str]:
    """Node part that an error is about, and its name in a sentence; nothing where it does not say."""
    param = worded(error, ("param",))
    if not param:
        named = re.search(r"parameter [`'\"]?(\w+(?:\[\d+\])?)", worded(error, ("message",)))
        param = named[1] if named else ""
    name, number = re.match(r"(\w*)(?:\[(\d+)\])?", param).groups()  # type: ignore[union-attr]  # matches ""
    where, field = _FIELDS.get(name, (NOWHERE, ""))
    if where is _REFERENCES and number is not None:
        return Where(socket=where.socket, item=int(number)), say(
            "reference photograph {number}", number=int(number) + 1
        )
    return where, field
