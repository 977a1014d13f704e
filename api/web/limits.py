"""What a request may weigh. The server in front refuses bodies that are larger (413)."""

import re
from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import LengthRequired

from ..errors import BadQuery, NotFound

_ID = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def limit_requests(app: Flask) -> None:
    """Refuse a query that is not UTF-8, an id that no record can have, a body of unknown length.

    Werkzeug keeps bytes that are no UTF-8 percent-encoded, so that they would be sought as text.

    Werkzeug stops reading a chunked body at MAX_CONTENT_LENGTH and says nothing, so that a part
    would be taken for the whole. A server that unchunks (waitress) tells the length.
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
        if record_id is not None and not _ID.fullmatch(record_id):
            raise NotFound("No record can have this id; ids are words of a-z and 0-9 with hyphens.")

    @app.before_request
    def known_length() -> None:
        if request.headers.get("Transfer-Encoding") and request.content_length is None:
            raise LengthRequired("Send the body with a Content-Length.")
