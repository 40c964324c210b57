"""What argparse says of words that it cannot take, in the language that is spoken.

Its own texts are English and come finished; they are known by how they are built. One that is not known, from
another version of Python, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.basics.words import mark, spoken

_TEXTS = (
    mark("argument {argument_name}: {message}"),
    mark("the following arguments are required: {names}"),
    mark("one of the arguments {names} is required"),
    mark("unrecognized arguments: {words}"),
    mark("invalid choice: {value} (choose from {choices})"),
    mark("invalid {type} value: {value}"),
    mark("ambiguous option: {option} could match {matches}"),
    mark("not allowed with argument {name}"),
    mark("ignored explicit argument {value}"),
    mark("expected one argument"),
    mark("expected at most one argument"),
    mark("expected at least one argument"),
    mark("expected {number} argument"),
    mark("expected {number} arguments"),
)


def said(message: str) -> str:
    """The message of `argparse.ArgumentParser.error`."""
    for text, pattern in _patterns():
        if found := pattern.fullmatch(message):
            parts = found.groupdict()
            if "message" in parts:
                parts["message"] = said(parts["message"])
            return spoken(text, **parts)
    return message


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for text in _TEXTS:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text))
        yield text, re.compile(pattern, re.DOTALL)
