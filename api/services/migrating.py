"""The schema of the store: made and brought up to date by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from ..settings import ROOT

FOLDER = ROOT / "migrations"


def configuration(engine: Engine, folder: Path = FOLDER) -> Config:
    """Return Alembic's configuration for an engine."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision: all steps or none."""
    command.upgrade(configuration(engine), revision)


def unmigrate(engine: Engine, revision: str = "base") -> None:
    """Take the schema back to a revision."""
    command.downgrade(configuration(engine), revision)


def new_revision(engine: Engine, message: str) -> None:
    """Write a migration from the difference between the models and the store."""
    script = ScriptDirectory(str(FOLDER))
    number = f"{len(list(script.walk_revisions())) + 1:04d}"
    command.revision(configuration(engine), message, autogenerate=True, rev_id=number)


def wanted_revision() -> str | None:
    """Return the revision that this code expects."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def present_revision(engine: Engine) -> str | None:
    """Return the revision that the store is at."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
