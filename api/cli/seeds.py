"""The commands that see and apply seed bundles."""

import contextlib
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from ..services import seeding
from ..services.catalog import Outcome
from ..services.database import reading, writing
from ..services.doors import Door
from ..services.plans import Plan
from ..services.seeding import Progress
from ..settings import Settings
from .opening import store_of

SIGNS = {
    Outcome.CREATED: "+",
    Outcome.UPDATED: "~",
    Outcome.UNCHANGED: "=",
    Outcome.DELETED: "-",
    Outcome.CONFLICT: "!",
}
MANY = 200
FILES = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILES]..."
)


@click.group()
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
        store_of(settings) as engine,
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
        store_of(settings) as engine,
        writing(engine) as connection,
        _progress(len(items), "Writing") as progress,
    ):
        plan = seeding.apply(connection, items, Door("seed"), progress)
    _show(plan, done=True)


@contextlib.contextmanager
def _progress(total: int, label: str) -> Iterator[Progress | None]:
    """Show a bar for a long run, on standard error."""
    if total < MANY:
        yield None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield lambda done, _: bar.update(done - bar.pos)


def _show(plan: Plan, *, done: bool = False) -> None:
    for step in plan.steps:
        if step.outcome is not Outcome.UNCHANGED:
            click.echo(f"{SIGNS[step.outcome]} {step.collection.name}/{step.id}")
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
