"""The commands that see and apply seed bundles."""

from pathlib import Path

import click
from sqlalchemy import Engine

from ..services import seeding, streaming
from ..services.database import reading, writing
from ..services.doors import Door
from ..settings import Settings
from .opening import store_of
from .showing import progress_bar, progress_of_file, show_steps

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

    FILES are bundles (.yaml, .json), folders of bundles, or a stream of records (.ndjson, one
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
    show_steps(plan.steps, plan.counts, done=True)


def _is_stream(files: tuple[Path, ...], prune: bool) -> bool:
    streams = [path for path in files if path.suffix == STREAMED]
    if streams and (len(files) > 1 or prune):
        raise click.UsageError("A .ndjson stream comes alone, and without --prune.")
    return bool(streams)


def _stream(engine: Engine, path: Path, *, applying: bool) -> None:
    with (
        path.open("rb") as lines,
        writing(engine, dry_run=not applying) as connection,
        progress_of_file(lines, path.stat().st_size) as progress,
    ):
        made = streaming.stream(
            connection, lines, path.name, DOOR, applying=applying, progress=progress
        )
    show_steps(made.steps, made.counts, done=applying, truncated=made.truncated)
