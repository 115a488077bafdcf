"""How long a command takes, and how much memory its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """From start to end. Raises CalledProcessError where it fails."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def peak(command: list[str], environment: dict[str, str]) -> int:
    """The most memory that any one of its processes took (VmHWM), in bytes; Linux only."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    )
    most = 0
    while process.poll() is None:
        most = max([most, *map(_high_water, _session(process.pid))])
        time.sleep(0.01)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return most


def end(process: subprocess.Popen[str]) -> None:
    """As Ctrl-C would."""
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=30)


def _session(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == leader:
                found.append(int(entry.name))
    return found


def _high_water(process: int) -> int:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
    return 0
