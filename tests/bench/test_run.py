"""What the benchmark reads from others, and what it makes of it."""

import orjson
import pytest

from bench import asks
from bench.asking import Got, holds
from bench.layers import layer_of, shares
from bench.load import read
from bench.records import SIZES
from bench.reporting import short, tables

WRK = """
  Latency Distribution
     50%    1.50ms
     75%    2.00ms
     99%  640.00us
  300 requests in 1.00s, 3.00MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:    299.50
"""


def test_the_report_of_wrk_is_read_with_its_units_and_faults():
    assert read(WRK) == (299.5, 1.5, 0.64, 7)


def test_a_report_without_a_rate_is_an_error():
    with pytest.raises(RuntimeError, match="unable to connect"):
        read("unable to connect")


@pytest.mark.parametrize("size", SIZES)
def test_every_item_has_questions_at_every_size(size):
    found = asks.asked(size)
    assert found.keys() == asks.ITEMS.keys()
    assert all(found.values())


def test_all_contenders_are_asked_for_the_same():
    what = asks.Country("UA", 2018, 2019, "en", "validated")
    ours = asks.ours("W3", what, {})
    peers = asks.peer("W3", what)
    assert "project=programme-ua&starts_from=2018-01-01&starts_to=2019-12-31&language=en" in ours
    assert peers.endswith("country=UA&date_from=2018-01-01&date_to=2019-12-31&language=en")


def test_the_same_rows_hold_the_same_in_each_spelling():
    ours = {"data": [{"id": "a"}], "page": {"total": 7}}
    theirs = {"items": [{"id": 1, "slug": "a"}], "total": 7}
    naive = Got(200, {"x-pagination": '{"total": 7}'}, orjson.dumps([{"id": 1, "slug": "a"}]))
    held = [holds("W2", Got(200, {}, orjson.dumps(body))) for body in (ours, theirs)]
    assert [*held, holds("W2", naive)] == [(["a"], 7)] * 3


def test_other_rows_hold_something_else():
    one, other = (orjson.dumps({"data": [{"id": each}], "page": {"total": 1}}) for each in "ab")
    assert holds("W2", Got(200, {}, one)) != holds("W2", Got(200, {}, other))


def test_ratios_are_of_medians_and_of_best_rounds(tmp_path):
    rates = {"warm": (10.0, 30.0, 80.0), "fastapi": (5.0, 10.0, 20.0)}
    known = {"size": "S", "item": "W1", "p50": 1, "p99": 2, "wrong": 0}
    lines = [{"peer": n, "rate": rate, **known} for n, given in rates.items() for rate in given]
    lines.append({"peer": "warm", "memory": 99.6})
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    written = list(tables(path))
    assert "| warm | 3.00 (4.00) |" in written
    assert written[-1].endswith("set size: warm 100.")


def test_numbers_are_written_with_what_tells():
    assert [short(each) for each in (1234.4, 12.34, 1.234)] == ["1234", "12.3", "1.23"]


def test_a_c_function_counts_for_its_layer_or_for_its_caller():
    select = ("~", 0, "<method 'execute' of 'sqlite3.Cursor' objects>")
    sort, ours = ("~", 0, "<built-in method builtins.sorted>"), ("/x/api/services/query.py", 1, "f")
    stats = {
        select: (1, 1, 3.0, 3.0, {}),
        sort: (1, 1, 1.0, 1.0, {ours: (1, 1, 1.0, 1.0)}),
        ours: (1, 1, 4.0, 8.0, {}),
    }
    assert layer_of(select) == "SQLite"
    assert shares(stats) == {"SQLite": 0.375, "our services": 0.625}
