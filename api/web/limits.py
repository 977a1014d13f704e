"""What a request may weigh. The server in front refuses bodies that are larger (413)."""

from flask import Flask, request
from werkzeug.exceptions import LengthRequired

LONGEST_ADDRESS = 8_000


def limit_requests(app: Flask) -> None:
    """Refuse a body of unknown length.

    Werkzeug stops reading a chunked body at MAX_CONTENT_LENGTH and says nothing, so that a part
    would be taken for the whole. A server that unchunks (waitress) tells the length.
    """

    @app.before_request
    def known_length() -> None:
        if request.headers.get("Transfer-Encoding") and request.content_length is None:
            raise LengthRequired("Send the body with a Content-Length.")
