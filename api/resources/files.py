"""What the files of documents hold."""

from typing import Any

from flask import Response, current_app, request
from marshmallow import fields

from ..errors import NotFound
from ..schemas.answers import Answer, answer
from ..schemas.facts import facts
from ..schemas.parts import DocumentFileInput
from ..schemas.standards import Sha256
from ..services import uploads
from ..services.database import reading, writing
from ..services.held import Held
from ..services.intake import arriving, media_type_of, too_large
from ..services.media import UNSAID
from ..services.tokens import Scope
from ..services.uploads import Target
from ..web import auth
from ..web.blueprint import Blueprint
from ..web.bodies import declared_type, expected_digests
from ..web.contents import contents, served
from ..web.db import engine, snapshot
from ..web.editing import LOCATION, SECURITY
from ..web.file_parameters import ASKED, BINARY, DIGESTS, IF_MATCH, IN_PATH, SHOWN
from ..web.negotiation import json_response
from ..web.params import Reader
from ..web.versions import base_url
from ..web.writes import CHANGE_ERRORS, MISSING_ERRORS, WRITE_ERRORS, is_true, precondition

blueprint = Blueprint("files", "files", description="What the files of documents hold.")
PATH = "/documents/<id>/files/<file>/content"
DIGEST = r'"([0-9a-f]{64})[-"]'
ERRORS = WRITE_ERRORS | CHANGE_ERRORS | MISSING_ERRORS


class DocumentFileAnswer(Answer):
    """One file of a document."""

    always = ("data",)
    data = fields.Nested(answer(DocumentFileInput), metadata=facts("The file."))


@blueprint.route(PATH, parameters=IN_PATH)
@blueprint.alt_response(200, schema=BINARY, content_type="*/*", success=True)
@blueprint.operation(
    "get_file_content",
    "Download a file",
    answer=BINARY,
    content_type=UNSAID,
    also=(206,),
    errors={
        400: "BAD_REQUEST",
        404: "NOT_FOUND",
        410: "GONE",
        416: "REQUESTED_RANGE_NOT_SATISFIABLE",
        503: "SERVICE_UNAVAILABLE",
    },
    headers=SHOWN,
    parameters=ASKED,
)
def get_file_content(id: str, file: str) -> Response:  # noqa: A002  the contract's name
    """Download a file

    The bytes as they were stored, under the file's own media type. The tag is the SHA-256 digest
    of the content. Without `sha256` caches ask again each time. A file without a stored content is
    a 404: its `url` may say where its publisher offers it.
    """
    reader = Reader(request.args.items(multi=True), ("sha256",))
    wanted = reader.read("sha256", Sha256().deserialize)
    reader.finish()
    with snapshot() as connection:
        found = uploads.target(connection, id, file)
        content = uploads.with_content(found)
    if wanted is not None and wanted != content.sha256:
        raise NotFound(f"The file {file} has another content now.")
    location = f"{_address(found)}?sha256={content.sha256}"
    return served(found, content, location, for_good=wanted is not None)


@blueprint.route(PATH, methods=["PUT"], parameters=IN_PATH)
@blueprint.operation(
    "put_file_content",
    "Store a file",
    answer=DocumentFileAnswer,
    also=(201,),
    errors=ERRORS,
    headers=LOCATION,
    parameters=["DryRun", IF_MATCH, "IfNoneMatch", *DIGESTS],
    requestBody={
        "required": True,
        # One type alone: a client that could choose would send `*/*` as it stands here.
        "description": "The bytes; they say their media type themselves. The file's own media "
        "type is taken as Content-Type, too.",
        "content": {UNSAID: {"schema": BINARY}},
    },
    security=SECURITY,
)
def put_file_content(id: str, file: str) -> Response:  # noqa: A002  the contract's name
    """Store a file

    The first content needs `If-None-Match: *` (201), another one `If-Match`; the same bytes again
    are a 200 and no new version. The body must be of its Content-Type. The file's `media_type`,
    `size` and `sha256` follow, as a new version of the document; the text of a PDF is read soon
    after, which `text_status` tells.
    """
    door = auth.require(Scope.CONTENT_WRITE).door
    dry_run, declared = _read_dry_run(), declared_type()
    said, expected = precondition(DIGEST, str), expected_digests()
    limit: int = current_app.config["MAX_FILE_BYTES"]
    if (request.content_length or 0) > limit:
        raise too_large(limit)
    with reading(engine()) as connection:
        found = uploads.target(connection, id, file)
    uploads.judge(found, door, said)
    request.max_content_length = limit
    place = contents()
    with arriving(request.stream, place.incoming, limit, expected) as arrived:
        media_type = media_type_of(declared, found.file["media_type"], arrived.seen)
        if not dry_run:
            place.keep(arrived.path, arrived.sha256)
    with writing(engine(), dry_run=dry_run) as connection:
        found = uploads.target(connection, id, file)
        uploads.judge(found, door, said)
        content = Held(arrived.sha256, arrived.size, media_type)
        uploads.put(connection, found, content, door)
        after = uploads.target(connection, id, file)
    return _told(after, 201 if found.content is None else 200)


@blueprint.route(PATH, methods=["DELETE"], parameters=IN_PATH)
@blueprint.operation(
    "delete_file_content",
    "Take a file's content away",
    answer=None,
    status=204,
    errors=ERRORS,
    parameters=["DryRun", IF_MATCH],
    security=SECURITY,
)
def delete_file_content(id: str, file: str) -> Response:  # noqa: A002  the contract's name
    """Take a file's content away

    The file stays, without `size`, `sha256` and `text_status`. The bytes go when the server is next
    tidied, if no other file has them.
    """
    door = auth.require(Scope.CONTENT_WRITE).door
    dry_run, said = _read_dry_run(), precondition(DIGEST, str)
    with writing(engine(), dry_run=dry_run) as connection:
        found = uploads.target(connection, id, file)
        uploads.with_content(found)
        uploads.judge(found, door, said)
        uploads.take_away(connection, found, door)
    return Response(status=204, headers={"Cache-Control": "no-store"})


def _read_dry_run() -> bool:
    reader = Reader(request.args.items(multi=True), ("dry_run",))
    dry_run: bool = reader.read("dry_run", is_true, False)
    reader.finish()
    return dry_run


def _address(target: Target) -> str:
    return f"{base_url()}/documents/{target.document_id}/files/{target.file['id']}/content"


def _told(target: Target, status: int) -> Response:
    shown: dict[str, Any] = {"data": target.file}
    response = json_response(shown)
    response.status_code = status
    response.headers["ETag"] = f'"{target.file["sha256"]}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = _address(target)
    return response
