"""Black Forest Labs as a `Vendor`: https://docs.bfl.ai/, OpenAPI description of 2026-04-23."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from app.basics.clock import Clock
from app.basics.faults import Refused, Unreachable, Where
from app.basics.secret import Secret
from app.basics.words import mark, say
from app.catalogue.request import ImageRequest
from app.providers.addresses import at_same_place, check_address, host_of, is_loopback, may_follow
from app.providers.asking import looked, told_of_account
from app.providers.bodies import Body, json_body, unreadable
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
)
from app.providers.fetching import fetched
from app.providers.line import Answer, LineBroke
from app.providers.refusals import Outcome, SendingPolicy, Speaker, worded
from app.providers.sayings import ended, goes_on, made_here
from app.providers.transport import Transport
from app.providers.vendors.bfl import wire, words

CREATE_PATH = "/v1/flux-2-pro"

# What each answer to a create means for money. BFL knows no idempotency key and no list of tasks, so:
#   name not found, refused, connect time-out, TLS failed, no free connection    not sent, try again freely
#   400 401 402 403 404 405 413 422 and any other 4xx                            refused, not charged
#   429; 503 with a `detail`, which is how BFL's own server (FastAPI) speaks      refused, try again later
#   408 500 502 504, another 503, no answer, half an answer, unreadable 200       UNKNOWN, never sent again
# A gateway's JSON says `message` or `error`: that is not BFL's own word.
SENDING = SendingPolicy(later=(429,), later_if_own_words=(503,), unknown=(408, 500, 502, 504))

_HOST = "bfl.ai"
_KEPT = timedelta(minutes=10)
"""How long the address of a picture is good."""
_REMEMBERED = 1000

KEEPING = Keeping(
    vendor_title="BFL",
    uploads=mark(
        "The prompt and the photographs that are linked as references, made smaller and without their "
        "metadata, go to Black Forest Labs (api.bfl.ai), inside the request itself."
    ),
    kept=mark(
        "The address of a finished picture expires after 10 minutes; Tagloom fetches it at once. "
        "Whether BFL keeps copies longer is up to its own terms."
    ),
    usage_page=words.USAGE_PAGE,
    retention_source="BFL documentation, page generating_images (read 2026-11-23); "
    "the usage page is unverified",
)


class BflVendor:
    """One BFL account at one address. `draft`: the address is our sandbox.

    Looks and fetches may be repeated; a create leaves exactly once for each `submit`. The key goes to the
    vendor's address, and to polling addresses on the vendor's own hosts alone.
    """

    id = "bfl"
    title = "BFL"
    keeping = KEEPING

    def __init__(self, *, address: str, key: str, transport: Transport, draft: bool, clock: Clock) -> None:
        self.address = check_address(address, variable=words.ADDRESS_NAME)
        self.draft = draft
        self._key = Secret(key)
        self._transport = transport
        self._clock = clock
        self._speaker = Speaker(
            vendor=self.id,
            title=say("BFL's sandbox") if draft else self.title,
            host=host_of(self.address),
            usage_page=words.USAGE_PAGE,
            draft=draft,
            secrets=(self._key,),
        )
        self._dead: dict[int, None] = {}
        """Digests of pictures' addresses that were refused, the last ones."""

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        """The photographs in base64: BFL takes no uploads."""
        found: dict[str, str] = {}
        for item, one in enumerate(request.references):
            photograph = one.photograph
            if photograph.sha256 in found:
                continue
            try:
                found[photograph.sha256] = await asyncio.to_thread(wire.base64_of, photograph)
            except OSError as error:
                where = Where(socket="reference_images", item=item)
                raise unreadable(photograph.path, error).at(where) from error
        return found

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        path = str(request.settings.get("path", CREATE_PATH))
        # Tens of megabytes with eight references: written apart from the loop.
        body = await asyncio.to_thread(lambda: json_body(wire.create_body(request, uploads)))
        try:
            answer = await self._ask("POST", self.address + path, body=body, fresh=True)
        except LineBroke as broke:
            raise self._speaker.create_broke(broke) from None
        now = self._clock.now()
        match SENDING.outcome(answer.status, own_words=bool(worded(answer.json, ("detail",)))):
            case Outcome.LATER:
                raise self._speaker.later(answer, now)
            case Outcome.REFUSED:
                raise words.refusal(self._speaker, answer)
            case Outcome.UNKNOWN:
                raise self._speaker.create_unknown(answer)
        ticket = wire.created_ticket(answer, address=self.address, draft=self.draft, now=now)
        if ticket is None:
            raise self._speaker.create_unknown(answer)
        return Accepted(ticket=ticket)

    async def look(self, ticket: Ticket) -> News:
        news = await looked(
            self._ask("GET", self._look_address(ticket)), self._speaker, self._clock, vendor="BFL",
            variable=words.KEY_NAME,
            forgotten=lambda answer: (
                answer.status == 404 and answer.mapping.get("status") == "Task not found"
            ),
            read=lambda answer: wire.news_of(answer, ticket, self._speaker, self._clock.now()),
        )  # fmt: skip
        return self._checked(news, ticket, self._clock.now())

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        gone = await fetched(
            self._transport, self._speaker, self._clock, output, target, base=self.address, vendor="BFL"
        )
        if gone is not None:
            self._remember_dead(output)
            raise self._speaker.expired(gone.status)

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        """BFL has no cancel: nothing is sent but a look, and the job is followed to its end."""
        try:
            now = await self.look(ticket)
        except (Unreachable, Refused):
            return self._goes_on(say("BFL cannot be asked how the job goes, and it has no way to stop one."))
        match now:
            case Ready() | Over():
                return self._ended(now)
            case Forgotten():
                free = True if self.draft else None
                return CancelVerdict(free=free, words=_GONE if not self.draft else _GONE_DRAFT)
            case _:
                return self._goes_on(say("BFL has no way to stop a job."))

    async def account(self) -> Account:
        asking = self._ask("GET", f"{self.address}/v1/credits")
        answer = await told_of_account(asking, self._speaker, self._clock, refusal=words.refusal)
        return wire.account_of(answer)

    async def close(self) -> None:
        """Nothing of its own: the transport belongs to whoever made it."""

    async def _ask(
        self, method: str, address: str, *, body: Body | None = None, fresh: bool = False
    ) -> Answer:
        headers = {"x-key": self._key.reveal()}
        return await self._transport.ask(method, address, headers=headers, body=body, fresh=fresh)

    def _look_address(self, ticket: Ticket) -> str:
        """The polling address that BFL named, where the key may go there; else the one at the vendor's own
        address, which may not know the task but never gets a key astray.

        :raises BadInput: the ticket was made elsewhere; the key is not sent there
        """
        made_here(self._speaker, ticket, self.address, variable=words.ADDRESS_NAME)
        if may_carry_key(ticket.look_at, base=self.address):
            return ticket.look_at
        return f"{self.address}/v1/get_result?id={quote(ticket.id, safe='')}"

    def _checked(self, news: News, ticket: Ticket, now: datetime) -> News:
        """A picture whose address was refused, and of which a look gives the very same one after its 10
        minutes, is gone. Before that, something on the way refuses: it is fetched again."""
        if not isinstance(news, Ready) or hash(news.outputs[0]) not in self._dead:
            return news
        try:
            taken = datetime.fromisoformat(ticket.extras[wire.TAKEN])
        except (KeyError, ValueError):
            return news
        if now - taken < _KEPT:
            return news
        return Over(fault=words.gone(self._speaker, news.charge), charge=news.charge)

    def _remember_dead(self, output: str) -> None:
        self._dead[hash(output)] = None
        if len(self._dead) > _REMEMBERED:
            del self._dead[next(iter(self._dead))]

    def _goes_on(self, why: str) -> CancelVerdict:
        then = say("It goes on and may be charged; its picture is brought home when it is done.")
        return goes_on(why, then, draft=self.draft)

    def _ended(self, news: Ready | Over) -> CancelVerdict:
        return ended(news, words.charge_words(news.charge, draft=self.draft), draft=self.draft)


def may_carry_key(address: str, *, base: str) -> bool:
    """Whether a polling address is the vendor's own: https on bfl.ai or below it, or the very place that the
    job was sent to (our sandbox, on this computer)."""
    if at_same_place(address, base=base):
        return True
    if not may_follow(address, base=base):
        return False
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    own = host == _HOST or host.endswith(f".{_HOST}")
    return own and parts.scheme == "https" and parts.port in (None, 443) and not is_loopback(base)


_GONE = mark(
    "BFL does not know this task any more. What it charged stands on its usage page: {page}",
    page=words.USAGE_PAGE,
)
_GONE_DRAFT = mark("The sandbox does not know this task any more. It was a draft: nothing is charged.")
