"""Statements that are compiled once and carried out by the driver itself, for the path of money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql import ClauseElement


class Prepared:
    """A statement compiled once for the database of `connection`, and carried out by the driver itself:
    for the few that stand on the path of money, where SQLAlchemy takes longer than the disk. Its values
    and rows are the driver's own: numbers, text and None. A list for IN is not one of them.
    """

    __slots__ = ("_defaults", "_names", "_sql")

    def __init__(self, connection: Connection, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=connection.dialect)
        self._sql = str(compiled)
        self._names: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        self._defaults: dict[str, Any] = compiled.params

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first row that it gives back, or None."""
        return self._run(connection, values).fetchone()

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """The rows that it gives back."""
        rows: list[Any] = self._run(connection, values).fetchall()
        return rows

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        return int(self._run(connection, values).rowcount)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        given = {**self._defaults, **values}
        raw: Any = connection.connection.dbapi_connection
        cursor = raw.cursor()
        cursor.execute(self._sql, given if self._names is None else [given[name] for name in self._names])
        return cursor


class Statements:
    """Each statement as `Prepared`, made at its first use. For the one thread of a database."""

    def __init__(self) -> None:
        self._known: dict[ClauseElement, Prepared] = {}

    def __call__(self, connection: Connection, statement: ClauseElement) -> Prepared:
        prepared = self._known.get(statement)
        if prepared is None:
            prepared = self._known[statement] = Prepared(connection, statement)
        return prepared
