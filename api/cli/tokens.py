"""The commands that issue, list and revoke tokens."""

import re
from datetime import datetime, timedelta
from typing import Any

import click

from ..schemas.fields import SLUG
from ..services import tokens
from ..services.database import migrating, reading
from ..services.records import CITIES
from ..services.references import existing
from ..services.tokens import Scope
from ..settings import Settings
from .opening import store_of

UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Duration(click.ParamType[timedelta]):
    """A length of time: a number and m, h, d or w."""

    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Return the length of time."""
        found = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", str(value))
        if found is None:
            self.fail(f"{value!r} is not like 90d, 12h or 30m", param, ctx)
        return timedelta(seconds=int(found[1]) * UNITS[found[2]])


@click.group()
def token() -> None:
    """Issue, list and revoke the tokens of those who write over HTTP. Reading needs none."""


@token.command("issue")
@click.option("--name", required=True, help="Whose token it is; shown beside what it wrote.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it allows; admin allows all. May be given several times.",
)
@click.option(
    "--city", "cities", multiple=True, help="Bind it to a city; may be given several times."
)
@click.option("--expires", type=Duration(), help="When it ends, like 90d or 12h; else never.")
@click.pass_obj
def issue(
    settings: Settings,
    name: str,
    scopes: tuple[str, ...],
    cities: tuple[str, ...],
    expires: timedelta | None,
) -> None:
    """Make a token. It is shown this once, alone on the last line.

    A token bound to cities writes only records all of whose cities are among them, and no record
    without a city.
    """
    if not 1 <= len(name) <= 100 or not name.isprintable() or not name.strip():
        raise click.ClickException("A name is one line of 1 to 100 characters.")
    for city in cities:
        if not re.fullmatch(SLUG, city):
            raise click.ClickException(f"{city!r} cannot be the id of a city.")
    with store_of(settings) as engine, migrating(engine) as connection:
        unknown = sorted(set(cities) - existing(connection, CITIES, cities))
        made = tokens.issue(connection, name, [Scope(each) for each in scopes], cities, expires)
    for city in unknown:
        click.echo(f"Note: there is no city {city} yet; the token may create it.", err=True)
    bound = f" for {', '.join(cities)}" if cities else ""
    click.echo(f"Token of {name}{bound}, scopes {', '.join(scopes)}. It is not shown again:")
    click.echo(made)


@token.command("list")
@click.pass_obj
def list_tokens(settings: Settings) -> None:
    """List tokens, oldest first, without what would let anyone use them."""
    with store_of(settings) as engine, reading(engine) as connection:
        rows = tokens.listed(connection)
    for row in rows:
        state = "revoked" if row["revoked_at"] else "expires " + _day(row["expires_at"], "never")
        click.echo(
            f"{row['name']}: {', '.join(row['scopes'])}; "
            f"cities {', '.join(row['cities'] or ['any'])}; issued {_day(row['created_at'], '')}; "
            f"{state}; last used {_day(row['last_used_at'], 'never')}"
        )
    if not rows:
        click.echo("There are no tokens.")


def _day(at: datetime | None, otherwise: str) -> str:
    return otherwise if at is None else at.strftime("%Y-%m-%d %H:%MZ")


@token.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke(settings: Settings, name: str) -> None:
    """End the token of that NAME at once."""
    if not name.isprintable() or name.startswith(tokens.PREFIX):
        raise click.ClickException("That is not the name of a token; `token list` shows them.")
    with store_of(settings) as engine, migrating(engine) as connection:
        tokens.revoke(connection, name)
    click.echo(f"The token {name} is revoked.")
