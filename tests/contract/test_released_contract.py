"""What was released is kept: nothing that clients use breaks by accident."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from api import contract
from api.breaks.documents import breaks
from api.breaks.kinds import Kind
from api.cli import main
from api.settings import ROOT
from tests.contract.breaking import planted, real

POLICY = (ROOT / "docs" / "versioning.md").read_text(encoding="utf-8")


def test_nothing_breaks_for_clients_of_the_last_release() -> None:
    found = breaks(contract.read(contract.RELEASED), real())
    assert [each.sentence for each in found] == []


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.id)
def test_the_policy_lists_every_kind_of_break(kind: Kind) -> None:
    assert f"| `{kind.id}` | {kind.what} | {kind.whom} |\n" in POLICY


def test_the_policy_lists_no_other_kind() -> None:
    rows = [line for line in POLICY.splitlines() if line.startswith("| `")]
    assert len(rows) == len(Kind)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["contract", "check", *arguments])


def test_the_command_finds_nothing_in_what_was_released() -> None:
    result = run()
    assert (result.exit_code, result.output) == (0, "Nothing breaks.\n")


def test_the_command_tells_breaks_and_fails(tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    changed = planted(real(), {"/paths/~1api~1v1~1cities/get/operationId": "get_cities"})
    new.write_text(yaml.safe_dump(changed, sort_keys=False), encoding="utf-8")
    result = run(str(contract.PATH), str(new))
    assert result.exit_code == 1
    assert "operation_id_changed  #/paths/~1api~1v1~1cities/get\n" in result.output
    assert "list_cities: it is now called get_cities." in result.output
    assert "Breaks: 1." in result.output


@pytest.mark.parametrize("text", ["a: [", "[]", "paths: 1", "\x00"])
def test_the_command_says_what_is_no_contract(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 1
    assert "bad.yaml is not" in result.output
