"""Bundles in each of their forms: YAML, JSON, spreadsheet."""

from pathlib import Path

from ..errors import BodyTooLarge, MalformedBody
from .bundles import LARGEST, Bundle, read_yaml
from .spreadsheets import read_workbook
from .strict import strict_json

SUFFIXES = (".yaml", ".yml", ".json", ".xlsx")


def is_bundle(path: Path) -> bool:
    """Tell by its name whether a file in a folder is a bundle."""
    return path.suffix in SUFFIXES and not path.name.endswith(".schema.json")


def read_file(path: Path, name: str | None = None) -> Bundle:
    """Read a bundle from a file; MalformedBody says what is wrong, and where.

    `name` is what the file is called there, else its own name.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise MalformedBody(f"{path}: {error.strerror}") from None
    return read_bytes(raw, name or path.name, path.suffix)


def read_bytes(raw: bytes, name: str, suffix: str) -> Bundle:
    """Read a bundle by the suffix of its form; BodyTooLarge when it is larger than LARGEST."""
    if len(raw) > LARGEST:
        raise BodyTooLarge(f"{name}: larger than {LARGEST:,} bytes")
    if suffix == ".json":
        try:
            data = strict_json(raw)
        except MalformedBody as error:
            raise MalformedBody(f"{name}: {error.detail}") from None
        if not isinstance(data, dict):
            raise MalformedBody(f"{name}: a bundle is an object: collection, id, record")
        return Bundle(name, data)
    if suffix == ".xlsx":
        return read_workbook(raw, name)
    return read_yaml(raw, name)
