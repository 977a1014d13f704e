"""The tables of lists say which journal entry their record is at; short columns in one index.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LISTS = {
    "action": ("cities", "projects", "recommendations", "external_ids"),
    "city": ("projects", "external_ids"),
    "document": ("cities", "projects", "workshops", "languages", "external_ids"),
    "finding": ("cities", "projects", "documents", "external_ids"),
    "project": ("external_ids",),
    "recommendation": (
        *("cities", "projects", "documents", "findings"),
        *("validations", "external_ids"),
    ),
    "workshop": ("cities", "projects", "languages", "external_ids"),
}
_DATED = ("starts_on_first", "starts_on_last")
COVERED = {
    "action": ("dimension", "status", *_DATED, "updated_at", "scope"),
    "city": ("country", "subdivision", "commission", "unlocode", "latitude", "updated_at"),
    "document": (
        *("kind", "status", "symbol", "published_on_first", "published_on_last"),
        *("updated_at", "scope"),
    ),
    "finding": ("dimension", "updated_at", "scope"),
    "project": (*_DATED, "updated_at"),
    "recommendation": ("dimension", "status", "updated_at", "scope"),
    "workshop": ("kind", "status", *_DATED, "mode", "part_of", "updated_at", "scope"),
}


def upgrade() -> None:
    for owner, lists in LISTS.items():
        for name in lists:
            table = f"{owner}_{name}"
            op.drop_index(f"ix_{table}_value_owner_id", table)
            column = sa.Column("seq", sa.Integer(), server_default="0", nullable=False)
            op.add_column(table, column)
            op.execute(
                f"UPDATE {table} SET seq ="  # noqa: S608  names from above
                f" (SELECT {owner}.seq FROM {owner} WHERE {owner}.id = {table}.owner_id)"
            )
            columns = ["value", "owner_id", "seq"]
            op.create_index(f"ix_{table}_value_owner_id_seq", table, columns)
        op.create_index(f"ix_{owner}_covering", owner, ["seq", "id", *COVERED[owner]])


def downgrade() -> None:
    for owner, lists in LISTS.items():
        op.drop_index(f"ix_{owner}_covering", owner)
        for name in lists:
            table = f"{owner}_{name}"
            op.drop_index(f"ix_{table}_value_owner_id_seq", table)
            op.drop_column(table, "seq")
            op.create_index(f"ix_{table}_value_owner_id", table, ["value", "owner_id"])
