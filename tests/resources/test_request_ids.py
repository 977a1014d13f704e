"""Ids of requests: no two alike, in whatever process they are given."""

from multiprocessing import get_context

from api.web.request_ids import new_request_id, request_id_of


def test_ids_differ_within_a_process_and_between_those_that_branched_off():
    with get_context("fork").Pool(2) as pool:
        found = pool.starmap(new_request_id, [()] * 20)
    found += [new_request_id() for _ in range(20)]
    assert len(set(found)) == 40


def test_a_request_keeps_its_id():
    environ = {"HTTP_X_REQUEST_ID": "mine-and-sane"}
    assert [request_id_of(environ) for _ in range(2)] == ["mine-and-sane"] * 2
    own = {"HTTP_X_REQUEST_ID": "not\r\nsane"}
    assert request_id_of(own) == request_id_of(own) != "not\r\nsane"
