"""The command line. Each command opens the store and calls one service."""

import contextlib
import difflib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import orjson
import structlog
from sqlalchemy import Engine, select

from . import contract
from .app import create_app
from .errors import PilotCitiesError, StoreUnavailable
from .models import Store
from .services import checking, seeding
from .services.catalog import Door, Outcome
from .services.database import open_engine, reading, writing
from .services.migrating import migrate, present_revision, wanted_revision
from .settings import Settings
from .web.observe import configure_log
from .web.serving import serve as serve_app

SIGNS = {Outcome.CREATED: "+", Outcome.UPDATED: "~", Outcome.UNCHANGED: "="}
MANY = 200
FILES = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILES]..."
)


class Commands(click.Group):
    """A group whose commands tell the application's errors in words, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except PilotCitiesError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the embedded store (the setting DATA_DIR; else var/ in the checkout).",
)
@click.version_option(package_name="pilot-cities")
@click.pass_context
def main(ctx: click.Context, data: Path | None) -> None:
    """Pilot Cities: serve and keep what was learned in the pilot cities.

    \b
    A new checkout:
      pilotcities serve         make the store, seed it once, and serve it
    Keep the seeds:
      pilotcities seed plan     show what applying the seed files would change
      pilotcities seed apply    change it, all or nothing
    Look after the store:
      pilotcities check         do tables, snapshots and search index agree?
      pilotcities rebuild       make the search index anew

    Settings come from the environment: DATA_DIR, DATABASE_URL, PUBLIC_URL, HOST, PORT, THREADS,
    MAX_BODY_BYTES, STATEMENT_SECONDS, SEED_DIR, LOG_LEVEL.
    """
    try:
        settings = Settings.from_env()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    ctx.obj = replace(settings, data_dir=data.resolve()) if data else settings


@contextlib.contextmanager
def _store(settings: Settings) -> Iterator[Engine]:
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
    if settings.public_url == Settings.public_url and (host or port):
        settings = replace(settings, public_url=f"http://{settings.host}:{settings.port}")
    configure_log(settings.log_level)
    engine = open_engine(settings.store_url, settings.statement_seconds, settings.threads + 2)
    migrate(engine)
    seed_once(engine, settings)
    serve_app(create_app(settings, engine), settings)


def seed_once(engine: Engine, settings: Settings) -> None:
    """Seed a store that has never been seeded and holds nothing."""
    log = structlog.get_logger("pilotcities")
    with reading(engine) as connection:
        row = connection.execute(select(Store.seeded_at, Store.seq)).one()
    if row.seeded_at is not None or row.seq:
        return
    items = seeding.load(seeding.bundle_files([], settings.seed_dir))
    with writing(engine) as connection:
        plan = seeding.apply(connection, items, Door("seed"))
    log.info("seeded", records=len(plan.steps))


@main.command("migrate")
@click.pass_obj
def migrate_command(settings: Settings) -> None:
    """Make the store's schema, or bring it up to date."""
    engine = open_engine(settings.store_url, settings.statement_seconds)
    migrate(engine)
    click.echo(f"The store is at schema {present_revision(engine)}.")
    engine.dispose()


@main.group()
def seed() -> None:
    """See and apply seed bundles: YAML files that hold records by collection and id.

    FILES are bundles or folders of bundles; without them, the project's own in seed/.
    """


@seed.command("plan")
@FILES
@click.pass_obj
def seed_plan(settings: Settings, files: tuple[Path, ...]) -> None:
    """Show what `seed apply` would create and change. Changes nothing."""
    items = seeding.load(seeding.bundle_files(files, settings.seed_dir))
    with (
        _store(settings) as engine,
        reading(engine) as connection,
        _progress(len(items), "Comparing") as progress,
    ):
        plan = seeding.plan(connection, items, progress)
    _show(plan)


@seed.command("apply")
@FILES
@click.pass_obj
def seed_apply(settings: Settings, files: tuple[Path, ...]) -> None:
    """Create and change what `seed plan` shows: all of it, or nothing."""
    items = seeding.load(seeding.bundle_files(files, settings.seed_dir))
    with (
        _store(settings) as engine,
        writing(engine) as connection,
        _progress(len(items), "Writing") as progress,
    ):
        plan = seeding.apply(connection, items, Door("seed"), progress)
    _show(plan, done=True)


@contextlib.contextmanager
def _progress(total: int, label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar for a long run, on standard error."""
    if total < MANY:
        yield None
        return
    with click.progressbar(length=total, label=label, file=click.get_text_stream("stderr")) as bar:

        def show(done: int, _: int) -> None:
            bar.update(done - bar.pos)

        yield show


def _show(plan: seeding.Plan, *, done: bool = False) -> None:
    for step in plan.steps:
        if step.outcome is not Outcome.UNCHANGED:
            name, record_id = step.item.key
            click.echo(f"{SIGNS[step.outcome]} {name}/{record_id}")
            for field, (before, after) in step.changes.items():
                click.echo(f"    {field}: {_difference(before, after)}")
    counts = plan.counts
    if plan.nothing_to_do:
        click.echo(f"Nothing to do: {len(plan.steps)} records are as in the files.")
        return
    did = ("created", "updated") if done else ("to create", "to update")
    click.echo(
        f"{counts[Outcome.CREATED]} {did[0]}, {counts[Outcome.UPDATED]} {did[1]}, "
        f"{counts[Outcome.UNCHANGED]} unchanged."
    )


def _difference(before: Any, after: Any) -> str:
    if isinstance(before, str) and isinstance(after, str):
        return f"{_brief(before)} → {_brief(after)}"
    old, new = (orjson.dumps(each).decode() for each in (before, after))
    if max(len(old), len(new)) <= 100:
        return f"{old} → {new}"
    was, is_now = (
        orjson.dumps(each, option=orjson.OPT_INDENT_2).decode().splitlines()
        for each in (before, after)
    )
    changed = [
        line
        for line in difflib.unified_diff(was, is_now, n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    return "\n      " + "\n      ".join(changed)


def _brief(text: str) -> str:
    return repr(text if len(text) <= 200 else text[:199] + "…")


@main.command("openapi")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 if the file is not current."
)
@click.pass_obj
def openapi(settings: Settings, check: bool) -> None:
    """Write openapi.yaml, the contract, from the code and the seeds."""
    if check:
        current = contract.PATH.read_text(encoding="utf-8") if contract.PATH.exists() else ""
        if contract.text(settings) != current:
            raise click.ClickException("openapi.yaml is not current; run `pilotcities openapi`.")
        click.echo("openapi.yaml is current.")
        return
    changed = contract.write(settings)
    click.echo("openapi.yaml was written." if changed else "openapi.yaml is current.")


@main.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Make the search index anew from the snapshots. The server may go on meanwhile."""
    with _store(settings) as engine, writing(engine) as connection:
        done = checking.rebuild(connection)
    click.echo(f"The search index holds {done} records.")


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Tell whether tables, snapshots and search index agree; exit status 1 if not."""
    found = 0
    with _store(settings) as engine, reading(engine) as connection:
        for sentence in checking.check(connection):
            found += 1
            click.echo(sentence)
    if found:
        raise click.ClickException(f"{found} disagreements.")
    click.echo("Tables, snapshots and search index agree.")
