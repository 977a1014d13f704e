"""openapi.yaml: what the code says, with examples that are real answers of a seeded store."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
import yaml
from flask import Flask
from flask.testing import FlaskClient

from .app import create_app
from .schemas.record import SERVER_SET
from .services import seeding, tokens
from .services.database import open_engine, writing
from .services.doors import Door
from .services.migrating import migrate
from .services.records import BY_NAME, COLLECTIONS
from .services.tokens import Scope
from .settings import ROOT, Settings

PATH = ROOT / "openapi.yaml"
HEADER = "# Made by `pilotcities openapi`; its diff is the review of the API. Do not edit.\n"
MOMENT = "2026-11-22T08:00:00Z"
SEARCHED = {"q": "validation kharkiv", "limit": "2"}
IDS = {
    "projects": "buer-covid-19",
    "cities": "tirana",
    "workshops": "kharkiv-2021-09-03-validation",
}


def document(settings: Settings) -> dict[str, Any]:
    """Return the contract; a store is seeded in a temporary folder to take the examples from."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/examples.db")
        migrate(engine)
        files = seeding.bundle_files([], settings.seed_dir)
        with writing(engine) as connection:
            seeding.apply(connection, seeding.load(files), Door("seed"))
            token = tokens.issue(connection, "examples", [Scope.CONTENT_WRITE])
        app = create_app(Settings(log_level="error"), engine)
        found = _plain(app)
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        for path, operations in found["paths"].items():
            for method, operation in operations.items():
                if method != "parameters":
                    _add_example(client, path, method, operation)
        engine.dispose()
    return found


def _plain(app: Flask) -> dict[str, Any]:
    spec: dict[str, Any] = app.extensions["pilotcities-api"].spec.to_dict()
    order = ("openapi", "info", "servers", "security", "tags", "paths", "components")
    first = {"title": spec["info"]["title"], "version": spec["info"]["version"]}
    spec["info"] = first | spec["info"]
    return {name: spec[name] for name in order if name in spec}


def _add_example(client: FlaskClient, path: str, method: str, operation: dict[str, Any]) -> None:
    """Ask an operation, and write its answer (and for a write, its body) into the contract."""
    name = operation["operationId"]
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
    if content is None:
        return
    address = path.format(**_path_values(client, path, method))
    query = SEARCHED if name == "search_records" else _brief(name)
    if method == "get":
        response = client.get(address, query_string=query)
    else:
        response = _write(client, address, method, operation)
    if response.status_code != 200:
        raise RuntimeError(f"{name}: {address} answers {response.status}: {response.text}")
    content["example"] = _settled(response.json)


def _write(client: FlaskClient, address: str, method: str, operation: dict[str, Any]) -> Any:
    """Write what is there already, so that the answer is a 200, without a trace."""
    name = operation["operationId"]
    if name == "import_bundle":
        return _import(client, address, operation)
    collection = next(each for each in COLLECTIONS if name.endswith(f"_{each.singular}"))
    record_at = address.removesuffix("/revert")
    if name.startswith("create_"):
        record_at += "/" + _path_values(client, f"{address}/{{id}}", method)["id"]
    present: Any = client.get(record_at, query_string={"lang": "*"}).json
    body: dict[str, Any] | None = {n: v for n, v in present["data"].items() if n not in SERVER_SET}
    if name.startswith("update_") and body is not None:
        body = {collection.label: body[collection.label]}
    asked = {"dry_run": "true"}
    if "requestBody" not in operation:
        body, asked = None, {"dry_run": "true", "version": "1"}
    else:
        media_type, shown = next(iter(operation["requestBody"]["content"].items()))
        shown["example"] = body
    headers = {"If-Match": "*"}
    if body is not None:
        headers["Content-Type"] = media_type
    data = None if body is None else orjson.dumps(body)
    return client.open(address, method=method, query_string=asked, headers=headers, data=data)


def _import(client: FlaskClient, address: str, operation: dict[str, Any]) -> Any:
    """Plan a bundle of what is there already."""
    present: Any = client.get("/api/v1/projects/da16", query_string={"lang": "*"}).json
    form = {n: v for n, v in present["data"].items() if v and n not in ("id", *SERVER_SET)}
    bundle = {"projects": {"da16": form}}
    operation["requestBody"]["content"]["application/json"]["example"] = bundle
    return client.post(address, json=bundle)


def _brief(name: str) -> dict[str, str]:
    """Return what keeps the example of a list short."""
    collection = BY_NAME.get(name.removeprefix("list_"))
    return {} if collection is None else {"limit": "1", "fields": f"url,{collection.label}"}


def _path_values(client: FlaskClient, path: str, method: str) -> dict[str, str]:
    if "{code}" in path:
        return {"code": "cursor_expired"}
    if "{id}" not in path:
        return {}
    collection = path.split("/{id}", maxsplit=1)[0]
    known = IDS.get(collection.rpartition("/")[2])
    if known is not None and method == "get" and path.endswith("{id}"):
        return {"id": known}
    listed: Any = client.get(collection, query_string={"limit": "200"}).json
    shortest = min(listed["data"], key=lambda record: len(str(record)))
    return {"id": shortest["id"], "number": "1"}


def _settled(value: Any) -> Any:
    """Return an answer with one fixed moment for the times of writing, so that it stays equal."""
    if isinstance(value, dict):
        return {
            n: MOMENT if n in ("created_at", "updated_at") else _settled(v)
            for n, v in value.items()
        }
    return [_settled(each) for each in value] if isinstance(value, list) else value


def text(settings: Settings) -> str:
    """Return the contract as the text of openapi.yaml."""
    dumped: str = yaml.dump(
        document(settings), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return HEADER + dumped


def write(settings: Settings, path: Path = PATH) -> bool:
    """Write openapi.yaml; return whether it changed."""
    new = text(settings)
    if path.exists() and path.read_text(encoding="utf-8") == new:
        return False
    path.write_text(new, encoding="utf-8")
    return True


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks, and no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
