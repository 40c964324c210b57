"""What people read, in their language: one catalogue (gettext) for the window and the terminal.

The texts in the code are English and are the keys of `resources/languages/*.po`. Which language is spoken is
the one thing here that holds for the whole process (`speak`), as the locale of a C program does: a fault is
born in a thread, deep in a vendor, where nobody could hand a translator down.

A text is translated where it is said, and can be said anew after the language was switched, because it keeps
its source and its values (`Said`). What programs read (codes, ids, keys of JSON) never goes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol


class Catalogue(Protocol):
    """As `gettext.NullTranslations`: a text without a translation comes back as it is."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...
    def pgettext(self, context: str, message: str) -> str: ...


class English:
    """The texts themselves."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2

    def pgettext(self, context: str, message: str) -> str:
        return message


ENGLISH: Catalogue = English()


class _Voice:
    """The process speaks one language at a time."""

    catalogue: Catalogue = ENGLISH


class Said(str):
    """A text in the language that was spoken when it was made. It is a `str` like any other; `spoken` says it
    in the language of now. What is built from it by other means (`+`, f-strings) is a plain `str`."""

    __slots__ = ("source", "values")
    source: str
    values: Mapping[str, object]


class SaidMany(Said):
    """With a number in it: `many` is the text for more than one."""

    __slots__ = ("many", "number")
    many: str
    number: int


class SaidRow(Said):
    """Parts one after another, with what stands between them in the language: `sep`."""

    __slots__ = ("sep",)
    sep: str


def speak(catalogue: Catalogue) -> None:
    """From now on everything is said from this catalogue (`app.basics.languages` finds it)."""
    _Voice.catalogue = catalogue


def foreign() -> bool:
    """Whether anything but English is spoken."""
    return _Voice.catalogue is not ENGLISH


def spoken_now() -> Catalogue:
    """The catalogue that everything is said from."""
    return _Voice.catalogue


def say(text: str, /, **values: object) -> Said:
    """A literal of the code in the artist's language, `{name}` filled in after it is translated. Values that
    were said or marked themselves are said in the same language."""
    return _said(_Voice.catalogue, text, values)


def say_many(number: int, one: str, many: str, /, **values: object) -> Said:
    """`one` for 1, else `many`, as the language's own rule of plurals has it; `{n}` is the number."""
    return _said_many(_Voice.catalogue, one, many, number, {"n": number, **values})


def mark(text: str, /, **values: object) -> Said:
    """A literal that is declared at import, before anybody knows the language: it stays as it is, is found
    for the catalogue, and is translated where it is shown (`spoken`) or filled into another (`say`)."""
    return _said(ENGLISH, text, values)


def spoken(text: str, /, **values: object) -> str:
    """A text from elsewhere in the language of now: one that was marked, one that was said before the
    language was switched, or the words of a card. `{name}` is filled in where values are given. What no
    catalogue knows stays as it is."""
    if not text:
        return text
    if isinstance(text, Said):
        return _anew(_Voice.catalogue, text, values)
    if _Voice.catalogue is ENGLISH:  # asked for by thousands of rows at once
        return text.format_map(values) if values else text
    return _said(_Voice.catalogue, text, values)


def in_english(text: str, /) -> str:
    """The text as it stands in the code, filled in: for what is kept on disk and read in any language."""
    return str(_anew(ENGLISH, text, {})) if isinstance(text, Said) else text


def said_of(source: str, values: Mapping[str, object], many: str = "", number: int = 1) -> Said:
    """As `say` and `say_many`, for a source that is no literal."""
    if many:
        return _said_many(_Voice.catalogue, source, many, number, values)
    return _said(_Voice.catalogue, source, values)


def joined(*parts: str, sep: str = " ") -> Said:
    """Sentences one after another, those that are empty left out; each can be said anew."""
    kept = {f"part{number}": one for number, one in enumerate(parts) if one}
    return _said_row(_Voice.catalogue, kept, sep)


def listed(parts: Iterable[str], *, sep: str = "") -> Said:
    """`a, b, c` as the language writes it; `sep` is a marked text other than `LIST`."""
    return joined(*parts, sep=sep or LIST)


def either(parts: Iterable[str]) -> str:
    """`a, b or c`."""
    *before, last = parts
    return say("{list} or {last}", list=listed(before), last=last) if before else last


def _said(catalogue: Catalogue, source: str, values: Mapping[str, object]) -> Said:
    text = catalogue.gettext(source) if source else source
    said = Said(text.format_map(_values(catalogue, values)) if values else text)
    said.source, said.values = source, values
    return said


def _said_many(
    catalogue: Catalogue, one: str, many: str, number: int, values: Mapping[str, object]
) -> SaidMany:
    text = catalogue.ngettext(one, many, number)
    said = SaidMany(text.format_map(_values(catalogue, values)))
    said.source, said.values, said.many, said.number = one, values, many, number
    return said


def _said_row(catalogue: Catalogue, values: Mapping[str, object], sep: str) -> SaidRow:
    """A blank between sentences is left out where the first one ends in a full-width sign."""
    shown = [str(one) for one in _values(catalogue, values).values()]
    between = str(_anew(catalogue, sep, {})) if isinstance(sep, Said) else sep
    text = "".join(shown[:1])
    for one in shown[1:]:
        text += one if sep == " " and text.endswith(_FULL_WIDTH) else between + one
    said = SaidRow(text)
    said.source, said.values, said.sep = sep.join(f"{{{name}}}" for name in values), values, sep
    return said


def _anew(catalogue: Catalogue, text: Said, values: Mapping[str, object]) -> Said:
    every = {**text.values, **values} if values else text.values
    if isinstance(text, SaidRow):
        return _said_row(catalogue, every, text.sep)
    if isinstance(text, SaidMany):
        return _said_many(catalogue, text.source, text.many, text.number, every)
    return _said(catalogue, text.source, every)


def _values(catalogue: Catalogue, values: Mapping[str, object]) -> Mapping[str, object]:
    """Those that are texts of ours, in the same language."""
    if not any(isinstance(one, Said) for one in values.values()):
        return values
    return {
        name: str(_anew(catalogue, one, {})) if isinstance(one, Said) else one for name, one in values.items()
    }


LIST = mark(", ")
"""Between the parts of a list."""
CLAUSES = mark("; ")
"""Between parts that have commas themselves."""
_FULL_WIDTH = ("。", "！", "？", "；", "：", "，")
