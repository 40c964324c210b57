"""A row of the book becomes an order: the document filled in, its seeds drawn, its folder named."""

from __future__ import annotations

import hashlib
import os

from app.batch.filling import filled
from app.batch.keys import seeded
from app.batch.orders import RowDocument, RowOrder
from app.batch.setting import BatchSetting
from app.batch.table import Row
from app.document.name_template import Facts, parsed, safe_part
from app.document.values import Document
from app.journal.batch_book import BookedRow
from app.nodes.check import PHOTOGRAPH


class OrderWriter:
    """One for a batch."""

    def __init__(self, setting: BatchSetting, salt: str) -> None:
        self._setting = setting
        self._salt = salt
        self._bare, self._standing = setting.bare, setting.standing
        self._elsewhere = tuple(str(one) for one in self._standing.elsewhere)

    def document(self, row: Row, key: str) -> Document:
        """The document of one row.

        :raises BadInput: a cell does not fit (`filling.filled`)
        """
        kinds = self._setting.kinds
        document = filled(self._bare, row, kinds, self._standing)
        return seeded(document, kinds, self._salt, key)

    def order(
        self, row: BookedRow, *, retry_unknown: bool = False, front: bool = False
    ) -> tuple[RowOrder, str]:
        """The order, and what its photographs are now (`seen`).

        :raises BadInput: a cell does not fit
        """
        setting = self._setting
        document = self.document(Row(number=row.number, cells=row.cells), row.key)
        order = RowOrder(
            batch=self._salt,
            key=row.key,
            number=row.number,
            document=RowDocument(document),
            document_id=setting.document_id,
            folder=str(setting.folder),
            columns=dict(row.cells),
            output=str(setting.output / row.folder),
            live_only=setting.live_only,
            retry_unknown=retry_unknown or setting.retry_unknown,
            front=front,
            elsewhere=self._elsewhere,
        )
        return order, self._seen(document)

    def _seen(self, document: Document) -> str:
        """A hash of the photographs' sizes and times: a row that is done is looked at again when it is
        another."""
        told = []
        for node in document.nodes.values():
            file = str(node.values.get("file", "")) if node.kind == PHOTOGRAPH and not node.skip else ""
            if file:
                try:
                    stat = os.stat(os.path.join(self._setting.folder, file))
                    told.append(f"{file} {stat.st_size} {stat.st_mtime_ns}")
                except (OSError, ValueError):
                    told.append(file)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if told else ""


def folder_name(setting: BatchSetting, row: Row) -> str:
    """What the row's folder is called where nothing stands in its way.

    :raises BadInput: the template asks for what is not there
    """
    if setting.folders:
        return parsed(setting.folders).stem(Facts(document="", columns=row.cells), str(row.number))
    return safe_part(row.cells.get(setting.name_column, ""), otherwise=str(row.number))


def title_of(setting: BatchSetting, row: Row) -> str:
    """What the shop calls it."""
    return row.cells.get(setting.name_column, "") or next(
        (cell for cell in row.cells.values() if cell), str(row.number)
    )
