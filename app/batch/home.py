"""The folder of a batch's own things, `.tagloom` below its output: its lock, its salt, its book."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.basics.faults import BadInput, DiskTrouble
from app.basics.ids import new_id
from app.basics.process_lock import ProcessLock, try_lock
from app.basics.words import say
from app.document.disk import trouble, written_whole

FOLDER = ".tagloom"
BOOK, SALT, LOCK = "batch.sqlite", "batch.txt", "batch.lock"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHome:
    """Held by one process at a time. `salt` names the batch for ever: the seeds of its rows are drawn from
    it, so it lies beside the book in a file of its own."""

    folder: Path
    salt: str
    lock: ProcessLock

    @property
    def book(self) -> Path:
        return self.folder / BOOK

    def release(self) -> None:
        self.lock.release()


def enter(output: Path) -> BatchHome:
    """Makes the folder where it is missing. Blocks for a moment.

    :raises BadInput: `batch.at-work`: another process is at this batch
    :raises DiskTrouble: the folder cannot be written
    """
    folder = output / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _no_folder(output, error) from error
    lock = try_lock(folder / LOCK)
    if lock is None:
        raise BadInput(
            say("Another Tagloom is at the batch in {output}.", output=output),
            advice=say("Wait until it is done, or stop it; or choose another folder with -o."),
            code="batch.at-work",
        )
    try:
        return BatchHome(folder=folder, salt=_salt(folder / SALT), lock=lock)
    except BaseException:
        lock.release()
        raise


def _salt(file: Path) -> str:
    try:
        text = file.read_text("utf-8", "replace").strip()[:_LONGEST]
    except FileNotFoundError:
        text = ""
    except OSError as error:
        raise trouble(file, error) from error
    if text.isalnum() and text.isascii():
        return text
    salt = new_id()
    with written_whole(file) as out:
        out.write(f"{salt}\n".encode())
    return salt


def _no_folder(output: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("The folder {folder} cannot be made.", folder=output),
        advice=say("Choose another with -o, or free some space. Nothing was sent."),
        code="disk.output",
        detail=str(error),
    )
