"""What may go wrong with a store that is elsewhere, in words; an address is said without its secrets."""

from __future__ import annotations

import contextlib
import errno
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.basics.faults import DiskTrouble, Retry
from app.basics.words import say

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_CODES = ("QuotaExceeded", "XMinioStorageFull", "StorageFull", "InsufficientStorage", "EntityTooLarge")
_THEIRS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("fsspec.exceptions", "FSTimeoutError"),
    ("gcsfs.retry", "HttpError"),
    ("azure.core.exceptions", "AzureError"),
    ("paramiko", "SSHException"),
)
"""Faults of stores that are no OSError; looked for only where their package was loaded."""
_OUT_OF_REACH = ("ConnectionError", "TimeoutError", "HTTPClientError", "ClientConnectionError")
_NO_KEY = ("NoCredentialsError", "PartialCredentialsError", "NoAuthTokenError", "TokenRetrievalError")
_USER = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`address`: without name and password."""

    address: str

    @contextlib.contextmanager
    def words(self, bringing: Path | None = None) -> Iterator[None]:
        """Trouble of the store as a fault. `bringing`: the folder of this machine that is written meanwhile;
        what the store has not is then left to the caller (FileNotFoundError)."""
        try:
            yield
        except DiskTrouble:
            raise
        except _troubles() as error:
            if bringing is not None:
                if isinstance(error, FileNotFoundError):
                    raise
                if isinstance(error, OSError) and error.errno in _FULL:
                    raise _cache_full(bringing, error) from error
            raise self._fault(error) from error

    def _fault(self, error: BaseException) -> DiskTrouble:
        title, advice, code = self._said(error)
        return DiskTrouble(
            title, advice=advice, code=code, retry=Retry.LATER, detail=_USER.sub("//", str(error))[:400]
        )

    def _said(self, error: BaseException) -> tuple[str, str, str]:
        kinds = {one.__name__ for one in type(error).__mro__}
        where = self.address
        if isinstance(error, FileNotFoundError):
            return (
                say("There is no library at {where}.", where=where),
                say("Make the bucket or folder, or mend TAGLOOM_LIBRARY."),
                "library.no-store",
            )
        if isinstance(error, PermissionError) or kinds.intersection(_NO_KEY):
            return (
                say("The library at {where} refuses us.", where=where),
                say("Give this machine a key that may read, write, list and delete there, and try again."),
                "library.forbidden",
            )
        if _is_full(error):
            return (
                say("The library at {where} is full.", where=where),
                say("Make room there and try again; nothing that was paid for is lost."),
                "library.full",
            )
        if any(kind.endswith(_OUT_OF_REACH) for kind in kinds):
            return (
                say("The library at {where} cannot be reached.", where=where),
                say("Look whether it runs and whether this machine reaches it, and try again."),
                "library.unreachable",
            )
        return (
            say("The library at {where} could not do what it was asked.", where=where),
            say("Try again; nothing that was paid for is lost."),
            "library.unwritable",
        )


def plain_address(address: str) -> str:
    """Without name, password and query."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else address


def gone(name: str) -> DiskTrouble:
    return DiskTrouble(
        say("The picture {name} is not in the library any more.", name=name),
        advice=say("Put it back, or run its node again."),
        code="library.gone",
    )


def short(found: int, size: int) -> DiskTrouble:
    return DiskTrouble(
        say(
            "The library could not keep the whole picture: {found} of {size} bytes arrived.",
            found=found,
            size=size,
        )
        if found != size
        else say("The library did not keep the picture as it was."),
        advice=say("Try again; the picture can be fetched again."),
        code="library.short",
        retry=Retry.LATER,
    )


def _cache_full(folder: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("The disk of {folder} is full.", folder=folder),
        advice=say("Free some space on it and try again; nothing that was paid for is lost."),
        code="library.full",
        retry=Retry.LATER,
        detail=str(error),
    )


def _troubles() -> tuple[type[BaseException], ...]:
    found: list[type[BaseException]] = [OSError, EOFError]
    for module, name in _THEIRS:
        if (kind := getattr(sys.modules.get(module), name, None)) is not None:
            found.append(kind)
    return tuple(found)


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    response = getattr(error.__cause__ or error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return code in _FULL_CODES
