"""openapi.yaml: what the code says, with examples that are real answers of a seeded store."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
import yaml
from flask import Flask

from .app import create_app
from .examples import add_example
from .schemas.fields import SLUG
from .services import seeding, tokens
from .services.database import open_engine, writing
from .services.doors import Door
from .services.migrating import migrate
from .services.records import COLLECTIONS
from .services.tokens import Scope
from .settings import ROOT, Settings
from .web.parameters import schema_name

PATH = ROOT / "openapi.yaml"
SCHEMA_PATH = ROOT / "seed" / "bundle.schema.json"
HEADER = "# Made by `pilotcities openapi`; its diff is the review of the API. Do not edit.\n"


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
        for path, operations in found["paths"].items():
            for method, operation in operations.items():
                if method != "parameters":
                    add_example(client, path, method, operation, token)
        engine.dispose()
    return found


def _plain(app: Flask) -> dict[str, Any]:
    spec: dict[str, Any] = app.extensions["pilotcities-api"].spec.to_dict()
    order = ("openapi", "info", "servers", "security", "tags", "paths", "components")
    first = {"title": spec["info"]["title"], "version": spec["info"]["version"]}
    spec["info"] = first | spec["info"]
    return {name: spec[name] for name in order if name in spec}


def texts(settings: Settings) -> dict[Path, str]:
    """Return what each generated file holds: the contract, and the JSON Schema of bundles."""
    found = document(settings)
    dumped: str = yaml.dump(found, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    schema = orjson.dumps(bundle_schema(found), option=orjson.OPT_INDENT_2).decode()
    return {PATH: HEADER + dumped, SCHEMA_PATH: schema + "\n"}


def stale(settings: Settings) -> dict[Path, str]:
    """Return the generated files that are not as they should be, and what they should hold."""
    return {
        path: text
        for path, text in texts(settings).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def bundle_schema(found: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a bundle: collection → id → write form."""
    components = found["components"]["schemas"]
    bodies = {each.name: f"{schema_name(each)}Replacement" for each in COLLECTIONS}
    wanted = list(bodies.values())
    defined: dict[str, Any] = {}
    while wanted:
        name = wanted.pop()
        if name not in defined:
            defined[name] = _moved(components[name], wanted)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pilot Cities bundle",
        "description": "Collection, then id, then the record's write form.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "propertyNames": {"pattern": SLUG, "maxLength": 80},
                "additionalProperties": {"$ref": f"#/$defs/{body}"},
            }
            for name, body in bodies.items()
        },
        "$defs": dict(sorted(defined.items())),
    }


def _moved(value: Any, wanted: list[str]) -> Any:
    """Return a part of the contract with its references moved, and note what they want."""
    if isinstance(value, list):
        return [_moved(each, wanted) for each in value]
    if not isinstance(value, dict):
        return value
    moved = {n: _moved(v, wanted) for n, v in value.items() if n != "readOnly"}
    if isinstance(value.get("$ref"), str):
        name = value["$ref"].rpartition("/")[2]
        wanted.append(name)
        moved["$ref"] = f"#/$defs/{name}"
    return moved


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks, and no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
