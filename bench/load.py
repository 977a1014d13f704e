"""Load by wrk: a list of addresses, asked round and round on kept connections.

It is a closed loop: whoever answers slowly is asked less. Its p99 compares, and
promises nothing.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

SCRIPT = """
local asked, number = {}, 0
function init()
  for line in io.lines(os.getenv("BENCH_ASKED")) do
    local path, tag = line:match("^(.-)\\t(.*)$")
    local headers = {["Accept"] = "*/*"}
    if tag ~= "" then headers["If-None-Match"] = tag end
    asked[#asked + 1] = wrk.format("GET", path, headers)
  end
end
function request()
  number = number % #asked + 1
  return asked[number]
end
"""
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}


class Load(NamedTuple):
    """What a load gave: requests a second, milliseconds, and answers that were no 2xx or 3xx."""

    rate: float
    p50: float
    p99: float
    wrong: int


def load(base: str, asked: list[tuple[str, str]], seconds: int, connections: int = 8) -> Load:
    """Ask for (path, tag to hold or none) for some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder) / "asked", Path(folder) / "script.lua"
        lines.write_text("".join(f"{path}\t{tag}\n" for path, tag in asked))
        script.write_text(SCRIPT)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s"]
        command += ["--latency", "-s", str(script), base]
        environment = os.environ | {"BENCH_ASKED": str(lines)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return read(done.stdout)


def read(said: str) -> Load:
    """Read wrk's report."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if rate is None:
        raise RuntimeError(f"wrk said:\n{said}")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    sockets = re.search(r"Socket errors: (.*)", said)
    lost = sum(map(int, re.findall(r"\d+", sockets[1]))) if sockets else 0
    refused = int(wrong[1]) if wrong else 0
    return Load(float(rate[1]), _at("50%", said), _at("99%", said), refused + lost)


def _at(share: str, said: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", said)
    return float(found[1]) * MILLISECONDS[found[2]] if found else 0.0
