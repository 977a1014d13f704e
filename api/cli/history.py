"""The commands that show the journal and blank old versions."""

import time

import click

from ..services import history
from ..services.database import reading, writing
from ..services.doors import spelled
from ..services.history import Version
from ..services.records import BY_NAME
from ..services.upkeep import shred
from ..settings import Settings
from .opening import store_of

PAGE = 500


@click.command()
@click.option("--after", type=click.IntRange(0), default=None, help="Begin after this number.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--follow", "-f", is_flag=True, help="Go on with what is written, until Ctrl-C.")
@click.pass_obj
def log(settings: Settings, after: int | None, last: int, follow: bool) -> None:
    """Show the journal, newest last: number, when, what, by which door and whom."""
    with store_of(settings) as engine:
        with reading(engine) as connection:
            end = history.end(connection)
        at = max(0, end - last) if after is None else after
        while True:
            with reading(engine) as connection:
                entries = history.log(connection, at, PAGE)
            for entry in entries:
                click.echo(_line(entry))
                at = entry.seq
            if not entries and not follow:
                return
            if not entries:
                time.sleep(0.5)


def printable(text: str) -> str:
    """Return a text in one line of a terminal: a line break or a sign of control is escaped."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _line(entry: Version) -> str:
    who = f"{entry.door}{' by ' + entry.actor if entry.actor else ''}"
    why = f": {printable(entry.reason)}" if entry.reason else ""
    return (
        f"{entry.seq}  {spelled(entry.at)}  {entry.op} "
        f"{entry.collection}/{entry.record_id} v{entry.version}  ({who}){why}"
    )


@click.command()
@click.argument("type_", metavar="TYPE", type=click.Choice(list(BY_NAME)))
@click.argument("id_", metavar="ID")
@click.argument("version", type=click.IntRange(1))
@click.confirmation_option(prompt="Its texts cannot be brought back. Blank them?")
@click.pass_obj
def redact(settings: Settings, type_: str, id_: str, version: int) -> None:
    """Blank the texts of an old VERSION that must not stay, and leave the fact of it.

    The current version cannot be redacted: change the record first. --yes does not ask.
    """
    with store_of(settings) as engine:
        with writing(engine) as connection:
            history.redact(connection, BY_NAME[type_], id_, version)
        shred(engine)
    click.echo(f"Version {version} of {type_}/{id_} is redacted.")
