"""A small database to treat badly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, select

from app.basics.database import Database, Schema

tables = MetaData()
things = Table("things", tables, Column("id", Integer, primary_key=True), Column("text", Text))
SCHEMA = Schema(name="shelf", title="The shelf", tables=tables)


def put(text: str) -> Callable[[Connection], None]:
    return lambda connection: connection.execute(insert(things).values(text=text)).close()


def texts(connection: Connection) -> list[str]:
    return list(connection.execute(select(things.c.text).order_by(things.c.id)).scalars())


async def filled(file: Path, *values: str, schema: Schema = SCHEMA) -> None:
    made = Database(file, schema)
    for value in values:
        await made.run(put(value))
    await made.close()


def named(folder: Path, pattern: str) -> list[Path]:
    return list(folder.rglob(pattern))
