"""Keys and signed addresses never become text: whatever a vendor says passes through `safe_text` first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.basics.logs import redact
from app.basics.secret import Secret

_HIDDEN = "[removed]"
_SHORTEST = 4

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A picture inside an address is pixels, not words.
    (re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w=.+-]+)*,[A-Za-z0-9+/=_%-]*", re.I), "data:[picture]"),
    # Whoever holds the address of an upload can use the photograph.
    (re.compile(r"(runway://)[^\s\"'<>\\]+", re.I), rf"\1{_HIDDEN}"),
)


def safe_text(text: str, secrets: Iterable[Secret] = (), *, most: int = 600) -> str:
    """`text` on one line without keys, bearer tokens, signed queries and pixels, at most `most` characters.

    Cut only after hiding: half a key is still half a key.
    """
    for secret in secrets:
        value = secret.reveal()
        if len(value) >= _SHORTEST:
            text = _without_cut(text.replace(value, _HIDDEN), value)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    text = redact(text)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _without_cut(text: str, value: str) -> str:
    """`text` without the beginning of a key at its end, where an answer was cut to be kept."""
    for length in range(min(len(value) - 1, len(text)), _SHORTEST - 1, -1):
        if text.endswith(value[:length]):
            return text[:-length] + _HIDDEN
    return text
