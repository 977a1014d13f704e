"""What comes along is found by the lists, which lead to the newest snapshots."""

import pytest
from sqlalchemy import Engine

from api.services.database import reading
from api.services.records import DOCUMENTS, RECOMMENDATIONS, WORKSHOPS
from api.services.relating import related
from api.services.snapshots import Snapshots
from tests.services.helpers import put
from tests.stores import damage, disagreements


def test_what_names_two_records_comes_once_and_as_it_is_now(engine: Engine):
    for name in ("w", "x"):
        put(engine, "workshops", name)
    put(engine, "documents", "d", workshops=["w", "x"], title="Old")
    put(engine, "documents", "d", workshops=["x", "w"], title="New")
    with reading(engine) as connection:
        some = Snapshots([("w", "{}"), ("x", "{}")])
        found = related(connection, WORKSHOPS, some, DOCUMENTS)
    assert [each["title"] for each in found] == ["New"]


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_of_many_the_first_by_id_come(engine: Engine, limit: int):
    put(engine, "workshops", "w")
    for name in ("c", "a", "b"):
        put(engine, "recommendations", name, validations=[{"workshop": "w", "outcome": None}])
    with reading(engine) as connection:
        found = related(connection, WORKSHOPS, [{"id": "w"}], RECOMMENDATIONS, limit)
    assert [each["id"] for each in found] == ["a", "b", "c"][:limit]


def test_a_list_that_leads_to_another_entry_is_told(engine: Engine):
    put(engine, "workshops", "w")
    put(engine, "documents", "d", workshops=["w"])
    damage(engine, "UPDATE document_workshops SET seq = 1")
    assert disagreements(engine) == ["documents/d: document_workshops and snapshot differ at w"]
