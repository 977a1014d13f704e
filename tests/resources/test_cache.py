"""The cache in front: exact whatever is written, private to nobody, and each coding another tag."""

import shutil
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from api.errors import StoreUnavailable
from api.models import Change
from api.services import catalog, checking, search, tokens
from api.services.database import migrating, open_engine, reading, writing
from api.services.doors import spelled
from api.services.migrating import migrate
from api.services.records import BY_NAME
from api.services.tokens import Scope
from api.web.cache import Cache
from tests import factories
from tests.conftest import client_of
from tests.writes.acting import Writer, is_problem, issue

V1 = "/api/v1"


@pytest.fixture
def store(engine: Engine) -> Engine:
    _save(engine, "cities", id="one")
    return engine


@pytest.fixture
def client(store: Engine) -> Iterator[FlaskClient]:
    with client_of(store) as found:
        yield found


def _save(engine: Engine, name: str, /, **fields: Any) -> None:
    collection = BY_NAME[name]
    with writing(engine) as connection:
        record = collection.schema().load(factories.MAKE[name](**fields))
        catalog.save(connection, collection, record, factories.DOOR)


def _status(client: FlaskClient, path: str, **headers: str) -> str:
    response = client.get(V1 + path, headers=headers)
    return response.headers["Cache-Status"].removeprefix("pilotcities; ")


@pytest.mark.parametrize(
    "path",
    ["/cities", "/cities/one", "/cities.csv", "/cities.geojson", "/search?q=city", "", "/state"],
)
def test_what_was_asked_before_is_not_made_again(client: FlaskClient, path: str) -> None:
    first, again = client.get(V1 + path), client.get(V1 + path)
    assert first.headers["Cache-Status"] == "pilotcities; fwd=miss; stored"
    assert again.headers["Cache-Status"] == "pilotcities; hit"
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_a_write_ends_what_shows_it_and_nothing_else(store: Engine, client: FlaskClient) -> None:
    for path in ("/cities", "/cities/one", "/documents", "/documents?include=cities"):
        client.get(V1 + path)
    _save(store, "cities", id="one", name="Other")
    assert _status(client, "/documents") == "hit"
    assert _status(client, "/documents?include=cities") == "fwd=miss; stored"
    assert client.get(f"{V1}/cities/one").json["data"]["name"] == "Other"
    assert client.get(f"{V1}/cities").json["data"][0]["name"] == "Other"


def test_a_deleted_record_is_gone_from_the_cache(store: Engine, client: FlaskClient) -> None:
    assert client.get(f"{V1}/cities/one").status_code == 200
    with writing(store) as connection:
        catalog.remove(connection, BY_NAME["cities"], "one", factories.DOOR)
    assert client.get(f"{V1}/cities/one").status_code == 410
    assert client.get(f"{V1}/cities.csv").text.count("\n") == 1


def test_order_and_spelling_of_a_query_do_not_matter(client: FlaskClient) -> None:
    first = client.get(f"{V1}/cities?sort=name&q=city")
    again = client.get(f"{V1}/cities?q=%63ity&sort=name")
    assert again.headers["Cache-Status"] == "pilotcities; hit"
    assert again.data == first.data
    assert first.json["links"]["self"].endswith("/cities?q=city&sort=name")


def test_formats_are_kept_apart(client: FlaskClient) -> None:
    as_table = {"Accept": "text/csv"}
    assert client.get(f"{V1}/cities").mimetype == "application/json"
    assert client.get(f"{V1}/cities", headers=as_table).mimetype == "text/csv"
    assert client.get(f"{V1}/cities", headers=as_table).mimetype == "text/csv"
    assert client.get(f"{V1}/cities").mimetype == "application/json"


def test_what_carries_a_token_goes_past(store: Engine, client: FlaskClient) -> None:
    with writing(store) as connection:
        token = tokens.issue(connection, "admin", [Scope.CONTENT_WRITE])
    known = {"Authorization": f"Bearer {token}"}
    assert _status(client, "/cities", **known) == "fwd=bypass"
    assert _status(client, "/cities") == "fwd=miss; stored"
    private = client.get(f"{V1}/cities", headers=known)
    assert private.headers["Cache-Control"] == "private, no-cache"
    assert client.get(f"{V1}/cities").headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("path", ["/cities?limit=x", "/cities/two", "/changes?cursor=x"])
