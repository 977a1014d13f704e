"""The clients in TypeScript. The scenario is compiled into the client's folder and run by Node."""

import shutil

from .building import DOCUMENT, NODE, SOURCES, Client, Place, needs


def _openapi_typescript(place: Place) -> None:
    _needs_node()
    place.run(NODE / ".bin" / "openapi-typescript", DOCUMENT, "-o", place.folder / "schema.d.ts")


def _needs_node() -> None:
    needs(node="Node.js 20.19 or later")


def _hey_api(place: Place) -> None:
    _needs_node()
    place.run(NODE / ".bin" / "openapi-ts", "-i", DOCUMENT, "-o", place.made, "--no-log-file")


def _compile(place: Place, *stricter: str) -> None:
    place.copy("scenario.ts")
    shutil.copy(SOURCES / "reporting.ts", place.folder)
    shutil.copy(SOURCES / "tsconfig.json", place.folder)
    (place.folder / "node_modules").symlink_to(NODE)
    place.run(NODE / ".bin" / "tsc", "--project", place.folder, *stricter)


def _start(place: Place) -> list[str]:
    return ["node", str(place.folder / "built" / "scenario.js")]


TYPESCRIPT_CLIENTS = [
    Client(
        "typescript",
        "openapi-typescript, openapi-fetch",
        _openapi_typescript,
        lambda place: _compile(place, "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"),
        _start,
    ),
    Client(
        "typescript-fetch",
        "openapi-generator: typescript-fetch",
        lambda place: place.openapi_generator(
            "typescript-fetch", "--type-mappings", "DateTime=string"
        ),
        _compile,
        _start,
        {
            "generate": "It reads times as `Date`, which forgets the offset, so that what is put "
            "back has changed: `--type-mappings DateTime=string` keeps them as they are written."
        },
    ),
    Client(
        "typescript-hey-api",
        "@hey-api/openapi-ts",
        _hey_api,
        lambda place: _compile(place, "--noUncheckedIndexedAccess"),
        _start,
    ),
]
