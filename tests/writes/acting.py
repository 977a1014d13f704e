"""What the tests of writing do again and again: a client with a token, and what a store holds."""

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, func, select
from werkzeug.test import TestResponse

from api.models import Base, Change, Store
from api.services import history, tokens
from api.services.collection import Collection
from api.services.database import migrating, reading, writing
from api.services.records import BY_NAME, COLLECTIONS
from api.services.tokens import Scope
from tests.factories import Record

PREFIX = "/api/v1"
MERGE = "application/merge-patch+json"
NDJSON = "application/x-ndjson"
YAML = "application/yaml"
JSON = "application/json"
PROBLEM = "application/problem+json"
NAMES = [each.name for each in COLLECTIONS]
SERVER_SET = ("version", "created_at", "updated_at", "url")


@dataclass
class Writer:
    """A client of the application that sends its token with each request."""

    client: FlaskClient
    engine: Engine
    token: str | None

    def ask(self, method: str, path: str, **how: Any) -> TestResponse:
        """Send a request; `headers` come beside the token."""
        headers = dict(how.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.open(PREFIX + path, method=method, headers=headers, **how)

    def send(
        self, method: str, path: str, body: Any, media_type: str = JSON, **headers: str
    ) -> TestResponse:
        """Send a body; `If_Match="…"` is a header."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, path, data=raw, content_type=media_type, headers=named)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read a path."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("GET", path, headers=named)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Create a record."""
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Create or replace a record."""
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Change parts of a record."""
        return self.send("PATCH", path, body, MERGE, **headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        """Delete a record."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("DELETE", path, headers=named)

    def revert(self, path: str, version: int, **headers: str) -> TestResponse:
        """Give a record the content of a version."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", f"{path}/revert?version={version}", headers=named)

    def bound(self, *cities: str) -> "Writer":
        """Return a writer whose token is bound to cities."""
        return Writer(self.client, self.engine, issue(self.engine, cities=cities))

    def plan(self, body: Any, media_type: str = JSON, query: str = "") -> TestResponse:
        """Ask what an import would do."""
        return self.send("POST", f"/imports?{query}", body, media_type)

    def apply(self, body: Any, media_type: str = JSON, query: str = "") -> TestResponse:
        """Plan an import and do what the plan says."""
        planned = self.plan(body, media_type, query)
        assert planned.status_code == 200, planned.text
        digest = planned.json["data"]["digest"]
        return self.send("POST", f"/imports?apply={digest}&{query}", body, media_type)


def issue(engine: Engine, *scopes: Scope, **how: Any) -> str:
    """Make a token with a name of its own."""
    name = how.pop("name", secrets.token_hex(8))
    with migrating(engine) as connection:
        return tokens.issue(connection, name, scopes or (Scope.CONTENT_WRITE,), **how)


def is_problem(answer: TestResponse, status: int, code: str | None = None) -> dict[str, Any]:
    """Assert that an answer is a problem document of a status, and return it."""
    assert answer.status_code == status, answer.text[:2000]
    assert answer.mimetype == PROBLEM
    found: dict[str, Any] = answer.json
    assert found["status"] == status
    assert {"type", "title", "code", "detail", "request_id"} <= found.keys()
    assert code in (None, found["code"]), found
    return found


def refused(answer: TestResponse) -> dict[str, Any]:
    """Assert that an answer is a problem of the client's making, in words, and return it."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:500])
    found = is_problem(answer, answer.status_code)
    assert found["detail"].strip()
    return found


def trace(engine: Engine) -> Counter[str]:
    """Return what any write would change: the sequence, and how many rows each table holds."""
    tables = [t for t in Base.metadata.tables.values() if t.name not in ("token", "store")]
    counted = [select(func.count()).select_from(t).scalar_subquery().label(t.name) for t in tables]
    with reading(engine) as connection:
        row = connection.execute(select(Store.seq, Store.seeded_at, *counted)).one()
    return Counter(row._asdict())


def seq(engine: Engine) -> int:
    """Return the latest sequence number."""
    with reading(engine) as connection:
        return history.end(connection)


def contents(engine: Engine) -> dict[tuple[str, str], Record]:
    """Return each record's content by collection and id, without what the server sets."""
    with reading(engine) as connection:
        return {
            (each.name, record["id"]): {n: v for n, v in record.items() if n not in SERVER_SET}
            for each in COLLECTIONS
            for record in snapshots(connection, each)
        }


def snapshots(connection: Connection, collection: Collection) -> list[Record]:
    """Return the current snapshots of a collection."""
    table = collection.table
    stated = select(Change.snapshot).join(table, table.c.seq == Change.seq)
    return [orjson.loads(text) for text in connection.execute(stated).scalars()]


def loaded(name: str, record: Record) -> Record:
    """Return a record as the catalog takes it."""
    found: Record = BY_NAME[name].schema().load(record)
    return found


def path_of(name: str, record: Record) -> str:
    """Return the path of a record."""
    return f"/{name}/{record['id']}"


def bundle(*records: tuple[str, Record]) -> dict[str, dict[str, Record]]:
    """Return a bundle of (collection, record) pairs."""
    made: dict[str, dict[str, Record]] = {}
    for name, record in records:
        made.setdefault(name, {})[record["id"]] = {n: v for n, v in record.items() if n != "id"}
    return made


def lines(*records: tuple[str, Record]) -> bytes:
    """Return (collection, record) pairs as NDJSON."""
    return b"".join(orjson.dumps({"type": n, "data": r}) + b"\n" for n, r in records)


def holding_lock(engine: Engine) -> Any:
    """Return a context that holds the store's lock."""
    return writing(engine, dry_run=True)