def test_refusals_are_not_kept(client: FlaskClient, path: str) -> None:
    assert _status(client, path) == _status(client, path) == "fwd=miss"


@pytest.mark.parametrize(
    ("coding", "unpack"),
    [("br", brotli.decompress), ("gzip", lambda body: zlib.decompress(body, 31))],
)
def test_each_coding_has_a_tag_of_its_own(client: FlaskClient, coding: str, unpack: Any) -> None:
    plain = client.get(f"{V1}/openapi.yaml")
    for _ in range(2):
        found = client.get(f"{V1}/openapi.yaml", headers={"Accept-Encoding": coding})
        assert found.headers["Content-Encoding"] == coding
        assert unpack(found.data) == plain.data
        assert found.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{coding}"'
        assert len(found.data) == found.content_length < len(plain.data) / 4
        asked = {"Accept-Encoding": coding, "If-None-Match": found.headers["ETag"]}
        held = client.get(f"{V1}/openapi.yaml", headers=asked)
        assert (held.status_code, held.headers["ETag"]) == (304, found.headers["ETag"])
        assert held.data == b""


@pytest.mark.parametrize("size", [0, 64_000_000])
@pytest.mark.parametrize("path", ["openapi.yaml", "cities", "cities.csv", "snapshot"])
def test_head_says_what_get_says_in_each_coding(store: Engine, path: str, size: int) -> None:
    for coding in ("gzip", "br", "identity"):
        head, got = (
            client_of(store, cache_bytes=size).open(
                f"{V1}/{path}", method=method, headers={"Accept-Encoding": coding}
            )
            for method in ("HEAD", "GET")
        )
        names = ("ETag", "Content-Encoding", "Content-Type", "Vary")
        assert [head.headers.get(n) for n in names] == [got.headers.get(n) for n in names]
        assert head.data == b""


@pytest.mark.parametrize("size", [0, 64_000_000])
def test_what_is_held_in_another_coding_is_named_as_it_is_held(store: Engine, size: int) -> None:
    client = client_of(store, cache_bytes=size)
    for _ in range(2):
        held = client.get(f"{V1}/openapi.yaml", headers={"Accept-Encoding": "gzip"}).headers["ETag"]
        asked = {"Accept-Encoding": "br", "If-None-Match": held}
        again = client.get(f"{V1}/openapi.yaml", headers=asked)
        assert (again.status_code, again.headers["ETag"]) == (304, held)


@pytest.mark.parametrize("size", [0, 64_000_000])
def test_a_stream_is_packed_as_it_goes(store: Engine, size: int) -> None:
    client = client_of(store, cache_bytes=size)
    found = client.get(f"{V1}/snapshot", headers={"Accept-Encoding": "gzip, br;q=0"})
    assert found.headers["Content-Encoding"] == "gzip"
    assert zlib.decompress(found.data, 31) == client.get(f"{V1}/snapshot").data
    asked = {"Accept-Encoding": "gzip", "If-None-Match": found.headers["ETag"]}
    assert client.get(f"{V1}/snapshot", headers=asked).status_code == 304


def test_one_tag_of_the_snapshot_never_means_two_bodies(store: Engine) -> None:
    client = client_of(store)
    first = client.get(f"{V1}/snapshot")
    at = orjson.loads(first.data.splitlines()[0])["at"]
    with reading(store) as connection:
        assert at == spelled(connection.execute(select(func.max(Change.at))).scalar_one())


def test_head_is_answered_from_what_get_left(client: FlaskClient) -> None:
    got = client.get(f"{V1}/cities")
    head = client.head(f"{V1}/cities")
    assert head.headers["Cache-Status"] == "pilotcities; hit"
    assert (head.data, head.content_length) == (b"", len(got.data))


