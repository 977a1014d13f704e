"""The catalogue, read by RDFLib, and packs of cities, validated by Frictionless."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from frictionless import validate
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF

from api.services.records import COLLECTIONS

DCAT = Namespace("http://www.w3.org/ns/dcat#")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
# RDFLib's own reader of JSON-LD uses what RDFLib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


@pytest.fixture
def catalogue(seeded_client: FlaskClient) -> Graph:
    text = seeded_client.get("/api/v1/catalog").data
    return Graph().parse(data=text, format="json-ld")


def test_the_catalogue_has_a_dataset_a_type_and_one_of_everything(catalogue: Graph) -> None:
    named = {str(each) for each in catalogue.objects(None, DCTERMS.identifier)}
    assert named == {"everything", *(each.name for each in COLLECTIONS)}
    datasets = set(catalogue.subjects(RDF.type, DCAT.Dataset))
    assert set(catalogue.objects(None, DCAT.dataset)) == datasets
    assert all(catalogue.value(each, DCTERMS.modified) for each in datasets)


def test_all_that_the_catalogue_names_is_there(
    seeded_client: FlaskClient, catalogue: Graph
) -> None:
    ways = list(catalogue.subject_objects(DCAT.downloadURL))
    assert len(ways) > 20
    for way, address in ways:
        found = seeded_client.get(str(address))
        told = str(catalogue.value(way, DCAT.mediaType)).removeprefix(MEDIA_TYPES)
        assert (found.status_code, found.mimetype) == (200, told)
    [service] = catalogue.subjects(RDF.type, DCAT.DataService)
    for name in (DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage):
        found = seeded_client.get(str(catalogue.value(service, name)))
        assert found.status_code == 200
    assert catalogue.value(service, DCTERMS.title) is not None
    assert URIRef(f"{MEDIA_TYPES}text/csv") in set(catalogue.objects(None, DCAT.mediaType))


def test_machines_find_the_api_where_they_look(seeded_client: FlaskClient) -> None:
    found = seeded_client.get("/.well-known/api-catalog")
    assert found.mimetype == "application/linkset+json"
    link = seeded_client.head("/.well-known/api-catalog").headers["Link"]
    assert link == '<http://127.0.0.1:8000/.well-known/api-catalog>; rel="api-catalog"'
    [links] = found.json["linkset"]
    addresses = [links.pop("anchor"), *(each["href"] for [each] in links.values())]
    assert {seeded_client.get(each).status_code for each in addresses} == {200}
    held = {"If-None-Match": found.headers["ETag"]}
    assert seeded_client.get("/.well-known/api-catalog", headers=held).status_code == 304


@pytest.mark.parametrize("city", ["kharkiv", "tirana", "accra"])
def test_a_pack_is_a_valid_data_package(
    seeded_client: FlaskClient, tmp_path: Path, city: str
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(seeded_client.get(f"/api/v1/cities/{city}/pack.zip").data)
    report = validate(str(path), type="package")
    assert report.valid, report.to_summary()
    assert report.stats["tasks"] == len(COLLECTIONS)


def test_a_pack_holds_what_the_lists_have(seeded_client: FlaskClient) -> None:
    found = seeded_client.get("/api/v1/cities/kharkiv/pack.zip?lang=uk")
    archive = zipfile.ZipFile(io.BytesIO(found.data))
    for collection in COLLECTIONS:
        with archive.open(f"{collection.name}.csv") as file:
            rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))
        assert {row["id"] for row in rows} == _ids(seeded_client, collection.name)
    assert found.headers["Content-Disposition"] == 'attachment; filename="kharkiv.zip"'


def _ids(client: FlaskClient, name: str) -> set[str]:
    if name == "cities":
        return {"kharkiv"}
    if name == "projects":
        return set(client.get("/api/v1/cities/kharkiv").json["data"]["projects"])
    asked: dict[str, Any] = {"city": "kharkiv", "limit": 200}
    return {each["id"] for each in client.get(f"/api/v1/{name}", query_string=asked).json["data"]}


def test_the_same_pack_is_the_same_bytes(seeded_client: FlaskClient) -> None:
    first, again = (seeded_client.get("/api/v1/cities/tirana/pack.zip") for _ in range(2))
    assert first.data == again.data
    held = {"If-None-Match": first.headers["ETag"]}
    assert seeded_client.get("/api/v1/cities/tirana/pack.zip", headers=held).status_code == 304
    assert seeded_client.get("/api/v1/cities/nowhere/pack.zip").status_code == 404
    assert seeded_client.get("/api/v1/cities/tirana/pack.zip?limit=1").status_code == 400
