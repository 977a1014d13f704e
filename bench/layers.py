"""Where the time of a cold answer goes, in microseconds a layer.

    var/bench/venv/bin/python -m bench.layers --size M --items W1,W2,W3,W5,W8 [--functions 12]

Our application is called in this process, without a server and without its cache: the whole takes
what the clock says, and each layer its share of what cProfile counts. cProfile makes Python look
dearer than C, so the share of SQLite and of JSON is rather more than is told here.
"""

import argparse
import cProfile
import pstats
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import cycle, islice
from statistics import median
from typing import Any

import orjson
from werkzeug.test import EnvironBuilder

from api.app import create_app
from api.settings import Settings

from .asking import walk
from .asks import ITEMS, asked, ours
from .places import store_of
from .records import SIZES

Environ = dict[str, Any]
Function = tuple[str, int, str]
LAYERS = {
    "SQLite": ("sqlite3.",),
    "JSON read": ("orjson.loads",),
    "JSON written": ("orjson.dumps",),
    "SQLAlchemy": ("/sqlalchemy/",),
    "Flask, Werkzeug": ("/flask/", "/werkzeug/", "/flask_cors/"),
    "smorest, marshmallow": ("/flask_smorest/", "/marshmallow/", "/webargs/"),
    "logging": ("/structlog/", "/logging/", "api/web/observe"),
    "projection": ("api/services/projection",),
    "our services": ("api/services/",),
    "our web layer": ("api/web/", "api/resources/", "api/formats/"),
}
OTHERS = "the rest"


def layer_of(function: Function) -> str:
    """Return the layer of a function, by its file or (of C) by its name."""
    file, _, name = function
    where = name if file == "~" else file
    found = (layer for layer, signs in LAYERS.items() if any(sign in where for sign in signs))
    return next(found, OTHERS)


def shares(stats: dict[Function, Any]) -> dict[str, float]:
    """Return layer → its share of the time. C functions of no layer count for their callers."""
    spent: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in stats.items():
        layer = layer_of(function)
        if layer == OTHERS and function[0] == "~":
            for caller, counted in callers.items():
                spent[layer_of(caller)] += counted[2]
        else:
            spent[layer] += own
    whole = sum(spent.values())
    return {layer: seconds / whole for layer, seconds in spent.items()}


def environ_of(path: str) -> Environ:
    """Return what a server tells of a GET."""
    path, _, query = path.partition("?")
    return EnvironBuilder(path=path, query_string=query).get_environ()


def call(app: Any, environ: Environ) -> bytes:
    """Ask the application as a server would; RuntimeError when it does not answer 200."""
    said: list[Any] = []
    parts = app.wsgi_app(dict(environ), lambda *given: said.extend(given[:2]))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    if not said[0].startswith("200"):
        raise RuntimeError(f"{environ['PATH_INFO']} answers {said[0]}: {body[:300]!r}")
    return body


def timed(app: Any, environs: Iterable[Environ]) -> list[float]:
    """Return the seconds of each call."""
    found = []
    for environ in environs:
        began = time.perf_counter()
        call(app, environ)
        found.append(time.perf_counter() - began)
    return found


def main() -> None:
    """Print a table, and the dearest functions of each item."""
    parser = argparse.ArgumentParser(prog="bench.layers", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--items", default="W1,W2,W3,W5,W8")
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--functions", type=int, default=0, help="show so many of the dearest")
    given = parser.parse_args()
    items = given.items.split(",")
    app = create_app(Settings(data_dir=store_of(given.size), cache_bytes=0, log_level="warning"))
    cursors = walk(lambda path: orjson.loads(call(app, environ_of(path))), given.size)
    questions = asked(given.size)
    columns = {}
    for item in items:
        each = [environ_of(ours(item, what, cursors)) for what in questions[item]]
        environs = list(islice(cycle(each), given.calls))
        timed(app, environs)
        whole = median(timed(app, environs))
        profile = cProfile.Profile()
        profile.runcall(timed, app, environs)
        stats = pstats.Stats(profile)
        columns[item] = {"the whole": whole} | {
            layer: share * whole
            for layer, share in shares(stats.stats).items()  # type: ignore[attr-defined]
        }
        if given.functions:
            print(f"{item}: {ITEMS[item]}, {len(environs)} calls")
            stats.sort_stats("tottime").print_stats(given.functions)
    print(f"| microseconds | {' | '.join(items)} |\n| --- |{' ---: |' * len(items)}")
    for layer in ("the whole", *LAYERS, OTHERS):
        cells = [f"{columns[item].get(layer, 0) * 1e6:,.0f}" for item in items]
        print(f"| {layer} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
