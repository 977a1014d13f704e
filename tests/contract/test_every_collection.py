"""What every collection promises, whatever it holds."""

import random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from api.services.collection import Collection
from tests.contract.conftest import Everything
from tests.contract.oracle import ALWAYS, each, faults, get, ids, includable, related
from tests.contract.varied import written
from tests.factories import BY_NAME


@each
def test_a_list_has_data_page_and_links(reader: FlaskClient, collection: Collection) -> None:
    body = get(reader, collection.name)
    assert set(body) == {"data", "page", "links"}
    assert set(body["page"]) == {"limit", "total", "next_cursor"}
    assert body["page"]["total"] >= len(body["data"]) > 0
    assert body["links"]["self"] == f"http://127.0.0.1:8000/api/v1/{collection.name}"


@each
def test_a_list_shows_records_as_they_are_shown_alone(
    reader: FlaskClient, collection: Collection
) -> None:
    for lang in ({}, {"lang": "*"}, {"lang": "uk,en"}):
        for record in get(reader, collection.name, limit="20", **lang)["data"]:
            assert get(reader, f"{collection.name}/{record['id']}", **lang) == {"data": record}


@each
def test_all_languages_are_exactly_the_write_form(
    everything: Everything, collection: Collection
) -> None:
    content = written()[collection.name]
    assert sorted(ids(everything[collection.name])) == sorted(content)
    for record in everything[collection.name]:
        set_by_server = {n: record[n] for n in ("url", "version", "created_at", "updated_at")}
        assert record == set_by_server | content[record["id"]]
        assert collection.schema().load(record) == content[record["id"]]


@each
def test_the_url_of_a_record_leads_to_it(reader: FlaskClient, collection: Collection) -> None:
    for record in get(reader, collection.name, limit="9")["data"]:
        path = record["url"].removeprefix("http://127.0.0.1:8000")
        assert reader.get(path).json["data"] == record


@each
def test_fields_gives_these_and_what_always_comes(
    reader: FlaskClient, collection: Collection
) -> None:
    whole = get(reader, collection.name, lang="uk,en")["data"]
    names = sorted(set(whole[0]) - ALWAYS)
    dice = random.Random(3)
    for asked in ([name] for name in names), (dice.sample(names, 3) for _ in range(5)):
        for some in asked:
            shown = get(reader, collection.name, lang="uk,en", fields=",".join(some))["data"]
            kept = {*some, *ALWAYS}
            for record in whole:
                wanted = {name: value for name, value in record.items() if name in kept}
                langs = wanted["fallbacks"]
                wanted["fallbacks"] = {name: langs[name] for name in langs if name in some}
                assert wanted in shown


@each
def test_one_record_takes_fields_too(reader: FlaskClient, collection: Collection) -> None:
    first = get(reader, collection.name, limit="1", fields=collection.label)["data"][0]
    path = f"{collection.name}/{first['id']}"
    assert get(reader, path, fields=collection.label)["data"] == first
    assert set(first) == ALWAYS | {collection.label}


@each
def test_an_unknown_field_is_refused_with_the_nearest(
    reader: FlaskClient, collection: Collection
) -> None:
    one = get(reader, collection.name, limit="1")["data"][0]["id"]
    for path in (collection.name, f"{collection.name}/{one}"):
        for name in collection.fields:
            wrong = faults(reader, path, fields=f"id,{name}x")
            assert f"Did you mean {name}?" in wrong["fields"]
        assert "fields" in faults(reader, path, fields="")


@each
def test_include_brings_each_record_once(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for sort, limit in (("id", "7"), ("-updated_at", "200")):
        for name in includable(collection):
            query = {"sort": sort, "limit": limit, "lang": "*", "include": name}
            body = get(reader, collection.name, **query)
            wanted = related(collection, body["data"], BY_NAME[name], everything[name])
            found = sorted(body["included"][name], key=lambda record: record["id"])
            assert found == sorted(wanted, key=lambda record: record["id"])
            assert set(body["included"]) == {name}


@each
def test_one_record_brings_along_all_that_is_related(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    names = sorted(includable(collection))
    for record in everything[collection.name][-20:] if names else []:
        path = f"{collection.name}/{record['id']}"
        body = get(reader, path, lang="*", include=",".join(names))
        for name in names:
            wanted = related(collection, [record], BY_NAME[name], everything[name])
            assert sorted(ids(body["included"][name])) == sorted(ids(wanted))
        assert body["data"] == record
        assert set(body["included"]) == set(names)


@each
def test_what_cannot_be_included_is_refused(reader: FlaskClient, collection: Collection) -> None:
    for name in {*BY_NAME, "everything", ""} - includable(collection):
        assert "include" in faults(reader, collection.name, include=name)


@pytest.fixture
def statements(world: Engine) -> list[str]:
    """The statements that the world is asked while the test runs."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(world, "before_cursor_execute", see)
    yield seen
    event.remove(world, "before_cursor_execute", see)


@each
def test_the_number_of_statements_is_the_same_for_every_page(
    computing: FlaskClient, statements: list[str], collection: Collection
) -> None:
    cursor = get(computing, collection.name, limit="15", sort="-updated_at")["page"]["next_cursor"]
    used = []
    for query in ({"limit": "1"}, {"limit": "200"}, {"limit": "9", "cursor": cursor}):
        statements.clear()
        get(computing, collection.name, sort="-updated_at", **query)
        used.append(len(statements))
    assert len(set(used)) == 1
    assert used[0] <= 4


@each
def test_what_comes_along_costs_one_statement_a_type(
    computing: FlaskClient, statements: list[str], collection: Collection
) -> None:
    names = sorted(includable(collection))
    for count in range(1, len(names) + 1):
        statements.clear()
        get(computing, collection.name, include=",".join(names[:count]), limit="200")
        assert len(statements) <= 5 + count


@each
def test_the_number_of_statements_is_the_same_for_every_record(
    computing: FlaskClient, everything: Everything, statements: list[str], collection: Collection
) -> None:
    used = set()
    for id_ in ids(everything[collection.name]):
        statements.clear()
        get(computing, f"{collection.name}/{id_}")
        used.add(len(statements))
    assert len(used) == 1
    assert used.pop() <= 3
