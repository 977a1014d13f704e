"""Every setting, typed, read once from the environment, with a sentence of help."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


def project_version() -> str:
    """Return the version in pyproject.toml: that of this checkout, whatever was once installed."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def setting(default: Any, help_text: str) -> Any:
    """Return a dataclass field whose environment name is its own name in capitals."""
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class Settings:
    """The settings of one process. `Settings.from_env()` reads them; tests build their own."""

    data_dir: Path = setting(
        ROOT / "var", "The folder of the embedded store and of whatever else the server keeps."
    )
    database_url: str = setting(
        "",
        "Where the store is: sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME. "
        "Empty: pilotcities.db in DATA_DIR.",
    )
    public_url: str = setting(
        "http://127.0.0.1:8000",
        "The address that partners reach this server at, without a path. "
        "Links are made from it, never from the Host header.",
    )
    host: str = setting("127.0.0.1", "The address to listen on.")
    port: int = setting(8000, "The port to listen on.")
    processes: int = setting(0, "How many processes answer requests; 0: one for each core.")
    threads: int = setting(8, "How many requests each process works on at once.")
    max_body_bytes: int = setting(1_000_000, "The largest request body that is taken.")
    max_import_bytes: int = setting(200_000_000, "The largest import that is taken.")
    max_file_bytes: int = setting(250_000_000, "The largest content of a file that is taken.")
    files_url: str = setting(
        "",
        "Where contents of files are kept: s3://BUCKET/PREFIX, with AWS_ENDPOINT, AWS_REGION and "
        "credentials in the environment. Empty: files/ in DATA_DIR.",
    )
    statement_seconds: float = setting(
        10.0, "How long a write waits for the store's lock, and a statement may run on PostgreSQL."
    )
    cache_bytes: int = setting(
        64_000_000, "How much memory finished answers may take in each process; 0 keeps none."
    )
    cache_milliseconds: float = setting(
        5.0,
        "On PostgreSQL, for how long an answer of the cache may miss another process's write. "
        "On SQLite, and with 0, it misses none.",
    )
    seed_dir: Path = setting(ROOT / "seed", "The folder of the seed bundles.")
    log_level: str = setting("info", "debug, info, warning or error.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings; an ill-typed value is a ValueError naming setting and value."""
        environ = os.environ if environ is None else environ
        given = {}
        for each in fields(cls):
            raw = environ.get(each.name.upper(), "")
            if raw:
                given[each.name] = cls._typed(each.name, type(each.default), raw)
        return cls(**given)

    @staticmethod
    def _typed(name: str, kind: type, raw: str) -> Any:
        try:
            value = kind(raw)
        except ValueError:
            raise ValueError(f"{name.upper()}={raw!r} is not a valid {kind.__name__}") from None
        return value.expanduser().resolve() if isinstance(value, Path) else value

    def __post_init__(self) -> None:
        """Refuse what cannot work, before anything is opened."""
        try:
            parts = urlsplit(self.public_url)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
            good = good and not (parts.path.strip("/") or parts.query or parts.fragment)
            _ = parts.port
        except ValueError:
            good = False
        if not good:
            raise ValueError(
                f"PUBLIC_URL={self.public_url!r} must be http(s)://HOST[:PORT] without a path"
            )
        numbers = ("threads", "max_body_bytes", "max_import_bytes", "max_file_bytes")
        for name in (*numbers, "statement_seconds"):
            value = getattr(self, name)
            if not 0 < value < float("inf"):
                raise ValueError(f"{name.upper()}={value} must be a number above 0")
        self._refuse_negative("processes", "cache_bytes", "cache_milliseconds")
        object.__setattr__(self, "public_url", self.public_url.rstrip("/"))
        if not 0 <= self.port <= 65535:
            raise ValueError(f"PORT={self.port} is not a port")
        if self.log_level not in ("debug", "info", "warning", "error"):
            raise ValueError(f"LOG_LEVEL={self.log_level!r} must be debug, info, warning or error")

    def _refuse_negative(self, *names: str) -> None:
        for name in names:
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name.upper()}={getattr(self, name)} must be a number from 0")

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.database_url or f"sqlite:///{self.data_dir / 'pilotcities.db'}"
