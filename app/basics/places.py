"""Where Tagloom keeps its things: one folder named by `TAGLOOM_HOME`, else `tagloom-data` beside an installed
program, where somebody made that folder (portable), else the platform's own places."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from msgspec import Struct
from msgspec.structs import replace

from app.basics.faults import BadInput, DiskTrouble
from app.basics.words import say

_NAME = "tagloom"
PORTABLE = "tagloom-data"
"""The folder that makes a program portable by standing beside it."""


class Places(Struct, frozen=True, kw_only=True):
    """Absolute paths; nothing exists until `ensure`. `ledger` is a file, the others are folders.

    `state` holds what one machine needs to go on after a crash: leases, recovery copies, crash reports.
    `cache` may be deleted at any time.
    """

    settings: Path
    ledger: Path
    library: Path
    cache: Path
    logs: Path
    state: Path
    portable: Path | None = None
    """The folder that holds all of it, where it goes with the program."""

    @property
    def options(self) -> Path:
        """The file of `preferences.options`."""
        return self.settings / "options.json"

    @property
    def snippets(self) -> Path:
        """Kept pieces of prompts, each a text file."""
        return self.settings / "snippets"

    @property
    def templates(self) -> Path:
        """The artist's own templates."""
        return self.settings / "templates"

    @property
    def cards(self) -> Path:
        """The artist's own models, a card each (`catalogue.reader.read_catalogue`)."""
        return self.settings / "cards"

    @property
    def index(self) -> Path:
        """The library's index, beside the pictures it speaks of."""
        return self.library / "index.sqlite"

    @property
    def leases(self) -> Path:
        return self.state / "leases"

    @property
    def recovery(self) -> Path:
        """Copies of what is not saved yet."""
        return self.state / "recovery"

    @property
    def documents(self) -> Path:
        """Locks of the documents that are open in windows."""
        return self.state / "documents"

    @property
    def steps(self) -> Path:
        """What undo needs after a window was closed."""
        return self.state / "steps"

    @property
    def reports(self) -> Path:
        """Crash reports, beside the logs that they tell of."""
        return self.logs / "reports"

    @property
    def sessions(self) -> Path:
        """A file for each window that runs: see `basics.sessions`."""
        return self.logs / "sessions"

    @property
    def outgoing(self) -> Path:
        """Copies of pictures that were dragged into other programs."""
        return self.cache / "outgoing"

    def folders(self) -> tuple[Path, ...]:
        return (self.settings, self.ledger.parent, self.library, self.cache, self.logs, self.state)

    def ensure(self) -> Places:
        """Makes the folders, readable by their owner alone, and tries each by writing.

        :raises DiskTrouble: `places.read-only`: one of them cannot be made or written
        """
        for folder in dict.fromkeys(self.folders()):
            _ensure(folder)
        return self


def find_places(environment: Mapping[str, str], program: Path | None = None) -> Places:
    """The places of this person on this machine. `program`: the folder of the program, by default that of
    this one where it is frozen (`program_folder`). Makes nothing.

    :raises BadInput: `places.home`: `TAGLOOM_HOME` is not an absolute path
    """
    home = environment.get("TAGLOOM_HOME", "").strip()
    if home:
        return places_under(_home(home))
    program = program or program_folder(environment, _frozen_as())
    if program is not None and (program / PORTABLE).is_dir():
        return replace(places_under(program / PORTABLE), portable=program / PORTABLE)
    dirs = platformdirs.PlatformDirs(_NAME, appauthor=False, roaming=False)
    data = dirs.user_data_path
    return Places(
        settings=dirs.user_config_path,
        ledger=data / "ledger.sqlite",
        library=data / "library",
        cache=dirs.user_cache_path,
        logs=dirs.user_log_path,
        state=dirs.user_state_path,
    )


def program_folder(environment: Mapping[str, str], executable: Path | None) -> Path | None:
    """Where a frozen program lies, as its person sees it: an AppImage is unpacked elsewhere, and on macOS the
    executable is deep within the bundle. None for an `executable` of None: from source."""
    if executable is None:
        return None
    if image := environment.get("APPIMAGE", ""):
        return Path(image).parent
    bundle = next((one for one in executable.parents if one.suffix == ".app"), None)
    return (bundle or executable).parent


def _frozen_as() -> Path | None:
    return Path(sys.executable) if getattr(sys, "frozen", False) else None


def places_under(home: Path) -> Places:
    """Everything in one folder."""
    return Places(
        settings=home / "settings",
        ledger=home / "ledger.sqlite",
        library=home / "library",
        cache=home / "cache",
        logs=home / "logs",
        state=home / "state",
    )


def _home(text: str) -> Path:
    try:
        home = Path(text).expanduser()
    except RuntimeError as error:
        raise _bad_home(text) from error
    if "\0" in text or not home.is_absolute():
        raise _bad_home(text)
    return home


def _bad_home(text: str) -> BadInput:
    return BadInput(
        say("TAGLOOM_HOME is {text!r}, which is not a full path.", text=text),
        advice=say(
            "Set it to a folder such as /home/you/tagloom, or unset it to use your system's own places."
        ),
        code="places.home",
    )


def _ensure(folder: Path) -> None:
    try:
        _make(folder)
        handle, name = tempfile.mkstemp(prefix=".try-", dir=folder)
        os.close(handle)
        os.unlink(name)
    except OSError as error:
        raise DiskTrouble(
            say("Tagloom cannot write to its folder {folder}.", folder=folder),
            advice=say("Make it writable, free some space, or set TAGLOOM_HOME to a folder that is yours."),
            code="places.read-only",
            detail=str(error),
        ) from error


def _make(folder: Path) -> None:
    """With its parents, each for its owner alone, whatever the umask."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another Tagloom starts at this moment
            new.mkdir(mode=0o700)
            new.chmod(0o700)
