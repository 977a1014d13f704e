"""Where the benchmark keeps what it makes: var/bench, which no commit holds."""

from pathlib import Path

from api.settings import ROOT

FOLDER = ROOT / "var" / "bench"


def lines_of(size: str) -> Path:
    """Return the NDJSON that our import takes."""
    return FOLDER / size / "records.ndjson"


def store_of(size: str) -> Path:
    """Return the data folder of our embedded store."""
    return FOLDER / size / "ours"


def peers_of(size: str) -> Path:
    """Return the peers' SQLite database."""
    return FOLDER / size / "peers.db"


def bodies_of(size: str) -> Path:
    """Return the folder of the bytes that the constant servers send."""
    return FOLDER / size / "bodies"


def logs_of(size: str) -> Path:
    """Return the folder of the servers' logs."""
    return FOLDER / size / "logs"
