"""The canvas's sentences, in one place, ready to be translated."""

from __future__ import annotations

from app.basics.words import spoken


def tr(text: str, **parts: object) -> str:
    """`text` in the artist's language, `{name}` filled in after it is translated."""
    return spoken(text, **parts)


def seconds_words(seconds: float) -> str:
    """`about 8 s`, `about 2 min`."""
    if seconds >= 90:
        return tr("about {n} min", n=round(seconds / 60))
    return tr("about {n} s", n=max(1, round(seconds)))


def clock_words(seconds: float) -> str:
    """`0:12`."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02}"
