"""The commands that look after the contents of files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from sqlalchemy import Engine

from ..services import file_upkeep
from ..services.contents import Contents, open_contents
from ..services.database import reading
from ..services.doors import spelled
from ..services.text_reading import read_file, tasks
from ..settings import Settings
from .opening import store_of


@contextmanager
def opened_contents(settings: Settings) -> Iterator[tuple[Engine, Contents]]:
    """Open the store and the place of contents."""
    with store_of(settings) as engine:
        yield engine, open_contents(settings.files_url, settings.data_dir)


@click.group()
def files() -> None:
    """Read, check and tidy the stored contents of documents' files."""


@files.command("read")
@click.option("--again", is_flag=True, help="Also those that were read before.")
@click.pass_obj
def read(settings: Settings, again: bool) -> None:
    """Read the text of the stored PDFs that wait for it, as a running server does by itself."""
    with opened_contents(settings) as (engine, contents):
        count = read_texts(engine, contents, again=again)
    click.echo(f"{count} files were waiting.")


def read_texts(engine: Engine, contents: Contents, *, again: bool) -> int:
    """Read files and say what became of each; return how many they were."""
    with reading(engine) as connection:
        waiting = tasks(connection, again=again)
    for task in waiting:
        try:
            status = read_file(engine, contents, task, again=again)
        except FileNotFoundError:
            click.echo(f"{task}: its content is missing", err=True)
        else:
            click.echo(f"{task}: {status.value if status else 'has changed meanwhile'}")
    return len(waiting)


@files.command("check")
@click.pass_obj
def check(settings: Settings) -> None:
    """Tell whether each file's content is there and whole; exit status 1 if not."""
    wrong = 0
    with opened_contents(settings) as (engine, contents):
        for sentence in file_upkeep.damage(engine, contents):
            wrong += 1
            click.echo(sentence)
    if wrong:
        raise click.ClickException(f"{wrong} contents are missing or damaged.")
    click.echo("Every file's content is there and whole.")


@files.command("prune")
@click.option("--yes", is_flag=True, help="Remove them; without it they are only shown.")
@click.option(
    "--grace",
    type=click.IntRange(0),
    default=24,
    show_default=True,
    help="Hours for which a content is left alone; 0 only while nobody uploads.",
)
@click.pass_obj
def prune(settings: Settings, yes: bool, grace: int) -> None:
    """Show the contents that no document names any more; with --yes, remove them.

    Older versions that named them keep their digests, and cannot have their bytes back.
    """
    with opened_contents(settings) as (engine, contents):
        found = file_upkeep.prune(engine, contents, doing=yes, grace=timedelta(hours=grace))
    for each in found:
        click.echo(f"{each.sha256}  kept since {spelled(each.kept_at)}")
    click.echo(f"{len(found)} contents {'were' if yes else 'would be'} removed.")