def test_it_goes_on_when_the_database_does_not(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{V1}/cities")
    cache = client.application.extensions["pilotcities-cache"]

    def gone() -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(cache._watch, "present", gone)
    assert _status(client, "/cities") == "hit; detail=stale"


def test_it_keeps_what_was_asked_last_within_its_size(store: Engine) -> None:
    client = client_of(store, cache_bytes=40_000)
    answers = client.application.extensions["pilotcities-cache"].answers
    for number in range(1, 60):
        client.get(f"{V1}/cities?limit={number}")
        client.get(f"{V1}/cities?limit=1")
    assert answers.held <= 40_000
    assert 1 < len(answers) < 20
    assert _status(client, "/cities?limit=1") == "hit"
    assert _status(client, "/cities?limit=2") == "fwd=miss; stored"
    assert _status(client, "/openapi.yaml") == "fwd=miss"


def test_of_many_who_ask_at_once_one_makes_the_answer(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(store, cache_bytes=1_000_000)
    cache: Cache = client.application.extensions["pilotcities-cache"]
    made, waiting, all_there = [], list[bool](), threading.Event()

    class Counted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waiting.append(True)
            if len(waiting) == 4:
                all_there.set()
            return super().wait(timeout)

    def slow(environ: Any, start: Any) -> Any:
        made.append(environ["PATH_INFO"])
        all_there.wait(10)
        return inner(environ, start)

    inner = cache.behind
    monkeypatch.setattr(cache, "behind", slow)
    monkeypatch.setattr("api.web.cache.threading", SimpleNamespace(Event=Counted))
    told: list[str] = []
    asking = [
        threading.Thread(
            target=lambda: told.append(_status(client_of(store, cache_bytes=1_000_000), "/cities"))
        )
        for _ in range(5)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (len(made), len(waiting)) == (1, 4)
    assert sorted(told) == ["fwd=miss; stored", *["hit"] * 4]


def test_no_reader_gets_an_answer_older_than_the_last_acknowledged_write(store: Engine) -> None:
    """A writer counts versions up; no reader sees fewer than were acknowledged before it asked."""
    acknowledged, done, behind = [1], threading.Event(), []

    def write() -> None:
        try:
            for number in range(40):
                _save(store, "cities", id="one", name=f"City {number}")
                acknowledged.append(number + 2)
        finally:
            done.set()

    def read() -> None:
        client = client_of(store)
        while not done.is_set():
            known = acknowledged[-1]
            shown = client.get(f"{V1}/cities").json["data"][0]["version"]
            if shown < known:
                behind.append((shown, known))

    client_of(store).get(f"{V1}/cities")  # the application is made here, not in each thread
    threads = [threading.Thread(target=each) for each in (write, read, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert behind == []
    assert client_of(store).get(f"{V1}/cities/one").json["data"]["version"] == 41


SHOWING = ("cities/one", "cities", "cities.csv", "state", "snapshot", "changes", "search?q=one")


def test_a_backup_that_was_put_back_has_tags_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = open_engine(f"sqlite:///{tmp_path / 'base.db'}")
    migrate(base)
    token = issue(base)
    base.dispose()
    tags = []
    for second in range(2):
        path = shutil.copy(tmp_path / "base.db", tmp_path / f"{second}.db")
        engine = open_engine(f"sqlite:///{path}")
        monkeypatch.setattr(catalog, "now", lambda s=second: datetime(2026, 1, 1, 0, 0, s, 0, UTC))
        _save(engine, "cities", id="one")
        writer = Writer(client_of(engine), engine, token)
        tags.append([writer.get(f"/{each}").headers["ETag"] for each in SHOWING])
    assert not set(tags[0]) & set(tags[1])
    is_problem(writer.patch("/cities/one", {"name": "Lost"}, If_Match=tags[0][0]), 412)
    assert writer.patch("/cities/one", {"name": "New"}, If_Match=tags[1][0]).status_code == 200


def test_an_index_made_anew_is_asked_anew(store: Engine) -> None:
    client = client_of(store)
    with migrating(store) as connection:
        search.clear(connection)
    lost = client.get(f"{V1}/cities?q=one")
    with writing(store) as connection:
        checking.rebuild(connection)
    found = client.get(f"{V1}/cities?q=one", headers={"If-None-Match": lost.headers["ETag"]})
    assert (lost.json["page"]["total"], found.json["page"]["total"]) == (0, 1)
