"""Which file a node's `file` value means, and whether it may be read at all.

A document may come from anywhere: what its text says is followed only inside its own folder. A path that the
artist chose by hand in this session (file dialog, drop, `--set`) is *trusted*, wherever it is.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PureWindowsPath

from app.basics.faults import BadInput
from app.basics.words import say

NONE_TRUSTED: frozenset[Path] = frozenset()


def resolve(folder: Path | None, file: str, trusted: Collection[Path] = NONE_TRUSTED) -> Path:
    """The real path of a `file` value. `folder` is the document's (None: never saved); `trusted` holds real
    paths (`Path.resolve`). Whether the file exists is not asked.

    :raises BadInput: empty, no path, or outside the folder and not trusted (`..`, absolute, a link that
        leads out, another drive or machine)
    """
    if not file:
        raise BadInput(
            say("No photograph is chosen."),
            advice=say("Drop a picture here, or choose a file."),
            code="image.none",
        )
    if "\0" in file or len(file) > 4096:
        raise _outside(file, say("it is no path"))
    absolute = Path(file).is_absolute()
    if _on_another_machine(file) and Path(file) not in trusted:
        raise _outside(file, say("it names another machine"))  # before `resolve` would knock there
    if not absolute and _foreign(file):
        raise _outside(file, say("it names a drive"))
    if not absolute and folder is None:
        raise _outside(file, say("the document has no folder yet"))
    try:
        real = (Path(file) if folder is None else folder / file).resolve()
        home = folder.resolve() if folder is not None else None
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, or half a character
        raise _outside(file, say("it leads nowhere")) from error
    if real in trusted or (not absolute and home is not None and real.is_relative_to(home)):
        return real
    raise _outside(file, say("it lies outside the document's folder"))


def relative_to(folder: Path, path: Path) -> str | None:
    """`path` as a `file` value of a document in `folder`, with `/`; None where it lies outside."""
    try:
        real = path if _on_another_machine(str(path)) else path.resolve()
        return real.relative_to(folder.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return None


def _on_another_machine(file: str) -> bool:
    """Whether Windows would ask a server for it, and tell that server who we are."""
    return PureWindowsPath(file).drive.startswith("\\\\")


def _foreign(file: str) -> bool:
    """Whether Windows would read a drive, a root, a way up or a stream in it; refused everywhere, so that a
    document behaves the same on every machine."""
    windows = PureWindowsPath(file)
    upwards = "\\" in file and ".." in windows.parts
    return bool(windows.drive or windows.root) or upwards or (os.name == "nt" and ":" in file)


def _outside(file: str, why: str) -> BadInput:
    shown = "".join(sign if sign.isprintable() else "�" for sign in file)
    return BadInput(
        say(
            "The file “{shown}” is not read: {why}.",
            shown=shown if len(shown) <= 120 else shown[:117] + "…",
            why=why,
        ),
        advice=say("Choose the photograph by hand, or put it into the document's folder."),
        code="image.outside",
    )
