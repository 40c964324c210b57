"""Kept pieces of prompts, each a text file called by its title."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from app.basics.faults import BadInput, DiskTrouble
from app.basics.signal import Signal
from app.basics.words import say
from app.document.disk import written_whole
from app.preferences.pieces import files_in, free_title, title_of

SUFFIX = ".txt"
MOST = 16 * 1024
"""Bytes of one snippet: more than any model reads."""
MOST_SNIPPETS = 500


class Snippet(Struct, frozen=True, kw_only=True):
    title: str
    text: str


class Snippets:
    """Read at first use, and again where the folder has changed. What cannot be read is skipped, and said in
    `notes`."""

    def __init__(self, folder: Path) -> None:
        self.changed: Signal[None] = Signal()
        self._folder = folder
        self._known: tuple[Snippet, ...] = ()
        self._notes: tuple[str, ...] = ()
        self._seen: object = None

    @property
    def notes(self) -> tuple[str, ...]:
        self.all()
        return self._notes

    def all(self) -> tuple[Snippet, ...]:
        """By title."""
        try:
            seen: object = self._folder.stat().st_mtime_ns if self._folder.is_dir() else 0
            if seen != self._seen:
                self._read()
                self._seen = seen
        except OSError as error:
            self._notes = (
                say(
                    "The snippets in {folder} cannot be read: {strerror}.",
                    folder=self._folder,
                    strerror=error.strerror,
                ),
            )
        return self._known

    def starting(self, begun: str) -> tuple[Snippet, ...]:
        """Those that `begun` may mean: their titles begin with it, then those that hold it anywhere."""
        wanted = begun.casefold()
        first = [one for one in self.all() if one.title.casefold().startswith(wanted)]
        rest = [one for one in self.all() if wanted in f"{one.title}\n{one.text}".casefold()]
        return (*first, *(one for one in rest if one not in first))

    def keep(self, text: str, title: str = "") -> Snippet:
        """A piece of prompt under its title: its first words, where none is given.

        :raises BadInput: `snippet.empty`, `snippet.long`  :raises DiskTrouble: it is not kept
        """
        text = text.strip()
        data = text.encode("utf-8", "replace")
        if not text:
            raise BadInput(
                say("There are no words to keep."),
                advice=say("Select some of the prompt first."),
                code="snippet.empty",
            )
        if len(data) > MOST:
            raise BadInput(
                say("This is too long for a snippet."),
                advice=say("Keep less than {most} kB of text at once.", most=MOST // 1024),
                code="snippet.long",
            )
        same = next((one for one in self.all() if one.text == text), None)
        if same is not None and not title:
            return same
        name = free_title(title_of(title or text, say("Snippet")), [one.title for one in self.all()])
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _unkept(self._folder, error) from error
        with written_whole(self._folder / f"{name}{SUFFIX}") as file:
            file.write(data)
        self._again()
        return Snippet(title=name, text=text)

    def remove(self, title: str) -> None:
        """:raises DiskTrouble: it stays"""
        if all(one.title != title for one in self.all()):
            return
        try:
            (self._folder / f"{title}{SUFFIX}").unlink(missing_ok=True)
        except OSError as error:
            raise _unkept(self._folder, error) from error
        self._again()

    def _again(self) -> None:
        self._seen = None
        self.all()
        self.changed.emit(None)

    def _read(self) -> None:
        known: list[Snippet] = []
        bad: list[str] = []
        for file in files_in(self._folder, SUFFIX)[:MOST_SNIPPETS]:
            text = _text_of(file)
            if text is None:
                bad.append(file.name)
            elif text.strip():
                known.append(Snippet(title=file.stem, text=text.strip()))
        self._known = tuple(known)
        self._notes = tuple(
            say(
                "The snippet {name} is skipped: it is no text of at most {most} kB.",
                name=name,
                most=MOST // 1024,
            )
            for name in bad
        )


def _text_of(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST + 1)
        return data.decode("utf-8-sig") if len(data) <= MOST and b"\0" not in data else None
    except (OSError, UnicodeDecodeError):
        return None


def _unkept(folder: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("The snippets in {folder} cannot be changed.", folder=folder),
        advice=say("Make the folder writable or free some space, and try again."),
        code="snippet.unwritable",
        detail=str(error),
    )
