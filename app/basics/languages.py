"""Which language to speak, and its catalogue: `resources/languages/*.mo`, made by `make languages`."""

from __future__ import annotations

import logging
import os
import re
import struct
import sys
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from app.basics.catalogue_file import CatalogueFile
from app.basics.words import ENGLISH, Catalogue, speak

if sys.platform == "win32":
    import ctypes

NAMES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文"}
"""Every language there is, by its own name; for lists. A new one is a line here and a `.po`."""
PSEUDO = "xx"
"""No language: every text longer and in brackets, to find what was forgotten or is cut off."""

_TRADITIONAL = ("TW", "HK", "MO", "HANT")


def speak_language(wanted: str, environment: Mapping[str, str] = os.environ) -> str:
    """Speaks the language that a setting or a person names; empty: the system's. Returns its code. One that
    is not there, or whose catalogue is damaged, is English, with a note in the log."""
    code = language_of(wanted, environment)
    catalogue = catalogue_of(code)
    if catalogue is None:
        code, catalogue = "en", ENGLISH
    speak(catalogue)
    return code


def language_of(wanted: str, environment: Mapping[str, str] = os.environ) -> str:
    """The code of the language that a setting names; empty: the system's."""
    return known(wanted or system_language(environment))


def system_language(environment: Mapping[str, str] = os.environ) -> str:
    """As the environment says (`LC_ALL`, `LC_MESSAGES`, `LANG`), else the system's own setting; perhaps
    empty."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return value
    if sys.platform == "win32":
        name = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
        ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name))
        return name.value
    return ""


def known(name: str) -> str:
    """The code of `NAMES` that a name means: `zh-Hans-CN`, `zh_CN.UTF-8`, `Chinese (Simplified)_China.936`.
    English where none fits: somebody who reads traditional characters is not helped by simplified ones."""
    if name == PSEUDO:
        return PSEUDO
    parts = name.replace("-", "_").partition(".")[0].partition("@")[0].split("_")
    rest = [one.upper() for one in parts[1:]]
    if parts[0].lower() == "zh":
        return "en" if any(one in _TRADITIONAL for one in rest) else "zh_CN"
    return "zh_CN" if parts[0].lower().startswith("chinese (simplified)") else "en"


def catalogue_of(code: str) -> Catalogue | None:
    """None where it is not there or damaged, which the log says."""
    if code == "en":
        return ENGLISH
    if code == PSEUDO:
        return Pseudo({text for texts in every_text() for text in texts})
    try:
        return CatalogueFile((languages_folder() / f"{code}.mo").read_bytes())
    except (OSError, ValueError, struct.error) as error:
        logging.getLogger(__name__).warning("no catalogue for %s, English is spoken: %s", code, error)
    return None


def languages_folder() -> Path:
    return Path(__file__).parents[2] / "resources" / "languages"


def every_text() -> Iterator[tuple[str, str]]:
    """The texts of the program, the second one empty or the plural: from `en.mo`, which holds them all."""
    try:
        yield from CatalogueFile((languages_folder() / "en.mo").read_bytes()).sources()
    except (OSError, ValueError, struct.error):
        return


class Pseudo:
    """Texts in brackets and about 40 % longer, their letters with marks, their placeholders as they are; only
    those that a translator is given."""

    def __init__(self, known: Set[str]) -> None:
        self._known = known

    def gettext(self, message: str) -> str:
        return pseudo(message) if message in self._known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


_MARKED = str.maketrans("AEIOUaeiounct", "ÄËÏÖÜäëïöüñçţ")
BEGIN, END = "[!!! ", " !!!]"
_VALUE = re.compile(r"\{[^{}]*\}")


WORD = 9
"""Letters of a word in what makes a text longer: it is broken into lines as words are."""


def pseudo(text: str) -> str:
    """`Save {name}` → `[!!! Sävë {name} ~~~~ !!!]`. Twice is once."""
    core = text.strip()
    if core.startswith(BEGIN) or not any(sign.isalpha() for sign in _VALUE.sub("", core)):
        return text
    before, _, after = text.partition(core)
    inner, depth = [], 0
    for sign in core:
        depth += (sign == "{") - (sign == "}")
        inner.append(sign if depth > 0 or sign == "}" else sign.translate(_MARKED))
    longer = max(1, round(len(core) * 0.4) - len(BEGIN + END))
    more = " ".join("~" * min(WORD, longer - done) for done in range(0, longer, WORD + 1))
    return f"{before}{BEGIN}{''.join(inner)} {more}{END}{after}"
