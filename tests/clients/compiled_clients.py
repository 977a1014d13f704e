"""The clients in Go, Java, PHP and C#, all made by openapi-generator."""

import shutil
from pathlib import Path

from .building import BIN, NODE, Client, Missing, Place, needs

_JARS = ["httpmime", "httpcore", "geronimo-annotation-1.3-spec"]
_ASSEMBLIES = ["System.Net.Http", "System.Runtime.Serialization", "System.Web"]
_ASSEMBLIES += ["System.ComponentModel.DataAnnotations"]
_JAVA_PACKAGES = "libhttpmime-java, libhttpcore-java, libgeronimo-annotation-1.3-spec-java"


def _go(place: Place) -> None:
    place.openapi_generator("go", packageName="client", enumClassPrefix="true", withGoMod="false")


def _compile_go(place: Place) -> None:
    place.copy("go.mod", "reporting.go", "scenario.go")
    # Nothing is fetched: the client needs Go's standard library alone.
    alone = {"GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
    place.run(BIN / "go", "vet", "./...", variables=alone)
    place.run(BIN / "go", "build", "-o", "scenario", ".", variables=alone)


def _start_built(place: Place) -> list[str]:
    return [str(place.folder / "scenario")]


def _java(place: Place) -> None:
    packages = {"invokerPackage": "client", "apiPackage": "client.api"}
    packages |= {"modelPackage": "client.model", "useSingleRequestParameter": "true"}
    place.openapi_generator("java", "--library", "native", openApiNullable="false", **packages)


def _java_path(place: Place) -> str:
    """Return where Java finds what the client imports: much of it in the generator itself."""
    jars = [*(BIN.parent / "lib").glob("python*/site-packages/openapi_generator_cli/*.jar")]
    jars += [Path("/usr/share/java") / f"{name}.jar" for name in _JARS]
    if missing := [str(jar) for jar in jars if not jar.exists()]:
        raise Missing(f"{', '.join(missing)} is not there (Debian: {_JAVA_PACKAGES})")
    return ":".join(map(str, [place.folder / "built", *jars]))


def _compile_java(place: Place) -> None:
    needs(javac="Debian: default-jdk-headless")
    path, strict = _java_path(place), ["-Xlint:all,-path,-processing", "-Werror"]
    javac: list[str | Path] = ["javac", "-encoding", "UTF-8", "-d", place.folder / "built"]
    sources = [str(each) for each in (place.made / "src" / "main").rglob("*.java")]
    place.run(*javac, "-cp", path, f"{strict[0]},-deprecation", strict[1], *sources)
    place.run(*javac, "-cp", path, *strict, *place.sources.glob("*.java"))


def _start_java(place: Place) -> list[str]:
    return ["java", "-Dfile.encoding=UTF-8", "-cp", _java_path(place), "Scenario"]


def _php(place: Place) -> None:
    needs(php="Debian: php-cli, php-curl, php-mbstring, php-guzzlehttp-guzzle")
    place.openapi_generator("php")


def _compile_php(place: Place) -> None:
    place.copy("autoload.php", "compile.php", "scenario.php")
    place.run("php", "-l", "scenario.php")
    place.run("php", "compile.php")


def _start_php(place: Place) -> list[str]:
    return ["php", str(place.folder / "scenario.php")]


def _csharp(place: Place) -> None:
    needs(mcs="Debian: mono-mcs, mono-runtime, libmono-cil-dev")
    how = {"targetFramework": "net47", "useDateTimeOffset": "true"}
    how |= {"packageName": "PilotCities", "conditionalSerialization": "true"}
    place.openapi_generator("csharp", "--library", "httpclient", **how)


def _compile_csharp(place: Place) -> None:
    newtonsoft = next(NODE.glob("jillejr.newtonsoft*/Plugins/*Editor/Newtonsoft.Json.dll"), None)
    if newtonsoft is None:
        raise Missing("Newtonsoft.Json is not there (npm ci in tools/clients)")
    shutil.copy(newtonsoft, place.folder)
    mcs = ["mcs", "-langversion:latest", "-warn:4", "-warnaserror"]
    mcs += [f"-r:{name}" for name in (*_ASSEMBLIES, newtonsoft.name)]
    made = [str(each) for each in (place.made / "src" / "PilotCities").rglob("*.cs")]
    stub = place.sources / "Polly.cs"
    place.run(*mcs, "-nowarn:219", "-target:library", "-out:PilotCities.dll", stub, *made)
    ours = [each for each in place.sources.glob("*.cs") if each != stub]
    place.run(*mcs, "-r:PilotCities.dll", "-out:scenario.exe", *ours)


def _start_csharp(place: Place) -> list[str]:
    return ["mono", str(place.folder / "scenario.exe")]


COMPILED_CLIENTS = [
    Client(
        "go",
        "openapi-generator: go",
        _go,
        _compile_go,
        _start_built,
        {
            "generate": "Values of closed lists are constants of the package, and lists share "
            "some: `enumClassPrefix=true` puts the list's name before them."
        },
    ),
    Client("java", "openapi-generator: java (native)", _java, _compile_java, _start_java),
    Client("php", "openapi-generator: php", _php, _compile_php, _start_php),
    Client(
        "csharp",
        "openapi-generator: csharp (httpclient)",
        _csharp,
        _compile_csharp,
        _start_csharp,
        {
            "generate": "Models send every null, and a patch would empty all that it does not "
            "name: `conditionalSerialization=true` sends what was set alone. `version` is "
            "`VarVersion`, for the generator keeps the name to itself.",
            "compile": "It has one unused variable of its own (CS0219). For retrying it asks for "
            "the library Polly; where that is not at hand, `Polly.cs` has the names.",
        },
    ),
]
