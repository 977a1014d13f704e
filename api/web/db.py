"""The store of the running app."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy import Connection, Engine

from ..services.database import reading

_KEY = "pilotcities-engine"


def use_engine(app: Flask, engine: Engine) -> None:
    """Give an app its store."""
    app.extensions[_KEY] = engine


def engine() -> Engine:
    """Return the engine of the current app."""
    return engine_of(current_app)


def engine_of(app: Flask) -> Engine:
    """Return the engine of an app."""
    found: Engine = app.extensions[_KEY]
    return found


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Yield a connection that sees one state of the store."""
    with reading(engine()) as connection:
        yield connection
