"""What the contract says of the API as a whole."""

from typing import Any

from .deprecation import Deprecation

TITLE = "Pilot Cities"
DESCRIPTION = (
    "What a UN project learned in its pilot cities: workshops, documents, findings, "
    "recommendations and actions, cited, in several languages."
)
_LONG = """\
The project "Building Urban Economic Resilience during and after COVID-19" worked in sixteen
cities, Kharkiv and Tirana among them. Its knowledge is served here as small records, each with
its sources.

**Facts.** What no source states is null or empty. A city's `coverage` tells whether anyone looked.
Records of scope `related` lie near the pilot but are not its output.

**Languages.** Without `lang` each record comes in its own language. `lang=uk,en` gives each text in
the first of these that it has; `fallbacks` names every field whose text is not in the first.
`lang=*` gives the record with all `translations`, in the form that a write takes.

**Lists.** Filters have flat names; commas mean OR, parameters mean AND. A name or value that is not
in this document is refused with 400, and the nearest name is offered. Every record that is present
and keeps its sort value during a whole walk by `next_cursor` appears exactly once. Each page, with
its total, facets and what is included, is one state of the store.

**Caching.** Every answer has a strong ETag that does not depend on who asks; send it back as
`If-None-Match`. A record's tag begins with its version; a list's with the latest sequence number of
the collections it shows.

**Files.** The files of documents can be stored and downloaded, in ranges and with digests. `q`
finds the pages of stored PDFs, and `found_in` says which.

**Versions.** Within v1 changes only add: ignore properties that you do not know, and take any error
status as `default` has it. What is to go is announced a year before, by `Deprecation` and `Sunset`
headers and under `deprecations` in the index.

**Errors** are problem documents (RFC 9457) with a `code`, and, where something in the request is
wrong, one entry in `errors` for each thing. `list_problems` has the table of all codes; it is also
served at `/api/v1/problems`.

**Limits.** `limit` is at most 200; `q` at most 200 characters and 16 words; a filter takes at most
100 values; a facet shows the 200 most frequent values; 2,000 records at most come along. A record
may weigh 1 MB, a bundle 20 MB, an import of NDJSON 200 MB and a file 250 MB, unless the server is
set otherwise; what is larger is a 413.

**Rates.** The API counts no requests. Whoever runs it may limit them in front of it: take a 429 as
you take a 503, and come again after `Retry-After`. To ask for what you hold with its tag costs next
to nothing (304), and may be done every ten seconds.
"""

DEPRECATIONS: tuple[Deprecation, ...] = ()
"""What of v1 will go. An entry marks the contract and tells clients (docs/versioning.md)."""

INFO: dict[str, Any] = {
    "info": {
        "description": _LONG,
        "license": {"name": "MIT (code), CC-BY-4.0 (texts)", "identifier": "MIT"},
        "contact": {"name": "Pilot Cities"},
    },
    "servers": [
        {
            "url": "http://127.0.0.1:8000",
            "description": "A local server; one in production serves this document with its own.",
            "x-internal": False,
        }
    ],
    "security": [],
}
