"""The check against breaks: each kind is found, what is near it passes, and it always ends."""

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.breaks.documents import breaks
from api.breaks.kinds import Kind
from api.breaks.shapes import Document
from tests.contract.breaking import TABLE, document, form_of, planted, real

TODAY = date(2026, 11, 23)
PLANTED = [case for case in TABLE if "plant" in case]
Case = dict[str, Any]


def kinds(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Return the ids of the kinds of break between two documents."""
    return {each.kind.id for each in breaks(old, new, TODAY)}


def name(case: Case) -> str:
    return f"{case['kind']}: {case['what']}"


@pytest.mark.parametrize("case", TABLE, ids=name)
def test_a_break_is_found_and_nothing_else(case: Case) -> None:
    form = form_of(case)
    old, new = document(form, case[form]), document(form, case["breaks"])
    assert kinds(old, new) == {case["kind"]}


@pytest.mark.parametrize("case", TABLE, ids=name)
def test_what_is_near_a_break_passes(case: Case) -> None:
    form = form_of(case)
    old = document(form, case.get("old_that_passes", case[form]))
    assert breaks(old, document(form, case["passes"]), TODAY) == []


def test_the_table_has_every_kind_and_each_is_planted() -> None:
    every = {kind.id for kind in Kind}
    assert {case["kind"] for case in TABLE} == every
    assert {case["kind"] for case in PLANTED} == every


@pytest.mark.parametrize("case", PLANTED, ids=name)
def test_a_break_planted_in_the_real_contract_is_found(case: Case) -> None:
    old = planted(real(), case.get("before", {}))
    found = breaks(old, planted(old, case["plant"]), TODAY)
    assert case["kind"] in {each.kind.id for each in found}
    for each in found:
        Document(old).at(each.where)  # the place is there
        assert each.sentence.endswith(each.kind.whom)


def test_the_real_contract_does_not_break_itself() -> None:
    assert breaks(real(), copy.deepcopy(real()), TODAY) == []


def test_additions_to_the_real_contract_pass() -> None:
    added = {
        "/paths/~1api~1v1~1partners": {"get": {"operationId": "list_partners", "responses": {}}},
        "/components/schemas/City/properties/mayor": {"type": "string"},
        "/components/schemas/CityInput/properties/mayor": {"type": ["string", "null"]},
        "/paths/~1api~1v1~1cities/get/parameters/-": {"name": "mayor", "in": "query"},
        "/paths/~1api~1v1~1cities/get/responses/429": {"description": "Too many."},
        "/info/version": "9.9.9",
    }
    assert breaks(real(), planted(real(), added), TODAY) == []


TREE = {
    "openapi": "3.1.0",
    "paths": {
        "/trees": {
            "post": {
                "operationId": "plant_tree",
                "requestBody": {
                    "content": {"a/b": {"schema": {"$ref": "#/components/schemas/Tree"}}}
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Tree": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 9},
                    "child": {"allOf": [{"$ref": "#/components/schemas/Tree"}]},
                    "others": {"type": "array", "items": {"$ref": "#/components/schemas/Forest"}},
                },
            },
            "Forest": {
                "anyOf": [
                    {"$ref": "#/components/schemas/Tree"},
                    {"$ref": "#/components/schemas/Forest"},
                ]
            },
        }
    },
}


def test_a_shape_that_holds_itself_is_looked_at_once() -> None:
    pointer = "/components/schemas/Tree/properties/name/maxLength"
    (found,) = breaks(TREE, planted(TREE, {pointer: 5}), TODAY)
    assert found.kind is Kind.LIMIT_TIGHTENED
    assert found.where == "#/components/schemas/Tree/properties/name"
    assert found.sentence.startswith("plant_tree: Tree.name has maxLength 5; it was 9. ")


def test_one_break_is_told_once_with_how_many_operations_it_reaches() -> None:
    new = planted(real(), {"/components/parameters/Limit/schema/maximum": 100})
    (found,) = breaks(real(), new, TODAY)
    assert found.where == "#/components/parameters/Limit/schema"
    assert " more: the parameter limit has maximum 100; it was 200." in found.sentence


@pytest.mark.parametrize("reference", ["other.yaml#/City", "#/components/schemas/None"])
def test_a_reference_that_leads_nowhere_is_an_error(reference: str) -> None:
    found = document("read", {"$ref": reference})
    with pytest.raises(ValueError, match="leads"):
        breaks(found, found, TODAY)


leaves = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", ["string", "null"], "object", "array"]),
        "enum": st.lists(st.sampled_from(["a", "b", 1, None]), min_size=1, unique=True),
        "maxLength": st.integers(0, 9),
        "minimum": st.integers(0, 9),
        "pattern": st.sampled_from(["^a$", "b"]),
        "format": st.sampled_from(["date", "int32"]),
        "default": st.sampled_from(["a", 1]),
        "$ref": st.sampled_from(["#/components/schemas/Tree", "#/components/schemas/Forest"]),
    },
)
schemas = st.recursive(
    leaves | st.booleans(),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("xyz"), inner),
            "required": st.lists(st.sampled_from("xyz"), unique=True),
            "additionalProperties": inner,
            "items": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "allOf": st.lists(inner, min_size=1, max_size=3),
        },
    ),
    max_leaves=8,
)


def around(form: str, schema: Any) -> dict[str, Any]:
    return document(form, schema) | {"components": TREE["components"]}


@settings(deadline=None)
@given(form=st.sampled_from(["sent", "read"]), schema=schemas)
def test_no_document_breaks_itself(form: str, schema: Any) -> None:
    found = around(form, schema)
    assert breaks(found, copy.deepcopy(found), TODAY) == []


@settings(deadline=None)
@given(form=st.sampled_from(["sent", "read"]), old=schemas, new=schemas)
def test_any_two_documents_are_compared_to_the_end(form: str, old: Any, new: Any) -> None:
    for found in breaks(around(form, old), around(form, new), TODAY):
        assert found.sentence.startswith("list_things: ")
        assert found.where.startswith("#/")
