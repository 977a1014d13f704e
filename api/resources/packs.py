"""A city as a pack of files: tables for spreadsheets and statistics, with what describes them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any

import orjson
from flask import Response, current_app, request
from sqlalchemy import Engine

from ..formats import archive, datapackage, table
from ..formats.archive import Entry
from ..formats.datapackage import Packed
from ..formats.places import Record
from ..services import changes
from ..services.contents import Contents
from ..services.database import reading
from ..services.held import held
from ..services.media import extension
from ..services.packing import Pack, city_pack, table_schema
from ..services.projection import View, columns
from ..services.records import CITIES, COLLECTIONS, DOCUMENTS
from ..services.whole import Whole
from ..web import conditional
from ..web.blueprint import READ_ERRORS, Blueprint
from ..web.contents import contents
from ..web.db import engine, snapshot
from ..web.negotiation import negotiate
from ..web.offers import WHOLE
from ..web.parameters import id_parameter
from ..web.params import read_single_query
from ..web.versions import base_url

ZIP = "application/zip"
blueprint = Blueprint("packs", "packs", description="Cities as packs of tables and files.")


@blueprint.route("/cities/<id>/pack.zip", parameters=[id_parameter(CITIES)])
@blueprint.operation(
    "get_city_pack",
    "Download a city's pack",
    answer={"type": "string", "format": "binary", "description": "A ZIP archive."},
    content_type=ZIP,
    errors=READ_ERRORS | {404: "NOT_FOUND", 410: "GONE"},
    parameters=["SomeLang"],
)
def pack(id: str) -> Response:  # noqa: A002  the contract's name
    """Download a city's pack

    A Frictionless Data Package: one CSV a type of record, of the city, its projects and all that
    names it; the stored files of its documents; and `datapackage.json`, which describes the
    columns, the files, the sources and the licence.
    """
    negotiate(ZIP)
    query = read_single_query(CITIES, request.args.items(multi=True), WHOLE)
    with snapshot() as connection:
        mark = changes.mark(connection, [each.name for each in COLLECTIONS])
        value = conditional.tag(mark.seq, mark.history)
        if conditional.is_current(value):
            return conditional.not_modified(value)
        found = city_pack(connection, id)
    title = f"{current_app.config['API_TITLE']}: {found.city['name']}"
    made = _Contents(found, View(base_url(), query.langs), engine(), contents(), title, value)
    response = Response(archive.zipped(made.entries()), content_type=ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{id}.zip"'
    return conditional.cached(response, value)


class _Contents:
    """What a pack holds, each part described when it has been written."""

    def __init__(
        self,
        pack: Pack,
        view: View,
        store: Engine,
        contents: Contents,
        title: str,
        version: str,
    ) -> None:
        self.pack = pack
        self.view = view
        self.store = store
        self.contents = contents
        self.about = (f"pilot-city-{pack.city['id']}", title, version)
        self.sources: dict[str, Record] = {}
        self.files: list[tuple[Record, Record]] = []
        self.resources: list[Record] = []

    def entries(self) -> Iterator[Entry]:
        """Yield the tables, the stored files, and last what describes them."""
        for each in self.pack.tables:
            yield f"{each.collection.name}.csv", self._table(each)
        yield from self._stored()
        described = datapackage.package(*self.about, self.sources.values(), self.resources)
        yield "datapackage.json", [orjson.dumps(described, option=orjson.OPT_INDENT_2) + b"\n"]

    def _table(self, whole: Whole) -> Iterator[bytes]:
        collection, size, digest = whole.collection, 0, sha256()
        for part in table.lines(self._noted(whole), columns(collection)):
            size += len(part)
            digest.update(part)
            yield part
        packed = Packed(f"{collection.name}.csv", size, digest.hexdigest())
        about = " ".join((collection.schema.__doc__ or "").split())
        schema = table_schema(collection)
        self.resources.append(datapackage.table(packed, collection.name, about, schema))

    def _stored(self) -> Iterator[Entry]:
        digests = {file["sha256"] for _, file in self.files if file["sha256"]}
        with reading(self.store) as connection:
            found = held(connection, digests)
        for document, file in self.files:
            content = found.get(file["sha256"])
            if content is None:
                continue
            with suppress(FileNotFoundError):  # one that was pruned meanwhile is not there
                parts = self.contents.chunks(content.sha256, 0, content.size)
                name = f"{document['id']}.{file['id']}"  # ids have no dot, so no two are alike
                path = f"files/{document['id']}/{file['id']}{extension(content.media_type)}"
                packed = Packed(path, content.size, content.sha256)
                title = f"{document['title']} ({file['id']})"
                self.resources.append(datapackage.file(packed, name, title, content.media_type))
                yield path, parts

    def _noted(self, whole: Whole) -> Iterator[Iterable[Any]]:
        for batch in whole.batches(self.store, self.view):
            if whole.collection is DOCUMENTS:
                self.files += [(each, file) for each in batch for file in each["files"]]
            for source in (each for record in batch for each in record["sources"]):
                self.sources.setdefault(source["url"] or source["title"], source)
            yield batch
