"""A query that is wrong: each fault is named, with what would be right."""

from flask.testing import FlaskClient

from api.services.collection import Collection
from tests.contract.conftest import Everything
from tests.contract.oracle import each, faults


@each
def test_an_unknown_parameter_is_refused_with_the_nearest_and_all_there_are(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    one = everything[collection.name][0]["id"]
    for name in collection.filters:
        wrong = faults(reader, collection.name, **{f"{name}x": "1"})[f"{name}x"]
        assert f"Did you mean {name}?" in wrong
        listed = wrong.rpartition("There are: ")[2].split(", ")
        assert {*collection.filters, "q", "sort", "limit", "cursor", "fields", "lang"} <= set(
            listed
        )
        assert name in faults(reader, f"{collection.name}/{one}", **{name: "1"})


@each
def test_a_parameter_given_twice_is_refused(
    reader: FlaskClient, everything: Everything, collection: Collection
) -> None:
    one = everything[collection.name][0]["id"]
    assert "lang" in faults(reader, collection.name, lang=["en", "en"])
    assert "limit" in faults(reader, collection.name, limit=["1", "2"])
    assert "fields" in faults(reader, f"{collection.name}/{one}", fields=["id", "id"])


@each
def test_all_that_is_wrong_is_told_at_once(reader: FlaskClient, collection: Collection) -> None:
    wrong = dict.fromkeys(collection.filters, "") | {"sort": "x", "limit": "x", "lang": "?"}
    wrong |= {"fields": "x", "cursor": "x", "q": " "}
    assert faults(reader, collection.name, **wrong).keys() == wrong.keys()


@each
def test_names_and_values_that_are_wrong_are_told_together(
    reader: FlaskClient, collection: Collection
) -> None:
    wrong = faults(reader, collection.name, nonsense="1", limit="x")
    assert wrong.keys() == {"nonsense", "limit"}
