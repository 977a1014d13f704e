"""Contents of files over HTTP: stored, checked, replaced, served in parts, and taken away."""

import base64
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from frictionless import validate
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from api.app import create_app, use_store
from api.services.contents import Folder
from api.services.database import reading
from api.services.text_reading import read_file, tasks
from api.settings import Settings
from api.web.contents import use_contents
from tests.conftest import EmptyStore, FreshStore
from tests.factories import city, document, store
from tests.pdfs import pdf
from tests.stores import disagreements
from tests.writes.acting import Writer, is_problem, issue, trace

LIMIT = 200_000
AT = "/documents/plan/files/en/content"
SETTINGS = Settings(log_level="error", max_file_bytes=LIMIT)
PDF = "application/pdf"
NEW = {"If-None-Match": "*"}
BODY = pdf("Hello harbour")
DIGEST = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def engine(empty_store: EmptyStore) -> Engine:
    """A store of the test's own, with a document of two files."""
    made = empty_store()
    files = [{"id": "en", "lang": "en"}, {"id": "ru", "lang": "ru"}]
    store(made, ("documents", document("plan", title="Plan: the / harbour", files=files)))
    return made


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    """A place of contents of the test's own."""
    return Folder(tmp_path / "files")


@pytest.fixture(scope="session")
def app(fresh_store: FreshStore) -> Flask:
    """The application; errors are raised, not answered as 500."""
    made = create_app(SETTINGS, fresh_store())
    made.testing = True
    return made


@pytest.fixture
def writer(app: Flask, engine: Engine, place: Folder) -> Writer:
    """A client with a token."""
    use_store(app, engine, SETTINGS)
    use_contents(app, place)
    return Writer(app.test_client(), engine, issue(engine))


def send(writer: Writer, data: bytes = BODY, kind: str = PDF, at: str = AT, **how: Any) -> Any:
    headers = {name.replace("_", "-"): value for name, value in how.items()} or NEW
    return writer.ask("PUT", at, data=data, content_type=kind, headers=headers)


def get(writer: Writer, at: str = AT, **headers: str) -> TestResponse:
    return writer.client.get(
        f"/api/v1{at}", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def file(writer: Writer) -> dict[str, Any]:
    found: dict[str, Any] = get(writer, "/documents/plan").json["data"]
    return found | found["files"][0]


def digest(name: str, data: bytes) -> str:
    made = hashlib.new(name.replace("-", ""), data).digest()
    return f"{name}=:{base64.b64encode(made).decode()}:"


def test_a_file_goes_up_and_comes_down(writer: Writer):
    answer = send(writer)
    told = {"media_type": PDF, "size": len(BODY), "sha256": DIGEST, "text_status": "pending"}
    assert answer.status_code == 201, answer.text
    assert answer.json["data"].items() >= told.items()
    assert answer.headers["ETag"] == f'"{DIGEST}"'
    assert file(writer).items() >= {**told, "version": 2}.items()
    down = get(writer)
    assert (down.data, down.content_type, down.headers["ETag"]) == (BODY, PDF, f'"{DIGEST}"')
    assert down.headers["Repr-Digest"] == digest("sha-256", BODY)
    assert answer.headers["Location"].endswith(AT)


def test_head_tells_what_get_would(writer: Writer):
    send(writer)
    head, whole = writer.client.head(f"/api/v1{AT}"), get(writer)
    for name in ("Content-Length", "Content-Type", "ETag", "Repr-Digest", "Content-Disposition"):
        assert head.headers[name] == whole.headers[name]
    assert (head.status_code, head.data) == (200, b"")


def test_the_same_content_again_is_no_new_version(writer: Writer):
    send(writer)
    again = send(writer, If_Match=f'"{DIGEST}"')
    assert (again.status_code, file(writer)["version"]) == (200, 2)


def test_another_content_replaces_it_and_is_read_anew(writer: Writer):
    send(writer)
    other = pdf("Another")
    answer = send(writer, other, If_Match=f'W/"{DIGEST}"')
    assert (answer.status_code, answer.json["data"]["text_status"]) == (200, "pending")
    assert (get(writer).data, file(writer)["version"]) == (other, 3)


@pytest.mark.parametrize(
    ("before", "headers", "status"),
    [
        (False, {"X-Request-Id": "nothing-said"}, 428),
        (False, {"If-Match": "*"}, 412),
        (False, {"If-Match": f'"{DIGEST}"'}, 412),
        (True, {"X-Request-Id": "nothing-said"}, 428),
        (True, NEW, 412),
        (True, {"If-Match": f'"{"0" * 64}"'}, 412),
        (True, {"If-Match": '"1.0"'}, 412),
    ],
)
def test_a_precondition_speaks_of_the_content(
    writer: Writer, before: bool, headers: dict[str, str], status: int
):
    if before:
        send(writer)
    held = trace(writer.engine)
    found = is_problem(send(writer, pdf("Another"), **headers), status)
    assert found.get("sha256") == (DIGEST if before else None)
    assert trace(writer.engine) == held


def test_a_dry_run_leaves_no_trace(writer: Writer, place: Folder):
    held = trace(writer.engine)
    answer = send(writer, at=f"{AT}?dry_run=true")
    assert (answer.status_code, answer.json["data"]["sha256"]) == (201, DIGEST)
    assert trace(writer.engine) == held
    assert not [path for path in place.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["Content-Digest", "Repr-Digest"])
@pytest.mark.parametrize("algorithm", ["sha-256", "sha-512"])
def test_a_digest_that_is_sent_is_checked(writer: Writer, place: Folder, name: str, algorithm: str):
    wrong = {**NEW, name: digest(algorithm, b"other")}
    is_problem(send(writer, **wrong), 400, "digest_mismatch")
    assert list(place.digests()) == []
    right = {**NEW, name: f"{digest(algorithm, BODY)}, unixsum=:AAA=:"}
    assert send(writer, **right).status_code == 201


@pytest.mark.parametrize(
    "value", ["sha-256", "sha-256=abc", "sha-256=:###:", "sha-256=:A:", "sha-256=::"]
)
def test_a_digest_that_is_none_is_refused(writer: Writer, value: str):
    is_problem(send(writer, **NEW, Repr_Digest=value), 400)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/png", BODY),
        (PDF, b"Hello"),
        (PDF, b"\x00\x01\x02" * 99),
        ("text/plain", b"\xff\xfe\x00"),
        ("text/csv", b"\x89PNG\r\n\x1a\n and so on"),
        ("application/vnd.oasis.opendocument.text", b"PK\x03\x04 and so on"),
        ("application/octet-stream", b"\x00\x01\x02" * 99),
    ],
)
def test_a_body_is_of_its_media_type(writer: Writer, place: Folder, kind: str, data: bytes):
    found = is_problem(send(writer, data, kind), 415, "media_type_mismatch")
    assert found["declared"] == kind
    assert kind in found["detail"]
    assert list(place.digests()) == []


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("", {}),
        ("nonsense", {}),
        ("application/x-unheard-of", {}),
        ("text/plain; charset=koi8-r", {}),
        (PDF, {"Content-Encoding": "gzip"}),
    ],
)
def test_a_media_type_that_is_not_taken_is_told(writer: Writer, kind: str, headers: dict[str, str]):
    is_problem(send(writer, BODY, kind, **NEW, **headers), 415)


