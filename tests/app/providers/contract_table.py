"""What every vendor must do, whatever its JSON looks like. A vendor joins with a `VendorTable` of its own
paths and bodies in `TABLES` of `test_vendor_contract.py`; the checks are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.basics.clock import Clock
from app.basics.faults import Charged, Fault, Lost, Refused, Retry, Unreachable
from app.catalogue.request import ImageRequest
from app.providers.contract import Account, Forgotten, News, Over, Ticket, UploadMemory, Vendor
from app.providers.transport import Transport
from tests.app.providers.scripted import Act, Answerer, Reply

KEY = "key_" + "5ecre7" * 12
SIGNED = "51gn4tur3"
"""Stands in every signed address of a table; it must never be seen in a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a test makes a vendor."""

    address: str
    key: str
    transport: Transport
    uploads: UploadMemory
    draft: bool
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """An answer to a create (or a look), and the fault it must become."""

    name: str
    reply: Reply
    kind: type[Fault]
    code: str
    charged: Charged
    retry: Retry
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsRow:
    """An answer to a look, and the news it must be; `charged` for an `Over`."""

    name: str
    reply: Reply
    news: type[News]  # type: ignore[valid-type]
    check: Callable[[News], bool] = lambda news: True
    code: str = ""
    charged: Charged | None = None
    retry: Retry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRow:
    """The answers of a vendor around a cancel; `deletes` counts what was sent to cancel."""

    name: str
    routes: Mapping[str, Answerer | list[Answerer]]
    free: bool | None
    says: str
    deletes: int
    stopped: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorTable:
    """Patterns are `METHOD path` regular expressions. `{url}` in a JSON text is the server's address.

    `others` answers what a run needs besides (uploads). A synchronous vendor leaves `look` empty, and its
    `accepted` carries news.
    """

    id: str
    make: Callable[[Made], Vendor]
    request: Callable[[Path], ImageRequest]
    key_header: tuple[str, str]
    """Name and value of the header that carries `KEY`."""
    others: Mapping[str, Answerer | list[Answerer]]
    create: str
    accepted: Reply
    ticket_id: str
    estimate: float | None
    refusals: tuple[FaultRow, ...]
    unknowns: tuple[FaultRow, ...]
    look: str = ""
    looks: tuple[NewsRow, ...] = ()
    look_faults: tuple[FaultRow, ...] = ()
    cancel: str = ""
    cancels: tuple[CancelRow, ...] = ()
    account: str = ""
    account_reply: Reply = field(default_factory=Reply)
    account_told: Account | None = None
    usage_page: str = ""
    names_addresses: bool = True
    """Whether pictures are fetched by address; else they come inside the answer."""

    def ticket(self, address: str, *, draft: bool = False) -> Ticket:
        return Ticket(vendor=self.id, id=self.ticket_id, address=address, draft=draft)


BREAKS = tuple(act for act in Act if act is not Act.ANSWER)
"""Each of them after a create may have arrived."""


def common_unknowns(code: str) -> tuple[FaultRow, ...]:
    """Answers that no vendor may take for a refusal; `code` is the vendor's id."""
    pages = tuple(
        FaultRow(
            name=f"{status} as {kind}",
            reply=reply,
            kind=Lost,
            code=f"{code}.lost.{status}",
            charged=Charged.UNKNOWN,
            retry=Retry.ASK,
        )
        for status in (408, 500, 502, 503, 504, 520)
        for kind, reply in (
            ("a gateway's page", Reply(status=status, body=b"<html>Bad gateway</html>")),
            ("nothing", Reply(status=status)),
        )
    )
    unreadable = tuple(
        FaultRow(
            name=f"200 with {name}",
            reply=reply,
            kind=Lost,
            code=f"{code}.lost.unreadable",
            charged=Charged.UNKNOWN,
            retry=Retry.ASK,
        )
        for name, reply in (
            ("nothing", Reply()),
            ("half a JSON object", Reply(body=b'{"id":"')),
            ("a page", Reply(body=b"<html>Welcome to the hotel</html>")),
            ("an empty object", Reply(json={})),
            ("a list", Reply(json=["id"])),
            ("null", Reply(body=b"null")),
        )
    )
    return pages + unreadable


def refused(
    name: str,
    status: int,
    json: object,
    code: str,
    retry: Retry = Retry.NEVER,
    *,
    headers: Mapping[str, str] | None = None,
    retry_after: float | None = None,
) -> FaultRow:
    """An answer that was surely no create."""
    return FaultRow(
        name=name,
        reply=Reply(status=status, json=json, headers=headers or {}),
        kind=Refused,
        code=code,
        charged=Charged.NO,
        retry=retry,
        retry_after=retry_after,
    )


def common_look_faults(code: str) -> tuple[FaultRow, ...]:
    """A look that fails is no end of the job."""
    answers = (
        *((str(status), Reply(status=status)) for status in (408, 429, 500, 502, 503, 504)),
        ("200", Reply(body=b"<html>")),
        ("reset", Reply(act=Act.RESET_AFTER_BODY)),
        ("reset", Reply(act=Act.CLOSE_AFTER_BODY)),
        ("slow", Reply(act=Act.SILENT)),
        ("200", Reply(json={"status": "x" * 50}, act=Act.HALF_BODY)),
    )
    return tuple(
        FaultRow(
            name=f"{part} {reply.act}",
            reply=reply,
            kind=Unreachable,
            code=f"{code}.look.{part}",
            charged=Charged.UNKNOWN,
            retry=Retry.LATER,
        )
        for part, reply in answers
    )


def fault_of(news: News) -> Fault | None:
    return news.fault if isinstance(news, Over) else None


def is_forgotten(news: News) -> bool:
    return isinstance(news, Forgotten)
