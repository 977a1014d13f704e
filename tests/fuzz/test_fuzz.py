"""Some hundred requests of every kind; `scripts/test-fuzz` sends many more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from sqlalchemy import Engine

from api.services import seeding, tokens
from api.services.database import writing
from api.services.doors import Door
from api.settings import ROOT
from tests.conftest import client_of
from tests.fuzz import hooks  # noqa: F401  it registers them

CASES = 2
"""How many requests of an operation; there are some eighty, and two databases."""

schema = schemathesis.openapi.from_path(
    ROOT / "openapi.yaml", config=SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
)
# The other phases make thousands of requests, and make them while the tests are collected.
schema.config.phases.update(phases=["fuzzing"])
schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@dataclass(frozen=True)
class Target:
    """The application on the project's own seeds, and the head of a request that may write."""

    app: Any
    headers: dict[str, str]


@pytest.fixture(scope="module")
def target(fresh_store: Callable[[], Engine], tmp_path_factory: Any) -> Target:
    engine = fresh_store()
    with writing(engine) as connection:
        items = seeding.load(seeding.bundle_files([], ROOT / "seed"))
        seeding.apply(connection, items, Door("seed"))
        token = tokens.issue(connection, "fuzz", [tokens.Scope.ADMIN])
    client = client_of(engine, data_dir=tmp_path_factory.mktemp("data"))
    plain = {"Accept-Encoding": "identity"}  # a WSGI client does not unpack
    return Target(client.application, {"Authorization": f"Bearer {token}"} | plain)


@schema.parametrize()
@settings(
    max_examples=CASES,
    derandomize=True,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_the_contract_says(case: Case[Any], target: Target) -> None:
    case.call_and_validate(app=target.app, headers=target.headers)
