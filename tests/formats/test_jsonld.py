"""Linked data, expanded by PyLD and read as triples by RDFLib, neither with a request."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from pyld import jsonld as pyld
from rdflib import DCTERMS, Graph, Literal, Namespace, URIRef

from api.formats import jsonld
from tests.formats.conftest import PLACES, TEXTS, shown

# RDFLib's own reader of JSON-LD uses what RDFLib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
SCHEMA, PROV = Namespace("https://schema.org/"), Namespace("http://www.w3.org/ns/prov#")
BASE = PLACES.base


def _refuse(url: str, _options: Any) -> Any:
    raise AssertionError(f"{url} is asked for")


def _expanded(collection: str, record: dict[str, Any]) -> dict[str, Any]:
    document = jsonld.document(collection, record, PLACES)
    [found] = pyld.expand(document, {"documentLoader": _refuse})
    return found


def _triples(collection: str, record: dict[str, Any]) -> Graph:
    document = jsonld.document(collection, record, PLACES)
    return Graph().parse(data=orjson.dumps(document), format="json-ld")


@pytest.mark.parametrize(
    ("collection", "kind"),
    [
        ("projects", SCHEMA.ResearchProject),
        ("cities", SCHEMA.City),
        ("workshops", SCHEMA.Event),
        ("documents", SCHEMA.DigitalDocument),
        ("findings", SCHEMA.Claim),
        ("recommendations", PROV.Entity),
        ("actions", SCHEMA.Action),
    ],
)
def test_each_type_is_one_that_others_know(collection: str, kind: URIRef) -> None:
    record = shown(collection, id="one")
    found = _expanded(collection, record)
    assert str(kind) in found["@type"]
    assert found["@id"] == f"{BASE}/{collection}/one"
    assert all(":" in name for name in found if not name.startswith("@"))


def test_a_recommendation_names_what_it_rests_on() -> None:
    fields = {"findings": ["f"], "documents": ["d"], "validations": [{"workshop": "w"}]}
    found = _triples("recommendations", shown("recommendations", id="r", **fields))
    about = URIRef(f"{BASE}/recommendations/r")
    derived = {URIRef(f"{BASE}/findings/f"), URIRef(f"{BASE}/documents/d")}
    assert set(found.objects(about, PROV.wasDerivedFrom)) == derived
    assert set(found.objects(about, PROV.wasInfluencedBy)) == {URIRef(f"{BASE}/workshops/w")}


@pytest.mark.parametrize("collection", ["documents", "cities"])
def test_the_licence_is_that_of_the_record_and_not_of_the_thing(collection: str) -> None:
    found = _triples(collection, shown(collection, id="one"))
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    thing = URIRef(f"{BASE}/{collection}/one")
    [licensed] = found.subjects(SCHEMA.license, licence)
    assert licensed == found.value(thing, SCHEMA.subjectOf) != thing
    assert found.value(licensed, DCTERMS.modified) is not None


def test_a_text_says_its_language() -> None:
    record = shown("workshops", "uk", summary="Short", translations={"uk": {"title": "Семінар"}})
    found, about = _triples("workshops", record), URIRef(record["url"])
    assert set(found.objects(about, SCHEMA.name)) == {Literal("Семінар", lang="uk")}
    assert set(found.objects(about, SCHEMA.description)) == {Literal("Short", lang="en")}


def test_a_place_on_the_equator_keeps_it() -> None:
    found = _expanded("cities", shown("cities", latitude=0.0, longitude=-0.5))
    [point] = found[str(SCHEMA.geo)]
    assert point[str(SCHEMA.latitude)] == [{"@value": 0.0}]
    assert str(SCHEMA.geo) not in _expanded("cities", shown("cities"))


def test_a_cancelled_workshop_is_known_as_such() -> None:
    found = _expanded("workshops", shown("workshops", status="cancelled", mode="online"))
    assert found[str(SCHEMA.eventStatus)] == [{"@id": str(SCHEMA.EventCancelled)}]
    assert found[str(SCHEMA.eventAttendanceMode)] == [
        {"@id": str(SCHEMA.OnlineEventAttendanceMode)}
    ]


@given(TEXTS)
def test_whatever_text_there_is_is_linked_data(text: str) -> None:
    record = shown("findings", text=text)
    [found] = _expanded("findings", record)[str(SCHEMA.text)]
    assert found == {"@value": record["text"], "@language": "en"}


def test_many_make_one_graph() -> None:
    nodes = [jsonld.node("cities", shown("cities", id=f"c{n}"), PLACES) for n in range(3)]
    document = orjson.loads(b"".join(jsonld.parts([nodes[:2], nodes[2:]])))
    assert len(pyld.expand(document, {"documentLoader": _refuse})) == 3
