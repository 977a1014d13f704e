"""A query that is wrong: each fault is named, with what would be right."""

import pytest
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


def test_thousands_of_wrong_names_get_a_short_answer(reader: FlaskClient) -> None:
    names = "&".join(f"citie{number}" for number in range(3_000))
    answer = reader.get(f"/api/v1/workshops?{names}")
    assert (answer.status_code, len(answer.data) < 20_000) == (400, True)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *(("workshops", "limit=00"), ("cities", "q=%ff"), ("cities", "%ff=1")),
        *(("cities", "updated_since=2020-W01"), ("cities", "updated_since=20200101")),
        *(("cities", "bbox=1e1,40,4_0,51"), ("cities", "bbox=%D9%A1%D9%A0,40,40,51")),
        *(("cities", "country="), ("cities", "country=UA,,AL"), ("cities", "bbox=nan,1,2,3")),
    ],
)
def test_what_the_contract_does_not_allow_is_refused(
    reader: FlaskClient, path: str, query: str
) -> None:
    assert reader.get(f"/api/v1/{path}?{query}").status_code == 400


def test_a_code_has_one_title_wherever_it_comes_from(reader: FlaskClient) -> None:
    titles = {each["code"]: each["title"] for each in reader.get("/api/v1/problems").json["data"]}
    asked = ["/nothing", "/api/v1/cities/nowhere", "/api/v1/cities?x=1"]
    refused = [reader.get(path).json for path in asked] + [reader.put("/api/v1/search").json]
    assert [each["title"] for each in refused] == [titles[each["code"]] for each in refused]
