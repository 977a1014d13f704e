"""What no client of the real server can see soon: when a connection that is kept is given up."""

from types import SimpleNamespace
from typing import Any

import pytest

from api.web.protocol import Protocol
from api.web.repeats import LONGEST, MOST, Repeats


class Clock:
    """A loop whose time the test says."""

    def __init__(self) -> None:
        self.now, self.called = 100.0, list[float]()

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, _what: Any) -> None:
        self.called.append(when)


@pytest.fixture
def kept() -> Any:
    """A connection whose clock was set at 40, and that was answered past it at 95."""
    closed: list[bool] = []
    transport = SimpleNamespace(is_closing=lambda: False, close=lambda: closed.append(True))
    connection: Any = Protocol.__new__(Protocol)
    connection.loop, connection.transport, connection.closed = Clock(), transport, closed
    connection.timeout_keep_alive, connection.answered_at = 60, 95.0
    return connection


def test_a_connection_is_kept_as_long_after_its_last_answer(kept: Any):
    kept.timeout_keep_alive_handler()
    assert (kept.loop.called, kept.closed) == ([155.0], [])


def test_an_idle_connection_is_given_up(kept: Any):
    kept.loop.now = 155.0
    kept.timeout_keep_alive_handler()
    assert (kept.loop.called, kept.closed) == ([], [True])


def test_few_and_short_requests_are_remembered():
    repeats = Repeats()
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_USER_AGENT": "a"}
    for number in range(MOST + 5):
        repeats.remember(b"GET /%d" % number, number, environ)
    repeats.remember(b"x" * (LONGEST + 1), 0, environ)
    repeats.remember(b"named", 0, environ | {"HTTP_X_REQUEST_ID": "one-of-a-kind"})
    assert [repeats.get(each) for each in (b"GET /4", b"x" * (LONGEST + 1), b"named")] == [None] * 3
    repeats.remember(b"GET /9", 9, environ)  # known: no other goes for it
    found = repeats.get(b"GET /5")
    assert found is not None
    assert (found.key, found.environ) == (5, {"REQUEST_METHOD": "GET", "PATH_INFO": "/"})
