"""openapi.yaml: what the code says, with examples that are real answers of a seeded store."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
import yaml
from flask import Flask

from .app import V1, create_app
from .bundle_schema import bundle_schema
from .examples import add_example, add_path_examples
from .services import seeding, tokens
from .services.database import open_engine, writing
from .services.doors import Door
from .services.migrating import migrate
from .services.tokens import Scope
from .settings import ROOT, Settings
from .web.marking import mark
from .web.versions import Version, api_of

PATH = V1.document
SCHEMA_PATH = ROOT / "seed" / "bundle.schema.json"
RELEASED = ROOT / "contract" / "v1.yaml"
"""The contract as it was released last, which scripts/release writes."""
HEADER = "# Made by `pilotcities openapi`; its diff is the review of the API. Do not edit.\n"


def read(path: Path) -> dict[str, Any]:
    """Return the contract in a file. What is no contract is a ValueError that says so."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not YAML: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("paths"), dict):
        raise ValueError(f"{path} is not an OpenAPI document")
    return found


def document(settings: Settings) -> dict[str, Any]:
    """Return the contract; a store is seeded in a temporary folder to take the examples from."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/examples.db")
        migrate(engine)
        files = seeding.bundle_files([], settings.seed_dir)
        with writing(engine) as connection:
            seeding.apply(connection, seeding.load(files), Door("seed"))
            token = tokens.issue(connection, "examples", [Scope.CONTENT_WRITE])
        app = create_app(Settings(log_level="error", data_dir=Path(folder)), engine)
        found = plain(app)
        client = app.test_client()
        for path, operations in found["paths"].items():
            add_path_examples(client, path, operations)
            for method, operation in operations.items():
                if method != "parameters":
                    add_example(client, path, method, operation, token)
        engine.dispose()
    return found


def plain(app: Flask, version: Version = V1) -> dict[str, Any]:
    """Return what the code of a version says, without examples."""
    spec: dict[str, Any] = api_of(app, version.prefix).spec.to_dict()
    mark(spec, version.deprecations)
    for path in spec["paths"].values():
        for name, operation in path.items():
            if name != "parameters":
                # Successes first: generated clients ask for what the first one holds.
                operation["responses"] = dict(sorted(operation["responses"].items()))
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


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks, and no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
