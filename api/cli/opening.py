"""How commands open the store."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Engine

from ..errors import StoreUnavailable
from ..services.database import open_engine
from ..services.migrating import present_revision, wanted_revision
from ..settings import Settings


@contextlib.contextmanager
def store_of(settings: Settings) -> Iterator[Engine]:
    """Open a store that is at the schema of this code."""
    engine = open_engine(settings.store_url, settings.statement_seconds)
    try:
        present, wanted = present_revision(engine), wanted_revision()
        if present != wanted:
            raise StoreUnavailable(
                f"The store is at schema {present}, this code wants {wanted}. "
                "Run `pilotcities migrate` (serving does it too)."
            )
        yield engine
    finally:
        engine.dispose()
