"""What tests of every kind look at in a store, and how they break one."""

from typing import Any

from sqlalchemy import Engine, Row, select

from api.models import Change
from api.services import checking
from api.services.database import reading


def journal(engine: Engine) -> list[Row[Any]]:
    """Return the journal, in order."""
    with reading(engine) as connection:
        return list(connection.execute(select(Change.__table__).order_by(Change.seq)))


def disagreements(engine: Engine) -> list[str]:
    """Return what `pilotcities check` would say."""
    with reading(engine) as connection:
        return list(checking.check(connection))


def damage(engine: Engine, *statements: str) -> None:
    """Run raw SQL with no foreign key in force: what a broken disk or a careless hand does."""
    off, on = {
        "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"),
        "postgresql": ("SET session_replication_role=replica", "RESET session_replication_role"),
    }[engine.dialect.name]
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in (off, *statements, on):
            cursor.execute(statement)
        connection.commit()
    finally:
        connection.close()
