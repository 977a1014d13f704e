"""The least that a server can do: bytes that are ready, from a folder of `NAME.json`.

CONSTANT_FOLDER=... granian --interface wsgi bench.constant:application
CONSTANT_FOLDER=... uvicorn bench.constant:on_uvicorn
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


async def on_uvicorn(scope: dict[str, Any], _receive: Any, send: Callable[..., Any]) -> None:
    """Answer as `application` does, for uvicorn (ASGI)."""
    head, body = ANSWERS[scope["path"]]
    held = any(name == b"if-none-match" for name, _ in scope["headers"])
    told = [("ETag", TAG)] if held else head
    headers = [(name.lower().encode(), value.encode()) for name, value in told]
    status = 304 if held else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if held else body})
