"""A compiled catalogue (`.mo`), read as it lies: what is never shown is never decoded. The standard library's
reader decodes all of it at once, which takes four times as long at every start."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_MAGIC = 0x950412DE
_CONTEXT = "\4"


class CatalogueFile:
    """A catalogue as `app.basics.words` takes it. Two rules of plurals are known: one form for all (Chinese),
    and one for 1 and another for the rest (English); a language with more needs its rule here.

    :raises ValueError: this is no catalogue, or not in UTF-8 :raises struct.error: it is cut short
    """

    def __init__(self, data: bytes) -> None:
        magic, _, count, sources, strings = struct.unpack_from("<5I", data)
        if magic != _MAGIC:
            raise ValueError("not a catalogue")
        self._texts = dict(zip(_parts(data, count, sources), _parts(data, count, strings), strict=True))
        head = self._texts.pop(b"", b"").decode("utf-8")
        if "charset=utf-8" not in head.lower():
            raise ValueError("not in UTF-8")
        rule = re.search(r"plural=([^;\n]+)", head)
        self._one_form = rule is not None and rule[1].strip() == "0"

    def gettext(self, message: str) -> str:
        found = self._texts.get(message.encode("utf-8", "surrogatepass"))
        return found.decode("utf-8") if found else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._texts.get(f"{msgid1}\0{msgid2}".encode("utf-8", "surrogatepass"))
        if not found:
            return msgid1 if n == 1 else msgid2
        forms = found.decode("utf-8").split("\0")
        return forms[0] if n == 1 or self._one_form else forms[-1]

    def pgettext(self, context: str, message: str) -> str:
        found = self._texts.get(f"{context}{_CONTEXT}{message}".encode("utf-8", "surrogatepass"))
        return found.decode("utf-8") if found else self.gettext(message)

    def has(self, message: str) -> bool:
        return message.encode("utf-8", "surrogatepass") in self._texts

    def sources(self) -> Iterator[tuple[str, str]]:
        """Every text; the second is its plural, or empty."""
        for key in self._texts:
            one, _, many = key.decode("utf-8").partition("\0")
            yield one.rpartition(_CONTEXT)[2], many


def _parts(data: bytes, count: int, offset: int) -> Iterator[bytes]:
    places = struct.unpack_from(f"<{2 * count}I", data, offset)
    for length, start in zip(places[::2], places[1::2], strict=True):
        if start + length > len(data):
            raise ValueError("cut short")
        yield data[start : start + length]
