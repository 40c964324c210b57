"""The licences of everything that Tagloom is made of, with their texts, from what is installed with it."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

PROGRAM = "tagloom"
ROOTS = (
    "NodeGraphQt", "PySide6-Essentials", "Pillow", "SQLAlchemy", "anyio", "aiohttp", "c2pa-python",
    "charset-normalizer", "cryptography", "fpdf2", "httpcore", "httpx", "jeepney", "keyring", "msgspec",
    "openpyxl", "pi-heif", "platformdirs", "psd-tools", "qasync", "rich", "setuptools", "tomli",
    "truststore", "yarl",
)  # fmt: skip
"""What is asked for where Tagloom itself is not installed (started from its folder)."""
_QT = ("qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt")
_WITHOUT_TEXT = MappingProxyType(
    {"pyside6-essentials": _QT, "shiboken6": _QT, "c2pa-python": ("Apache-2.0.txt",)}
)
"""Published without the text of their licence, which is therefore with us."""
_IS_TEXT = re.compile(r"(^|/)(licen[cs]es?|copying|notice|authors)[^/]*$", re.I)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_OTHER_USE = re.compile(r";.*\bextra\b")
_STUBS = "types-pyside6"
"""Is asked for by NodeGraphQt and holds nothing that runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Of one package. `name` is how its authors call the licence, `text` all of its texts."""

    package: str
    version: str
    name: str
    text: str


def licences() -> tuple[Licence, ...]:
    """Of Tagloom first, then of every package that it stands on, here on this machine, and its typeface, by
    name; a package that is not installed (it is for another system) is left out. Reads many small files: for
    a thread."""
    found = [*map(_licence, _closure(PROGRAM, *ROOTS)), _typeface()]
    return tuple(sorted(found, key=lambda one: (one.package != PROGRAM, one.package.lower())))


def python_licence() -> Licence:
    """Of what all of it runs on; a package that brings its own Python tells it by itself."""
    places = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    place = next((one for one in places if one.is_file()), None)
    text = place.read_text("utf-8", "replace") if place else "https://docs.python.org/3/license.html"
    return Licence(package="Python", version=sys.version.split()[0], name="PSF-2.0", text=text)


def licences_told(found: Iterable[Licence]) -> str:
    """One plain text: first who is there, then every text in full."""
    every = list(found)
    table = "\n".join(f"{one.package} {one.version}".rstrip() + f": {one.name}" for one in every)
    texts = "\n".join(f"{'=' * 78}\n{one.package} {one.version}\n{'=' * 78}\n\n{one.text}\n" for one in every)
    return f"Tagloom is made of:\n\n{table}\n\n{texts}"


def _closure(*names: str) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        plain = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if plain in found or plain == _STUBS:
            continue
        try:
            found[plain] = here = distribution(plain)
        except PackageNotFoundError:
            continue
        waiting += [
            m[0] for one in here.requires or () if not _OTHER_USE.search(one) if (m := _NAME.match(one))
        ]
    return list(found.values())


def _licence(found: Distribution) -> Licence:
    plain = found.name.lower().replace("_", "-")
    texts = [text.strip("\n") for text in _texts(found)]
    folder = files("resources") / "licences"
    texts += [(folder / name).read_text("utf-8").strip("\n") for name in _WITHOUT_TEXT.get(plain, ())]
    return Licence(package=found.name, version=found.version, name=_name(found), text="\n\n".join(texts))


def _texts(found: Distribution) -> Iterator[str]:
    for path in found.files or ():
        if ".dist-info/" in path.as_posix() and _IS_TEXT.search(path.as_posix()):
            yield found.read_text(path.as_posix().split(".dist-info/", 1)[1]) or ""


def _name(found: Distribution) -> str:
    """The licence in a word or two: as declared, or else by its classifier."""
    told = found.metadata.json
    declared = str(told.get("license_expression") or "")
    short = str(told.get("license") or "").strip()
    free = short if "\n" not in short and len(short) < 80 else ""
    classifiers = [one for one in told.get("classifier") or () if one.startswith("License :: ")]
    return declared or free or (classifiers[0].rsplit(" :: ", 1)[-1] if classifiers else "see its text")


def _typeface() -> Licence:
    text = (files("resources") / "fonts" / "OFL.txt").read_text("utf-8")
    return Licence(package="Inter", version="", name="OFL-1.1", text=text)
