"""Runway as a `Vendor`: https://docs.dev.runwayml.com/, API version 2024-11-06."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from app.basics.clock import Clock
from app.basics.faults import Refused, Retry, Unreachable
from app.basics.secret import Secret
from app.basics.words import mark, say
from app.catalogue.request import ImageRequest, Photograph
from app.providers.addresses import check_address, host_of, may_follow
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
    Waiting,
    Working,
    inline_size,
)
from app.providers.fetching import fetched
from app.providers.inlining import data_uri
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Outcome, SendingPolicy, Speaker, worded
from app.providers.sayings import ended, goes_on, made_here
from app.providers.transport import Transport
from app.providers.uploads import SessionUploads, UploadDesk, brought
from app.providers.vendors.runway import wire, words

API_VERSION = "2024-11-06"
CREATE_PATH = "/v1/text_to_image"

# What each answer to a create means for money. Runway knows no idempotency key and no list of tasks, so:
#   name not found, refused, connect time-out, TLS failed, no free connection    not sent, try again freely
#   400 401 403 404 405 413 422 and any other 4xx                                refused, not charged
#   429; 503 with Runway's own JSON                                              refused, try again later
#   408 500 502 504, another 503, no answer, half an answer, unreadable 200      UNKNOWN, never sent again
SENDING = SendingPolicy(later=(429,), later_if_own_words=(503,), unknown=(408, 500, 502, 504))

_KEPT = timedelta(hours=22)
"""An upload is good for 24 hours; a task may wait in Runway's queue before it reads it."""
_SMALLEST_UPLOAD = 512
_LONGEST_INLINE = 5_242_880
_UPLOAD_TRIES = 3
_UPLOAD_WAIT = 0.1
_LONGEST_UPLOAD = 600.0
_UPLOADS_REFUSED = (400, 402, 403, 404, 405)

KEEPING = Keeping(
    vendor_title="Runway",
    uploads=mark(
        "The prompt and the photographs that are linked as references, made smaller and without their "
        "metadata, go to Runway (api.dev.runwayml.com)."
    ),
    kept=mark(
        "Uploaded photographs can be used for 24 hours; the addresses of finished pictures expire within 24 "
        "to 48 hours. Whether Runway keeps copies longer is up to its own terms."
    ),
    usage_page=words.USAGE_PAGE,
    retention_source="Runway API documentation, pages assets/uploads and api (read 2026-11-23); "
    "the usage page is unverified",
)


