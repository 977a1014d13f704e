"""The command line. Each command opens the store and calls one service."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from .. import contract
from ..app import create_app
from ..errors import PilotCitiesError
from ..services import checking
from ..services.contents import open_contents
from ..services.database import reading, writing
from ..services.migrating import migrate, new_revision, present_revision
from ..services.text_worker import Worker
from ..settings import Settings, project_version
from ..web.metrics import share_counts
from ..web.observe import configure_log
from ..web.serving import serve as serve_app
from .contracts import contract_commands
from .files import files, opened_contents, read_texts
from .history import log, redact
from .opening import opened, seed_once, store_of
from .seeds import seed
from .tokens import token


class Commands(click.Group):
    """A group whose commands tell the application's errors in words, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except PilotCitiesError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            raise  # whoever read our output has seen enough: click ends quietly
        except OSError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the embedded store (the setting DATA_DIR; else var/ in the checkout).",
)
@click.version_option(project_version())
@click.pass_context
def main(ctx: click.Context, data: Path | None) -> None:
    """Pilot Cities: serve and keep what was learned in the pilot cities.

    \b
    A new checkout:
      pilotcities serve         make the store, seed it once, and serve it
    Keep the seeds:
      pilotcities seed plan     show what applying the seed files would change
      pilotcities seed apply    change it, all or nothing
    Let someone write over HTTP:
      pilotcities token issue   make a token; list and revoke show and end them
    See and mend what was written:
      pilotcities log           the journal, newest last; --follow goes on
      pilotcities redact        blank the texts of an old version that must not stay
    Look after the store:
      pilotcities check         do tables, snapshots and search index agree?
      pilotcities rebuild       make the search index anew, and read the files again
      pilotcities files         read, check and prune the contents of files
    Keep the contract (for developers):
      pilotcities contract check    tell what would break clients of the last release

    Settings come from the environment: DATA_DIR, DATABASE_URL, PUBLIC_URL, HOST, PORT, PROCESSES,
    THREADS, MAX_BODY_BYTES, MAX_IMPORT_BYTES, MAX_FILE_BYTES, FILES_URL, STATEMENT_SECONDS,
    CACHE_BYTES, CACHE_MILLISECONDS, SEED_DIR, LOG_LEVEL.
    """
    try:
        settings = Settings.from_env()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    ctx.obj = replace(settings, data_dir=data.resolve()) if data else settings


@main.command()
@click.option("--host", help="The address to listen on (HOST; else 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port (PORT; else 8000).")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the embedded store.",
)
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None, data: Path | None) -> None:
    """Bring the store up to date, seed it if it never was, and serve it.

    A store that was seeded once is not seeded again: what admins wrote stays. From then on only
    `pilotcities seed apply` writes seeds.
    """
    settings = replace(
        settings,
        host=host or settings.host,
        port=settings.port if port is None else port,
        data_dir=data.resolve() if data else settings.data_dir,
    )
    if settings.public_url == Settings.public_url:
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        settings = replace(settings, public_url=f"http://{name}:{settings.port}")
    configure_log(settings.log_level)
    with (
        opened(settings, settings.threads + 2) as engine,
        TemporaryDirectory(prefix="pilotcities-") as counts,
    ):
        migrate(engine)
        seed_once(engine, settings)
        share_counts(Path(counts))
        app = create_app(settings, engine)
        contents = open_contents(settings.files_url, settings.data_dir)
        engine.dispose()  # each process opens connections of its own
        serve_app(app, settings, [Worker(engine, contents)])


@main.command("migrate")
@click.pass_obj
def migrate_command(settings: Settings) -> None:
    """Make the store's schema, or bring it up to date."""
    with opened(settings) as engine:
        migrate(engine)
        click.echo(f"The store is at schema {present_revision(engine)}.")


for command in (seed, token, log, redact, files, contract_commands):
    main.add_command(command)


@main.command("openapi")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file is not current.")
@click.pass_obj
def openapi(settings: Settings, check: bool) -> None:
    """Write openapi.yaml, the contract, and seed/bundle.schema.json, the form of bundles."""
    stale = contract.stale(settings)
    for path, text in stale.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        click.echo(f"{path.name} {'is not current' if check else 'was written'}.")
    if stale and check:
        raise click.ClickException("Run `pilotcities openapi`.")
    if not stale:
        click.echo("The generated files are current.")


@main.command()
@click.argument("message")
@click.pass_obj
def revision(settings: Settings, message: str) -> None:
    """Write a migration from what the models have and the store has not (for developers).

    The store must be at the newest migration; use a store of its own: --data FOLDER.
    """
    with store_of(settings) as engine:
        new_revision(engine, message)


@main.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Make the search index anew, and read the stored files again. The server may go on."""
    with opened_contents(settings) as (engine, contents):
        with writing(engine) as connection:
            done = checking.rebuild(connection)
        click.echo(f"The search index holds {done} records.")
        read_texts(engine, contents, again=True)


@main.command()
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
