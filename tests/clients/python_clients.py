"""The clients in Python."""

import re
from pathlib import Path

from .building import BIN, DOCUMENT, SOURCES, Broken, Client, Place

_UNTYPED = "--untyped-calls-exclude=openapi_client"
_IMPORTS = "POST /api/v1/imports within imports."


def _openapi_python_client(place: Place) -> None:
    out: list[str | Path] = ["--output-path", place.made, "--config", place.sources / "config.yaml"]
    said = place.run(BIN / "openapi-python-client", "generate", "--path", DOCUMENT, *out)
    left_out = set(re.findall(r"WARNING parsing (.*)", said)) - {_IMPORTS}
    if left_out:
        raise Broken(f"It leaves out {sorted(left_out)}.\n{said}")


def _check(place: Place, package: str, *ease: str) -> None:
    """Check the scenario strictly, and the client as strictly as it was written."""
    path = {"MYPYPATH": f"{place.made}:{SOURCES}"}
    mypy: list[str | Path] = [BIN / "mypy", "--python-executable", BIN / "python", *ease]
    strict = [] if ease else ["--strict"]
    place.run(*mypy, *strict, "-p", package, variables=path)
    _check_scenario(place, path, *ease)


def _check_scenario(place: Place, path: dict[str, str], *ease: str) -> None:
    mypy: list[str | Path] = [BIN / "mypy", "--strict", "--python-executable", BIN / "python"]
    scenario = [place.sources / "scenario.py", SOURCES / "reporting.py"]
    place.run(*mypy, *ease, *scenario, variables=path)


def _start(place: Place) -> list[str]:
    run = "import sys, runpy; sys.path[:0] = sys.argv[2:]; runpy.run_path(sys.argv[1])"
    scenario = str(place.sources / "scenario.py")
    return [str(BIN / "python"), "-c", run, scenario, str(place.made), str(SOURCES)]


PYTHON_CLIENTS = [
    Client(
        "python",
        "openapi-python-client",
        _openapi_python_client,
        lambda place: _check(place, "pilot_cities_client"),
        _start,
        {
            "generate": "It knows few media types, and leaves out operations with others: "
            "`config.yaml` names each as one that it knows. Bodies of `import_bundle` in YAML and "
            "NDJSON stay unknown to it: send JSON or a workbook."
        },
    ),
    Client(
        "python-pydantic",
        "openapi-generator: python",
        lambda place: place.openapi_generator("python"),
        lambda place: _check(place, "openapi_client", "--follow-imports=silent", _UNTYPED),
        _start,
        {
            "compile": "Its own code passes mypy, but not `--strict`: a scenario that is to pass "
            "imports from `openapi_client` alone, which says what it exports, and is checked with "
            "`--follow-imports=silent --untyped-calls-exclude=openapi_client`."
        },
    ),
    Client(
        "mcp-tools",
        "fastmcp: from_openapi",
        lambda place: place.made.mkdir(),
        lambda place: _check_scenario(
            place, {"MYPYPATH": str(SOURCES)}, "--ignore-missing-imports"
        ),
        _start,
        {},
    ),
]