class RunwayVendor:
    """One Runway account at one address. `draft`: the address is our sandbox.

    Looks, fetches and uploads may be repeated; a create leaves exactly once for each `submit`.
    """

    id = "runway"
    title = "Runway"
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
        self.address = check_address(address, variable="RUNWAYML_BASE_URL")
        self.draft = draft
        self._key = Secret(key)
        self._transport = transport
        self._clock = clock
        self._speaker = Speaker(
            vendor=self.id,
            title=say("Runway's sandbox") if draft else self.title,
            host=host_of(self.address),
            usage_page=words.USAGE_PAGE,
            draft=draft,
            secrets=(self._key,),
        )
        # The sandbox forgets with its process, and the next one may come back at the same address.
        memory = SessionUploads(clock) if draft else uploads
        self._desk = UploadDesk.of_account(self.address, key, memory=memory, clock=clock, keeps=_KEPT)

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        return await brought(request, self._address_of)

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        path = request.settings.get("path", CREATE_PATH)
        body = json_body(wire.create_body(request, uploads))
        try:
            answer = await self._ask("POST", str(path), body=body, fresh=True)
        except LineBroke as broke:
            raise self._speaker.create_broke(broke) from None
        own_words = bool(worded(answer.json, ("error",)))
        match SENDING.outcome(answer.status, own_words=own_words):
            case Outcome.LATER:
                raise self._speaker.later(answer, self._clock.now())
            case Outcome.REFUSED:
                await self._distrust_uploads(request, answer)
                raise words.refusal(self._speaker, answer)
            case Outcome.UNKNOWN:
                raise self._speaker.create_unknown(answer)
        ticket = wire.created_ticket(answer, address=self.address, draft=self.draft)
        if ticket is None:
            raise self._speaker.create_unknown(answer)
        return Accepted(ticket=ticket)

    async def look(self, ticket: Ticket) -> News:
        path = self._task_path(ticket)
        return await looked(
            self._ask("GET", path), self._speaker, self._clock, vendor="Runway",
            variable=words.KEY_NAME, forgotten=lambda answer: answer.status == 404,
            read=lambda answer: wire.news_of(answer, self._speaker),
        )  # fmt: skip

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        gone = await fetched(
            self._transport, self._speaker, self._clock, output, target, base=self.address, vendor="Runway"
        )
        if gone is not None:
            raise self._speaker.expired(gone.status)

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        """Asks first how far the task is: a DELETE of a finished one would delete the picture, and after a
        DELETE Runway no longer tells what was charged."""
        try:
            before = await self.look(ticket)
            if isinstance(before, Ready | Over):
                return self._ended(before)
            answer = None
            if not isinstance(before, Forgotten):
                answer = await self._ask("DELETE", self._task_path(ticket))
        except (LineBroke, Unreachable):
            return self._not_cancelled(say("Runway could not be reached to cancel."))
        except Refused as fault:
            return self._not_cancelled(fault.title)
        if answer is not None and not answer.ok and answer.status != 404:
            return self._not_cancelled(
                say("Runway did not take the cancel ({status}).", status=answer.status)
            )
        return await self._verdict(ticket, before)

    async def account(self) -> Account:
        asking = self._ask("GET", "/v1/organization")
        answer = await told_of_account(asking, self._speaker, self._clock, refusal=words.refusal)
        return wire.account_of(answer)

    async def close(self) -> None:
        """Nothing of its own: the transport belongs to whoever made it."""

    async def _ask(self, method: str, path: str, *, body: Body | None = None, fresh: bool = False) -> Answer:
        headers = {"Authorization": f"Bearer {self._key.reveal()}", "X-Runway-Version": API_VERSION}
        return await self._transport.ask(method, self.address + path, headers=headers, body=body, fresh=fresh)

    def _task_path(self, ticket: Ticket) -> str:
        """:raises BadInput: the ticket was made elsewhere; the key is not sent there"""
        made_here(self._speaker, ticket, self.address, variable="RUNWAYML_BASE_URL")
        return f"/v1/tasks/{quote(ticket.id, safe='')}"

    async def _verdict(self, ticket: Ticket, before: News) -> CancelVerdict:
        """After a DELETE that was taken: what it cost where Runway still says, else what is known."""
        if self.draft:
            return CancelVerdict(free=True, words=say("Cancelled. It was a draft: nothing is charged."))
        try:
            after = await self.look(ticket)
        except (Unreachable, Refused):
            after = Forgotten()
        if isinstance(after, Ready | Over):
            return self._ended(after)
        match before:
            case Waiting():
                return CancelVerdict(free=None, words=_WAITED)
            case Working():
                return CancelVerdict(free=False, words=_STARTED)
            case _:
                return CancelVerdict(free=None, words=_GONE)

    def _not_cancelled(self, why: str) -> CancelVerdict:
        return goes_on(why, say("The task may go on and be charged."), draft=self.draft)

    def _ended(self, news: Ready | Over) -> CancelVerdict:
        return ended(news, words.charge_words(news.charge, draft=self.draft), draft=self.draft)

    async def _distrust_uploads(self, request: ImageRequest, answer: Answer) -> None:
        if words.names_references(answer):
            for one in request.references:
                await self._desk.forget(one.photograph.sha256)

    async def _address_of(self, photograph: Photograph) -> str:
        if photograph.bytes < _SMALLEST_UPLOAD:
            return await data_uri(photograph)
        try:
            return await self._desk.once(photograph.sha256, lambda: self._upload(photograph))
        except _UploadsRefused as refused:
            if inline_size(photograph) <= _LONGEST_INLINE:
                return await data_uri(photograph)
            raise self._speaker.refused(
                refused.answer,
                say(
                    "Runway takes no uploads from this account, "
                    "and the photograph is too large to go without."
                ),
                say("Buy credits at Runway (uploads need an account that has), or take one below 3.9 MB."),
                code="uploads-refused",
                retry=Retry.ASK,
            ) from None

    async def _upload(self, photograph: Photograph) -> str:
        """Runway's upload flow; when the store fails, it is begun anew, as Runway asks."""
        trouble: LineBroke | Answer
        for attempt in range(_UPLOAD_TRIES):
            if attempt:
                await self._clock.sleep(_UPLOAD_WAIT * 2**attempt)
            address, fields, uri = await self._begin_upload(photograph)
            body = form_body(
                fields, file=photograph.path, filename=wire.file_name(photograph), mime=photograph.mime
            )
            try:
                # The store is not Runway: no key and no header of Runway's goes there.
                stored = await self._transport.ask(
                    "POST", address, body=body, headers={"Accept": "*/*"}, seconds=_LONGEST_UPLOAD
                )
            except LineBroke as broke:
                trouble = broke
                continue
            if stored.ok:
                return uri
            trouble = stored
        raise self._speaker.upload_failed(trouble, self._clock.now())

    async def _begin_upload(self, photograph: Photograph) -> tuple[str, dict[str, str], str]:
        asked = json_body({"filename": wire.file_name(photograph), "type": "ephemeral"})
        try:
            answer = await self._ask("POST", "/v1/uploads", body=asked)
        except LineBroke as broke:
            raise self._speaker.upload_failed(broke, self._clock.now()) from None
        if answer.status == 401:
            raise words.refusal(self._speaker, answer)
        if answer.status in _UPLOADS_REFUSED:
            raise _UploadsRefused(answer)
        if answer.status == 429:
            raise self._speaker.later(answer, self._clock.now())
        told = wire.upload_of(answer) if answer.ok else None
        if told is None or not may_follow(told[0], base=self.address):
            raise self._speaker.upload_failed(answer, self._clock.now())
        return told


class _UploadsRefused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__("uploads are refused")
        self.answer = answer


_WAITED = mark(
    "Cancelled. It had not started when we asked, so it is usually free; "
    "Runway's usage page will say: {page}",
    page=words.USAGE_PAGE,
)
_STARTED = mark("Cancelled. It had started, and Runway gives nothing back for that.")
_GONE = mark(
    "Runway no longer knows this task. What it charged stands on its usage page: {page}",
    page=words.USAGE_PAGE,
)
