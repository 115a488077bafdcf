"""The process from which workers are forked, with the layout engine loaded (Python's `multiprocessing`, forkserver).

It is started before anything else of a build, so that it loads while the main process reads the YAML.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import BaseContext

_LOADED = ["builder.press_room"]


def start() -> None:
    """Begin to load; returns at once. Nothing happens where the system has no fork server."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(_LOADED)
        forkserver.ensure_running()


def context() -> BaseContext:
    """How workers are made: forked where that can be done, and spawned elsewhere."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("forkserver")
    return multiprocessing.get_context("spawn")
