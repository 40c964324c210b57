"""The tables of the library's index."""

from __future__ import annotations

import contextlib
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.exc import DBAPIError

from app.basics.database import Schema, Upgrade
from app.basics.words import mark

_metadata = MetaData()

assets = Table(
    "assets",
    _metadata,
    Column("sha256", String(64), primary_key=True),
    Column("suffix", String(8), nullable=False),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("made", BigInteger, nullable=False),
    Index("assets_by_made", "made", "sha256"),
)
origins = Table(
    "origins",
    _metadata,
    Column("sha256", String(64), ForeignKey("assets.sha256", ondelete="CASCADE"), nullable=False),
    Column("operation", String(64), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("vendor", Text, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("seed", BigInteger),
    Column("credits", BigInteger),
    Column("money", BigInteger),
    Column("request", Text, nullable=False),
    Column("entered", BigInteger, nullable=False),
    PrimaryKeyConstraint("sha256", "operation"),
    Index("origins_by_fingerprint", "fingerprint", "draft", "entered"),
    Index("origins_by_node", "document", "node", "entered"),
    Index("origins_by_operation", "operation"),
)
marks = Table(
    "marks",
    _metadata,
    Column("sha256", String(64), primary_key=True),
    Column("star", Boolean, nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("removed", BigInteger),
    Column("changed", BigInteger, nullable=False),
    Index("marks_by_star", "star"),
    Index("marks_by_removed", "removed"),
)
"""What a person thinks of a picture. `removed` and `changed` are microseconds since 1970 in UTC."""

finds = Table(
    "finds",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), ForeignKey("assets.sha256", ondelete="CASCADE"), nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("star", Boolean, nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("suffix", String(8), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("colours", Text),
    Column("cards", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("finds_by_sha256", "sha256", unique=True),
    Index("finds_by_made", "made", "sha256", "removed", "star", "rejected", "draft"),
)
"""What a picture is found by, from all its origins, and how a grid shows it, in one row: so that a page of
any question is one walk from the newest back. What is short stands before what is long. `words` as
`query.searchable` writes them, with tags, model, vendor and document; lists as `query.packed` writes them;
`draft`: it was never bought; `star`, `rejected` and `removed` as `marks` say; `colours` None: nobody has
looked."""
colours = Table(
    "colours",
    _metadata,
    Column("find", Integer, ForeignKey("finds.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("lightness", Integer, nullable=False),
    Column("a", Integer, nullable=False),
    Column("b", Integer, nullable=False),
    PrimaryKeyConstraint("find", "place"),
)
"""OKLab in thousandths, of the colours of a picture that it can be found by (`imaging.palette`)."""

FULL_TEXT = "finds_words"
_FULL_TEXT = (
    f"CREATE VIRTUAL TABLE {FULL_TEXT} USING fts5(words, content='finds', content_rowid='id', "
    'tokenize="unicode61 remove_diacritics 2")',
    "CREATE TRIGGER finds_come AFTER INSERT ON finds BEGIN "
    f"INSERT INTO {FULL_TEXT}(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER finds_go AFTER DELETE ON finds BEGIN "
    f"INSERT INTO {FULL_TEXT}({FULL_TEXT}, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER finds_change AFTER UPDATE OF words ON finds BEGIN "
    f"INSERT INTO {FULL_TEXT}({FULL_TEXT}, rowid, words) VALUES ('delete', old.id, old.words); "
    f"INSERT INTO {FULL_TEXT}(rowid, words) VALUES (new.id, new.words); END",
)
_WORD_PARTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX finds_by_words ON finds USING gin (words gin_trgm_ops)",
)


@event.listens_for(finds, "after_create")
def _add_full_text(_table: object, connection: Connection, **_: Any) -> None:
    """SQLite keeps an index of words beside `finds` by itself, where it has FTS5; elsewhere, and on other
    databases, words are looked for in `finds`. PostgreSQL does that by an index of their parts, where its
    `pg_trgm` is installed and the user may have it."""
    if connection.dialect.name == "sqlite":
        with contextlib.suppress(DBAPIError):
            for statement in _FULL_TEXT:
                connection.exec_driver_sql(statement)
    elif connection.dialect.name == "postgresql":
        with contextlib.suppress(DBAPIError), connection.begin_nested():
            for statement in _WORD_PARTS:
                connection.exec_driver_sql(statement)


def _add_finds(connection: Connection) -> None:
    finds.create(connection, checkfirst=True)
    colours.create(connection, checkfirst=True)


INDEX = Schema(
    name="library",
    title=mark("The library's index"),
    tables=_metadata,
    upgrades=(
        Upgrade(
            version=2,
            date="2026-11-26",
            what="stars, rejections and removals",
            apply=lambda connection: marks.create(connection, checkfirst=True),
        ),
        Upgrade(version=3, date="2026-11-26", what="words, tags and colours to search by", apply=_add_finds),
    ),
)
