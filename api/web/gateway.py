"""From the server's asynchronous side (ASGI) to the application (WSGI), which works in threads.

A body is read whole before a thread works on it, so stalled uploads hold no thread; how large it
may be is judged before any of it is read. An answer that is made as it is sent waits for its
reader without holding a thread, too.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import structlog

from .begun import Begun, begin, encoded
from .cache import HURRIED, Cache
from .environs import ENVIRON, Environ, Message, environ_of
from .limits import Limits
from .pace import Pace
from .packing import close
from .refusals import Refusal, refuse
from .repeats import Repeats

log = structlog.get_logger("pilotcities")
IDLE_SECONDS = 60
"""How long a client may take for the next piece of a request or of an answer."""
IN_MEMORY = 500_000
"""Bytes of a body that are kept in memory; the rest waits in a file."""
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class ClientGone(Exception):
    """The client did not wait for the end."""


class Gateway:
    """An ASGI application around ours."""

    def __init__(
        self, cache: Cache, limits: Limits, threads: int, public_url: str, cores: int = 1
    ) -> None:
        """`threads` work on what waits for others, `cores` on what keeps one of them busy."""
        self.cache, self.limits, self.public_url = cache, limits, public_url
        self.pace = getattr(cache.behind, "pace", lambda _: Pace.WAITING)
        self.repeats = Repeats()
        self._pools = {
            Pace.WAITING: ThreadPoolExecutor(threads, thread_name_prefix="request"),
            Pace.BUSY: ThreadPoolExecutor(cores, thread_name_prefix="search"),
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = scope.get(ENVIRON) or environ_of(scope)
        try:
            environ["wsgi.input"] = await self._body(environ, receive)
            await self._answer(environ, receive, send)
        except Refusal as refused:
            headers, body = refuse(refused, self.public_url)
            await send(_start(refused.status, encoded(headers)))
            await send({"type": "http.response.body", "body": body})
        except ClientGone:
            pass
        finally:
            environ["wsgi.input"].close()

    def begin(self, environ: Environ) -> Begun:
        """Let the application begin to answer."""
        return begin(self.cache, environ)

    def at_once(self, environ: Environ) -> Begun:
        """Let the application begin to answer a quick request, here and now."""
        environ[HURRIED] = True
        return self.begin(environ)

    def _refused(self, environ: Environ, status: int, detail: str) -> Refusal:
        return Refusal(status, detail, method=environ["REQUEST_METHOD"], path=environ["PATH_INFO"])

    async def _body(self, environ: Environ, receive: Receive) -> IO[bytes]:
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
        told = int(environ.get("CONTENT_LENGTH") or 0)
        if not (told or chunked):
            return io.BytesIO()
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        refused = partial(self._refused, environ)
        largest = self.limits.largest(method, path, environ.get("HTTP_AUTHORIZATION", ""))
        if told > largest.asked:
            raise refused(413, f"A body here may have {largest.asked:,} bytes at most.")
        if told > largest.taken:
            raise refused(401, "A body of this size needs a token.")
        body: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed when answered
        try:
            read = await _read(receive, body, largest.taken)
        except TimeoutError:
            raise refused(408, f"Nothing came for {IDLE_SECONDS} seconds.") from None
        except OverflowError:
            raise refused(413, f"A body here may have {largest.taken:,} bytes at most.") from None
        except OSError as error:
            raise refused(500, f"The body cannot be kept: {error.strerror}.") from error
        environ["CONTENT_LENGTH"] = str(read)
        opened: IO[bytes] = body
        return opened

    async def _answer(self, environ: Environ, receive: Receive, send: Send) -> None:
        loop, context = asyncio.get_running_loop(), copy_context()
        run: Any = context.run
        pace = self.pace(environ)
        pool = self._pools.get(pace, self._pools[Pace.WAITING])
        in_thread: Any = partial(loop.run_in_executor, pool, run)
        try:
            quick = pace is Pace.QUICK
            begun: Begun = self.at_once(environ) if quick else await in_thread(self.begin, environ)
        except Exception as error:
            log.error("failed", path=environ["PATH_INFO"], exc_info=error)
            raise self._refused(environ, 500, "Something went wrong here.") from error
        await send(_start(begun.status, begun.headers))
        if begun.rest is None:
            await send({"type": "http.response.body", "body": begun.first})
            return
        gone = asyncio.ensure_future(_disconnected(receive))
        part: bytes | None = begun.first
        try:
            while part is not None and not gone.done():
                sent = send({"type": "http.response.body", "body": part, "more_body": True})
                await asyncio.wait_for(sent, IDLE_SECONDS)
                part = await in_thread(next, begun.rest, None)
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            await in_thread(close, begun.parts)


async def _read(receive: Receive, body: IO[bytes], largest: int) -> int:
    """Read a body to its end, and return its length; OverflowError when it has more bytes."""
    total, more = 0, True
    while more:
        message = await asyncio.wait_for(receive(), IDLE_SECONDS)
        if message["type"] == "http.disconnect":
            raise ClientGone
        total += body.write(message["body"])
        if total > largest:
            raise OverflowError
        more = message["more_body"]
    body.seek(0)
    return total


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}
