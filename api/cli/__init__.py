"""The command line. Each command opens the store and calls one service."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ..errors import PilotCitiesError
from ..settings import Settings, project_version

PLACES = {
    "serve": "serving:serve",
    "migrate": "store:migrate_command",
    "seed": "seeds:seed",
    "token": "tokens:token",
    "log": "history:log",
    "redact": "history:redact",
    "check": "store:check",
    "rebuild": "store:rebuild",
    "revision": "store:revision",
    "files": "files:files",
    "openapi": "contracts:openapi",
    "contract": "contracts:contract_commands",
}
"""Command → its module and name there. A command loads what it needs, and not the web application,
which takes as long as a third of what most of them need.
"""


class Commands(click.Group):
    """A group whose commands tell the application's errors in words, with exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, for the help."""
        return sorted(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded now; None when there is none of that name."""
        module, _, name = PLACES.get(cmd_name, "").partition(":")
        if not module:
            return None
        found: click.Command = getattr(import_module(f".{module}", __package__), name)
        return found

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
