"""The process from which workers are forked, with the layout engine loaded (Python's `multiprocessing`, forkserver).

It is started before anything else of a build, so that it loads while the command line does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path


def start(preload: str) -> None:
    """Begin to load the module `preload`, once; returns at once. It does nothing where there is no fork server."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        from multiprocessing import forkserver, resource_tracker

        forkserver.set_forkserver_preload([preload])
        resource_tracker.ensure_running()  # which lets signals through again once it runs
        with _undisturbed():
            forkserver.ensure_running()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What starts now never hears Ctrl-C, and takes no module from the folder where the user happens to be."""
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), before["PYTHONPATH"]]))
    os.environ.update(PYTHONSAFEPATH="1", PYTHONPATH=path)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def context(preload: str) -> BaseContext:
    """How workers are made: forked where that can be done, and spawned elsewhere."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        start(preload)
        return multiprocessing.get_context("forkserver")
    return multiprocessing.get_context("spawn")
