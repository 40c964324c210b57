"""Keys and signed addresses never become text: whatever a vendor says passes through `redact` first."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HIDDEN = "[hidden]"
_SHORTEST = 4

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A picture inside an address is pixels, not words.
    (re.compile(r"data:([\w.+-]+/[\w.+-]+)?(;[\w=.+-]+)*,[A-Za-z0-9+/=_%-]*", re.I), "data:[picture]"),
    # User names, then signed queries and fragments of any address.
    (re.compile(r"(?<=://)[^/\s@\"'<>]+@"), f"{_HIDDEN}@"),
    (
        re.compile(r"(?<![\w.-])([a-z][a-z0-9+.-]*://[^\s?#\"'<>\\]*)[?#][^\s\"'<>\\]*", re.I),
        rf"\1?{_HIDDEN}",
    ),
    (re.compile(r"(runway://)[^\s\"'<>\\?]+", re.I), rf"\1{_HIDDEN}"),
    (re.compile(r"\b(bearer|basic|token)\s+(?!\[hidden\])[\w~+/.=-]{6,}", re.I), rf"\1 {_HIDDEN}"),
    (
        re.compile(
            r"\b(authorization|x-key|x-goog-api-key|api[-_ ]?key|api[-_ ]?secret|api[-_ ]?token|secret"
            r"|password|signature|policy|_?jwt|x-amz-[a-z-]+)([\"']?\s*[:=]\s*[\"']?)"
            r"(?!\[hidden\]|bearer|basic)[^\s\"',;&}]{4,}",
            re.I,
        ),
        rf"\1\2{_HIDDEN}",
    ),
    # What keys of the known vendors look like, wherever they stand.
    (re.compile(r"\bkey_[0-9a-zA-Z]{8,}"), _HIDDEN),
    (re.compile(r"\b(r8_|AIza|sk-)[0-9A-Za-z_-]{8,}"), _HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}(\.[\w-]+){0,2}"), _HIDDEN),
)


class Secret:
    """A key that cannot be printed by mistake."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself, for a header that is about to leave."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("A key is never written anywhere.")


def redact(text: str, secrets: Iterable[Secret] = (), *, most: int = 600) -> str:
    """`text` without keys, bearer tokens, signed queries and pixels, at most `most` characters.

    Cut only after hiding: half a key is still half a key.
    """
    for secret in secrets:
        value = secret.reveal()
        if len(value) >= _SHORTEST:
            text = _without_cut(text.replace(value, _HIDDEN), value)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _without_cut(text: str, value: str) -> str:
    """`text` without the beginning of a key at its end, where an answer was cut to be kept."""
    for length in range(min(len(value) - 1, len(text)), _SHORTEST - 1, -1):
        if text.endswith(value[:length]):
            return text[:-length] + _HIDDEN
    return text
