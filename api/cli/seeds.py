"""The commands that see and apply seed bundles."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from ..services import seeding, streaming
from ..services.database import reading, writing
from ..services.doors import Door
from ..services.filling import filling
from ..services.spreadsheets import write_template
from ..services.stream_lines import MANY, Check, all_cores, checked_one_by_one
from ..services.upkeep import analyse, expect_much
from ..settings import Settings
from .opening import store_of
from .showing import progress_bar, progress_of_file, show_steps, shown_indexing

STREAMED = ".ndjson"
DOOR = Door("seed")
FILES = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILES]..."
)
PRUNE = click.option(
    "--prune", is_flag=True, help="Delete what lies wholly in the bundle's cities and is not in it."
)


@click.group()
def seed() -> None:
    """See and apply seed bundles, which hold records by collection and id.

    FILES are bundles (.yaml, .json, .xlsx), folders of them, or a stream of records (.ndjson, one
    {"type", "data"} a line, of any size); without them, the project's own bundles in seed/.
    """


@seed.command("plan")
@FILES
@PRUNE
@click.pass_obj
def seed_plan(settings: Settings, files: tuple[Path, ...], prune: bool) -> None:
    """Show what `seed apply` would do. Changes nothing.

    + create, ~ change (field by field), - delete, ! the store has a newer version than the one
    that the bundle was made from: applying is refused.
    """
    with store_of(settings) as engine:
        if _is_stream(files, prune):
            _stream(engine, files[0], applying=False)
            return
        items = seeding.load(seeding.bundle_files(files, settings.seed_dir))
        with (
            reading(engine) as connection,
            progress_bar(len(items), "Comparing") as progress,
        ):
            plan = seeding.plan(connection, items, progress, prune=prune)
    show_steps(plan.steps, plan.counts)


@seed.command("apply")
@FILES
@PRUNE
@click.pass_obj
def seed_apply(settings: Settings, files: tuple[Path, ...], prune: bool) -> None:
    """Do what `seed plan` shows: all of it, or nothing."""
    with store_of(settings) as engine:
        if _is_stream(files, prune):
            _stream(engine, files[0], applying=True)
            return
        items = seeding.load(seeding.bundle_files(files, settings.seed_dir))
        with writing(engine) as connection, progress_bar(len(items), "Writing") as progress:
            plan = seeding.apply(connection, items, DOOR, progress, prune=prune)
        analyse(engine)
    show_steps(plan.steps, plan.counts, done=True)


@seed.command("template")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default="bundle.xlsx")
@click.option("--filled", is_flag=True, help="Fill it with the records of the seed folder.")
@click.pass_obj
def seed_template(settings: Settings, path: Path, filled: bool) -> None:
    """Write a workbook to fill in: a sheet a record type, with help and drop-down lists.

    PATH is bundle.xlsx when left out; a file that is there is not overwritten. Filled in, it goes
    to `seed plan` and `seed apply`, or to /api/v1/imports.
    """
    if path.exists():
        raise click.ClickException(f"{path} is there already; name another file.")
    bundles: dict[str, dict[str, dict[str, Any]]] = {}
    if filled:
        for item in seeding.load(seeding.bundle_files([], settings.seed_dir)):
            bundles.setdefault(item.collection.name, {})[item.record["id"]] = item.record
    write_template(path, bundles)
    click.echo(f"{path} was written.")


def _is_stream(files: tuple[Path, ...], prune: bool) -> bool:
    streams = [path for path in files if path.suffix == STREAMED]
    if streams and (len(files) > 1 or prune):
        raise click.UsageError("A .ndjson stream comes alone, and without --prune.")
    return bool(streams)


def _checking(engine: Engine, many: bool, applying: bool) -> AbstractContextManager[Check]:
    if many:
        return all_cores(vectors=applying and engine.dialect.name == "postgresql")
    return nullcontext(checked_one_by_one)


def _stream(engine: Engine, path: Path, *, applying: bool) -> None:
    size = path.stat().st_size
    many = size > MANY
    engine.dispose()  # the processes that check the lines shall hold none of its connections
    with (
        _checking(engine, many, applying) as check,
        path.open("rb") as lines,
        writing(engine) if applying else reading(engine) as connection,
        filling(connection, shown_indexing) if many and applying else nullcontext(),
        progress_of_file(lines, size) as progress,
    ):
        expect_much(connection)
        made = streaming.stream(
            connection, lines, path.name, DOOR, applying=applying, progress=progress, check=check
        )
    if applying:
        analyse(engine)
    show_steps(made.steps, made.counts, done=applying, truncated=made.truncated)
