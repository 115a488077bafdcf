"""Presses: where jobs are done by worker processes, or their results found in the cache.

The result of a job does not depend on which worker does it, or when.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from builder.model.diagnostics import ExitCode, ReportError, refused
from builder.runtime.cache import Cache
from builder.runtime.failures import GRACE, LOOK, failure, is_failure
from builder.runtime.pool import ProcessExpired
from builder.runtime.progress import Task
from builder.runtime.workers import PATIENCE, SHARED, Workers, processors

T = TypeVar("T")
# So many files with what jobs have in common are kept for them.
_KEPT = 8


class Presses:
    """Jobs and their results, for one run. Leaving the context ends the workers."""

    def __init__(self, workers: Workers, jobs: int | None = None, cache: Cache | None = None) -> None:
        self.jobs = jobs or processors()
        self.cache = cache or Cache(None)
        self.tasks: list[Task] = []
        self.look: Callable[[], object] = lambda: None  # called now and then while workers are waited for
        self.first_setting = b""
        self._workers = workers
        self._handed_over: list[Path] = []
        self._handing = threading.Lock()
        self.read: set[Path] = set()  # the files of the project that workers have read

    def __enter__(self) -> Presses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)
        self.cache.trim()

    def at_most(self, jobs: int) -> None:
        """No more workers than so many, since there is no more to do."""
        self.jobs = max(1, min(self.jobs, jobs))

    def ask(self, function: Callable[..., T], *words: object) -> Future[T]:
        """Have something done by a worker."""
        return self._workers.ask(SHARED, self.jobs, function, *words)

    def ask_one(self, pool: str, function: Callable[..., T], *words: object) -> Future[T]:
        """Have something done by the one process of a pool that has a name."""
        return self._workers.ask(pool, 1, function, *words)

    def meanwhile(self, work: Callable[[], object]) -> None:
        """Do what has to wait until the first worker can begin; returns at once."""
        self._workers.meanwhile(work)

    def ask_alone(self, function: Callable[..., T], *words: object) -> Future[T]:
        """Have something done by a worker that does nothing else."""
        return self._workers.alone(function, *words)

    def wait_for(self, asked: Future[T], alone: Callable[[], Future[T]]) -> T:
        """What was asked for; where a worker died that may have been busy with it, it is asked for once more, `alone`.

        For it cannot be told for certain what a process that dies was busy with: pebble hears late of what is begun
        and done; and where a computer slept, any job looks as if it hung. Looks now and then whether it is still
        wanted. Raises what the worker raised, TimeoutError where it hangs, and ProcessExpired or BrokenProcessPool
        where it kills its process.
        """
        suspected = False
        while True:
            try:
                return self._result(asked)
            except (ProcessExpired, BrokenProcessPool, TimeoutError):
                if suspected:
                    raise
                asked, suspected = alone(), True

    def _result(self, asked: Future[T]) -> T:
        since = time.monotonic()
        while not wait([asked], timeout=LOOK).done:
            self.look()
            if self.lost(asked):
                raise BrokenProcessPool("its process was killed before it said that it had begun")
            if time.monotonic() - since > PATIENCE + GRACE:
                raise TimeoutError("its process never said that it had begun")
        return asked.result()

    def lost(self, asked: Future[Any]) -> bool:
        """Whether it has to be asked for again, since workers were killed."""
        return self._workers.lost(asked)

    def made(self, what: str, hint: str, asked: Future[T], alone: Callable[[], Future[T]]) -> T:
        """What was waited for. Raises ReportError that names `what` where its worker could not do it.

        What a worker raises by a fault of ours or of a library, it raises too.
        """
        try:
            return self.wait_for(asked, alone)
        except ReportError:
            raise
        except Exception as error:
            if is_failure(error):
                raise ReportError([failure(what, error, hint)], ExitCode.BUG) from error
            error.add_note(f"This happened while {what} was made.")
            raise

    def hand_over(self, what: object) -> str:
        """A file with what all jobs of a kind need, where every worker can read it once."""
        folder = self._workers.folder
        beside = folder / f"{threading.get_ident()}.part"
        try:
            with beside.open("w+b") as written:
                pickle.dump(what, written)
                written.seek(0)
                file = folder / file_digest(written, "sha256").hexdigest()
            beside.replace(file)
        except OSError as error:
            raise refused(beside, error) from error
        with self._handing:
            if file in self._handed_over:
                self._handed_over.remove(file)
            self._handed_over.append(file)
            while len(self._handed_over) > _KEPT:  # of builds before, in `watch`
                self._handed_over.pop(0).unlink(missing_ok=True)
        return str(file)
