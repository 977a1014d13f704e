"""What a server's processes take: the whole tree below the one that was started."""

import os
import re
import time
from pathlib import Path

PROC = Path("/proc")
QUIET_SECONDS = 0.15
LONGEST_WAIT = 30.0


def tree(pid: int) -> list[int]:
    """Return the ids of a process and of all that it started."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (stat := _stat(int(folder.name))):
            children.setdefault(int(stat[1]), []).append(int(folder.name))
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; none when it is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def proportional_memory(pid: int) -> float:
    """Return the MiB that a tree takes, pages that several share counted by their share."""
    kilobytes = 0
    for each in tree(pid):
        try:
            rollup = (PROC / str(each) / "smaps_rollup").read_text()
        except OSError:
            continue
        if found := re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE):
            kilobytes += int(found[1])
    return round(kilobytes / 1024, 1)


def settle(pid: int) -> None:
    """Wait until a tree has ended what its clients gave up, so that others are not slowed by it."""
    until = time.monotonic() + LONGEST_WAIT
    before = _worked(pid)
    while time.monotonic() < until:
        time.sleep(QUIET_SECONDS)
        now = _worked(pid)
        if now - before <= 1:
            return
        before = now


def _worked(pid: int) -> int:
    """Return the ticks that a tree has worked."""
    stats = [_stat(each) for each in tree(pid)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats if stat)


def is_running(pid: int) -> bool:
    """Tell whether a process is there."""
    return os.path.exists(PROC / str(pid))
