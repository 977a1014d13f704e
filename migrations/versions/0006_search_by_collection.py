"""Entries of SQLite's search index numbered by collection, so that each is a range of the index.

Revision: 0006
Follows: 0005
"""

from zlib import crc32

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLLECTIONS = (
    "projects",
    "cities",
    "workshops",
    "documents",
    "findings",
    "recommendations",
    "actions",
)


def upgrade() -> None:
    op.execute("UPDATE store SET generation = generation + 1")  # ranks change, so tags must
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TABLE search_fts")
    for name in COLLECTIONS:
        first = (crc32(name.encode()) & 0x7FFFFF) << 40
        op.execute(f"UPDATE search_entry SET id = {first} + seq WHERE collection = '{name}'")  # noqa: S608
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(names, prose,"
        " content='search_entry', content_rowid='id', tokenize='ascii', prefix='2 3 4')"
    )
    op.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")


def downgrade() -> None:
    op.execute("UPDATE store SET generation = generation + 1")
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TABLE search_fts")
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(collection, names, prose,"
        " content='search_entry', content_rowid='id', tokenize='ascii', prefix='2 3 4')"
    )
    op.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
