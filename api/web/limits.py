"""What a request may weigh. The server in front refuses bodies that are larger (413)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import LengthRequired

from ..errors import BadQuery, NotFound

LARGEST_UNASKED = 65_536
"""Bytes of a body that are taken from who sends no token: reading needs none, and no body."""
_TOKEN = re.compile(r"bearer +upc_", re.IGNORECASE)
_UPLOAD = re.compile(r"/api/v1/documents/[^/]+/files/[^/]+/content")
_ID = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Allowed:
    """Bytes that a body may have at an address, and those that are taken from this client."""

    asked: int
    taken: int


@dataclass(frozen=True)
class Limits:
    """The largest bodies in bytes: any, and the contents of files."""

    body: int
    file: int

    def largest(self, method: str, path: str, authorization: str) -> Allowed:
        """Return how large the body of a request may be."""
        asked = self.file + 1 if method == "PUT" and _UPLOAD.fullmatch(path) else self.body
        vouched = _TOKEN.match(authorization) is not None
        return Allowed(asked, asked if vouched else min(asked, LARGEST_UNASKED))


def is_id(text: str) -> bool:
    """Tell whether a record can have an id."""
    return _ID.fullmatch(text) is not None


def limit_requests(app: Flask) -> None:
    """Refuse a query that is not UTF-8, an id that no record can have, a body of unknown length.

    Werkzeug keeps bytes that are no UTF-8 percent-encoded, so that they would be sought as text.

    Werkzeug stops reading a chunked body at MAX_CONTENT_LENGTH and says nothing, so that a part
    would be taken for the whole. Our own server reads it whole and tells the length.
    """

    @app.before_request
    def readable_query() -> None:
        try:
            unquote_to_bytes(request.query_string).decode()
        except UnicodeDecodeError:
            raise BadQuery("The query is not UTF-8.") from None

    @app.before_request
    def possible_id() -> None:
        record_id = (request.view_args or {}).get("id")
        if record_id is not None and not is_id(record_id):
            raise NotFound("No record can have this id; ids are words of a-z and 0-9 with hyphens.")

    @app.before_request
    def known_length() -> None:
        if request.headers.get("Transfer-Encoding") and request.content_length is None:
            raise LengthRequired("Send the body with a Content-Length.")
