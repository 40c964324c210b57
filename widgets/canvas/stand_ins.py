"""Small modules in front of heavy ones that NodeGraphQt asks for and hardly uses.

It imports `Qt` (Qt.py, which tries every binding there is: 80 ms) for PySide6's own classes, and
`distutils.version` (gone from Python 3.12; setuptools' copy brings half of setuptools with it: 160 ms) to
compare Qt's version with 5.10. Both stand here in the few lines that it needs. Its own package, imported
whole, brings its property panels, palettes and SVG nodes, which are not used here; the bare package gives
only the modules that are asked for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import total_ordering
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets


class _Room(ModuleType):
    """A Qt module by its Qt 5 name: what Qt 6 moved elsewhere (QAction, QUndoStack) is found there."""

    def __init__(self, name: str, *homes: ModuleType) -> None:
        super().__init__(name)
        self._homes = homes

    def __getattr__(self, name: str) -> object:
        for home in self.__dict__["_homes"]:
            if hasattr(home, name):
                found: object = getattr(home, name)
                setattr(self, name, found)
                return found
        raise AttributeError(f"{self.__name__} has no {name}")


class _Compat:
    """What NodeGraphQt takes from `Qt.QtCompat`: header sections that were set by another name in Qt 4."""

    class QHeaderView:
        @staticmethod
        def setSectionResizeMode(header: QtWidgets.QHeaderView, *args: object) -> None:
            header.setSectionResizeMode(*args)  # type: ignore[call-overload]


@total_ordering
class _Version:
    """`distutils.version.LooseVersion`, as far as numbers go."""

    def __init__(self, text: str) -> None:
        self._parts = tuple(int(part) for part in re.findall(r"\d+", text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version) and self._parts == other._parts

    def __lt__(self, other: _Version) -> bool:
        return self._parts < other._parts

    def __hash__(self) -> int:
        return hash(self._parts)


def _qt() -> ModuleType:
    qt = ModuleType("Qt")
    rooms = {
        "QtCore": _Room("Qt.QtCore", QtCore),
        "QtGui": _Room("Qt.QtGui", QtGui, QtWidgets),
        "QtWidgets": _Room("Qt.QtWidgets", QtWidgets, QtGui, QtCore),
        "QtSvg": _Room("Qt.QtSvg"),
        "QtCompat": _Compat,
    }
    for name, room in {**rooms, "__binding__": "PySide6", "__version__": "stand-in"}.items():
        setattr(qt, name, room)
    return qt


def _distutils() -> dict[str, ModuleType]:
    whole, version = ModuleType("distutils"), ModuleType("distutils.version")
    version.LooseVersion = _Version  # type: ignore[attr-defined]
    whole.version = version  # type: ignore[attr-defined]
    return {"distutils": whole, "distutils.version": version}


def _bare(name: str) -> ModuleType:
    """A package whose modules can be imported, without what its `__init__` does."""
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return module_from_spec(spec)


@contextmanager
def in_front() -> Iterator[None]:
    """While NodeGraphQt is imported; afterwards every other importer finds the real ones again."""
    mine = {"Qt": _qt(), **_distutils()}
    before = {name: sys.modules.get(name) for name in mine}
    sys.modules.update(mine)
    sys.modules.setdefault("NodeGraphQt", _bare("NodeGraphQt"))
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
