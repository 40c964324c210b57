"""What a database says when it cannot go on, in words for people."""

from __future__ import annotations

from app.basics.faults import DiskTrouble, Fault, Retry
from app.basics.words import say

_CORRUPT = ("not a database", "malformed", "corrupt", "unsupported file format")
_FULL = ("is full", "no space left", "file too large")
_LOCKED = ("is locked", "busy")
_READ_ONLY = ("readonly", "read-only", "permission denied")
_UNOPENABLE = ("unable to open",)


def is_full(error: BaseException) -> bool:
    return _says(error, _FULL)


def is_corrupt(error: BaseException) -> bool:
    return _says(error, _CORRUPT)


def is_locked(error: BaseException) -> bool:
    return _says(error, _LOCKED)


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(getattr(error, "orig", None) or error).lower()
    return any(word in text for word in words)


def database_fault(name: str, title: str, place: str, error: BaseException) -> Fault:
    """`name` begins the code (`ledger.full`), `title` the sentence ("The ledger")."""
    # Only the driver's own words: SQLAlchemy's add the statement with its values.
    detail = str(getattr(error, "orig", None) or error)
    if is_corrupt(error):
        return corrupt(name, title, place, detail)
    if is_full(error):
        return DiskTrouble(
            say("{title} could not be written: the disk is full.", title=title),
            advice=say("Free some space on it and try again. Nothing was sent that is not written down."),
            code=f"{name}.full",
            retry=Retry.LATER,
            detail=detail,
        )
    if is_locked(error):
        return DiskTrouble(
            say("{title} is held by another program for too long.", title=title),
            advice=say(
                "Close other Tagloom windows, or whatever copies or backs up the file, and try again."
            ),
            code=f"{name}.locked",
            retry=Retry.LATER,
            detail=detail,
        )
    if _says(error, _READ_ONLY):
        return DiskTrouble(
            say("{title} cannot be written: {place} is read-only.", title=title, place=place),
            advice=say(
                "Make the file and its folder writable, or set TAGLOOM_HOME to a folder that is yours."
            ),
            code=f"{name}.read-only",
            detail=detail,
        )
    if _says(error, _UNOPENABLE):
        return DiskTrouble(
            say("{title} could not be opened at {place}.", title=title, place=place),
            advice=say("Check that its folder exists and is yours, or set TAGLOOM_HOME to another folder."),
            code=f"{name}.unopenable",
            detail=detail,
        )
    return DiskTrouble(
        say("{title} could not be read or written at {place}.", title=title, place=place),
        advice=say("Check the disk and its free space, then try again. `tagloom doctor` looks closer."),
        code=f"{name}.trouble",
        retry=Retry.LATER,
        detail=detail,
    )


def corrupt(name: str, title: str, place: str, detail: str) -> DiskTrouble:
    return DiskTrouble(
        say("{title} is damaged: {place}.", title=title, place=place),
        advice=say(
            "`tagloom doctor --repair` puts the damaged file aside, dated, and starts a new one. "
            "Your pictures stay where they are. Put back a copy of the file instead if you have one."
        ),
        code=f"{name}.corrupt",
        detail=detail,
    )


def newer(name: str, title: str, place: str, found: int, known: int) -> DiskTrouble:
    return DiskTrouble(
        say("{title} at {place} was written by a newer Tagloom.", title=title, place=place),
        advice=say("Update this Tagloom, or set TAGLOOM_HOME to another folder for the older one."),
        code=f"{name}.newer",
        detail=f"version {found}, this one knows up to {known}",
    )
