"""Contents in a bucket: the same promises as in a folder, on a server that speaks S3."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import Engine

from api.app import create_app
from api.errors import StoreUnavailable
from api.services import file_upkeep
from api.services.contents import Contents, local, open_contents
from api.services.database import reading
from api.services.text_reading import read_file, tasks
from api.settings import Settings
from tests.factories import document, store
from tests.pdfs import pdf
from tests.services.helpers import found
from tests.writes.acting import Writer, is_problem, issue

URL = "s3://archive/pilot/files"
AT = "/documents/d/files/en/content"
LARGE = b"%PDF-1.4\n" + bytes(range(256)) * 60_000
"""15 MB: several parts of an upload."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that speaks S3, with a bucket."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    number = server.get_host_and_port()[1]
    client = HTTPConnection("127.0.0.1", number)
    client.request("PUT", "/archive")
    assert client.getresponse().status == 200
    client.close()
    yield number
    server.stop()


@pytest.fixture
def place(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contents:
    """A place of contents in that bucket, emptied."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    made = open_contents(URL, tmp_path)
    for digest, _ in list(made.digests()):
        made.remove(digest)
    return made


def settings(folder: Path) -> Settings:
    return Settings(log_level="error", cache_bytes=0, files_url=URL, data_dir=folder)


@pytest.fixture
def writer(engine: Engine, place: Contents, tmp_path: Path) -> Writer:
    """A client of an application that keeps contents there."""
    store(engine, ("documents", document("d", files=[{"id": "en", "lang": "en"}])))
    app = create_app(
        Settings(log_level="error", cache_bytes=0, files_url=URL, data_dir=tmp_path), engine
    )
    app.testing = True
    return Writer(app.test_client(), engine, issue(engine))


def send(writer: Writer, data: bytes, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return writer.ask("PUT", AT, data=data, content_type="application/pdf", headers=named)


def test_a_file_goes_up_and_comes_down_whole_and_in_parts(writer: Writer, place: Contents):
    assert send(writer, LARGE, If_None_Match="*").status_code == 201
    digest = hashlib.sha256(LARGE).hexdigest()
    assert [each for each, _ in place.digests()] == [digest]
    assert writer.get(AT).data == LARGE
    part = writer.get(AT, Range="bytes=10000000-10000004")
    assert (part.status_code, part.data) == (206, LARGE[10_000_000:10_000_005])
    with local(place, digest, len(LARGE)) as path:
        assert path.read_bytes() == LARGE
    assert list(place.incoming.iterdir()) == []


def test_a_pdf_there_is_read_and_found(writer: Writer, place: Contents):
    send(writer, pdf("Hello harbour"), If_None_Match="*")
    with reading(writer.engine) as connection:
        (task,) = tasks(connection)
    read_file(writer.engine, place, task)
    assert found(writer.engine, "documents", "harbour") == ["d"]


def test_contents_there_are_checked_and_pruned(writer: Writer, place: Contents):
    send(writer, pdf("one"), If_None_Match="*")
    send(writer, pdf("two"), If_Match="*")
    assert list(file_upkeep.damage(writer.engine, place)) == []
    assert len(file_upkeep.prune(writer.engine, place, doing=True, grace=timedelta(0))) == 1
    assert [each for each, _ in place.digests()] == [hashlib.sha256(pdf("two")).hexdigest()]
    place.remove(hashlib.sha256(pdf("two")).hexdigest())
    assert "is missing" in next(file_upkeep.damage(writer.engine, place))
    is_problem(writer.get(AT), 503)


def test_a_store_that_does_not_answer_changes_nothing(
    engine: Engine, tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
    app = create_app(
        Settings(log_level="error", cache_bytes=0, files_url=URL, data_dir=tmp_path), engine
    )
    alone = Writer(app.test_client(), engine, writer.token)
    is_problem(send(alone, LARGE, If_None_Match="*"), 503)
    assert alone.get("/documents/d").json["data"]["version"] == 1


@pytest.mark.parametrize("url", ["https://example.org", "s3://", "folder", "s3:archive"])
def test_an_address_that_is_no_bucket_is_refused(tmp_path: Path, url: str):
    with pytest.raises(StoreUnavailable, match="FILES_URL"):
        open_contents(url, tmp_path)
