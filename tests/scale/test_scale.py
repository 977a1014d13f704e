"""What a hundred times more records change: how long the tables are, and nothing else.

No time is asserted; `python -m tests.scale.latencies` prints some.
"""

import random
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, func, select

from api.services import finding
from api.services.checking import check
from api.services.collection import Collection, Filter, FilterKind
from api.services.database import reading
from api.services.query import Query
from api.services.records import RECOMMENDATIONS, WORKSHOPS
from api.services.terms import read_terms
from tests.conftest import client_of
from tests.scale import store
from tests.scale.asking import after_of, deep_cursor
from tests.scale.plans import explained, scans, sorts, statements, uses_words_first, walks

BIG = {"workshops": WORKSHOPS, "recommendations": RECOMMENDATIONS}
DEEP = {"workshops": 15_000, "recommendations": 100_000}
SORTS = [
    (name, sign + key)
    for name, collection in BIG.items()
    for key in collection.sorts
    for sign in ("", "-")
]
FILTERS = [(name, each) for name, collection in BIG.items() for each in collection.filters]
RANGES = (FilterKind.FROM, FilterKind.TO, FilterKind.SINCE)


def test_the_generator_writes_what_the_catalog_would_write(small: Engine) -> None:
    with reading(small) as connection:
        assert list(check(connection)) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_generator_makes_records_as_the_schemas_load_them(seed: int) -> None:
    for collection, record in store.records(store.SMALL, random.Random(seed)):
        given = {name: value for name, value in record.items() if value is not None}
        assert collection.schema().load(given) == record


@pytest.mark.parametrize("sort", ["id", "-updated_at"])
@pytest.mark.parametrize("name", BIG)
def test_a_page_takes_the_same_few_statements_however_many_records_there_are(
    small: Engine, large: Engine, name: str, sort: str
) -> None:
    path = f"/api/v1/{name}?limit=5&sort={sort}"
    assert _count(large, path) == _count(small, path) <= 4
    following = f"{path}&cursor="
    assert _count(large, following + deep_cursor(large, name, sort, DEEP[name])) <= 4
    assert _count(small, following + deep_cursor(small, name, sort, 5)) <= 4


@pytest.mark.parametrize(
    "path",
    [
        "/workshops?kind=training&city=city-000001&limit=5",
        "/recommendations?dimension=overall&project=project-000001&limit=5",
        "/recommendations?include=cities,findings&facets=dimension,city&limit=5",
        "/workshops/workshop-000003",
        "/recommendations/recommendation-000003?include=workshops",
        "/recommendations/recommendation-000003/trace",
        "/search?q=a&facets=type",
    ],
)
def test_an_answer_takes_few_statements_however_many_records_there_are(
    small: Engine, large: Engine, path: str
) -> None:
    few, many = (_count(each, f"/api/v1{path}") for each in (small, large))
    assert few <= many <= min(few + 1, 8)  # where very many match, they are counted apart


@pytest.mark.parametrize(("name", "sort"), SORTS)
def test_the_first_page_of_every_sort_comes_from_an_index_as_it_stands(
    large: Engine, name: str, sort: str
) -> None:
    with reading(large) as connection:
        asked = Query(sort=sort)
        plan = explained(connection, lambda: finding.page(connection, BIG[name], asked))
    assert scans(plan) + sorts(plan) == [], plan


@pytest.mark.parametrize(("name", "sort"), SORTS)
def test_a_deep_page_of_every_sort_begins_where_the_index_says(
    large: Engine, name: str, sort: str
) -> None:
    with reading(large) as connection:
        asked = Query(sort=sort, after=after_of(connection, BIG[name], sort, DEEP[name]))
        plan = explained(connection, lambda: finding.page(connection, BIG[name], asked))
    # A walk would read the index from its beginning; a search goes to the place.
    assert scans(plan) + sorts(plan) + walks(plan) == [], plan


@pytest.mark.parametrize(("name", "narrowing"), FILTERS)
def test_a_filter_that_few_records_pass_finds_them_by_an_index(
    large: Engine, name: str, narrowing: str
) -> None:
    """Of codes too, of which the generator gives one to few records: a common code is rightly
    passed over, as most of the records in the order of the list have it anyway.

    A bound (from, to, since) is asked with the sort by its own column. By id, walking the list
    in order is as right: no planner knows how much is beyond a bound without having counted.
    """
    collection = BIG[name]
    with reading(large) as connection:
        asked = _narrow(connection, collection, collection.filters[narrowing])
        plan = explained(connection, lambda: finding.page(connection, collection, asked))
    assert scans(plan) + walks(plan) == [], plan


@pytest.mark.parametrize(("name", "narrowing"), FILTERS)
def test_few_records_are_counted_by_an_index(large: Engine, name: str, narrowing: str) -> None:
    collection = BIG[name]
    with reading(large) as connection:
        asked = _narrow(connection, collection, collection.filters[narrowing])
        plan = explained(connection, lambda: finding.total(connection, collection, asked))
        assert finding.total(connection, collection, asked) < 1_000
    assert scans(plan) + walks(plan) == [], plan


@pytest.mark.parametrize("sort", [None, "id"])
@pytest.mark.parametrize("name", BIG)
def test_words_are_looked_up_in_the_search_index_first(
    large: Engine, name: str, sort: str | None
) -> None:
    """Asked with two words that few records have: of what many have, the first fifty are found as
    well by walking the list, and which is cheaper the planner guesses from a sample.
    """
    with reading(large) as connection:
        collection = BIG[name]
        label = collection.table.c[collection.label]
        words = connection.execute(select(label).limit(1)).scalar_one().split()
        asked = Query(terms=read_terms(f'"{words[0]}" "{words[1]}"'), sort=sort)
        for work in (finding.page, finding.total):
            plan = explained(connection, partial(work, connection, BIG[name], asked))
            assert uses_words_first(plan), plan


@pytest.mark.parametrize("name", BIG)
def test_a_record_and_the_end_of_the_journal_are_looked_up(large: Engine, name: str) -> None:
    singular = BIG[name].singular
    with statements(large) as found:
        assert client_of(large).get(f"/api/v1/{name}/{singular}-000003").status_code == 200
    with reading(large) as connection:
        for statement, parameters in found:
            plan = explained(connection, partial(connection.exec_driver_sql, statement, parameters))
            # The store's one row may be scanned.
            assert [each for each in scans(plan) if "store" not in each] == []


def _count(engine: Engine, path: str) -> int:
    client = client_of(engine, cache_bytes=0)
    with statements(engine) as found:
        assert client.get(path).status_code == 200
    return len(found)


def _narrow(connection: Connection, collection: Collection, narrowed: Filter) -> Query:
    """Return the query for the value that the fewest records have."""
    column = narrowed.column
    if narrowed.kind not in RANGES:
        counted = select(column).where(column.is_not(None)).group_by(column)
        value = connection.execute(counted.order_by(func.count(), column).limit(1)).scalar_one()
        return Query(filters=((narrowed.name, (value,)),))
    upwards = narrowed.kind is FilterKind.TO
    key = next(key for key, (up, down) in collection.sorts.items() if column in (up, down))
    known = select(func.min(column) if upwards else func.max(column))
    end = connection.execute(known).scalar_one()
    step = timedelta(minutes=1) if isinstance(end, datetime) else timedelta(days=3)
    bound = end + step if upwards else end - step
    return Query(filters=((narrowed.name, (bound,)),), sort=key if upwards else f"-{key}")
