"""How an answer, or none, becomes a Fault in plain words. What is the same for all vendors is said here once.

The law behind it (`app.engine`, law 1): a create is offered for sending again only where it surely was not
taken. No vendor answers an idempotency key today.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from app.basics.faults import Charged, Fault, Late, Lost, Refused, Retry, Unreachable
from app.basics.secret import Secret
from app.basics.words import mark, say, spoken
from app.providers.line import Answer, Break, LineBroke
from app.providers.redaction import safe_text


class Outcome(StrEnum):
    """What the answer to a create means for money."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Not taken, not charged; the same again would be refused again."""
    LATER = "later"
    """Not taken, not charged; the same may be sent again after a while."""
    UNKNOWN = "unknown"
    """Perhaps taken: never again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPolicy:
    """What each status of a create means at a vendor. What is not named: 2xx is accepted, another 4xx and a
    redirect that was not followed are refused, everything else is unknown."""

    later: tuple[int, ...] = (429,)
    later_if_own_words: tuple[int, ...] = (503,)
    """Taken for a refusal only when the vendor itself speaks, not a gateway before it."""
    unknown: tuple[int, ...] = (408,)
    redirects: tuple[int, ...] = (301, 307, 308)

    def outcome(self, status: int, *, own_words: bool) -> Outcome:
        if 200 <= status < 300:
            return Outcome.ACCEPTED
        if status in self.later or (own_words and status in self.later_if_own_words):
            return Outcome.LATER
        if status in self.unknown:
            return Outcome.UNKNOWN
        refused = 400 <= status < 500 or status in self.redirects
        return Outcome.REFUSED if refused else Outcome.UNKNOWN


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that an answer asks us to wait, whole, also above a minute: `retry-after-ms`, or `retry-after`
    as seconds or as an HTTP date against `now`. None where it says nothing that can be understood."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    try:
        when = parsedate_to_datetime(headers["retry-after"])
    except (KeyError, ValueError, TypeError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())


_NOT_SENT: Mapping[Break, tuple[str, str, Retry]] = {
    Break.NAME: (
        mark("The name {host} was not found: {title} could not be reached."),
        mark("Check the internet connection, then run again."),
        Retry.NOW,
    ),
    Break.REFUSED: (
        mark("{title} could not be reached."),
        mark("Check the internet connection, a firewall or a proxy, then run again."),
        Retry.NOW,
    ),
    Break.CONNECT_TIMEOUT: (
        mark("{title} did not take our call in time."),
        mark("Check the internet connection, then run again."),
        Retry.NOW,
    ),
    Break.TLS: (
        mark("No safe connection to {title} could be made."),
        mark("Run again; if it stays so, look at the proxy and the address."),
        Retry.NOW,
    ),
    Break.CERTIFICATE: (
        mark("The certificate of {host} is not trusted by this computer."),
        mark(
            "Check this computer's clock and its certificates (on Debian the package ca-certificates); "
            "in a company, its proxy may need a certificate of its own."
        ),
        Retry.ASK,
    ),
    Break.PROXY: (
        mark("The proxy on the way to {title} refused."),
        mark("Look at HTTPS_PROXY and NO_PROXY, then run again."),
        Retry.ASK,
    ),
    Break.BUSY: (
        mark("All connections to {title} are busy."),
        mark("It will go on as soon as one is free."),
        Retry.NOW,
    ),
    Break.UNSENDABLE: (
        mark("The request to {title} could not be written."),
        mark("Check the address and the key for stray characters."),
        Retry.ASK,
    ),
}
_CUT_BEFORE = (mark("The line to {title} broke before the request was sent."), mark("Run again."), Retry.NOW)

_BROKE_AFTER: Mapping[Break, str] = {
    Break.SLOW: mark("no answer came from {title} in time"),
    Break.UNREADABLE: mark("the answer of {title} could not be read"),
    Break.TOO_LARGE: mark("the answer of {title} was far too large"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Says what went wrong at one vendor. `title` and `host` are for people, `usage_page` is where a person
    sees what was charged; `secrets` are hidden in everything that is said. A draft costs nothing, so a lost
    draft is no unknown."""

    vendor: str
    title: str
    host: str
    usage_page: str
    draft: bool
    secrets: tuple[Secret, ...] = ()

    @property
    def made(self) -> Charged:
        """Whether a job that surely exists was charged, as long as its vendor has not said."""
        return Charged.NO if self.draft else Charged.UNKNOWN

    def safe(self, text: str, *, most: int = 600) -> str:
        return safe_text(text, self.secrets, most=most)

    def detail(self, answer: Answer) -> str:
        """What a support person would ask for."""
        return self.safe(f"HTTP {answer.status}: {answer.text}" if answer.text else f"HTTP {answer.status}")

    def not_sent(self, broke: LineBroke) -> Unreachable:
        title, advice, retry = _NOT_SENT.get(broke.broke, _CUT_BEFORE)
        if self.draft:
            advice = say("Run again; the sandbox on this computer is started anew where it is gone.")
        return Unreachable(
            spoken(title, title=self.title, host=self.host or self.title),
            advice=say("{advice} Nothing was sent, nothing is charged.", advice=advice),
            code=f"{self.vendor}.not-sent.{broke.broke}",
            retry=retry,
        )

    def lost(self, why: str, *, code: str, detail: str = "") -> Fault:
        """`why` completes "We sent this request, but …"."""
        title = say("We sent this request, but {why}.", why=why)
        if self.draft:
            return Unreachable(
                title,
                advice=say("It is a draft and free: run again."),
                code=f"{self.vendor}.draft-lost.{code}",
                retry=Retry.NOW,
                detail=detail,
            )
        return Lost(
            title,
            advice=say(
                "It may have been charged. We will not send it again unless you say "
                "so. Compare with what {title} shows: {usage_page}",
                title=self.title,
                usage_page=self.usage_page,
            ),
            code=f"{self.vendor}.lost.{code}",
            charged=Charged.UNKNOWN,
            retry=Retry.ASK,
            detail=detail,
        )

    def create_broke(self, broke: LineBroke) -> Fault:
        """A create that ended without an answer."""
        if not broke.sent:
            return self.not_sent(broke)
        why = _BROKE_AFTER.get(broke.broke, mark("the connection broke before {title} answered"))
        return self.lost(spoken(why, title=self.title), code=str(broke.broke))

    def create_unknown(self, answer: Answer) -> Fault:
        """A create answered by something that does not say whether it was taken."""
        if answer.ok:
            why = say("the answer of {title} could not be read", title=self.title)
            return self.lost(why, code="unreadable", detail=self.detail(answer))
        why = say(
            "{title} answered with an error of its own ({status})", title=self.title, status=answer.status
        )
        return self.lost(why, code=str(answer.status), detail=self.detail(answer))

    def later(self, answer: Answer, now: datetime) -> Refused:
        """429 and an honest 503 at a create."""
        limit = answer.status == 429
        return Refused(
            say("{title} takes no more jobs just now: a limit of your account is reached.", title=self.title)
            if limit
            else say("{title} is too busy to take this job.", title=self.title),
            advice=say("Nothing was charged. It is sent again after the wait that was asked for.")
            if limit
            else say("Nothing was charged. It is sent again in a while."),
            code=f"{self.vendor}.{'limit' if limit else 'busy'}",
            retry=Retry.LATER,
            retry_after=retry_after(answer.headers, now),
            detail=self.detail(answer),
        )

    def key_refused(self, answer: Answer, *, variable: str, charged: Charged = Charged.NO) -> Refused:
        return Refused(
            say("{title} did not take the key.", title=self.title),
            advice=say(
                "Check the key in the settings, with `tagloom keys set {vendor}`, or in {variable}; "
                "a key works at the address it was made for.",
                vendor=self.vendor,
                variable=variable,
            ),
            code=f"{self.vendor}.key",
            charged=charged,
            retry=Retry.ASK,
            detail=self.detail(answer),
        )

    def refused(
        self, answer: Answer, title: str, advice: str, *, code: str, retry: Retry = Retry.NEVER
    ) -> Refused:
        return Refused(
            title,
            advice=say("{advice} Nothing was charged.", advice=advice),
            code=f"{self.vendor}.{code}",
            retry=retry,
            detail=self.detail(answer),
        )

    def unanswered(self, trouble: LineBroke | Answer, now: datetime) -> Unreachable:
        """A question that costs nothing and may be asked again."""
        if isinstance(trouble, LineBroke) and not trouble.sent:
            return self.not_sent(trouble)
        return self._again(
            trouble,
            now,
            say("{title} did not answer as it should.", title=self.title),
            say("Try again."),
            "ask",
        )

    def upload_failed(self, trouble: LineBroke | Answer, now: datetime) -> Unreachable:
        if isinstance(trouble, LineBroke) and not trouble.sent:
            return self.not_sent(trouble)
        title = say("A photograph could not be uploaded to {title}.", title=self.title)
        return self._again(trouble, now, title, say("Run again; nothing is charged for an upload."), "upload")

    def _again(
        self, trouble: LineBroke | Answer, now: datetime, title: str, advice: str, code: str
    ) -> Unreachable:
        answer = trouble if isinstance(trouble, Answer) else None
        return Unreachable(
            title,
            advice=advice,
            code=f"{self.vendor}.{code}.{_kind(trouble)}",
            retry=Retry.LATER,
            retry_after=retry_after(answer.headers, now) if answer else None,
            detail=self.detail(answer) if answer else "",
        )

    def look_failed(self, trouble: LineBroke | Answer, now: datetime) -> Unreachable:
        """One look that brought nothing: the job goes on without us."""
        answer = trouble if isinstance(trouble, Answer) else None
        return Unreachable(
            say("{title} could not be asked how the job goes.", title=self.title),
            advice=say("The job goes on there; we ask again."),
            code=f"{self.vendor}.look.{_kind(trouble)}",
            charged=self.made,
            retry=Retry.LATER,
            retry_after=retry_after(answer.headers, now) if answer else None,
            detail=self.detail(answer) if answer else "",
        )

    def fetch_failed(self, trouble: LineBroke | Answer, now: datetime) -> Unreachable | Refused:
        """A finished picture that could not be fetched this time."""
        if isinstance(trouble, LineBroke) and trouble.broke is Break.TOO_LARGE:
            return Refused(
                say("The picture is larger than Tagloom fetches (200 MB)."),
                advice=say(
                    "Look at it on {title}'s own page: {usage_page}",
                    title=self.title,
                    usage_page=self.usage_page,
                ),
                code=f"{self.vendor}.picture-too-large",
                charged=self.made,
            )
        answer = trouble if isinstance(trouble, Answer) else None
        return Unreachable(
            say("The picture is finished at {title}, but could not be fetched.", title=self.title),
            advice=say("It is fetched again; it is not made or paid for anew."),
            code=f"{self.vendor}.fetch.{_kind(trouble)}",
            charged=self.made,
            retry=Retry.NOW,
            retry_after=retry_after(answer.headers, now) if answer else None,
            detail=f"HTTP {answer.status}" if answer else "",
        )

    def expired(self, status: int) -> Refused:
        """The address of a picture that is no longer good; a fresh look brings a new one."""
        return Refused(
            say("The address of the finished picture is no longer good."),
            advice=say("We ask {title} for a fresh one; nothing is made or paid for anew.", title=self.title),
            code=f"{self.vendor}.address-expired",
            charged=self.made,
            retry=Retry.NOW,
            detail=f"HTTP {status}",
        )

    def deadline(self, seconds: float) -> Late:
        return Late(
            say("{title} has not finished after {seconds}.", title=self.title, seconds=_span(seconds)),
            advice=say(
                "We stop watching for now. The job stays in the ledger and is followed later, for free."
            ),
            code=f"{self.vendor}.deadline",
            charged=self.made,
            retry=Retry.LATER,
        )


def worded(value: object, names: Iterable[str] = ("error", "message", "detail")) -> str:
    """The first text under one of `names` in a JSON object, else nothing."""
    if isinstance(value, Mapping):
        for name in names:
            text = value.get(name)
            if isinstance(text, str) and text.strip():
                return text
    return ""


def _kind(trouble: LineBroke | Answer) -> str:
    return str(trouble.broke) if isinstance(trouble, LineBroke) else str(trouble.status)


def _span(seconds: float) -> str:
    return (
        say("{seconds:.0f} minutes", seconds=seconds / 60)
        if seconds >= 120
        else say("{seconds:.0f} seconds", seconds=seconds)
    )
