"""How Alembic runs here: on the engine that the caller passes, in one transaction."""

from typing import Any

from alembic import context

from api.models import Base
from api.services.database import changing_schema

VECTOR_INDEXES = ("ix_search_entry_vector", "ix_page_text_vector")


def ours(_object: Any, name: str | None, kind: str, reflected: bool, _twin: Any) -> bool:
    """Leave out what a migration makes by dialect: the FTS5 tables and the GIN indexes."""
    by_dialect = (name or "").startswith("search_fts") or name in VECTOR_INDEXES
    return not (kind in ("table", "index") and reflected and by_dialect)


with changing_schema(context.config.attributes["engine"]) as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_object=ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
