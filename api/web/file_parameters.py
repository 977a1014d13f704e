"""What the operations on contents of files take and give, as the contract tells it."""

from typing import Any

from ..schemas.fields import SLUG
from ..schemas.standards import Sha256
from ..services.records import DOCUMENTS
from .components import Parameter
from .parameters import id_parameter

BINARY: Parameter = {"type": "string", "format": "binary", "description": "The bytes of the file."}
TEXT: dict[str, Any] = {"type": "string"}
IN_PATH: list[Parameter] = [
    id_parameter(DOCUMENTS),
    {
        "name": "file",
        "in": "path",
        "required": True,
        "description": "The id of the file within the document.",
        "schema": {**TEXT, "pattern": SLUG, "maxLength": 80},
    },
]
IF_MATCH: Parameter = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the content that is changed, or `*`.",
    "schema": TEXT,
}
DIGESTS: list[Parameter] = [
    {
        "name": name,
        "in": "header",
        "description": "Checked, when it is sent: `sha-256=:BASE64:` (RFC 9530); sha-512 too.",
        "schema": TEXT,
    }
    for name in ("Content-Digest", "Repr-Digest")
]
SHOWN: dict[str, Any] = {
    name: {"description": told, "schema": TEXT}
    for name, told in {
        "Content-Disposition": "Whether to show or to save it, and under which name.",
        "Content-Location": "The address of just this content, which may be kept for good.",
        "Repr-Digest": "The SHA-256 digest of the whole content (RFC 9530).",
        "Accept-Ranges": "`bytes`.",
    }.items()
}
ASKED: list[Parameter] = [
    {
        "name": "sha256",
        "in": "query",
        "description": "The digest that the content must have. The answer may then be kept for "
        "good; if the file has another content by now, it is a 404.",
        "schema": {**TEXT, "pattern": Sha256.pattern, "maxLength": 64},
    },
    {
        "name": "Range",
        "in": "header",
        "description": "One range of bytes, like `bytes=0-999`: a 206.",
        "schema": TEXT,
    },
]
