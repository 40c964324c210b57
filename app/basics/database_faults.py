"""What a database says when it cannot go on, in words for people."""

from __future__ import annotations

from enum import Enum

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


def newer(name: str, title: str, place: str, found: int, known: int, *, shared: bool = False) -> DiskTrouble:
    """`shared`: it is on a server, where others write too."""
    return DiskTrouble(
        say("{title} at {place} was written by a newer Tagloom.", title=title, place=place),
        advice=say("Update Tagloom on this machine: all that share it need the same version.")
        if shared
        else say("Update this Tagloom, or set TAGLOOM_HOME to another folder for the older one."),
        code=f"{name}.newer",
        detail=f"version {found}, this one knows up to {known}",
    )


class ServerTrouble(Enum):
    """What may be wrong with a database on a server. The value: how the code of the fault ends."""

    GONE = "unreachable"
    ENTRY = "refused"
    MISSING = "no-database"
    CROWDED = "crowded"
    FULL = "full"
    LOCKED = "locked"
    RIGHTS = "read-only"
    OTHER = "trouble"

    @classmethod
    def of(cls, sqlstate: str) -> ServerTrouble:
        """By the five letters of a PostgreSQL error."""
        for trouble, codes in _SQLSTATES.items():
            if sqlstate.startswith(codes):
                return trouble
        return cls.OTHER

    @classmethod
    def told(cls, text: str) -> ServerTrouble:
        """Where a connection was refused: libpq gives the server's words, and no code."""
        return next((trouble for words, trouble in _REFUSALS if words in text), cls.GONE)


_SQLSTATES = {
    ServerTrouble.ENTRY: ("28",),
    ServerTrouble.MISSING: ("3D",),
    ServerTrouble.CROWDED: ("53300",),
    ServerTrouble.FULL: ("53100",),
    ServerTrouble.LOCKED: ("55P03",),
    ServerTrouble.RIGHTS: ("42501", "25006", "3F000"),
}
_REFUSALS = (
    ("password", ServerTrouble.ENTRY),
    ("pg_hba.conf", ServerTrouble.ENTRY),
    ("role ", ServerTrouble.ENTRY),
    ("too many clients", ServerTrouble.CROWDED),
    ("remaining connection slots", ServerTrouble.CROWDED),
    ('database "', ServerTrouble.MISSING),
)


def server_fault(name: str, title: str, place: str, trouble: ServerTrouble, detail: str) -> DiskTrouble:
    """`place`: server and database, without user and password."""
    title, advice = _server_words(title, place, trouble)
    later = trouble in (ServerTrouble.ENTRY, ServerTrouble.MISSING, ServerTrouble.RIGHTS)
    return DiskTrouble(
        title,
        advice=advice,
        code=f"{name}.{trouble.value}",
        retry=Retry.NEVER if later else Retry.LATER,
        detail=detail,
    )


def _server_words(title: str, place: str, trouble: ServerTrouble) -> tuple[str, str]:
    match trouble:
        case ServerTrouble.GONE:
            return (
                say("{title} on {place} cannot be reached.", title=title, place=place),
                say(
                    "Check that the server runs and the network is there, then try again. "
                    "Nothing is sent while it cannot be written down."
                ),
            )
        case ServerTrouble.ENTRY:
            return (
                say("The server of {title} ({place}) does not let Tagloom in.", title=title, place=place),
                say("Check user and password in TAGLOOM_LEDGER, and the server's pg_hba.conf."),
            )
        case ServerTrouble.MISSING:
            return (
                say("There is no database for {title} at {place}.", title=title, place=place),
                say("Make it once with `createdb`, or correct its name in TAGLOOM_LEDGER."),
            )
        case ServerTrouble.CROWDED:
            return (
                say("The server of {title} ({place}) takes no more connections.", title=title, place=place),
                say("Each Tagloom needs three. Raise max_connections there, or start fewer workers."),
            )
        case ServerTrouble.FULL:
            return (
                say("{title} could not be written: the disk of {place} is full.", title=title, place=place),
                say("Free some space there and try again. Nothing was sent that is not written down."),
            )
        case ServerTrouble.LOCKED:
            return (
                say("{title} on {place} is held by another program for too long.", title=title, place=place),
                say("Look for a long transaction in the server's pg_stat_activity, and try again."),
            )
        case ServerTrouble.RIGHTS:
            return (
                say("{title} on {place} may not be written by this user.", title=title, place=place),
                say("Make the user the owner of that database: ALTER DATABASE … OWNER TO …"),
            )
    return (
        say("{title} could not be read or written on {place}.", title=title, place=place),
        say("Look into the server's log, then try again. `tagloom doctor` looks closer."),
    )


def uncertain(name: str, title: str, place: str, detail: str) -> DiskTrouble:
    """A connection was lost between the question and the answer."""
    return DiskTrouble(
        say(
            "The connection to {place} was lost while {title} was being written: it may be written or not.",
            title=title,
            place=place,
        ),
        advice=say("Look whether it is there, then do it again if it is not."),
        code=f"{name}.uncertain",
        retry=Retry.ASK,
        detail=detail,
    )
