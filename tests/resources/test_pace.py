"""Which requests the event loop answers itself: those that are short for sure."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from api.web.cache import HURRIED, Cache
from api.web.pace import Pace
from tests.conftest import client_of

PACES = {
    "cities/kharkiv": Pace.QUICK,
    "cities/kharkiv?lang=uk": Pace.QUICK,
    "workshops": Pace.QUICK,
    "workshops?city=kharkiv&sort=-starts_on&limit=20": Pace.QUICK,
    "recommendations?facets=dimension,city&limit=0": Pace.QUICK,
    "workshops?limit=200": Pace.BUSY,
    "workshops?limit=%32": Pace.BUSY,
    "workshops?include=documents": Pace.BUSY,
    "workshops?city=kharkiv&kind=training": Pace.BUSY,
    "recommendations?facets=dimension&status=validated": Pace.BUSY,
    "cities?bbox=0,0,9,9": Pace.BUSY,
    "documents?q=plan": Pace.BUSY,
    "documents?%71=plan": Pace.BUSY,
    "documents.csv?q=plan": Pace.WAITING,
    "changes?seq=1": Pace.WAITING,
    "search?q=plan": Pace.WAITING,
}


def pace(store: Engine, path: str, **more: str) -> Pace:
    path, _, query = path.partition("?")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/api/v1/{path}", "QUERY_STRING": query}
    cache: Any = client_of(store).application.extensions["pilotcities-cache"]
    found: Pace = cache.behind.pace(environ | more)
    return found


@pytest.mark.parametrize(("path", "wanted"), PACES.items(), ids=list(PACES))
def test_a_read_has_the_pace_of_what_it_asks(seeded: Engine, path: str, wanted: Pace):
    embedded = seeded.dialect.name == "sqlite"
    assert pace(seeded, path) is (wanted if embedded else Pace.WAITING)


def test_a_list_that_must_be_packed_is_not_short(seeded: Engine):
    packed = pace(seeded, "workshops", HTTP_ACCEPT_ENCODING="gzip, br")
    assert packed is not Pace.QUICK


def test_nobody_waits_on_the_event_loop_for_who_makes_the_same(
    seeded: Engine, monkeypatch: pytest.MonkeyPatch
):
    client: FlaskClient = client_of(seeded, cache_bytes=1_000_000)
    cache: Cache = client.application.extensions["pilotcities-cache"]
    waited: list[bool] = []

    def ask(environ: Any, start: Any) -> Any:
        def again(*_: Any) -> None:
            monkeypatch.setattr(cache, "behind", inner)
            client.get("/api/v1/cities", environ_overrides={HURRIED: True})
            waited.append(False)

        again()
        return inner(environ, start)

    inner = cache.behind
    monkeypatch.setattr(cache, "behind", ask)
    assert client.get("/api/v1/cities").status_code == 200
    assert waited == [False]
