"""What every worker process does beside its jobs: how it begins, and what it notes of the time that they take."""

from __future__ import annotations

import signal
import tempfile
from importlib import import_module

from builder.runtime.loading import loading
from builder.runtime.progress import Task, timed

# What this worker has done since it was last asked.
tasks: list[Task] = []


def ready(folder: str, preload: str) -> None:
    """At the start of each worker, which puts what it leaves into `folder`, and loads the module `preload`.

    The main process alone answers to Ctrl-C, and ends the workers.
    """
    tempfile.tempdir = folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with timed(tasks, "start"), loading():
        import_module(preload)  # forked from a process that has it, or spawned: then each loads it


def done() -> tuple[Task, ...]:
    """What was done, for the main process."""
    found = tuple(tasks)
    tasks.clear()
    return found
