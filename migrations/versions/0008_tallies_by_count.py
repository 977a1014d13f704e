"""Values of a facet lie in the order in which they are shown.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["collection", "facet", sa.text("count DESC"), "value"]
    op.create_index("ix_tally_by_count", "tally", columns)


def downgrade() -> None:
    op.drop_index("ix_tally_by_count", "tally")
