"""The contract's examples: each operation is asked, and its answer is written down."""

from typing import Any

import orjson
from flask.testing import FlaskClient

from .schemas.faults import SERVER_SET
from .services.records import BY_NAME, COLLECTIONS

MOMENT = "2026-11-22T08:00:00Z"
CURSOR = "WyI2NzUxMGVmMGNjNWUiLCJiYWZiZWFmZCIsMiwiZGJjY2FiMDRiYjU0Il0"
SEARCHED = {"q": "validation kharkiv", "limit": "2"}
IDS = {
    "projects": "buer-covid-19",
    "cities": "tirana",
    "workshops": "kharkiv-2021-09-03-validation",
}


def add_example(
    client: FlaskClient, path: str, method: str, operation: dict[str, Any], token: str
) -> None:
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
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        response = _write(client, address, method, operation)
        del client.environ_base["HTTP_AUTHORIZATION"]
    if response.status_code not in (200, 201):
        raise RuntimeError(f"{name}: {address} answers {response.status}: {response.text}")
    content["example"] = _settled(_without_epoch(name, response))


def _without_epoch(name: str, response: Any) -> Any:
    """Return an answer whose cursor, if it tells of the store's history, is always the same."""
    if name not in ("list_changes", "get_state"):
        return response.json
    found: Any = response.json
    cursor = found.get("page", {}).get("next_cursor") or found["data"]["cursor"]
    return orjson.loads(response.text.replace(cursor, CURSOR))


def add_path_examples(client: FlaskClient, path: str, operations: dict[str, Any]) -> None:
    """Give each path parameter a value that leads somewhere."""
    values = _path_values(client, path, "get" if "get" in operations else "post")
    for parameter in operations.get("parameters", []):
        if parameter["name"] in values:
            parameter.setdefault("example", values[parameter["name"]])


def _write(client: FlaskClient, address: str, method: str, operation: dict[str, Any]) -> Any:
    """Write what is there already, so that the answer is a 200, without a trace."""
    name = operation["operationId"]
    if name == "import_bundle":
        return _import(client, address, operation)
    if name == "put_file_content":
        sent = {"data": b"An example.\n", "content_type": "text/plain"}
        first = {"If-None-Match": "*"}
        return client.put(address, query_string={"dry_run": "true"}, headers=first, **sent)
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
    if name == "list_changes":
        return {"limit": "2", "types": "cities", "bodies": "false"}
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
    if "{file}" in path:
        record = next(each for each in listed["data"] if each["files"])
        return {"id": record["id"], "file": record["files"][0]["id"]}
    shortest = min(listed["data"], key=lambda record: len(str(record)))
    return {"id": shortest["id"], "number": "1"}


def _settled(value: Any) -> Any:
    """Return an answer with one fixed moment for the times of writing, so that it stays equal."""
    if isinstance(value, dict):
        return {
            n: MOMENT if n in ("created_at", "updated_at", "at") else _settled(v)
            for n, v in value.items()
        }
    return [_settled(each) for each in value] if isinstance(value, list) else value
