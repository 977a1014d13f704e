"""The store itself: its one locked row, and the journal of every version of every record."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import ID_LENGTH, Base, Instant, bytewise
from .constraints import positive


class Store(Base):
    """The one row that each write locks first, so that the sequence has no gap and no disorder.

    `epoch` is drawn when the store is made; it is part of every tag and cursor.
    `generation` counts how often the search index was made anew. `seeded_at` is when the store was
    first filled: it is never seeded by itself again.
    """

    __tablename__ = "store"
    __table_args__ = (CheckConstraint("id = 1", "single_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(Integer, default=0)
    generation: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    seeded_at: Mapped[datetime | None] = mapped_column(Instant)


class Change(Base):
    """The journal, append-only: one row a version of a record, a deletion being a version too.

    `snapshot` is the whole record as JSON text, exactly as it was written; null for a deletion.
    `redacted_at` is when its texts were blanked: the one change that an entry can see.
    """

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("collection", "record_id", "version"),
        Index(None, "collection", "seq"),
        positive("version"),
        CheckConstraint("(op = 'delete') = (snapshot IS NULL)", "snapshot_unless_deleted"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    collection: Mapped[str] = mapped_column(bytewise(20))
    record_id: Mapped[str] = mapped_column(bytewise(ID_LENGTH))
    version: Mapped[int] = mapped_column(Integer)
    op: Mapped[str] = mapped_column(String(6))
    at: Mapped[datetime] = mapped_column(Instant)
    door: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
    replaced_by: Mapped[str | None] = mapped_column(bytewise(ID_LENGTH))
    snapshot: Mapped[str | None] = mapped_column(Text)
    redacted_at: Mapped[datetime | None] = mapped_column(Instant)
