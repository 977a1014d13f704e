"""Writes that arrive while others read: PATCHes over HTTP with a token, so many a second.

A process of its own, as a partner's system would be; python -m bench.writing, told by `writes`.
"""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlsplit

import orjson

from api.settings import ROOT

from .making import PILOTCITIES

RECORD = {"cities": "name", "recommendations": "horizon", "workshops": "venue"}
"""Collection → the field that is changed."""


def token(store: dict[str, str]) -> str:
    """Return a token for our store, good for a day."""
    name = f"benchmark-{time.time_ns()}"  # the store may have those of earlier runs
    command = [str(PILOTCITIES), "token", "issue", "--name", name, "--scope", "admin"]
    done = subprocess.run(
        [*command, "--expires", "1d"], env=os.environ | store, capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()[-1].strip()


@contextmanager
def writes(base: str, collection: str, record_id: str, key: str, rate: float) -> Iterator[None]:
    """Let writes arrive at a server while the block runs."""
    command = [sys.executable, "-m", "bench.writing", base, collection, record_id, str(rate)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "BENCH_TOKEN": key}
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        yield
    finally:
        if process.poll() is not None:
            raise RuntimeError(f"the writer of {collection} ended with {process.returncode}")
        process.terminate()
        process.wait()


def write(base: str, collection: str, record_id: str, key: str, rate: float) -> None:
    """Write for good; a write that is refused ends it."""
    place = urlsplit(base)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    path = f"/api/v1/{collection}/{record_id}"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/merge-patch+json"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    tag, began = str(answer.headers["ETag"]), time.monotonic()
    answer.read()
    for number in count(1):
        body = orjson.dumps({RECORD[collection]: f"Written {number % 10}"})
        connection.request("PATCH", path, body, headers | {"If-Match": tag})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"PATCH {path} answers {answer.status}: {said[:300]!r}")
        tag = str(answer.headers["ETag"])
        time.sleep(max(0.0, began + number / rate - time.monotonic()))


if __name__ == "__main__":
    if not re.fullmatch(r"http://127\.0\.0\.1:\d+", sys.argv[1]):
        raise SystemExit("only servers of this machine are written to")
    _, where, what, which, often = sys.argv
    write(where, what, which, os.environ["BENCH_TOKEN"], float(often))
