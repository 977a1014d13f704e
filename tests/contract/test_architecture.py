"""The budget of docs and design, held by reading the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Date, DateTime, String
from sqlalchemy.dialects import postgresql

from api.models.base import Instant
from api.services.collection import Collection
from api.services.records import BY_NAME
from api.settings import ROOT
from tests.contract.oracle import each

MODULES = sorted(path for name in ("api", "bench") for path in (ROOT / name).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> Iterator[Function]:
    yield from (node for node in ast.walk(_tree(path)) if isinstance(node, FUNCTIONS))


def _public(node: ast.AST) -> Iterator[ast.ClassDef | Function]:
    """Yield what others may use: not what has an underscore, nor what lies in a function."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.ClassDef | Function) and not inner.name.startswith("_"):
            yield inner
            if isinstance(inner, ast.ClassDef):
                yield from _public(inner)


def test_the_code_is_found() -> None:
    assert len(MODULES) > 60


@each_module
def test_a_module_is_short_or_says_why_not(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    reasons = [line for line in lines if line.startswith("# Long because: ")]
    assert len(lines) <= 200 or reasons
    assert all(len(reason) > 40 for reason in reasons)


@each_module
def test_no_line_is_longer_than_100(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    long = [number for number, line in enumerate(lines, 1) if len(line) > 100]
    assert [number for number in long if "# noqa: E501" not in lines[number - 1]] == []


@each_module
def test_no_function_is_longer_than_50_lines(path: Path) -> None:
    long = [f.name for f in _functions(path) if (f.end_lineno or 0) - f.lineno + 1 > 50]
    assert long == []


@each_module
def test_nothing_is_imported_within_a_function(path: Path) -> None:
    inside = [
        (function.name, node.lineno)
        for function in _functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@each_module
def test_all_that_is_public_says_what_it_is(path: Path) -> None:
    tree = _tree(path)
    assert ast.get_docstring(tree)
    assert [node.name for node in _public(tree) if not ast.get_docstring(node)] == []


@each_module
def test_every_function_is_typed(path: Path) -> None:
    untyped = []
    for function in _functions(path):
        given = function.args
        known = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        own = [a for a in known if a is not None and a.arg not in ("self", "cls")]
        if function.returns is None or any(a.annotation is None for a in own):
            untyped.append(function.name)
    assert untyped == []


@each
def test_a_reference_is_held_by_the_database(collection: Collection) -> None:
    for name, target in collection.references.items():
        link = collection.links.get(name)
        column = collection.table.c[name] if link is None else link.c.value
        keys = {key.column for key in column.foreign_keys}
        assert keys == {BY_NAME[target].table.c.id}
        if link is not None:
            owners = {key.column for key in link.c.owner_id.foreign_keys}
            assert owners == {collection.table.c.id}


@each
def test_what_lists_are_sorted_by_is_never_null_and_sorts_by_byte(collection: Collection) -> None:
    for columns in collection.sorts.values():
        for column in (*columns, collection.table.c.id):
            assert not column.nullable
            assert isinstance(column.type, String | Date | DateTime | Instant)
            if isinstance(column.type, String):
                shape = column.type.compile(dialect=postgresql.dialect())
                assert 'COLLATE "C"' in shape


@each
def test_what_lists_are_sorted_by_is_indexed(collection: Collection) -> None:
    indexed = {index.columns.keys()[0] for index in collection.table.indexes}
    wanted = {column.name for columns in collection.sorts.values() for column in columns}
    assert wanted <= indexed | {"id"}


def test_no_test_is_left_out() -> None:
    marks = ("skip", "skipif", "xfail", "importorskip")
    found = [
        (str(path.relative_to(ROOT)), node.lineno)
        for path in TESTS
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in marks
        and ast.unparse(node.value) in ("pytest", "pytest.mark")
    ]
    assert found == []


def test_the_locks_name_packages_only() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 2
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") >= text.count("==") > 10
