"""What was asked, apart from who transports it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote

from flask import current_app, request
from werkzeug.urls import iri_to_uri

from .kept import is_held
from .versions import base_url


@dataclass(frozen=True)
class Asked:
    """A GET: its path and parameters, the tag that the client holds, and whom it asked.

    `site` is PUBLIC_URL, `base` the address of the API there; `build` stands for the code.
    """

    path: str
    args: Sequence[tuple[str, str]]
    held: str
    site: str
    base: str
    build: str

    def address(self, **changed: str) -> str:
        """Return the address of this request at PUBLIC_URL, with some parameters changed.

        The parameters stand in one order, as answers are kept without regard to how they stood.
        """
        args = [each for each in self.args if each[0] not in changed]
        args += changed.items()
        query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(args))
        return f"{self.site}{iri_to_uri(self.path)}{'?' + query if query else ''}"

    def tag(self, number: int, history: str, path: str | None = None, also: object = None) -> str:
        """Return the tag of an answer (see `conditional.tag`)."""
        args = [] if path else sorted(self.args)
        hashed = repr((history, self.build, path or self.path, args, also)).encode()
        return f"{number}.{blake2b(hashed, digest_size=8).hexdigest()}"

    def holds(self, value: str) -> bool:
        """Tell whether the client holds the answer with this tag, in whatever coding."""
        return is_held(value, self.held)


def asked() -> Asked:
    """Return the present request."""
    return Asked(
        request.path,
        list(request.args.items(multi=True)),
        request.headers.get("If-None-Match", ""),
        current_app.config["PUBLIC_URL"],
        base_url(),
        current_app.config["BUILD"],
    )


def _quoted(text: str) -> str:
    return quote(text, safe=",:*-_.~/")
