"""What a build is doing, and has done: for the progress that people see, and for those who ask where the time went."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

STAGES = ("start", "load", "check", "draw", "paginate", "bind", "finish", "preflight", "end")


@dataclass(frozen=True, slots=True)
class Stage:
    """Under way: of its sections (figures) so many are done, so many of them out of the cache.

    `last` is the name of the one that was done last.
    """

    name: str
    done: int = 0
    of: int = 1
    cached: int = 0
    last: str = ""


Progress: TypeAlias = Callable[[Stage], None]


def nobody(_stage: Stage) -> None:
    """Progress that nobody sees."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work, in which process, and from when to when, in seconds of `time.monotonic`."""

    what: str
    name: str
    process: int
    start: float
    end: float


@contextmanager
def timed(tasks: list[Task], what: str, name: str = "") -> Iterator[None]:
    """Adds what happens in the block to `tasks`, whether it goes well or not."""
    start = time.monotonic()
    try:
        yield
    finally:
        tasks.append(Task(what, name, os.getpid(), start, time.monotonic()))
