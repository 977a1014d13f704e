"""How commands open the store."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from ..errors import StoreUnavailable
from ..models import Store
from ..services import seeding
from ..services.database import open_engine, reading, writing
from ..services.doors import Door
from ..services.migrating import present_revision, wanted_revision
from ..settings import Settings


@contextlib.contextmanager
def opened(settings: Settings, pool_size: int = 8) -> Iterator[Engine]:
    """Open a store at whatever schema; what its database refuses names the store, in words."""
    engine = open_engine(settings.store_url, settings.statement_seconds, pool_size)
    driver: Any = engine.dialect.loaded_dbapi
    try:
        yield engine
    except (SQLAlchemyError, driver.Error) as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        place = engine.url.render_as_string(hide_password=True)
        raise StoreUnavailable(f"The database {place} cannot be used: {reason}") from error
    finally:
        engine.dispose()


@contextlib.contextmanager
def store_of(settings: Settings) -> Iterator[Engine]:
    """Open a store that is at the schema of this code."""
    path = settings.store_url.removeprefix("sqlite:///")
    if path != settings.store_url and not Path(path).exists():
        raise StoreUnavailable(
            f"There is no store {path}. "
            "`pilotcities serve` makes and seeds it, `pilotcities migrate` only makes it."
        )
    with opened(settings) as engine:
        present, wanted = present_revision(engine), wanted_revision()
        if present != wanted:
            raise StoreUnavailable(
                f"The store is at schema {present}, this code wants {wanted}. "
                "Run `pilotcities migrate` (serving does it too)."
            )
        yield engine


def seed_once(engine: Engine, settings: Settings) -> None:
    """Seed a store that has never been seeded and holds nothing."""
    log = structlog.get_logger("pilotcities")
    with reading(engine) as connection:
        if not _is_new(connection):
            return
    items = seeding.load(seeding.bundle_files([], settings.seed_dir))
    with writing(engine) as connection:
        if _is_new(connection):  # another server may have seeded it in the meantime
            plan = seeding.apply(connection, items, Door("seed"))
            log.info("seeded", records=len(plan.steps))


def _is_new(connection: Connection) -> bool:
    row = connection.execute(select(Store.seeded_at, Store.seq)).one()
    return row.seeded_at is None and not row.seq
