"""Worker processes: those that lay sections out, and the one that draws, which alone loads matplotlib.

Both begin to load before the main process has read a line of YAML.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType

from pebble import CONSTS, ProcessPool

from builder import crew, fork_server

# So often pebble looks for workers that have died, or whether it is to end, in seconds.
CONSTS.sleep_unit = 0.02


def processors() -> int:
    """The processors that this process may use: of its affinity, and of its control group (cgroup v2, cpu.max)."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        usable = min(usable, max(1, int(quota) // int(period))) if quota != "max" else usable
    except (OSError, ValueError):
        pass
    return max(1, usable)


class Workers:
    """Started when they are first asked for. Leaving the context ends them, whatever they are doing."""

    def __init__(self) -> None:
        self._pools: dict[str, ProcessPool] = {}
        self._opening = Lock()
        self._threads: list[Thread] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for thread in self._threads:
            thread.join()
        for pool in self._pools.values():
            pool.stop()  # type: ignore[no-untyped-call]
        for pool in self._pools.values():
            pool.join()

    def layout(self, jobs: int) -> ProcessPool:
        """So many processes in which sections are laid out."""
        return self._open("layout", jobs)

    @property
    def drawing(self) -> ProcessPool:
        """The process in which figures are drawn."""
        return self._open("drawing", 1)

    def expect_sections(self, setting: Path) -> None:
        """Start as many processes for layout as there are processors, and let one set up; returns at once."""
        self.meanwhile(lambda: self.layout(processors()).schedule(crew.set_up, args=(str(setting),)))

    def expect_figures(self) -> None:
        """Load what figures are drawn with; returns at once."""
        self.meanwhile(lambda: self.drawing.schedule(crew.load_figures))

    def meanwhile(self, work: Callable[[], object]) -> None:
        """Do what has to wait until the first worker can begin."""
        self._threads.append(Thread(target=work, daemon=True))
        self._threads[-1].start()

    def _open(self, name: str, count: int) -> ProcessPool:
        with self._opening:
            if name not in self._pools:
                self._pools[name] = ProcessPool(count, initializer=crew.ready, context=fork_server.context())
            return self._pools[name]
