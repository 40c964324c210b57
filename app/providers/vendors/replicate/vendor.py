"""Replicate as a `Vendor`: https://replicate.com/docs, as its Python client 1.0.7 speaks it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from app.basics.clock import Clock
from app.basics.faults import Refused, Unreachable
from app.basics.secret import Secret
from app.basics.words import mark, say
from app.catalogue.request import ImageRequest, Photograph
from app.providers.addresses import at_same_place, check_address, host_of, may_follow
from app.providers.asking import looked, told_of_account
from app.providers.bodies import Body, form_body, json_body
from app.providers.contract import (
    Accepted,
    Account,
    CancelVerdict,
    Forgotten,
    Keeping,
    News,
    Over,
    Ready,
    Ticket,
    UploadMemory,
    Working,
    inline_size,
)
from app.providers.fetching import fetched
from app.providers.inlining import data_uri
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Outcome, SendingPolicy, Speaker
from app.providers.sayings import ended, goes_on, made_here
from app.providers.transport import Transport
from app.providers.uploads import SessionUploads, UploadDesk, brought
from app.providers.vendors.replicate import wire, words

# What each answer to a create means for money. Replicate knows no idempotency key, so:
#   name not found, refused, connect time-out, TLS failed, no free connection    not sent, try again freely
#   400 401 402 403 404 405 413 422 and any other 4xx                            refused, not charged
#   429                                                                          refused, try again later
#   408, all of 5xx, no answer, half an answer, unreadable 201                   UNKNOWN, never sent again
# A 503 is unknown whoever says it: nothing tells that Replicate's own means "not taken".
# A create never asks to wait (`Prefer: wait`): the longer the answer takes, the likelier it is lost, and
# with it the only name that the job has.
SENDING = SendingPolicy(later=(429,), later_if_own_words=(), unknown=(408, 500, 502, 503, 504))

_KEPT = timedelta(hours=1)
"""How long Replicate keeps what a job gave."""
_FILES_KEPT = timedelta(minutes=45)
"""How long an uploaded file is named again: less than Replicate may keep what is sent to it."""
_LONGEST_INLINE = 256 * 1024
_LONGEST_UPLOAD = 600.0

KEEPING = Keeping(
    vendor_title="Replicate",
    uploads=mark(
        "The prompt and the photographs that are linked as references, made smaller and without their "
        "metadata, go to Replicate (api.replicate.com), and from there to Runway, whose model it runs."
    ),
    kept=mark(
        "Replicate removes prompt, photographs and picture of a job after one hour; Tagloom fetches the "
        "picture at once. What Runway keeps of it is up to its own terms."
    ),
    usage_page=words.USAGE_PAGE,
    retention_source="Replicate documentation, pages data-retention and input-files (read 2026-11-26); "
    "the usage page and how long uploaded files are kept are unverified",
)


class ReplicateVendor:
    """One Replicate account at one address. `draft`: the address is our sandbox.

    Looks, fetches, uploads and cancels may be repeated; a create leaves exactly once for each `submit`. The
    key goes to the vendor's own address alone.
    """

    id = "replicate"
    title = "Replicate"
    keeping = KEEPING

    def __init__(
        self,
        *,
        address: str,
        key: str,
        transport: Transport,
        uploads: UploadMemory,
        draft: bool,
        clock: Clock,
    ) -> None:
        self.address = check_address(address, variable=words.ADDRESS_NAME)
        self.draft = draft
        self._key = Secret(key)
        self._transport = transport
        self._clock = clock
        self._speaker = Speaker(
            vendor=self.id,
            title=say("Replicate's sandbox") if draft else self.title,
            host=host_of(self.address),
            usage_page=words.USAGE_PAGE,
            draft=draft,
            secrets=(self._key,),
        )
        # The sandbox forgets with its process, and the next one may come back at the same address.
        memory = SessionUploads(clock) if draft else uploads
        self._desk = UploadDesk.of_account(self.address, key, memory=memory, clock=clock, keeps=_FILES_KEPT)

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        """Small photographs as data URIs, larger ones by the files API."""
        return await brought(request, self._address_of)

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        body = json_body(wire.create_body(request, uploads))
        path = f"/v1/models/{quote(request.model, safe='/')}/predictions"
        try:
            answer = await self._ask("POST", self.address + path, body=body, fresh=True)
        except LineBroke as broke:
            raise self._speaker.create_broke(broke) from None
        now = self._clock.now()
        match SENDING.outcome(answer.status, own_words=False):
            case Outcome.LATER:
                raise self._later(answer, now)
            case Outcome.REFUSED:
                if words.names_references(answer):
                    for one in request.references:
                        await self._desk.forget(one.photograph.sha256)
                raise words.refusal(self._speaker, answer)
            case Outcome.UNKNOWN:
                raise self._speaker.create_unknown(answer)
        ticket = wire.created_ticket(answer, address=self.address, draft=self.draft, now=now)
        if ticket is None:
            raise self._speaker.create_unknown(answer)
        return Accepted(ticket=ticket)

    async def look(self, ticket: Ticket) -> News:
        address = self._look_address(ticket)
        return await looked(
            self._ask("GET", address), self._speaker, self._clock, vendor="Replicate",
            variable=words.KEY_NAME, forgotten=lambda answer: answer.status == 404,
            read=lambda answer: wire.news_of(answer, self._speaker),
        )  # fmt: skip

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        gone = await fetched(
            self._transport, self._speaker, self._clock, output, target, base=self.address, vendor="Replicate"
        )
        if gone is not None:
            raise await self._expired(ticket, gone.status)

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        """Asks first how far the job is, since the answer to a cancel may come before the end is known."""
        try:
            before = await self.look(ticket)
            if isinstance(before, Ready | Over):
                return self._ended(before)
            if isinstance(before, Forgotten):
                return self._stopped(None, _GONE)
            address = f"{self._own_address(ticket)}/cancel"
            answer = await self._ask("POST", address)
        except (LineBroke, Unreachable):
            return self._goes_on(say("Replicate could not be reached to cancel."))
        except Refused as fault:
            return self._goes_on(fault.title)
        if not answer.ok:
            return self._goes_on(say("Replicate did not take the cancel ({status}).", status=answer.status))
        return await self._verdict(ticket, before, wire.news_of(answer, self._speaker))

    async def account(self) -> Account:
        asking = self._ask("GET", f"{self.address}/v1/account")
        answer = await told_of_account(asking, self._speaker, self._clock, refusal=words.refusal)
        return wire.account_of(answer)

    async def close(self) -> None:
        """Nothing of its own: the transport belongs to whoever made it."""

    async def _ask(
        self,
        method: str,
        address: str,
        *,
        body: Body | None = None,
        fresh: bool = False,
        seconds: float | None = None,
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self._key.reveal()}"}
        return await self._transport.ask(
            method, address, headers=headers, body=body, fresh=fresh, seconds=seconds
        )

    def _own_address(self, ticket: Ticket) -> str:
        made_here(self._speaker, ticket, self.address, variable=words.ADDRESS_NAME)
        return f"{self.address}/v1/predictions/{quote(ticket.id, safe='')}"

    def _look_address(self, ticket: Ticket) -> str:
        """The address that Replicate named for looks, where the key may go there; else the one we know."""
        own = self._own_address(ticket)
        return ticket.look_at if at_same_place(ticket.look_at, base=self.address) else own

    async def _expired(self, ticket: Ticket, status: int) -> Refused:
        """A picture's address has one hour, and there is no second one: gone is gone."""
        try:
            news = await self.look(ticket)
            taken = datetime.fromisoformat(ticket.extras.get(wire.TAKEN, ""))
        except (Unreachable, Refused, ValueError):
            return self._speaker.expired(status)
        if isinstance(news, Over) and isinstance(news.fault, Refused):
            return news.fault
        old = self._clock.now() - taken >= _KEPT
        return words.gone(self._speaker) if old else self._speaker.expired(status)

    def _later(self, answer: Answer, now: datetime) -> Refused:
        fault = self._speaker.later(answer, now)
        if fault.retry_after is None:
            fault.retry_after = words.rest_of(answer)
        return fault

    async def _verdict(self, ticket: Ticket, before: News, after: News | None) -> CancelVerdict:
        """After a cancel that was taken: stopped before its start it is free, later it is charged."""
        if not isinstance(after, Ready | Over):
            try:
                after = await self.look(ticket)
            except (Unreachable, Refused):
                after = None
        if isinstance(after, Ready) or (isinstance(after, Over) and (after.charge or not after.cancelled)):
            return self._ended(after)
        if isinstance(after, Over) and isinstance(before, Working):
            return self._stopped(False, _STARTED)
        if isinstance(after, Over):
            return self._stopped(None, _WAITED)
        return self._goes_on(say("Replicate took the cancel, but has not said that the job ended."))

    def _stopped(self, free: bool | None, what: str) -> CancelVerdict:
        if self.draft:
            return CancelVerdict(free=True, words=say("Cancelled. It was a draft: nothing is charged."))
        return CancelVerdict(free=free, words=what)

    def _goes_on(self, why: str) -> CancelVerdict:
        return goes_on(why, say("The job may go on and be charged."), draft=self.draft)

    def _ended(self, news: Ready | Over) -> CancelVerdict:
        return ended(news, words.charge_words(news.charge, draft=self.draft), draft=self.draft)

    async def _address_of(self, photograph: Photograph) -> str:
        if inline_size(photograph) <= _LONGEST_INLINE:
            return await data_uri(photograph)
        return await self._desk.once(photograph.sha256, lambda: self._upload(photograph))

    async def _upload(self, photograph: Photograph) -> str:
        name = wire.file_name(photograph)
        body = form_body({}, file=photograph.path, filename=name, mime=photograph.mime, field="content")
        try:
            answer = await self._ask("POST", f"{self.address}/v1/files", body=body, seconds=_LONGEST_UPLOAD)
        except LineBroke as broke:
            raise self._speaker.upload_failed(broke, self._clock.now()) from None
        if answer.status == 429:
            raise self._later(answer, self._clock.now())
        if 400 <= answer.status < 500 and answer.status not in (408, 425):
            raise words.refusal(self._speaker, answer)
        address = wire.file_address(answer) if answer.ok else ""
        if not address or not may_follow(address, base=self.address):
            raise self._speaker.upload_failed(answer, self._clock.now())
        return address


_WAITED = mark(
    "Cancelled. It had not started when we asked, so it is usually free; "
    "Replicate's billing page will say: {page}",
    page=words.USAGE_PAGE,
)
_STARTED = mark("Cancelled. It had started, and Replicate charges for that.")
_GONE = mark(
    "Replicate no longer knows this job. What it charged stands on its billing page: {page}",
    page=words.USAGE_PAGE,
)
