"""The commands that keep the contract: what breaks clients, and releases."""

from datetime import UTC, datetime
from pathlib import Path

import click

from .. import contract
from ..breaks.documents import breaks
from ..release import Release
from ..settings import ROOT, Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("contract")
def contract_commands() -> None:
    """Compare contracts, and release them."""


@contract_commands.command()
@click.argument("old", type=FILE, default=contract.RELEASED)
@click.argument("new", type=FILE, default=contract.PATH)
def check(old: Path, new: Path) -> None:
    """Tell what breaks clients of OLD when NEW takes its place; exit status 1 if anything does.

    Without arguments: openapi.yaml against the last release, contract/v1.yaml.
    """
    try:
        found = breaks(contract.read(old), contract.read(new))
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    for each in found:
        click.echo(f"{each.kind.id}  {each.where}\n    {each.sentence}")
    if found:
        raise click.ClickException(f"Breaks: {len(found)}.")
    click.echo("Nothing breaks.")


@contract_commands.command()
@click.argument("version")
@click.option(
    "--dry-run", is_flag=True, help="Check everything, say what would be done, do nothing."
)
@click.pass_obj
def release(settings: Settings, version: str, dry_run: bool) -> None:
    """Release VERSION: keep its contract, date its changes, commit and tag (for developers)."""

    def generate() -> None:
        for path, text in contract.stale(settings).items():
            path.write_text(text, encoding="utf-8")

    if contract.stale(settings):
        raise click.ClickException("The contract is not current: run `pilotcities openapi`.")
    planned = Release(ROOT, version, datetime.now(UTC).date(), generate)
    try:
        for step in planned.check():
            click.echo(step)
        if not dry_run:
            planned.do()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        "Nothing was done." if dry_run else f"Released {version}; push the commit and the tag."
    )


@click.command("openapi")
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
