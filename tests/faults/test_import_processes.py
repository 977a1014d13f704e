"""The processes that check a stream for a command end with it, however that ends."""

import os
import select
import signal
import subprocess
import sys

import pytest

from tests.faults.server import ROOT

COMMAND = """
import multiprocessing, sys
from api.services.stream_lines import all_cores
with all_cores():
    print(*(each.pid for each in multiprocessing.active_children()), flush=True)
    sys.stdin.read()
"""
SECONDS = 30


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None], ids=str)
def test_no_process_outlives_the_command(how: signal.Signals | None) -> None:
    command = [sys.executable, "-c", COMMAND]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        ends = [os.pidfd_open(int(each)) for each in process.stdout.readline().split()]
        if how is None:
            process.stdin.close()
        else:
            process.send_signal(how)
        for end in ends:
            assert select.select([end], [], [], SECONDS)[0], "a process goes on"
            os.close(end)
    assert ends
