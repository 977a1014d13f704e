"""The command that serves."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ..app import create_app
from ..services.contents import open_contents
from ..services.migrating import migrate
from ..services.text_worker import Worker
from ..settings import Settings
from ..web.metrics import share_counts
from ..web.observe import configure_log
from ..web.serving import serve as serve_app
from .opening import opened, seed_once


@click.command()
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
    if settings.public_url == Settings.public_url:
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        settings = replace(settings, public_url=f"http://{name}:{settings.port}")
    configure_log(settings.log_level)
    with (
        opened(settings, settings.threads + 2) as engine,
        TemporaryDirectory(prefix="pilotcities-") as counts,
    ):
        migrate(engine)
        seed_once(engine, settings)
        share_counts(Path(counts))
        app = create_app(settings, engine)
        contents = open_contents(settings.files_url, settings.data_dir)
        engine.dispose()  # each process opens connections of its own
        serve_app(app, settings, [Worker(engine, contents)])
