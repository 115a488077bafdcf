"""A pool of worker processes: the adapter for pebble (5.2).

pebble tells of a process that dies or hangs, and can end one at once. Three things it does not tell, or does too
slowly, are taken from inside it; `_INSIDE` lists their names, and a pebble without them is said at once.

- Which processes there are (`PoolManager.worker_manager.workers`): `Workers.lost` has to know when one was replaced.
- The locks of its channel: pebble deletes them before it has ended the processes, and one that is only just starting
  looks for them in vain and prints a traceback. So they are kept until all have ended.
- How often it looks around (`CONSTS.sleep_unit`, which is for all pools of the program, and set back at the end).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from operator import attrgetter
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessPool

__all__ = ["Pool", "ProcessExpired", "end"]

# So often pebble looks for workers that have died, or whether it is to end, in seconds.
_LOOK = 0.02
# And when all is done.
_END = 0.001
_USUAL = CONSTS.sleep_unit
_INSIDE = ("_pool_manager.worker_manager.workers", "_pool_manager.worker_manager.workers_channel")


class Pool:
    """So many processes. They start when they are first asked."""

    def __init__(self, count: int, begin: Callable[..., None], words: tuple[object, ...], context: Any) -> None:
        """Each process begins with `begin(*words)`. Raises ImportError where pebble is not as it was."""
        CONSTS.sleep_unit = _LOOK
        self._pool = ProcessPool(count, initializer=begin, initargs=words, context=context)
        for name in _INSIDE:
            try:
                attrgetter(name)(self._pool)
            except AttributeError as error:
                raise ImportError(f"pebble's ProcessPool has no {name}: see builder/runtime/pool.py") from error

    @property
    def active(self) -> bool:
        """Whether it can be asked. Where processes were killed that had nothing to do, pebble gives all of it up."""
        try:
            return bool(self._pool.active)
        except BrokenProcessPool:  # none could be started
            return False

    @property
    def processes(self) -> frozenset[int]:
        """The numbers of its processes now."""
        return frozenset(self._pool._pool_manager.worker_manager.workers)

    def ask(self, patience: float, function: Callable[..., Any], words: tuple[object, ...]) -> Future[Any]:
        """Have something done within so many seconds. Raises RuntimeError where it is no longer active."""
        asked: Future[Any] = self._pool.schedule(function, args=words, timeout=patience)
        return asked

    def close(self) -> None:
        """Nothing more will be asked; what was asked is done."""
        self._pool.close()  # type: ignore[no-untyped-call]


def end(pools: list[Pool]) -> None:
    """End all processes, whatever they are doing. Returns when they have ended."""
    CONSTS.sleep_unit = _END
    channels = [one._pool._pool_manager.worker_manager.workers_channel for one in pools]
    locks = [dict(vars(channel.mutex)) for channel in channels if channel is not None and hasattr(channel, "mutex")]
    try:
        for one in pools:
            one._pool.stop()  # type: ignore[no-untyped-call]
        for one in pools:
            one._pool.join()
    except KeyboardInterrupt:  # a second time: no more time for anybody
        for one in pools:
            for process in one.processes:
                with suppress(OSError):
                    os.kill(process, signal.SIGKILL)
        raise
    finally:
        locks.clear()
        CONSTS.sleep_unit = _USUAL