def test_bytes_can_say_themselves_what_they_are(writer: Writer):
    answer = send(writer, BODY, "application/octet-stream")
    assert answer.json["data"]["media_type"] == PDF
    answer = send(writer, b"a,b\n1,2\n", "text/csv", AT.replace("/en/", "/ru/"))
    assert answer.json["data"].items() >= {"media_type": "text/csv", "text_status": None}.items()


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT * 3])
def test_a_content_over_the_limit_is_refused(writer: Writer, place: Folder, size: int):
    found = is_problem(send(writer, b"a" * size, "text/plain"), 413, "body_too_large")
    assert found["limit"] == LIMIT
    assert list(place.incoming.glob("*")) == []


def test_a_content_at_the_limit_is_taken_and_none_is_not(writer: Writer):
    is_problem(send(writer, b"", "text/plain"), 400)
    assert send(writer, b"a" * LIMIT, "text/plain").status_code == 201


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE"])
def test_what_is_not_there_is_told(writer: Writer, verb: str):
    how: dict[str, Any] = {"headers": {"If-Match": "*"}}
    for at in ("/documents/none/files/en/content", "/documents/plan/files/none/content"):
        is_problem(writer.ask(verb, at, **how, content_type=PDF), 404)
    if verb != "PUT":
        is_problem(writer.ask(verb, AT, **how), 404)
    writer.delete("/documents/plan", If_Match="*")
    is_problem(writer.ask(verb, AT, **how, content_type=PDF), 410)


def test_writing_needs_a_token_for_the_documents_cities(writer: Writer, engine: Engine):
    store(engine, ("cities", city("one")), ("documents", document("theirs", cities=["one"])))
    anyone = Writer(writer.client, engine, None)
    is_problem(send(anyone), 401)
    is_problem(anyone.delete(AT, If_Match="*"), 401)
    is_problem(send(writer.bound("one")), 403)
    is_problem(send(writer.bound("one"), at="/documents/theirs/files/en/content"), 404)


