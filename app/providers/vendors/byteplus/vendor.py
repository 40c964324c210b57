"""BytePlus ModelArk as a `Vendor`: docs.byteplus.com, ModelArk, "Image generation API". Synchronous: the
answer to a create is the finished picture's address, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from app.basics.clock import Clock
from app.basics.faults import Refused, Retry
from app.basics.secret import Secret
from app.basics.words import joined, mark, say
from app.catalogue.request import ImageRequest
from app.providers.addresses import check_address, host_of
from app.providers.asking import told_of_account
from app.providers.bodies import Body, json_body
from app.providers.contract import (
    Accepted,
    Account,
    CancelVerdict,
    Forgotten,
    Keeping,
    News,
    Ready,
    Ticket,
)
from app.providers.fetching import fetched
from app.providers.inlining import inlined_body
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Outcome, SendingPolicy, Speaker
from app.providers.sayings import charged, made_here
from app.providers.transport import Transport
from app.providers.vendors.byteplus import wire, words

API_PATH = "/api/v3"
CREATE_PATH = "/images/generations"

# What each answer to a create means for money. ModelArk knows no idempotency key and no list of jobs, so:
#   name not found, refused, connect time-out, TLS failed, no free connection    not sent, try again freely
#   400 (also moderation) 401 403 404 413 422 and any other 4xx                  refused, not charged
#   429; 503 in ModelArk's own words                                             refused, try again later
#   408 500 502 504, another 503, no answer, half an answer, unreadable 200      UNKNOWN, never sent again
SENDING = SendingPolicy(later=(429,), later_if_own_words=(503,), unknown=(408, 500, 502, 504))

_GOOD = timedelta(hours=24)
_MOST_ANSWER = 64_000_000
"""Room for a picture inside it, which is not asked for."""

KEEPING = Keeping(
    vendor_title="BytePlus ModelArk",
    uploads=mark(
        "The prompt and the photographs that are linked as references, made smaller and without their "
        "metadata, go to BytePlus ModelArk (ark.ap-southeast.bytepluses.com) inside the request."
    ),
    kept=mark(
        "The addresses of finished pictures expire after 24 hours. What ModelArk keeps longer is up to its "
        "own terms."
    ),
    usage_page=words.CONSOLE,
    retention_source="BytePlus ModelArk documentation, Image generation API (read 2026-11-23); "
    "the console's address is unverified",
)


class ByteplusVendor:
    """One ModelArk account at one address, with or without the /api/v3 at its end. `draft`: the address is
    our sandbox."""

    id = "byteplus"
    title = "BytePlus ModelArk"
    keeping = KEEPING

    def __init__(self, *, address: str, key: str, transport: Transport, draft: bool, clock: Clock) -> None:
        self.address = check_address(address, variable="ARK_BASE_URL")
        self.draft = draft
        self._key = Secret(key)
        self._transport = transport
        self._clock = clock
        path = "" if urlsplit(self.address).path else API_PATH
        self._create = f"{self.address}{path}{CREATE_PATH}"
        self._speaker = Speaker(
            vendor=self.id,
            title=say("ModelArk's sandbox") if draft else self.title,
            host=host_of(self.address),
            usage_page=words.CONSOLE,
            draft=draft,
            secrets=(self._key,),
        )

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        """Nothing: ModelArk has no uploads, photographs go inside the request."""
        return {}

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        try:
            answer = await self._ask(inlined_body(lambda stand: wire.create_body(request, stand)), works=True)
        except LineBroke as broke:
            raise self._speaker.create_broke(broke) from None
        match SENDING.outcome(answer.status, own_words=bool(words.error_of(answer))):
            case Outcome.LATER:
                raise self._speaker.later(answer, self._clock.now())
            case Outcome.REFUSED:
                raise words.refusal(self._speaker, answer)
            case Outcome.UNKNOWN:
                raise self._speaker.create_unknown(answer)
        accepted = wire.accepted(
            answer,
            request,
            self._speaker,
            address=self.address,
            draft=self.draft,
            until=self._clock.now() + _GOOD,
        )
        if accepted is None:
            raise self._speaker.create_unknown(answer)
        return accepted

    async def look(self, ticket: Ticket) -> News:
        """What the ticket remembers. A draft's sandbox is asked whether it still has the picture: it forgets
        with its process, and the draft is then made anew."""
        made_here(self._speaker, ticket, self.address, variable="ARK_BASE_URL")
        news = wire.news_of(ticket, self._speaker)
        if not ticket.draft or not isinstance(news, Ready):
            return news
        try:
            answer = await self._transport.ask("HEAD", ticket.look_at)
        except LineBroke as broke:
            raise self._speaker.look_failed(broke, self._clock.now()) from None
        return news if answer.ok else Forgotten()

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        gone = await fetched(
            self._transport, self._speaker, self._clock, output, target, base=self.address, vendor="ModelArk"
        )
        if gone is not None:
            raise self._expired(ticket, gone)

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        """There is nothing to cancel: a ticket is there only when the picture is."""
        made_here(self._speaker, ticket, self.address, variable="ARK_BASE_URL")
        news = wire.news_of(ticket, self._speaker)
        charge = wire.charge_of(ticket)
        said = words.charge_words(charge, draft=self.draft)
        free = True if self.draft else None if charge is None else not charge.vendor_amount
        if isinstance(news, Ready):
            said = joined(say("It was already finished; its picture is not thrown away."), said)
        return CancelVerdict(free=free, words=said, stopped=False, charge=charge)

    async def account(self) -> Account:
        """ModelArk tells a key neither a balance nor limits. Whether it takes the key shows at a create that
        names neither model nor prompt, of which nothing can be made."""
        await told_of_account(
            self._ask(json_body({})), self._speaker, self._clock, refusal=words.refusal,
            good=lambda answer: answer.status == 400 and bool(words.error_of(answer)),
        )  # fmt: skip
        return Account(balance=None, unit="", concurrency={}, words=_KEY_TAKEN)

    async def close(self) -> None:
        """Nothing of its own: the transport belongs to whoever made it."""

    async def _ask(self, body: Body, *, works: bool = False) -> Answer:
        headers = {"Authorization": f"Bearer {self._key.reveal()}"}
        most = _MOST_ANSWER if works else 8_000_000
        return await self._transport.ask(
            "POST", self._create, headers=headers, body=body, fresh=works, works=works, most=most
        )

    def _expired(self, ticket: Ticket, answer: Answer) -> Refused:
        """There is no fresh address to ask for. Within the day that it is good for, it is tried again."""
        until = ticket.extras.get(wire.UNTIL, "")
        if until and self._clock.now() >= datetime.fromisoformat(until):
            return Refused(
                say("The finished picture was kept by ModelArk for 24 hours, and they are over."),
                advice=say(
                    "{charge_words} Run again to have it made anew, at its price.",
                    charge_words=words.charge_words(wire.charge_of(ticket), draft=self.draft),
                ),
                code="byteplus.picture-gone",
                charged=charged(wire.charge_of(ticket), draft=self.draft),
                retry=Retry.ASK,
                detail=f"HTTP {answer.status}",
            )
        fault = self._speaker.expired(answer.status)
        fault.advice = say(
            "ModelArk gives an address once, good for 24 hours, and it is tried again later; "
            "nothing is made or paid for anew."
        )
        return fault


_KEY_TAKEN = mark("The key works. ModelArk tells no balance; what was charged stands in its console.")
