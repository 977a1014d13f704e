"""Settings come from the environment, and what cannot work is refused by name and value."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings

GIVEN: dict[str, tuple[str, Any]] = {
    "DATA_DIR": ("/srv/pilot", Path("/srv/pilot")),
    "DATABASE_URL": ("postgresql+psycopg://me@host/db", "postgresql+psycopg://me@host/db"),
    "PUBLIC_URL": ("https://pilot.example.org:8443/", "https://pilot.example.org:8443"),
    "HOST": ("0.0.0.0", "0.0.0.0"),
    "PORT": ("9001", 9001),
    "PROCESSES": ("2", 2),
    "THREADS": ("3", 3),
    "MAX_BODY_BYTES": ("2048", 2048),
    "MAX_IMPORT_BYTES": ("4096", 4096),
    "MAX_FILE_BYTES": ("8192", 8192),
    "FILES_URL": ("s3://archive/files", "s3://archive/files"),
    "STATEMENT_SECONDS": ("2.5", 2.5),
    "SEED_DIR": ("/srv/seed", Path("/srv/seed")),
    "CACHE_BYTES": ("1024", 1024),
    "CACHE_MILLISECONDS": ("0", 0.0),
    "LOG_LEVEL": ("debug", "debug"),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_is_read_from_the_environment(name: str):
    raw, value = GIVEN[name]
    read = getattr(Settings.from_env({name: raw}), name.lower())
    assert (read, type(read)) == (value, type(value))


def test_every_setting_has_a_sentence_and_a_test():
    assert all(each.metadata["help"].endswith(".") for each in fields(Settings))
    assert {each.name.upper() for each in fields(Settings)} <= GIVEN.keys()


def test_without_an_environment_the_defaults_hold():
    assert Settings.from_env({}) == Settings()
    assert Settings.from_env({"PORT": "", "PUBLIC_URL": "", "OTHER": "x"}) == Settings()


def test_a_folder_may_start_at_home_or_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.from_env({"DATA_DIR": "~/pilot"}).data_dir == tmp_path / "pilot"
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({"SEED_DIR": "seed"}).seed_dir == tmp_path / "seed"


def test_the_store_lies_in_the_data_folder_unless_told_otherwise():
    assert Settings.from_env({"DATA_DIR": "/srv/x"}).store_url == "sqlite:////srv/x/pilotcities.db"
    told = Settings.from_env({"DATA_DIR": "/srv/x", "DATABASE_URL": "sqlite:////srv/y.db"})
    assert told.store_url == "sqlite:////srv/y.db"


BAD = [
    ("PORT", "http"),
    ("PORT", "8000.5"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("THREADS", "many"),
    ("THREADS", "0"),
    ("THREADS", "-2"),
    ("MAX_BODY_BYTES", "1e6"),
    ("MAX_BODY_BYTES", "-1"),
    ("STATEMENT_SECONDS", "ten"),
    ("STATEMENT_SECONDS", "-1"),
    ("STATEMENT_SECONDS", "nan"),
    ("STATEMENT_SECONDS", "inf"),
    ("LOG_LEVEL", "loud"),
    ("PUBLIC_URL", "https://pilot.example.org/base"),
    ("PUBLIC_URL", "pilot.example.org"),
    ("PUBLIC_URL", "ftp://pilot.example.org"),
    ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https://pilot.example.org?x=1"),
    ("PUBLIC_URL", "https://pilot.example.org#top"),
    ("PUBLIC_URL", "https://pilot.example.org:many"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name_and_value(name: str, value: str):
    with pytest.raises(ValueError, match=name) as caught:
        Settings.from_env({name: value})
    assert value in str(caught.value)
