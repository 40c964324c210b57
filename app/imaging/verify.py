"""What a vendor sent as a picture: is it one, and is it whole?"""

from __future__ import annotations

from pathlib import Path

from app.basics.faults import BadInput, Charged, DiskTrouble, Fault, Refused, Retry
from app.basics.words import say
from app.imaging.facts import ImageFacts, facts_of
from app.imaging.opening import decoding, load, name_of, opened
from app.imaging.sniffing import HEAD_BYTES, looks_like_json, looks_like_markup, sniff

MOST_RESULT_PIXELS = 64_000_000


def verify_result(path: Path) -> ImageFacts:
    """The facts of a whole picture; the file's name and the vendor's Content-Type are not asked.

    A PNG is checked by its checksums, which finds every cut and flipped bit without decoding; the others are
    decoded. Raises Refused (image.result-damaged, image.result-not-an-image, image.result-too-large), whose
    charge is unknown here, or DiskTrouble.
    """
    try:
        with decoding(name_of(path)), path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        if head and sniff(head) is None:
            raise _not_a_picture(head)
        with opened(path, most_pixels=MOST_RESULT_PIXELS) as photo:
            facts = facts_of(photo, path)
            if facts.format == "PNG":
                with decoding(name_of(path)):
                    photo.verify()
            else:
                photo.draft(None, (1, 1))
                load(photo, path, most_pixels=MOST_RESULT_PIXELS)
    except BadInput as fault:
        raise _as_result(fault) from fault
    return facts


def _not_a_picture(head: bytes) -> Refused:
    what = say("something else")
    if looks_like_markup(head):
        what = say("a web page")
    elif looks_like_json(head):
        what = say("a message for programs")
    return Refused(
        say("The answer is {what}, not a picture.", what=what),
        advice=say("Fetch the result again; if it stays so, look at the vendor's own page."),
        code="image.result-not-an-image",
        charged=Charged.UNKNOWN,
        retry=Retry.NOW,
    )


def _as_result(fault: BadInput) -> Fault:
    if fault.code == "image.missing":
        return DiskTrouble(
            say("The result is no longer on the disk."),
            advice=say("Fetch it again."),
            code="image.result-missing",
            retry=Retry.NOW,
            charged=Charged.UNKNOWN,
            detail=fault.detail,
        )
    large = fault.code == "image.too-large"
    return Refused(
        say(
            "The result is larger than {most} million pixels.",
            most=MOST_RESULT_PIXELS // 10**6,
        )
        if large
        else say("The result arrived damaged or was cut short."),
        advice=say("Look at it on the vendor's own page.")
        if large
        else say("Fetch it again; nothing is made anew."),
        code="image.result-too-large" if large else "image.result-damaged",
        charged=Charged.UNKNOWN,
        retry=Retry.NEVER if large else Retry.NOW,
        detail=fault.detail or fault.title,
    )
