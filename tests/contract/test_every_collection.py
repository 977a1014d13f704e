"""What every collection promises, whatever it holds."""

import pytest
from flask.testing import FlaskClient

from api.services.collection import Collection
from api.services.records import COLLECTIONS

each = pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda found: found.name)


@each
def test_a_list_has_data_page_and_links(client: FlaskClient, collection: Collection) -> None:
    body = client.get(f"/api/v1/{collection.name}").json
    assert body["page"]["total"] >= len(body["data"]) > 0
    assert body["links"]["self"].endswith(f"/api/v1/{collection.name}")
