"""How plans and progress are shown."""

import contextlib
import difflib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import click
import orjson

from ..services.catalog import Outcome
from ..services.plans import Step
from ..services.seeding import Progress

SIGNS = {
    Outcome.CREATED: "+",
    Outcome.UPDATED: "~",
    Outcome.DELETED: "-",
    Outcome.CONFLICT: "!",
}
MANY = 200


@contextlib.contextmanager
def progress_bar(total: int, label: str) -> Iterator[Progress | None]:
    """Show a bar for a long run, on standard error."""
    if total < MANY:
        yield None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield lambda done, _: bar.update(done - bar.pos)


@contextlib.contextmanager
def progress_of_file(lines: BinaryIO, size: int) -> Iterator[Callable[[int], None]]:
    """Show how far a file is read, on standard error."""
    with click.progressbar(length=size, label="Reading", file=sys.stderr) as bar:
        yield lambda _: bar.update(lines.tell() - bar.pos)


def shown_indexing(statements: Sequence[str]) -> Iterator[str]:
    """Yield statements, and show on standard error how many are done."""
    with click.progressbar(statements, label="Indexing", file=sys.stderr) as bar:
        yield from bar


def show_steps(
    steps: Sequence[Step],
    counts: Counter[Outcome],
    *,
    done: bool = False,
    truncated: bool = False,
) -> None:
    """Print each step that does something, and how many there are of each kind."""
    for step in steps:
        if step.outcome in SIGNS:
            click.echo(f"{SIGNS[step.outcome]} {step.collection.name}/{step.id}")
            for field, (before, after) in step.changes.items():
                click.echo(f"    {field}: {_difference(before, after)}")
    if truncated:
        click.echo("… and more, which are not shown.")
    unchanged = counts[Outcome.UNCHANGED]
    if unchanged == sum(counts.values()):
        click.echo(f"Nothing to do: {unchanged} records are as in the files.")
        return
    did = ("created", "updated") if done else ("to create", "to update")
    rest = [
        f"{counts[outcome]} {word}"
        for outcome, word in (
            (Outcome.DELETED, "deleted" if done else "to delete"),
            (Outcome.CONFLICT, "in conflict"),
        )
        if counts[outcome]
    ]
    told = [f"{counts[Outcome.CREATED]} {did[0]}", f"{counts[Outcome.UPDATED]} {did[1]}", *rest]
    click.echo(f"{', '.join(told)}, {unchanged} unchanged.")


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
