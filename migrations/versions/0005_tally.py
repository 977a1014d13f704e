"""Counts of records and of the values of facets, kept by the writer.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTED = (
    # collection, table, facet ("" counts all records), column
    ("projects", "project", "", None),
    ("cities", "city", "", None),
    ("cities", "city", "country", "country"),
    ("cities", "city", "commission", "commission"),
    ("cities", "city_projects", "project", "value"),
    ("workshops", "workshop", "", None),
    ("workshops", "workshop", "kind", "kind"),
    ("workshops", "workshop", "status", "status"),
    ("workshops", "workshop_cities", "city", "value"),
    ("workshops", "workshop_projects", "project", "value"),
    ("workshops", "workshop", "mode", "mode"),
    ("workshops", "workshop_languages", "language", "value"),
    ("workshops", "workshop", "scope", "scope"),
    ("documents", "document", "", None),
    ("documents", "document", "kind", "kind"),
    ("documents", "document", "status", "status"),
    ("documents", "document_cities", "city", "value"),
    ("documents", "document_projects", "project", "value"),
    ("documents", "document_languages", "language", "value"),
    ("documents", "document", "scope", "scope"),
    ("findings", "finding", "", None),
    ("findings", "finding_cities", "city", "value"),
    ("findings", "finding_projects", "project", "value"),
    ("findings", "finding", "dimension", "dimension"),
    ("findings", "finding", "scope", "scope"),
    ("recommendations", "recommendation", "", None),
    ("recommendations", "recommendation_cities", "city", "value"),
    ("recommendations", "recommendation_projects", "project", "value"),
    ("recommendations", "recommendation", "dimension", "dimension"),
    ("recommendations", "recommendation", "status", "status"),
    ("recommendations", "recommendation", "scope", "scope"),
    ("actions", "action", "", None),
    ("actions", "action_cities", "city", "value"),
    ("actions", "action_projects", "project", "value"),
    ("actions", "action", "dimension", "dimension"),
    ("actions", "action", "status", "status"),
    ("actions", "action", "scope", "scope"),
)


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("collection", _bytewise(20), nullable=False),
        sa.Column("facet", _bytewise(40), nullable=False),
        sa.Column("value", _bytewise(200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("collection", "facet", "value", name=op.f("pk_tally")),
    )
    for collection, table, facet, column in COUNTED:
        value = f"coalesce({column}, '')" if column else "''"
        group = f" GROUP BY {column}" if column else ""
        op.execute(
            "INSERT INTO tally (collection, facet, value, count)"  # noqa: S608  names from above
            f" SELECT '{collection}', '{facet}', {value}, count(*) FROM {table}{group}"
        )


def downgrade() -> None:
    op.drop_table("tally")


def _bytewise(length: int) -> sa.types.TypeEngine[str]:
    """Return a type whose order is that of bytes, on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
