"""The log: a few rotating files that never hold a key, a token or a signed address."""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.basics.faults import DiskTrouble
from app.basics.words import say

REMOVED = "[removed]"

# Each of these takes time in proportion to the text: what a pattern may skip is consumed or bounded.
_ADDRESS = re.compile(r"(?i)\b(https?|wss?|socks5h?|s3|ftp|postgres(?:ql)?(?:\+psycopg)?)://[^\s'\"<>]*")
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A query without its address: `?_jwt=…`, `&X-Amz-Signature=…`, `sig=…`.
    (
        re.compile(
            r"(?i)((?:^|[?&\s'\"])(?:_?jwt|sig|signature|token|access_token|api_?key|key|policy|password"
            r"|x-amz-[a-z-]{1,40}|x-goog-[a-z-]{1,40}|key-pair-id)=)(?!\[removed\])[^&\s'\"]+"
        ),
        rf"\1{REMOVED}",
    ),
    # Headers, as they print in dicts, lists of pairs and raw text.
    (
        re.compile(
            r"(?i)((?:authorization|x-(?:goog-)?(?:api-)?key|api[-_]?key|cookie)[\"']?+\s{0,3}+[:=,]\s{0,3}+)"
            r"(?!b?[\"']?\[removed\])(b?[\"'])?+[^\r\n\"',}\])]+"
        ),
        rf"\1\2{REMOVED}",
    ),
    (re.compile(r"(?i)\b(bearer\s{1,3})(?!\[removed\])[^\s\"',;}\])]{12,}"), rf"\1{REMOVED}"),
    # Keys by their vendors' own first letters, and any JSON web token.
    (re.compile(r"\b(key_|r8_|sk-|sk_|bfl_|ark-)[A-Za-z0-9_-]{8,}"), rf"\1{REMOVED}"),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{20,}"), REMOVED),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,600}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]*"), REMOVED),
)


def redact(text: str) -> str:
    """`text` without keys, tokens and signed query strings. Doing it twice changes nothing."""
    text = _ADDRESS.sub(_bare_address, text)
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _bare_address(found: re.Match[str]) -> str:
    """Without user and password, and without its query: every vendor names a signature differently."""
    scheme, _, rest = found.group().partition("://")
    rest, query, _ = rest.partition("?")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        authority = f"{REMOVED}@{authority.rpartition('@')[2]}"
    return f"{scheme}://{authority}{slash}{path}" + (f"?{REMOVED}" if query else "")


class RedactingFormatter(logging.Formatter):
    """Works on the finished line, so that tracebacks and arguments are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class RedactingFilter(logging.Filter):
    """For handlers that are not ours: renders the record once, clean."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


class Spoken(io.TextIOBase):
    """Takes the place of an error stream that is not there (a program of windows has no console): each line
    becomes a record."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._log = logging.getLogger(name)
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if line.strip():
                self._log.error("%s", line)
        return len(text)

    def flush(self) -> None:
        """Whole lines are never held back."""


def start_logs(
    folder: Path, *, level: int = logging.INFO, size: int = 2_000_000, keep: int = 4
) -> Callable[[], None]:
    """Writes every logger's records to `folder/tagloom.log`, `size` bytes a file, `keep` older files.

    Called by main only. Gives back what ends it.

    :raises DiskTrouble: `logs.unwritable`
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "tagloom.log",
            maxBytes=size,
            backupCount=keep,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        raise DiskTrouble(
            say("Tagloom cannot write its log to {folder}.", folder=folder),
            advice=say("Make the folder writable or set TAGLOOM_HOME to a folder that is yours."),
            code="logs.unwritable",
            detail=str(error),
        ) from error
    with contextlib.suppress(OSError):
        (folder / "tagloom.log").chmod(0o600)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)

    def end() -> None:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()

    return end
