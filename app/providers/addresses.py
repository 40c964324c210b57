"""Which addresses a key, a photograph or a download may go to: https, or plain http on this computer."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from app.basics.faults import BadInput
from app.basics.words import say

_MOST = 8192
_UNFIT = re.compile(r"[\s\\]")


def check_address(address: str, *, variable: str) -> str:
    """The base address of a vendor, without a slash at its end; it may carry a path.

    `variable` is the environment variable that it came from, named in the fault.
    """
    parts = _split(address.strip())
    if parts is None or parts.scheme not in ("http", "https"):
        raise _bad(
            variable, say("is not a web address."), say("Give it as https://host or https://host/path.")
        )
    if parts.username is not None or parts.password is not None:
        raise _bad(
            variable, say("holds a user name or a password."), say("Leave them out; the key is given apart.")
        )
    if parts.query or parts.fragment:
        raise _bad(variable, say("holds a ? or #."), say("Give only host and path."))
    if parts.scheme == "http" and not is_loopback(address):
        raise _bad(
            variable,
            say("is plain http, where anyone on the way could read your key."),
            say("Use https. Plain http is taken on this computer only (127.0.0.1, ::1 or localhost)."),
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def may_follow(address: str, *, base: str) -> bool:
    """Whether an address that a vendor's answer names (an upload, a picture) may be used: https anywhere,
    or plain http on this computer when the vendor's `base` is on this computer too. No key goes there."""
    parts = _split(address)
    if parts is None or len(address) > _MOST or parts.username is not None:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and _is_here(parts.hostname or "") and is_loopback(base)


def at_same_place(address: str, *, base: str) -> bool:
    """Whether an address is at the very scheme, host and port of a vendor's `base`, so that a key may go."""
    if not may_follow(address, base=base):
        return False
    parts, home = urlsplit(address), urlsplit(base)
    return (parts.scheme, parts.netloc.lower()) == (home.scheme, home.netloc)


@lru_cache(256)  # asked at each request
def is_loopback(address: str) -> bool:
    parts = _split(address)
    return _is_here((parts.hostname or "") if parts else "")


@lru_cache(256)
def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host alone, for people."""
    parts = _split(address)
    return (parts.hostname or "") if parts else ""


def _split(address: str) -> SplitResult | None:
    """None for what is not an address with a host: blanks and control letters inside count as that."""
    if not address.isprintable() or _UNFIT.search(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def _bad(variable: str, what: str, advice: str) -> BadInput:
    return BadInput(
        say("The address in {variable} {what}", variable=variable, what=what),
        advice=advice,
        code="address.bad",
        detail=variable,
    )
