"""The search index: one row a record, its words folded by `services.words`.

SQLite matches through an FTS5 table over these columns, PostgreSQL through `vector`;
the migration makes what is one database's own.
"""

from sqlalchemy import ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from .base import ID_LENGTH, Base, bytewise


class SearchEntry(Base):
    """The folded words of the record that journal entry `seq` holds.

    `names` weigh more than `prose`; only PostgreSQL fills `vector`.
    """

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("collection", "record_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    collection: Mapped[str] = mapped_column(bytewise(20))
    record_id: Mapped[str] = mapped_column(bytewise(ID_LENGTH))
    seq: Mapped[int] = mapped_column(ForeignKey("change.seq"))
    names: Mapped[str] = mapped_column(Text)
    prose: Mapped[str] = mapped_column(Text)
    vector: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
