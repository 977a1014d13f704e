"""Records of every type as one language shows them, with texts of whatever kind."""

from typing import Any

import pytest
from hypothesis import strategies as st
from marshmallow import ValidationError

from api.formats.places import Places
from api.schemas.fields import Text
from api.services.projection import View, project
from api.services.records import BY_NAME
from tests.factories import MAKE

PLACES = Places("https://cities.example", "https://cities.example/api/v1")


def _is_taken(text: str) -> bool:
    try:
        return bool(Text(300).deserialize(text))
    except ValidationError:
        return False


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300).filter(_is_taken)
"""Whatever text a record can have."""
SET = {
    "version": 3,
    "created_at": "2026-11-22T08:00:00Z",
    "updated_at": "2026-11-23T08:00:00Z",
}


def shown(collection_name: str, *langs: str, **fields: Any) -> dict[str, Any]:
    """Return a valid record as an answer shows it."""
    collection = BY_NAME[collection_name]
    snapshot = collection.schema().load(MAKE[collection_name](**fields)) | SET
    return project(collection, snapshot, View(PLACES.base, langs))


@pytest.fixture
def places() -> Places:
    return PLACES
