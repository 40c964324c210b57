"""Where the files that a table names stand: in the table's folder, which need not be the document's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from app.batch.table import Table
from app.document.paths import relative_to

Resolve = Callable[[str], Path]
"""A node's `file` value → the photograph's path; raises BadInput where it may not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A table and the folder of the document (None: never saved)."""

    table: Table
    home: Path | None

    def value(self, column: str, file: str) -> str:
        """A filled `file`, as a value of the document: relative where the table's folder lies in the
        document's, else the whole path, which `resolver` follows."""
        folder = self.table.folder_of(column)
        inside = relative_to(self.home, folder) if self.home is not None else None
        if inside is None:
            return str(folder / file)
        return file if inside == "." else f"{inside}/{file}"

    @property
    def elsewhere(self) -> tuple[Path, ...]:
        """Folders that hold photographs of the table and do not lie in the document's."""
        folders = {self.table.path.parent, *self.table.folders.values()}
        out = (one for one in folders if self.home is None or relative_to(self.home, one) is None)
        return tuple(sorted(out))


def resolver(resolve: Resolve, elsewhere: Collection[Path]) -> Resolve:
    """As `resolve`; a whole path is followed too where it stays in one of the folders `elsewhere`, also
    behind links. Cells never hold whole paths (`filling`), so only those that `Standing.value` made do."""
    folders = [one.resolve() for one in elsewhere]

    def found(file: str) -> Path:
        path = Path(file)
        if folders and path.is_absolute() and "\0" not in file and any(_below(path, one) for one in folders):
            return path.resolve()
        return resolve(file)

    return found


def _below(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):
        return False
