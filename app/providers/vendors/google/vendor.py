"""Google's Gemini API as a `Vendor`: ai.google.dev, image generation. Synchronous: the answer to a create is
the picture itself, or why there is none; nothing can be asked before or after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from app.basics.clock import Clock
from app.basics.faults import Refused, Where
from app.basics.secret import Secret
from app.basics.words import joined, mark, say
from app.catalogue.request import ImageRequest
from app.providers.addresses import check_address, host_of
from app.providers.asking import told_of_account
from app.providers.bodies import Body
from app.providers.contract import Accepted, Account, CancelVerdict, Keeping, News, Over, Ticket
from app.providers.inlining import inlined_body
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Outcome, SendingPolicy, Speaker
from app.providers.sayings import made_here
from app.providers.spill import Spill, SpillTrouble
from app.providers.transport import Transport
from app.providers.vendors.google import wire, words

VERSION = "v1"
VERSIONS = ("v1", "v1beta")
MODEL = "gemini-3-pro-image"

# What each answer to a create means for money. Google knows no idempotency key and no list of jobs, so:
#   name not found, refused, connect time-out, TLS failed, no free connection    not sent, try again freely
#   400 (also a bad key) 401 403 404 413 and any other 4xx                       refused, not charged
#   429                                                                          refused, try again later
#   408 500 502 503 504, no answer, half an answer, unreadable 200               UNKNOWN, never sent again
# A 503 UNAVAILABLE in Google's own envelope is no exception: what it says of a request that was under way,
# and of its charge, is written down nowhere (its body is unverified), and the model works while we wait.
SENDING = SendingPolicy(later=(429,), later_if_own_words=(), unknown=(408, 500, 502, 503, 504))

MOST_REQUEST = 100_000_000
"""Bytes, photographs as base64: Google's change log of 2026-01-08; it was 20 MB before."""
_MOST_ANSWER = 120_000_000

KEEPING = Keeping(
    vendor_title="Google",
    uploads=mark(
        "The prompt and the photographs that are linked as references, made smaller and without their "
        "metadata, go to Google (generativelanguage.googleapis.com) inside the request."
    ),
    kept=mark(
        "Google keeps no picture for you: it comes once, inside the answer. What Google keeps for itself is "
        "up to its own terms, which differ between paid and free keys."
    ),
    usage_page=words.USAGE_PAGE,
    retention_source="Gemini API documentation, image generation (read 2026-11-23); "
    "the usage page and the terms are unverified",
)


