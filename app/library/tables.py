"""The tables of the library's index."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

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
    ),
)
