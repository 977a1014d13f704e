"""Which contenders stand on the stage of a run, on which database, and what each is asked."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from sqlalchemy import create_engine

from tests.postgres import temporary_cluster

from . import servers
from .asking import cursors, get
from .asks import OURS_ALONE, asked, ours, peer
from .making import fill_ours, fill_peers
from .places import bodies_of, lines_of, logs_of, peers_of, store_of
from .servers import Contender, Running

CONTENDERS = ("warm", "cold", "constant", "nginx", "fastapi", "naive")
LIMITS = ("constant", "nginx")
"""What serves bytes that are ready: of each item the bytes of our first answer."""
OURS = ("warm", "cold")


@dataclass
class Stage:
    """The contenders that run, and item → contender → the paths that it is asked for."""

    size: str
    servers: dict[str, Running] = field(default_factory=dict)
    paths: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    store: dict[str, str] = field(default_factory=dict)
    """The settings by which our command line reaches our store."""


def kind_of(name: str) -> str:
    """Return what a contender is, without the server that it was given: `warm@granian` is warm."""
    return name.partition("@")[0]


@contextmanager
def stage(
    size: str, names: list[str], items: list[str], server: str, database: str
) -> Iterator[Stage]:
    """Start what is asked for; ours comes first, as the others need its bytes and cursors."""
    with ExitStack() as stack:
        peers_url, store = _databases(size, names, database, stack)
        made = Stage(size, store=store)
        logs, bodies = logs_of(size), bodies_of(size)

        def start(name: str) -> None:
            kind, _, own = name.partition("@")
            ways: dict[str, Callable[[], Contender | None]] = {
                "warm": lambda: servers.ours(name, own or server, store),
                "cold": lambda: servers.ours(name, own or server, store | {"CACHE_BYTES": "0"}),
                "constant": lambda: servers.constant(name, own or server, bodies),
                "nginx": lambda: servers.nginx(bodies, logs / "nginx"),
                "fastapi": lambda: servers.fastapi(peers_url),
                "naive": lambda: servers.naive(peers_url),
            }
            if found := ways[kind]():
                made.servers[name] = stack.enter_context(servers.running(found, logs))

        for name in (each for each in names if kind_of(each) in OURS):
            start(name)
        _spell(made, items, names)
        _keep_bodies(made, items)
        for name in (each for each in names if kind_of(each) not in OURS):
            start(name)
        yield made


def _spell(made: Stage, items: list[str], names: list[str]) -> None:
    known = cursors(next(iter(made.servers.values())).base, made.size) if made.servers else {}
    questions = asked(made.size)
    for item in items:
        paths: dict[str, list[str]] = {}
        for name in names:
            if kind_of(name) in OURS:
                paths[name] = [ours(item, what, known) for what in questions[item]]
            elif kind_of(name) in LIMITS:
                paths[name] = [f"/{item}.json"]
            elif item not in OURS_ALONE:
                numbers = name == "naive"
                paths[name] = [peer(item, what, by_numbers=numbers) for what in questions[item]]
        made.paths[item] = paths


def _keep_bodies(made: Stage, items: list[str]) -> None:
    """Keep an answer of ours of each item, the middle one by length among the first."""
    name, server = next(iter(made.servers.items()))
    folder = bodies_of(made.size)
    folder.mkdir(parents=True, exist_ok=True)
    for item in items:
        bodies = [get(server.base, path).body for path in made.paths[item][name][:15]]
        (folder / f"{item}.json").write_bytes(sorted(bodies, key=len)[len(bodies) // 2])


def _databases(
    size: str, names: list[str], database: str, stack: ExitStack
) -> tuple[str, dict[str, str]]:
    """Return the peers' address and our settings; a PostgreSQL is filled for this run alone."""
    if database == "sqlite":
        return f"sqlite:///{peers_of(size)}", {"DATA_DIR": str(store_of(size))}
    cluster = stack.enter_context(temporary_cluster())
    for name in ("ours", "peers"):
        cluster.create_database(name)
    store = {"DATABASE_URL": cluster.url("ours")}
    fill_ours(lines_of(size), store)
    if set(names) & {"fastapi", "naive"}:
        engine = create_engine(cluster.url("peers"))
        fill_peers(size, engine)
        engine.dispose()
    return cluster.url("peers"), store
