"""What vendors say in the same way: refusals that every one of them knows, and words for a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from app.basics.faults import NOWHERE, BadInput, Charged, Refused, Retry, Where
from app.providers.addresses import host_of
from app.providers.contract import CancelVerdict, Charge, Over, Ready, Ticket
from app.providers.line import Answer
from app.providers.refusals import Speaker

REFERENCES = Where(socket="reference_images")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """`sign` is what a vendor says: a code, the beginning of one, or a piece of a text. Each vendor tells."""

    sign: str = ""
    code: str = ""
    title: str
    advice: str
    retry: Retry = Retry.NEVER
    where: Where = NOWHERE


def sentence(text: str) -> str:
    """What a vendor says, as a sentence that ours may follow."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def charged(charge: Charge | None, *, draft: bool) -> Charged:
    if draft:
        return Charged.NO
    if charge is None:
        return Charged.UNKNOWN
    return Charged.YES if charge.vendor_amount else Charged.NO


def too_large(speaker: Speaker, answer: Answer, *, vendor: str) -> Refused:
    return speaker.refused(
        answer,
        f"The request is too large for {vendor}.",
        "Take smaller or fewer reference photographs.",
        code="too-large",
    ).at(REFERENCES)


def redirected(speaker: Speaker, answer: Answer, *, variable: str) -> Refused:
    return speaker.refused(
        answer,
        f"The address {speaker.host} points to another one, and a key is never sent on.",
        f"Correct the address in {variable}.",
        code="redirect",
        retry=Retry.ASK,
    )


def look_refused(speaker: Speaker, answer: Answer, *, vendor: str) -> Refused:
    return Refused(
        f"{vendor} would not say how the job goes ({answer.status}).",
        advice="The job may go on there. Look at its usage page, and report this with the detail.",
        code=f"{speaker.vendor}.look-refused.{answer.status}",
        charged=speaker.made,
        detail=speaker.detail(answer),
    )


def unsafe_address(speaker: Speaker, output: str, *, vendor: str) -> Refused:
    """Of a picture, where neither the vendor nor a delivery network can be behind it."""
    return Refused(
        f"{vendor} names an address for the picture that Tagloom does not follow.",
        advice=f"Look at the picture on {speaker.usage_page}, and report this.",
        code=f"{speaker.vendor}.address-unsafe",
        charged=speaker.made,
        detail=speaker.safe(output),
    )


def made_here(speaker: Speaker, ticket: Ticket, address: str, *, variable: str) -> None:
    """:raises BadInput: the ticket was made elsewhere; the key is not sent there"""
    if ticket.address != address:
        raise BadInput(
            f"This job was made at {host_of(ticket.address)}, not at {host_of(address)}.",
            advice=f"Set {variable} back to follow it.",
            code=f"{speaker.vendor}.other-address",
            detail=ticket.address,
        )


def ended(news: Ready | Over, money: str, *, draft: bool) -> CancelVerdict:
    """Of a cancel that found the job at its end. `money`: what the vendor says of the charge."""
    if finished := isinstance(news, Ready):
        what = "It was already finished; its picture is not thrown away."
    else:
        what = "Cancelled." if news.cancelled else "It had already failed."
    free = True if draft else None if news.charge is None else not news.charge.vendor_amount
    return CancelVerdict(free=free, words=f"{what} {money}", stopped=not finished, charge=news.charge)


def goes_on(why: str, then: str, *, draft: bool) -> CancelVerdict:
    """Of a cancel that stopped nothing; `then`: what becomes of the job, which may be charged."""
    if draft:
        return CancelVerdict(free=True, words=f"{why} It is a draft: nothing is charged.", stopped=False)
    return CancelVerdict(free=None, words=f"{why} {then}", stopped=False)
