"""The stored contents of files, and the text of their pages.

SQLite matches pages through an FTS5 table over `words`, PostgreSQL through `vector`; the migration
makes what is one database's own.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from .base import ID_LENGTH, Base, Instant, bytewise
from .constraints import positive


class Content(Base):
    """One row a content that is stored, whichever files have it. A file has the content that its
    `sha256` names, if there is one.

    `media_type` is the one that it first came with.
    """

    __tablename__ = "content"

    sha256: Mapped[str] = mapped_column(bytewise(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(127))
    stored_at: Mapped[datetime] = mapped_column(Instant)


class PageText(Base):
    """The text of one page of a document's file, its words folded by `services.words`.

    A file has rows here when its `text_status` is `read`. Only PostgreSQL fills `vector`.
    """

    __tablename__ = "page_text"
    __table_args__ = (UniqueConstraint("document_id", "file_id", "page"), positive("page"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    file_id: Mapped[str] = mapped_column(bytewise(ID_LENGTH))
    page: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    vector: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
