"""What vendors say in the same way: refusals that every one of them knows, and words for a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from app.basics.faults import NOWHERE, BadInput, Charged, Refused, Retry, Where
from app.basics.words import joined, mark, say, spoken
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


def not_taken(vendor: str, field: str, status: int, own: str) -> str:
    """The title of a refusal: `field` is the name of what it is about, `own` what the vendor says; both may
    be empty."""
    what = field or say("the request")
    if not own:
        return say("{vendor} refused {what} ({status}).", vendor=vendor, what=what, status=status)
    text = mark("{vendor} refused {what} ({status}): {said}")
    return spoken(text, vendor=vendor, what=what, status=status, said=sentence(own))


def charged(charge: Charge | None, *, draft: bool) -> Charged:
    if draft:
        return Charged.NO
    if charge is None:
        return Charged.UNKNOWN
    return Charged.YES if charge.vendor_amount else Charged.NO


def too_large(speaker: Speaker, answer: Answer, *, vendor: str) -> Refused:
    return speaker.refused(
        answer,
        say("The request is too large for {vendor}.", vendor=vendor),
        say("Take smaller or fewer reference photographs."),
        code="too-large",
    ).at(REFERENCES)


def redirected(speaker: Speaker, answer: Answer, *, variable: str) -> Refused:
    return speaker.refused(
        answer,
        say("The address {host} points to another one, and a key is never sent on.", host=speaker.host),
        say("Correct the address in {variable}.", variable=variable),
        code="redirect",
        retry=Retry.ASK,
    )


def look_refused(speaker: Speaker, answer: Answer, *, vendor: str) -> Refused:
    return Refused(
        say("{vendor} would not say how the job goes ({status}).", vendor=vendor, status=answer.status),
        advice=say("The job may go on there. Look at its usage page, and report this with the detail."),
        code=f"{speaker.vendor}.look-refused.{answer.status}",
        charged=speaker.made,
        detail=speaker.detail(answer),
    )


def unsafe_address(speaker: Speaker, output: str, *, vendor: str) -> Refused:
    """Of a picture, where neither the vendor nor a delivery network can be behind it."""
    return Refused(
        say("{vendor} names an address for the picture that Tagloom does not follow.", vendor=vendor),
        advice=say("Look at the picture on {usage_page}, and report this.", usage_page=speaker.usage_page),
        code=f"{speaker.vendor}.address-unsafe",
        charged=speaker.made,
        detail=speaker.safe(output),
    )


def made_here(speaker: Speaker, ticket: Ticket, address: str, *, variable: str) -> None:
    """:raises BadInput: the ticket was made elsewhere; the key is not sent there"""
    if ticket.address != address:
        raise BadInput(
            say(
                "This job was made at {host_of}, not at {address}.",
                host_of=host_of(ticket.address),
                address=host_of(address),
            ),
            advice=say("Set {variable} back to follow it.", variable=variable),
            code=f"{speaker.vendor}.other-address",
            detail=ticket.address,
        )


def ended(news: Ready | Over, money: str, *, draft: bool) -> CancelVerdict:
    """Of a cancel that found the job at its end. `money`: what the vendor says of the charge."""
    if finished := isinstance(news, Ready):
        what = say("It was already finished; its picture is not thrown away.")
    else:
        what = say("Cancelled.") if news.cancelled else say("It had already failed.")
    free = True if draft else None if news.charge is None else not news.charge.vendor_amount
    return CancelVerdict(free=free, words=joined(what, money), stopped=not finished, charge=news.charge)


def goes_on(why: str, then: str, *, draft: bool) -> CancelVerdict:
    """Of a cancel that stopped nothing; `then`: what becomes of the job, which may be charged."""
    if draft:
        return CancelVerdict(
            free=True, words=say("{why} It is a draft: nothing is charged.", why=why), stopped=False
        )
    return CancelVerdict(free=None, words=joined(why, then), stopped=False)
