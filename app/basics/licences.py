"""The licences of everything that this program runs with: from `resources/licences` where a package brought
them, else from what is installed."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

ROOT_PACKAGE = "tagloom"
ROOTS = (
    "NodeGraphQt", "PySide6-Essentials", "Pillow", "SQLAlchemy", "anyio", "aiohttp", "httpcore", "httpx",
    "jeepney", "keyring", "msgspec", "pi-heif", "platformdirs", "qasync", "rich", "setuptools", "tomli",
    "truststore",
)  # fmt: skip
"""What is asked for where Tagloom itself is not installed (started from its folder)."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TEXTS = re.compile(r"(?i)(licen[cs]e|copying|notice|gpl|lgpl|bsd|ofl)")
_MOST = 400_000


class Licence(Struct, frozen=True, kw_only=True):
    """`licence` is its short name, `text` the whole; both may be empty where a package says nothing."""

    name: str
    version: str = ""
    licence: str = ""
    text: str = ""


def licences() -> tuple[Licence, ...]:
    """By name, Tagloom first. Reads many small files: for a thread."""
    shipped = files("resources") / "licences"
    if shipped.is_dir():
        found = [
            Licence(name=Path(one.name).stem, text=one.read_text("utf-8")[:_MOST])
            for one in shipped.iterdir()
            if one.name.endswith((".txt", ".md"))
        ]
    else:
        found = [_python(), _font(), *(_licence(one) for one in _needed().values())]
    ours = ROOT_PACKAGE
    return tuple(sorted(found, key=lambda one: (one.name.lower() != ours, one.name.lower())))


def _needed() -> dict[str, Distribution]:
    """Tagloom with all that it needs, by the name that is the same for every spelling."""
    found: dict[str, Distribution] = {}
    waiting = [ROOT_PACKAGE, *ROOTS]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            found[key] = one = distribution(name)
        except PackageNotFoundError:  # of another system, or only for development
            continue
        waiting += _requirements(one)
    return found


def _requirements(one: Distribution) -> Iterator[str]:
    for line in one.requires or ():
        named = _NAME.match(line)
        if named is not None and "extra ==" not in line:
            yield named.group()


def _licence(one: Distribution) -> Licence:
    about = one.metadata
    said = next(
        (text for name in ("License-Expression", "License") for text in about.get_all(name) or ()), ""
    )
    classified = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    first = said.strip().splitlines()[0] if said.strip() else ", ".join(classified)
    return Licence(
        name=about["Name"], version=one.version, licence=first[:100], text="\n\n".join(_texts(one))[:_MOST]
    )


def _texts(one: Distribution) -> Iterator[str]:
    for path in one.files or ():
        inside = path.parts[0].endswith(".dist-info")
        if inside and (_TEXTS.search(path.name) or "licenses" in path.parts):
            located = Path(str(path.locate()))
            if located.is_file() and located.stat().st_size <= _MOST:
                yield located.read_text("utf-8", "replace").strip()


def _python() -> Licence:
    places = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    place = next((one for one in places if one.is_file()), None)
    text = place.read_text("utf-8", "replace") if place else "https://docs.python.org/3/license.html"
    return Licence(name="Python", version=sys.version.split()[0], licence="PSF-2.0", text=text)


def _font() -> Licence:
    text = (files("resources") / "fonts" / "OFL.txt").read_text("utf-8")
    return Licence(name="Inter", licence="OFL-1.1", text=text)
