"""The commands that make a store and look after it."""

import click

from ..services import checking
from ..services.database import reading, writing
from ..services.migrating import migrate, new_revision, present_revision
from ..settings import Settings
from .files import opened_contents, read_texts
from .opening import opened, store_of


@click.command("migrate")
@click.pass_obj
def migrate_command(settings: Settings) -> None:
    """Make the store's schema, or bring it up to date."""
    with opened(settings) as engine:
        migrate(engine)
        click.echo(f"The store is at schema {present_revision(engine)}.")


@click.command()
@click.argument("message")
@click.pass_obj
def revision(settings: Settings, message: str) -> None:
    """Write a migration from what the models have and the store has not (for developers).

    The store must be at the newest migration; use a store of its own: --data FOLDER.
    """
    with store_of(settings) as engine:
        new_revision(engine, message)


@click.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Make the search index anew, and read the stored files again. The server may go on."""
    with opened_contents(settings) as (engine, contents):
        with writing(engine) as connection:
            done = checking.rebuild(connection)
        click.echo(f"The search index holds {done} records.")
        read_texts(engine, contents, again=True)


@click.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Tell whether tables, snapshots and search index agree; exit status 1 if not."""
    found = 0
    with store_of(settings) as engine, reading(engine) as connection:
        for sentence in checking.check(connection):
            found += 1
            click.echo(sentence)
    if found:
        raise click.ClickException(f"{found} disagreements.")
    click.echo("Tables, snapshots and search index agree.")
