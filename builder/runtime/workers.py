"""Worker processes: those that lay sections out, and the one that draws, which alone loads matplotlib.

Both begin to load before the main process has read a line of YAML.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from types import TracebackType
from typing import IO, Any
from weakref import WeakKeyDictionary

from builder.model.diagnostics import refused
from builder.runtime.fork_server import workers_context
from builder.runtime.jobs import ready
from builder.runtime.pool import Pool, end

# A section that takes longer than this, in seconds, hangs. The longest measured, a table of 300 pages, takes about 60.
PATIENCE = 900
# The pool of processes that share sections and photos.
SHARED = "shared"
# So often are processes started anew where they end before they are asked.
_TRIES = 5
# Folders for temporary files, and the file in each that says whose they are.
_PREFIX, _LOCK = "builder-", ".builder-lock"


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

    def __init__(self, preload: str) -> None:
        """`preload` is the module that each process loads before its first job."""
        self._preload = preload
        self._pools: dict[str, Pool] = {}
        self._broken: list[Pool] = []
        self._first: dict[str, frozenset[int]] = {}
        self._asked: WeakKeyDictionary[Future[Any], Pool] = WeakKeyDictionary()
        self._alone: dict[str, Future[Any]] = {}
        self._numbers = count()
        self._opening = Lock()
        self._threads: list[Thread] = []
        self._folder: TemporaryDirectory[str] | None = None
        self._lock: IO[str] | None = None

    @property
    def folder(self) -> Path:
        """For what is on its way, and what libraries of the processes leave: it goes when these have ended.

        Raises ReportError (cannot write).
        """
        with self._opening:
            return self._temporary()

    def _temporary(self) -> Path:
        if self._folder is None:
            try:
                self._folder = TemporaryDirectory(prefix=_PREFIX)
                lock = Path(self._folder.name) / _LOCK
                self._lock = lock.with_suffix(".new").open("w")
                flock(self._lock, LOCK_EX)  # as long as this process has it open
                lock.with_suffix(".new").replace(lock)  # others look for this name: it is locked when they see it
            except OSError as error:
                raise refused(f"the folder for temporary files ({os.environ.get('TMPDIR', '/tmp')})", error) from error
        return Path(self._folder.name)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for thread in self._threads:
                thread.join()
        finally:  # whoever loses patience here leaves nothing running, and nothing behind
            pools = [*self._pools.values(), *self._broken]
            self._threads, self._pools, self._broken = [], {}, []
            try:
                end(pools)
            finally:
                self._leave()

    def _leave(self) -> None:
        """Take the folder for temporary files away, and those of builds that were killed."""
        folder, self._folder = self._folder, None
        if folder is not None and self._lock is not None:
            self._lock.close()
            folder.cleanup()
            _remove_left(Path(folder.name).parent)

    def ask(self, pool: str, count: int, function: Callable[..., Any], *words: object) -> Future[Any]:
        """Ask a process of a pool, by its name; the first to ask starts `count` of them."""
        return self._ask(pool, count, function, words)

    def alone(self, function: Callable[..., Any], *words: object) -> Future[Any]:
        """Ask a process that does nothing else, ever: if it dies, it is this job that kills it."""
        with self._opening:
            for name, asked in list(self._alone.items()):
                if asked.done() and name in self._pools:
                    self._broken.append(self._pools.pop(name))
                    self._broken[-1].close()
                    del self._alone[name]
        name = f"alone {next(self._numbers)}"
        self._alone[name] = self._ask(name, 1, function, words)
        return self._alone[name]

    def meanwhile(self, work: Callable[[], object]) -> None:
        """Run `work` in a thread: asking for something waits until the fork server has loaded.

        What it raises is dropped; whoever needs its result meets it again.
        """

        def quietly() -> None:
            with suppress(Exception):
                work()

        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._threads.append(Thread(target=quietly, daemon=True))
        self._threads[-1].start()

    def lost(self, asked: Future[Any]) -> bool:
        """Whether processes had to be replaced since it was asked for, and it may never be done.

        One that is killed between taking a job and saying so takes the job with it, and pebble does not notice. So all
        of its pool give up, and others start with the next that is asked.
        """
        with self._opening:
            for name, pool in list(self._pools.items()):
                now = pool.processes
                if now - self._first.get(name, now):
                    del self._first[name]
                    self._broken.append(self._pools.pop(name))
            return not asked.done() and self._asked.get(asked) not in self._pools.values()

    def _ask(self, name: str, processes: int, function: Callable[..., Any], words: tuple[object, ...]) -> Future[Any]:
        for tries in count(1):
            pool = self._open(name, processes)
            try:
                asked = pool.ask(PATIENCE, function, words)
                self._first.setdefault(name, pool.processes)
                self._asked[asked] = pool
                return asked
            except RuntimeError:
                if pool.active or tries == _TRIES:
                    raise
        raise AssertionError

    def _open(self, name: str, count: int) -> Pool:
        """Processes at work. Where some were killed that had nothing to do, pebble gives all up: then others start."""
        with self._opening:
            if name in self._pools and not self._pools[name].active:
                self._broken.append(self._pools.pop(name))
            if name not in self._pools:
                words = (str(self._temporary()), self._preload)
                self._pools[name] = Pool(count, ready, words, workers_context(self._preload))
                self._first.pop(name, None)
            return self._pools[name]


def _remove_left(temporary: Path) -> None:
    """Folders of builds that were killed, and could not take them away: nobody holds their lock any more."""
    for lock in temporary.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), lock.open() as left:
            flock(left, LOCK_EX | LOCK_NB)
            rmtree(lock.parent, ignore_errors=True)