def test_taking_a_content_away_leaves_the_file(writer: Writer):
    send(writer)
    is_problem(writer.delete(AT), 428)
    assert writer.delete(f"{AT}?dry_run=true", If_Match=f'"{DIGEST}"').status_code == 204
    assert get(writer).status_code == 200
    assert writer.delete(AT, If_Match=f'"{DIGEST}"').status_code == 204
    left = {"size": None, "sha256": None, "text_status": None, "media_type": PDF, "version": 3}
    assert file(writer).items() >= left.items()
    is_problem(get(writer), 404)
    assert disagreements(writer.engine) == []


RANGES = {
    "bytes=0-4": (0, 5),
    "bytes=5-": (5, len(BODY)),
    "bytes=-7": (len(BODY) - 7, len(BODY)),
    f"bytes=10-{len(BODY) * 2}": (10, len(BODY)),
    f"bytes=-{len(BODY) * 2}": (0, len(BODY)),
}


@pytest.mark.parametrize("asked", RANGES)
def test_a_range_is_served_alone(writer: Writer, asked: str):
    send(writer)
    start, stop = RANGES[asked]
    part = get(writer, Range=asked)
    assert part.data == BODY[start:stop]
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(BODY)}"
    assert part.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=x", "bytes=5-2"])
def test_what_is_no_single_range_gives_all(writer: Writer, asked: str):
    send(writer)
    assert (get(writer, Range=asked).status_code, get(writer, Range=asked).data) == (200, BODY)


def test_a_range_beyond_the_end_is_told(writer: Writer):
    send(writer)
    beyond = get(writer, Range=f"bytes={len(BODY)}-")
    is_problem(beyond, 416)
    assert beyond.headers["Content-Range"] == f"bytes */{len(BODY)}"


def test_a_range_of_another_content_gives_all(writer: Writer):
    send(writer)
    assert get(writer, Range="bytes=0-1", If_Range=f'"{DIGEST}"').status_code == 206
    for other in ('"other"', f'W/"{DIGEST}"', "Mon, 23 Nov 2026 08:00:00 GMT"):
        assert get(writer, Range="bytes=0-1", If_Range=other).status_code == 200


def test_who_holds_the_content_is_told_so(writer: Writer):
    send(writer)
    for held in (f'"{DIGEST}"', f'W/"{DIGEST}"', "*"):
        answer = get(writer, If_None_Match=held, Range="bytes=0-1")
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == f'"{DIGEST}"'
    assert get(writer, If_None_Match='"other"').status_code == 200


def test_what_is_kept_for_good_never_changes(writer: Writer):
    send(writer, b"a,b\n", "text/csv")
    named = get(writer).headers["Content-Location"].removeprefix("http://127.0.0.1:8000/api/v1")
    before = get(writer, named)
    plan = get(writer, "/documents/plan?lang=*").json["data"]
    plan |= {"title": "Another", "files": [plan["files"][0] | {"media_type": "text/plain"}]}
    assert writer.put("/documents/plan", plan, If_Match="*").status_code == 200
    after, plain = get(writer, named), get(writer)
    told = ("Content-Type", "Content-Disposition")
    assert [after.headers[name] for name in told] == [before.headers[name] for name in told]
    assert plain.content_type == "text/plain; charset=utf-8"
    assert "Another" in plain.headers["Content-Disposition"]


def test_only_an_address_that_names_the_content_may_be_kept_for_good(writer: Writer):
    send(writer)
    plain = get(writer)
    assert plain.headers["Cache-Control"] == "public, no-cache, no-transform"
    named = plain.headers["Content-Location"].removeprefix("http://127.0.0.1:8000/api/v1")
    assert (
        get(writer, named)
        .headers["Cache-Control"]
        .startswith("public, max-age=31536000, immutable")
    )
    assert writer.get(AT).headers["Cache-Control"] == "private, no-cache, no-transform"
    send(writer, pdf("Another"), If_Match="*")
    is_problem(get(writer, named), 404)
    is_problem(get(writer, f"{AT}?sha256=nonsense"), 400)


