"""The contract: whole, true, and the same on every machine."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from api.contract import PATH, SCHEMA_PATH
from api.settings import ROOT
from api.web.meanings import MEANINGS
from tests.contract.conftest import Everything
from tests.contract.oracle import get
from tests.factories import BY_NAME

QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DOCUMENT: dict[str, Any] = yaml.load(PATH.read_text(encoding="utf-8"), QUICK)
COMPONENTS = DOCUMENT["components"]
JSON, PROBLEM = "application/json", "application/problem+json"
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
]
each_operation = pytest.mark.parametrize(
    ("path", "method", "operation"),
    OPERATIONS,
    ids=[each["operationId"] for *_, each in OPERATIONS],
)
WRITES = """
from api.contract import texts
from api.settings import Settings
for path, text in texts(Settings()).items():
    assert path.read_text(encoding="utf-8") == text, path
"""


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference leads to."""
    while "$ref" in value:
        _, _, kind, name = value["$ref"].split("/")
        value = COMPONENTS[kind][name]
    return value


def nested(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object within the document, and where it stands."""
    if isinstance(value, dict):
        yield path, value
        for name, inner in value.items():
            yield from nested(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from nested(inner, f"{path}/{number}")


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """Return what holds values to a schema of the document."""
    return Draft202012Validator({**schema, "components": COMPONENTS})


def fits(schema: dict[str, Any], value: Any) -> None:
    """Hold a value to a schema of the document."""
    validator(schema).validate(value)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_committed_files_are_what_the_code_says_whatever_the_hash_seed(seed: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", WRITES]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_the_schema_of_bundles_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(yaml.safe_load(SCHEMA_PATH.read_text(encoding="utf-8")))


@each_operation
def test_an_operation_says_what_it_is(path: str, method: str, operation: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation["operationId"])
    assert re.fullmatch(r"[A-Z].*[^.]", operation["summary"])
    assert operation["description"].endswith(".")
    tags = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert [tags[name] for name in operation["tags"]]


def test_operation_ids_are_unique() -> None:
    names = [operation["operationId"] for *_, operation in OPERATIONS]
    assert len(set(names)) == len(names)


@each_operation
def test_an_operation_documents_its_errors_as_problems(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    responses = {status: resolved(each) for status, each in operation["responses"].items()}
    errors = {status for status in responses if status == "default" or status >= "400"}
    assert {"400", "default"} <= errors
    assert "404" in errors or "{" not in path or method == "put"
    for status in errors:
        assert list(responses[status]["content"]) == [PROBLEM]
        assert responses[status]["content"][PROBLEM]["schema"]["$ref"].endswith("/Problem")
        assert "X-Request-Id" in responses[status]["headers"]


@each_operation
def test_an_operation_shows_an_example_that_fits(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    good = [each for status, each in operation["responses"].items() if status.startswith("2")]
    shown = [each["content"][JSON] for each in good if JSON in each.get("content", {})]
    assert not shown or any("example" in each for each in shown)
    body = operation.get("requestBody", {}).get("content", {})
    for each in (*shown, *body.values()):
        if "example" in each:
            fits(each["schema"], each["example"])


def test_every_parameter_and_its_example_are_explained() -> None:
    for path, _, operation in OPERATIONS:
        shared = DOCUMENT["paths"][path].get("parameters", [])
        for parameter in map(resolved, (*operation.get("parameters", []), *shared)):
            assert parameter["description"].endswith("."), parameter
            if "example" in parameter:
                fits(parameter["schema"], parameter["example"])


def test_every_property_is_explained() -> None:
    for name, schema in COMPONENTS["schemas"].items():
        assert schema.get("description"), name
        for field, shape in schema.get("properties", {}).items():
            assert shape.get("description"), f"{name}.{field}"


def test_examples_of_properties_fit_them() -> None:
    for name, component in COMPONENTS["schemas"].items():
        for field, schema in component.get("properties", {}).items():
            for example in schema.get("examples", []):
                assert list(validator(schema).iter_errors(example)) == [], f"{name}.{field}"


def _is_anonymous(schema: dict[str, Any]) -> bool:
    return "enum" in schema or "properties" in schema or "additionalProperties" in schema


def test_a_value_of_a_closed_list_that_may_be_null_is_never_required() -> None:
    lists = {f"#/components/schemas/{n}" for n, s in COMPONENTS["schemas"].items() if "enum" in s}
    nullable = [
        (name, field, field in shape.get("required", []))
        for name, shape in COMPONENTS["schemas"].items()
        for field, value in shape.get("properties", {}).items()
        if {each.get("$ref") for each in value.get("anyOf", [])} & lists
    ]
    assert len(nullable) > 10
    assert [each for each in nullable if each[2]] == []


def test_the_document_explains_every_problem_code() -> None:
    table = DOCUMENT["paths"]["/api/v1/problems"]["get"]["description"]
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| .+ \|$", table, re.MULTILINE)
    assert rows == [(code, str(MEANINGS[code].status)) for code in sorted(MEANINGS)]


def test_shapes_and_closed_lists_have_names() -> None:
    # A map, such as translations, has no properties, and needs no name.
    for name, component in COMPONENTS["schemas"].items():
        for where, schema in nested(component):
            inline = where and not where.endswith("/properties")
            assert not (inline and ("enum" in schema or "properties" in schema)), f"{name}{where}"
    parts = {n: COMPONENTS[n] for n in ("responses", "parameters")} | {"paths": DOCUMENT["paths"]}
    for where, schema in nested(parts):
        if "/example" not in where and where.endswith(("schema", "items")):
            assert not _is_anonymous(schema), where


def test_every_route_is_documented_and_the_other_way_round(reader: FlaskClient) -> None:
    routes = set()
    for rule in reader.application.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        if path.startswith(("/api/v1", "/health")):
            methods = rule.methods - {"HEAD", "OPTIONS"}
            routes |= {(path, method.lower()) for method in methods}
    assert routes == {(path, method) for path, method, _ in OPERATIONS}


def _list_parameters(name: str) -> list[dict[str, Any]]:
    found = map(resolved, DOCUMENT["paths"][f"/api/v1/{name}"]["get"]["parameters"])
    return [each for each in found if each["in"] == "query"]


def _samples(parameter: dict[str, Any]) -> list[str]:
    """Return a parameter's example, every value of its closed list, or what its form allows."""
    schema = resolved(parameter["schema"])
    items = resolved(schema.get("items", schema))
    found = [parameter["example"]] if "example" in parameter else []
    codes = items.get("enum", [schema["default"]] if "default" in schema else [])
    most = schema.get("maxItems", 1)
    found += [codes[at : at + most] for at in range(0, len(codes), most)]
    pattern = items.get("pattern", "")
    likely = [each for each in ("kharkiv", "UAHRK", "en", "2021") if re.search(pattern, each)]
    found = found or likely
    return [",".join(map(str, each)) if isinstance(each, list) else str(each) for each in found]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_parameter_of_a_list_is_taken(seeded_client: FlaskClient, name: str) -> None:
    for parameter in _list_parameters(name):
        if parameter["name"] != "cursor":
            samples = _samples(parameter)
            assert samples, parameter["name"]
            for value in samples:
                get(seeded_client, name, **{parameter["name"]: value})
            if "style" in parameter:
                assert (parameter["style"], parameter["explode"]) == ("form", False)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_refusal_names_the_parameters_of_the_document(
    seeded_client: FlaskClient, name: str
) -> None:
    body = seeded_client.get(f"/api/v1/{name}?nonsense=1").json
    listed = body["errors"][0]["detail"].rpartition("There are: ")[2].split(", ")
    assert sorted(listed) == sorted(each["name"] for each in _list_parameters(name))


@pytest.mark.parametrize("name", BY_NAME)
def test_every_answer_fits_its_schema_and_holds_nothing_else(
    reader: FlaskClient, everything: Everything, name: str
) -> None:
    methods = DOCUMENT["paths"][f"/api/v1/{name}"]
    schema = methods["get"]["responses"]["200"]["content"][JSON]["schema"]
    record = COMPONENTS["schemas"][BY_NAME[name].schema.__name__.removesuffix("Input")]
    asked = {
        each["name"]: _samples(each)[-1] for each in _list_parameters(name) if "facets" in each
    }
    for query in ({"lang": "*"}, {"lang": "uk,en"}, {"q": "recovery"}, {"fields": "id"}, asked):
        body = get(reader, name, limit="200", **query)
        fits(schema, body)
        assert {field for each in body["data"] for field in each} <= set(record["properties"])


def test_problems_fit_their_schema(reader: FlaskClient) -> None:
    for path in ("projects?limit=x&nonsense=1", "projects/none", "nowhere", "problems/none"):
        response = reader.get(f"/api/v1/{path}")
        assert response.content_type == PROBLEM
        fits({"$ref": "#/components/schemas/Problem"}, response.json)