class GoogleVendor:
    """One key at one address, with or without /v1 or /v1beta at its end. `draft`: the address is our sandbox.
    `place` gives the path of a new file, on the library's disk, for a picture that comes in."""

    id = "google"
    title = "Google"
    keeping = KEEPING

    def __init__(
        self,
        *,
        address: str,
        key: str,
        transport: Transport,
        draft: bool,
        clock: Clock,
        place: Callable[[], Path],
    ) -> None:
        self.address = check_address(address, variable="GOOGLE_GEMINI_BASE_URL")
        self.draft = draft
        self._key = Secret(key)
        self._transport = transport
        self._clock = clock
        self._place = place
        self._speaker = Speaker(
            vendor=self.id,
            title=say("Google's sandbox") if draft else self.title,
            host=host_of(self.address),
            usage_page=words.USAGE_PAGE,
            draft=draft,
            secrets=(self._key,),
        )

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        """Nothing is uploaded: photographs go inside the request, which is weighed here.

        :raises Refused: it is heavier than Google takes; nothing is sent
        """
        body = _body(request)
        if body.length <= MOST_REQUEST:
            return {}
        at, heaviest = max(enumerate(request.references), key=lambda one: one[1].photograph.bytes)
        photograph = heaviest.photograph
        raise Refused(
            say(
                "The request is too heavy for Google: {length:.0f} MB, and {most:.0f} MB are taken.",
                length=body.length / 1_000_000,
                most=MOST_REQUEST / 1_000_000,
            ),
            advice=say(
                "The heaviest photograph is {name} with {weight:.1f} MB: take a "
                "smaller one, or fewer. Nothing was sent, nothing is charged.",
                name=photograph.name,
                weight=photograph.bytes / 1_000_000,
            ),
            code="google.too-heavy",
            where=Where(socket="reference_images", item=at),
        )

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        spill = Spill(self._place)
        try:
            return await self._submit(request, spill)
        finally:
            await asyncio.to_thread(spill.close)

    async def _submit(self, request: ImageRequest, spill: Spill) -> Accepted:
        path = f"/models/{quote(request.model, safe='')}:generateContent"
        base = self._base(request.settings.get("version"))
        try:
            answer = await self._ask("POST", base + path, body=_body(request), spill=spill)
        except LineBroke as broke:
            raise self._speaker.create_broke(broke) from None
        except SpillTrouble as trouble:
            why = say("neither the disk nor the memory took the picture that came")
            raise self._speaker.lost(why, code="not-kept", detail=trouble.trouble.detail) from trouble
        match SENDING.outcome(answer.status, own_words=bool(words.error_of(answer))):
            case Outcome.LATER:
                raise words.later(self._speaker, answer, self._clock.now())
            case Outcome.REFUSED:
                raise words.refusal(self._speaker, answer)
            case Outcome.UNKNOWN:
                raise self._speaker.create_unknown(answer)
        accepted = wire.accepted(answer, spill, self._speaker, address=self.address, draft=self.draft)
        if accepted is None:
            raise self._speaker.create_unknown(answer)
        return accepted

    async def look(self, ticket: Ticket) -> News:
        """What the ticket remembers: there is nobody to ask."""
        made_here(self._speaker, ticket, self.address, variable="GOOGLE_GEMINI_BASE_URL")
        return wire.news_of(ticket, self._speaker)

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        """:raises Refused: always: Google names no addresses"""
        raise Refused(
            say("Google gives no address for a picture."),
            advice=say("Please report this."),
            code="google.address-unsafe",
            charged=self._speaker.made,
        )

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        """There is nothing to cancel: a ticket is there only when the answer is."""
        made_here(self._speaker, ticket, self.address, variable="GOOGLE_GEMINI_BASE_URL")
        ended = isinstance(wire.news_of(ticket, self._speaker), Over)
        what = say("It had ended without a picture.") if ended else say("Google had already answered.")
        said = words.charge_words(self.draft)
        return CancelVerdict(free=True if self.draft else None, words=joined(what, said), stopped=False)

    async def account(self) -> Account:
        """Google tells a key neither a balance nor limits; asking for the model shows whether it is taken."""
        asking = self._ask("GET", f"{self._base(None)}/models/{MODEL}")
        await told_of_account(asking, self._speaker, self._clock, refusal=words.refusal)
        return Account(balance=None, unit="", concurrency={}, words=_KEY_TAKEN)

    async def close(self) -> None:
        """Nothing of its own: the transport belongs to whoever made it."""

    def _base(self, version: object) -> str:
        last = urlsplit(self.address).path.rpartition("/")[2]
        if last in VERSIONS:
            return self.address
        return f"{self.address}/{version if version in VERSIONS else VERSION}"

    async def _ask(
        self, method: str, address: str, *, body: Body | None = None, spill: Spill | None = None
    ) -> Answer:
        headers = {"x-goog-api-key": self._key.reveal()}
        works = body is not None
        most = _MOST_ANSWER if works else 8_000_000
        return await self._transport.ask(
            method, address, headers=headers, body=body, fresh=works, works=works, most=most, spill=spill
        )


_KEY_TAKEN = mark(
    "The key works. Google tells no balance; what was charged stands on its page: {page}",
    page=words.USAGE_PAGE,
)


def _body(request: ImageRequest) -> Body:
    return inlined_body(lambda stand: wire.create_body(request, stand), bare=True)