@pytest.mark.parametrize(
    ("kind", "data", "how"),
    [
        (PDF, BODY, "inline"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "inline"),
        ("text/plain", b"Hello", "inline"),
        ("text/html", b"<script>alert(1)</script>", "attachment"),
        ("image/svg+xml", b"<svg onload='alert(1)'/>", "attachment"),
        ("application/zip", b"PK\x03\x04 and so on", "attachment"),
    ],
)
def test_browsers_run_nothing(writer: Writer, kind: str, data: bytes, how: str):
    assert send(writer, data, kind).status_code == 201
    headers = get(writer).headers
    assert headers["Content-Disposition"].startswith(f"{how}; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers.get("Content-Security-Policy") == (None if kind == PDF else "sandbox")


def test_a_download_has_the_name_of_the_document(writer: Writer, engine: Engine):
    send(writer)
    name = get(writer).headers["Content-Disposition"].split("; ", 1)[1]
    quoted = "Plan%20the%20harbour%20%28en%29.pdf"
    assert name == f"filename=\"Plan the harbour (en).pdf\"; filename*=UTF-8''{quoted}"
    titles = {"title": "Plan", "translations": {"ru": {"title": 'План "Гавань"\n'}}}
    store(engine, ("documents", document("plan", **titles, files=[{"id": "en", "lang": "ru"}])))
    name = get(writer).headers["Content-Disposition"]
    assert 'filename="plan (ru).pdf"' in name
    assert "filename*=UTF-8''%D0%9F%D0%BB%D0%B0%D0%BD%20%D0%93" in name


def test_a_text_comes_as_it_is_whatever_codings_are_taken(writer: Writer):
    text = b"a line of text\n" * 999
    send(writer, text, "text/plain")
    for _ in range(2):
        answer = get(writer, Accept_Encoding="gzip, br")
        assert (answer.data, answer.headers.get("Content-Encoding")) == (text, None)
        assert answer.headers["Repr-Digest"] == digest("sha-256", text)


def test_a_hit_says_file_and_page_wherever_one_searches(
    writer: Writer, engine: Engine, place: Folder
):
    send(writer, pdf("Hello", "The quay & the tram"))
    with reading(engine) as connection:
        (task,) = tasks(connection)
    read_file(engine, place, task)
    for at in ("/documents?q=quay+tram", "/search?q=quay+tram"):
        (hit,) = get(writer, at).json["data"]
        assert hit["found_in"] == {"file": "en", "page": 2}
        html = "The <mark>quay</mark> &amp; the <mark>tram</mark>"
        assert hit["snippet"] == {"field": "files", "lang": "en", "html": html}
    assert get(writer, "/documents?q=harbour").json["data"][0]["found_in"] is None
    page = writer.client.get("/search?q=quay+tram").text
    assert "On page 2 of the file en" in page


def test_pages_of_other_sites_may_read_it(writer: Writer):
    send(writer)
    headers = get(writer, Origin="https://partner.example").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    for name in ("Content-Disposition", "Content-Range", "Repr-Digest", "Accept-Ranges"):
        assert name in headers["Access-Control-Expose-Headers"]


def test_what_was_read_can_be_put_back(writer: Writer):
    send(writer)
    answer = writer.get("/documents/plan?lang=*")
    again = writer.put("/documents/plan", answer.json["data"], If_Match=answer.headers["ETag"])
    assert (again.status_code, again.json["data"]["version"]) == (200, 2)


def test_a_lost_content_is_a_503_that_says_so(writer: Writer, place: Folder):
    send(writer)
    place.remove(DIGEST)
    is_problem(get(writer), 503)
    assert send(writer, If_Match="*").status_code == 200
    assert get(writer).data == BODY


def test_files_of_a_pack_are_never_taken_for_each_other(writer: Writer, tmp_path: Path):
    names = {"plan-a": "b", "plan": "a-b"}
    near = [document(d, cities=["harbour"], files=[{"id": f}]) for d, f in names.items()]
    store(writer.engine, ("cities", city("harbour")), *(("documents", each) for each in near))
    for number, (name, inner) in enumerate(names.items()):
        assert send(writer, pdf(f"{number}"), at=f"/documents/{name}/files/{inner}/content")
    path = tmp_path / "pack.zip"
    path.write_bytes(get(writer, "/cities/harbour/pack.zip").data)
    stored = [each for each in zipfile.ZipFile(path).namelist() if each.startswith("files/")]
    assert sorted(stored) == ["files/plan-a/b.pdf", "files/plan/a-b.pdf"]
    report = validate(str(path), type="package")
    assert report.valid, report.to_summary()


def test_the_pack_of_a_city_holds_its_stored_files(writer: Writer, tmp_path: Path):
    store(writer.engine, ("cities", city("harbour")))
    plan = get(writer, "/documents/plan?lang=*").json["data"]
    writer.put("/documents/plan", plan | {"cities": ["harbour"]}, If_Match="*")
    send(writer)
    path = tmp_path / "pack.zip"
    path.write_bytes(get(writer, "/cities/harbour/pack.zip").data)
    archive = zipfile.ZipFile(path)
    assert archive.read("files/plan/en.pdf") == BODY
    described = json.loads(archive.read("datapackage.json"))
    assert "licenses" not in described
    assert {len(each.get("licenses", ())) for each in described["resources"][:-1]} == {1}
    assert described["resources"][-1].keys().isdisjoint({"licenses"})
    report = validate(str(path), type="package")
    assert report.valid, report.to_summary()
