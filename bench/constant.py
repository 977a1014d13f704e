"""The least that a server can do: bytes that are ready, from a folder of `NAME.json`.

CONSTANT_FOLDER=... granian --interface wsgi bench.constant:application
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TAG = '"constant"'


def _read(folder: str) -> dict[str, tuple[list[tuple[str, str]], bytes]]:
    found = {}
    for path in Path(folder).glob("*.json") if folder else ():
        body = path.read_bytes()
        head = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        found[f"/{path.name}"] = ([*head, ("ETag", TAG)], body)
    return found


ANSWERS = _read(os.environ.get("CONSTANT_FOLDER", ""))


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the bytes, or 304 to whoever sends a tag."""
    head, body = ANSWERS[environ["PATH_INFO"]]
    if "HTTP_IF_NONE_MATCH" in environ:
        start("304 NOT MODIFIED", [("ETag", TAG)])
        return []
    start("200 OK", head)
    return [body]
