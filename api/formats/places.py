"""Where records are found, and what they are called outside this server."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

Record = dict[str, Any]
NAMESPACE = UUID("2b0b5f0e-6a3c-5d1e-9b52-1a4f0c8d7e21")
"""Never changes: names made from it (RFC 9562, version 5) are how subscribers tell things apart."""
PAGED = frozenset({"cities", "workshops", "documents", "recommendations"})
"""The types that have pages for people."""


@dataclass(frozen=True)
class Places:
    """The addresses of one server: `site`, `https://host`, and `base`, its API."""

    site: str
    base: str

    def record(self, collection: str, record_id: str) -> str:
        """Return the address of a record in the API."""
        return f"{self.base}/{collection}/{record_id}"

    def page(self, collection: str, record_id: str) -> str:
        """Return the address of a record's page for people, or of the record if it has none."""
        if collection in PAGED:
            return f"{self.site}/{collection}/{record_id}"
        return self.record(collection, record_id)


@dataclass(frozen=True)
class Shown:
    """A record whose texts say which language they are in, and whose ids are addresses."""

    record: Record
    places: Places

    def lang(self, name: str) -> str:
        """Return the language of a text."""
        found: str = self.record["fallbacks"].get(name, self.record["lang"])
        return found

    def text(self, name: str) -> Any:
        """Return a text with its language, or a list of such."""
        value, lang = self.record[name], self.lang(name)
        if isinstance(value, list):
            return [{"@value": each, "@language": lang} for each in value]
        return None if value is None else {"@value": value, "@language": lang}

    def named(self, collection: str, ids: Any) -> list[str]:
        """Return the addresses of records."""
        return [self.places.record(collection, each) for each in ids or ()]

    def cities(self) -> list[str]:
        """Return the addresses of its cities."""
        return self.named("cities", self.record["cities"])


def permanent(*name: object) -> UUID:
    """Return the same UUID for the same name, on whatever server."""
    return uuid5(NAMESPACE, "/".join(map(str, name)))
