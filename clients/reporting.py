"""Runs the steps of a scenario one after another, and says on one line each how it went."""

import os
import traceback
from collections.abc import Callable

API = os.environ["API"]
TOKEN = os.environ["TOKEN"]
CLIENT = os.environ["CLIENT"]

Step = Callable[[], None]
_steps: list[tuple[str, str, Step]] = []


def step(name: str, workaround: str = "") -> Callable[[Step], Step]:
    """Make a function the step of that name; say what of the generator it works around."""

    def add(function: Step) -> Step:
        _steps.append((name, workaround, function))
        return function

    return add


def run() -> None:
    """Do all steps in the order in which they stand; one that fails leaves the rest their try."""
    for name, workaround, function in _steps:
        try:
            function()
        except Exception as error:
            traceback.print_exc()
            told = " ".join(f"{type(error).__name__}: {error}".split())
            print("failed", name, told[:300], sep="\t", flush=True)
        else:
            print("workaround" if workaround else "ok", name, workaround, sep="\t", flush=True)
