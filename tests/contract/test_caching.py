"""Tags: they tell a change when there is one, and only then."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.services import catalog, stored
from api.services.collection import Collection
from api.services.database import writing
from api.services.records import BY_NAME, COLLECTIONS
from tests.contract.conftest import Everything
from tests.contract.oracle import each, get, includable
from tests.factories import DOOR, MAKE, store

WRITTEN = "tag-1"


def _tag(client: FlaskClient, path: str) -> str:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.text
    return response.headers["ETag"]


def _touch(engine: Engine, collection: Collection) -> None:
    """Change a record of a collection, or make it."""
    with writing(engine) as connection:
        present = stored.current(connection, collection, WRITTEN)
    version = str(present.version if present else 0)
    record = MAKE[collection.name](WRITTEN, external_ids={"version": version})
    store(engine, (collection.name, record))


def _paths(everything: Everything, collection: Collection) -> list[str]:
    one = everything[collection.name][0]["id"]
    return [collection.name, f"{collection.name}?limit=2&lang=uk", f"{collection.name}/{one}"]


@each
@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}', '"a",W/{} , "b"', "*"])
def test_who_holds_the_answer_gets_304(
    reader: FlaskClient, everything: Everything, collection: Collection, held: str
) -> None:
    for path in _paths(everything, collection):
        whole = reader.get(f"/api/v1/{path}")
        held_tags = {"If-None-Match": held.format(whole.headers["ETag"])}
        response = reader.get(f"/api/v1/{path}", headers=held_tags)
        assert (response.status_code, response.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert response.headers[name] == whole.headers[name]


@each
def test_another_tag_gets_the_answer(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for path in _paths(everything, collection):
        for held in ('"other"', "", f'"{_tag(reader, path)[1:-2]}"', _tag(reader, path)[:-1]):
            response = reader.get(f"/api/v1/{path}", headers={"If-None-Match": held})
            assert response.status_code == (200 if held != _tag(reader, path)[:-1] else 304)


@each
def test_a_head_of_what_is_held_is_304_too(reader: FlaskClient, collection: Collection) -> None:
    held = {"If-None-Match": _tag(reader, collection.name)}
    assert reader.head(f"/api/v1/{collection.name}", headers=held).status_code == 304


@each
def test_tags_are_strong_and_the_same_each_time(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for path in _paths(everything, collection):
        assert re.fullmatch(r'"[0-9]+\.[0-9a-f]+"', _tag(reader, path))
        assert _tag(reader, path) == _tag(reader, path)


@each
def test_different_questions_have_different_tags(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    one = f"{collection.name}/{everything[collection.name][0]['id']}"
    views = ["", "?lang=uk", "?lang=en", "?lang=*", "?fields=id", "?fields=id,lang"]
    paths = [path + view for path in (collection.name, one) for view in views]
    paths += [f"{collection.name}?limit=2", f"{collection.name}?sort=-id", f"{collection.name}?q=a"]
    assert len({_tag(reader, path) for path in paths}) == len(paths)


@each
def test_a_tag_does_not_depend_on_who_asks(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    for path in _paths(everything, collection):
        known = {"Authorization": "Bearer nonsense"}
        response = reader.get(f"/api/v1/{path}", headers=known)
        assert response.headers["ETag"] == _tag(reader, path)
        assert response.headers["Cache-Control"] == "private, no-cache"


@each
def test_a_records_tag_begins_with_its_version(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    for _ in range(3):
        _touch(scratch, collection)
        version = get(writer, f"{collection.name}/{WRITTEN}")["data"]["version"]
        for query in ("", "?lang=uk", "?fields=id"):
            tag = _tag(writer, f"{collection.name}/{WRITTEN}{query}")
            assert tag.startswith(f'"{version}.')


@each
def test_a_write_changes_the_tags_of_what_shows_it_and_no_others(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    for each_ in COLLECTIONS:
        _touch(scratch, each_)
    lists = [each_.name for each_ in COLLECTIONS]
    singles = [f"{name}/{WRITTEN}" for name in lists]
    before = {path: _tag(writer, path) for path in lists + singles}
    _touch(scratch, collection)
    after = {path: _tag(writer, path) for path in lists + singles}
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {collection.name, f"{collection.name}/{WRITTEN}"}


@each
def test_a_write_changes_the_tag_of_what_includes_it(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    _touch(scratch, collection)
    for name in sorted(includable(collection)):
        for path in (collection.name, f"{collection.name}/{WRITTEN}"):
            before = _tag(writer, f"{path}?include={name}")
            _touch(scratch, BY_NAME[name])
            assert _tag(writer, f"{path}?include={name}") != before


@each
def test_the_same_content_again_changes_no_tag(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    store(scratch, (collection.name, MAKE[collection.name]("same-1")))
    before = _tag(writer, collection.name)
    store(scratch, (collection.name, MAKE[collection.name]("same-1")))
    assert _tag(writer, collection.name) == before


@each
def test_a_deleted_record_is_gone_for_good_and_says_why(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    for id_ in ("gone-1", "better-1"):
        store(scratch, (collection.name, MAKE[collection.name](id_)))
    before = _tag(writer, collection.name)
    with writing(scratch) as connection:
        told = {"reason": "A duplicate.", "replaced_by": "better-1"}
        catalog.remove(connection, collection, "gone-1", DOOR, **told)
    response = writer.get(f"/api/v1/{collection.name}/gone-1")
    assert (response.status_code, response.json["code"]) == (410, "gone")
    assert told.items() <= response.json.items()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", response.json["deleted_at"])
    assert "gone-1" not in writer.get(f"/api/v1/{collection.name}?limit=200").text
    assert _tag(writer, collection.name) != before


@each
def test_a_record_that_comes_back_goes_on_counting(
    scratch: Engine, writer: FlaskClient, collection: Collection
) -> None:
    store(scratch, (collection.name, MAKE[collection.name]("back-1")))
    version = get(writer, f"{collection.name}/back-1")["data"]["version"]
    with writing(scratch) as connection:
        catalog.remove(connection, collection, "back-1", DOOR)
    store(scratch, (collection.name, MAKE[collection.name]("back-1")))
    assert get(writer, f"{collection.name}/back-1")["data"]["version"] == version + 2
