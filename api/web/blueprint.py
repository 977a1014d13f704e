"""One decorator a verb: each does what HTTP asks of the verb, and documents it."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import flask_smorest
from flask import Response

from ..schemas.answers import included_answer, list_answer, single_answer
from ..services.collection import Collection
from ..services.records import COLLECTIONS
from .asking import asked
from .db import engine
from .formats import Format, answer_one, negotiate_format
from .negotiation import JSON
from .openapi import ON_EVERY_ANSWER
from .parameters import list_parameters, single_parameters
from .reads import Reads, read_list, read_one

READ_ERRORS = {400: "BAD_REQUEST", 406: "NOT_ACCEPTABLE", 503: "SERVICE_UNAVAILABLE"}
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
INCLUDED = included_answer({each.name: each.schema for each in COLLECTIONS})
TAGGED = {
    "ETag": {"$ref": "#/components/headers/ETag"},
    "Cache-Control": {"$ref": "#/components/headers/CacheControl"},
    **ON_EVERY_ANSWER,
}


class Blueprint(flask_smorest.Blueprint):
    """A flask-smorest blueprint whose operations all have an id, and whose verbs are complete.

    `tagged`: every GET has an ETag and answers 304.
    """

    def __init__(self, *args: Any, tagged: bool = True, **kwargs: Any) -> None:
        """Take what flask-smorest takes, and whether answers are tagged."""
        super().__init__(*args, **kwargs)
        self.tagged = tagged
        self.reads: Reads | None = None  # its list and its records, if these are the usual ones

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        """Tag operations with this blueprint's own name, whatever it is registered as."""
        super()._store_endpoint_docs(endpoint, obj, parameters, tags or [self.name], **options)

    def _prepare_response_doc(
        self, doc: Any, info: Any, *, spec: Any, method: str, **kwargs: Any
    ) -> Any:
        manual = info.get("manual_doc", {})
        if "operationId" not in manual:
            raise ValueError(f"an operation of {self.name} has no operationId")
        if callable(manual.get("parameters")):
            manual["parameters"] = manual["parameters"](spec)
        found = super()._prepare_response_doc(doc, info, spec=spec, method=method, **kwargs)
        found["responses"]["500"] = "INTERNAL_SERVER_ERROR"
        if self.tagged and method == "get":
            found["responses"]["304"] = "NotModified"
            manual["parameters"] = [*manual.get("parameters", ()), "HeldTag"]
        return found

    def operation(
        self,
        operation_id: str,
        summary: str,
        *,
        answer: Any,
        status: int = 200,
        also: tuple[int, ...] = (),
        errors: dict[int, str] | None = None,
        headers: dict[str, Any] | None = None,
        content_type: str = JSON,
        **doc: Any,
    ) -> Decorator:
        """Document an operation: its id, its answer, and every error it can give.

        `parameters` may be a function of the spec, when they name components of their own.
        """

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            always = TAGGED if self.tagged else ON_EVERY_ANSWER
            shown = {**always, **(headers or {})} if answer else ON_EVERY_ANSWER
            view = self.doc(operationId=operation_id, summary=summary, **doc)(view)
            for refused, name in sorted((READ_ERRORS if errors is None else errors).items()):
                view = self.alt_response(refused, name)(view)
            for other in also:
                view = self.alt_response(
                    other, schema=answer, content_type=content_type, headers=shown, success=True
                )(view)
            documented: Callable[..., Any] = self.response(
                status, answer, content_type=content_type, headers=shown, description=summary + "."
            )(view)
            return documented

        return decorate

    def lists(
        self, collection: Collection, summary: str, formats: Sequence[Format] = ()
    ) -> Decorator:
        """GET of a list: the view takes a connection and a `Query`, and returns a `Listing`.

        `Accept` reaches the formats, too.
        """

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def wrapper() -> Response:
                chosen = negotiate_format(formats)
                if chosen is not None:
                    return chosen.answer(chosen, collection)
                return read_list(engine(), collection, view, asked()).response()

            documented: Callable[..., Any] = self.operation(
                f"list_{collection.name}",
                summary,
                answer=list_answer(collection.schema, INCLUDED),
                headers={"Link": {"$ref": "#/components/headers/Link"}},
                parameters=lambda spec: list_parameters(collection, spec),
            )(wrapper)
            return documented

        return decorate

    def shows(
        self, collection: Collection, summary: str, formats: Sequence[Format] = ()
    ) -> Decorator:
        """GET of one record: the view takes a connection, a `Query` and the id; it returns the
        snapshot and what comes along. `Accept` reaches the formats, too.
        """

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def wrapper(id: str) -> Response:  # noqa: A002  the contract's name
                chosen = negotiate_format(formats)
                if chosen is not None:
                    return answer_one(chosen, collection, id)
                return read_one(engine(), collection, view, id, asked()).response()

            documented: Callable[..., Any] = self.operation(
                f"get_{collection.singular}",
                summary,
                answer=single_answer(collection.schema, INCLUDED),
                errors=READ_ERRORS | {404: "NOT_FOUND", 410: "GONE"},
                parameters=lambda spec: single_parameters(collection, spec),
            )(wrapper)
            return documented

        return decorate
