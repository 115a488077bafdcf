"""The process from which workers are forked, with the layout engine loaded: the adapter for `multiprocessing`.

It is started before anything else of a build, so that it loads while the command line does. It is a server of our own
and not the one that `multiprocessing.get_context("forkserver")` shares: what the program that runs builder has set up
there stays as it is, and its script is not run again in each worker, as Python does to find what it defines
(`multiprocessing`, "Safe importing of main module"). Jobs are functions of this package, which need no script.

What of Python is used beyond its documentation stands here alone (`multiprocessing/popen_forkserver.py`,
`forkserver.py`): the class `ForkServer`, `Popen._launch`, `spawn.get_preparation_data`, `reduction.dump`.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import context, process
from pathlib import Path
from threading import Lock
from typing import Any

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, refused

HAS_FORK_SERVER = "forkserver" in multiprocessing.get_all_start_methods()
# What Python says of a worker that would make it run the user's script.
_SCRIPT = ("init_main_from_name", "init_main_from_path")


if HAS_FORK_SERVER:
    from multiprocessing import forkserver, popen_forkserver, reduction, resource_tracker, spawn, util

    _server: Any = forkserver.ForkServer()
    _one_at_a_time = Lock()  # variables and settings of the whole process are others for a moment

    def _forked() -> None:
        """A program that was forked has a server of its own: the other's is no child of it."""
        global _server, _one_at_a_time
        _server, _one_at_a_time = forkserver.ForkServer(), Lock()

    os.register_at_fork(after_in_child=_forked)

    class _Popen(popen_forkserver.Popen):
        """A process that is forked from our server, and knows nothing of the user's script."""

        def _launch(self, process_obj: Any) -> None:
            """As in Python's own, but for the server and the script."""
            with _one_at_a_time, _free_to_choose():
                about = {k: v for k, v in spawn.get_preparation_data(process_obj.name).items() if k not in _SCRIPT}
            sent = io.BytesIO()
            context.set_spawning_popen(self)
            try:
                reduction.dump(about, sent)
                reduction.dump(process_obj, sent)
            finally:
                context.set_spawning_popen(None)
            self.sentinel, told = _server.connect_to_new_process(self._fds)  # type: ignore[attr-defined]
            alive = os.dup(told)  # while it is open, the process has a parent
            self.finalizer = util.Finalize(self, _close, (alive, self.sentinel))
            with open(told, "wb", closefd=True) as pipe:  # noqa: PTH123 - a pipe
                pipe.write(sent.getbuffer())
            self.pid = forkserver.read_signed(self.sentinel)

    def _close(*ends: int) -> None:
        for end in ends:
            os.close(end)

    class Process(process.BaseProcess):
        """A worker."""

        _start_method = "forkserver"

        @staticmethod
        def _Popen(process_obj: Any) -> Any:  # noqa: N802 - Python's name
            return _Popen(process_obj)

    class _Context(context.ForkServerContext):
        """How workers are made."""

        Process = Process  # type: ignore[assignment]


def start(preload: str) -> None:
    """Begin to load the module `preload`, once; returns at once. It does nothing where there is no fork server."""
    if HAS_FORK_SERVER:
        with _one_at_a_time, _undisturbed(), _free_to_choose():
            _server.set_forkserver_preload([preload])
            _server.ensure_running()


@contextmanager
def _free_to_choose() -> Iterator[None]:
    """Python settles how processes begin when it is first asked; the program that runs builder may still choose."""
    chosen = multiprocessing.get_start_method(allow_none=True)
    try:
        yield
    finally:
        if chosen is None:
            multiprocessing.set_start_method(None, force=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What starts now never hears Ctrl-C, and takes no module from the folder where the user happens to be."""
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), before["PYTHONPATH"]]))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    resource_tracker.ensure_running()  # which lets signals through again once it runs
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.environ.update(PYTHONSAFEPATH="1", PYTHONPATH=path)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def workers_context(preload: str) -> context.BaseContext:
    """How workers are made: forked where that can be done, and spawned elsewhere."""
    if process.current_process().daemon:
        hint = "ask for it in the program itself, or in a process of concurrent.futures.ProcessPoolExecutor"
        raise ReportError([Diagnostic("no-workers", "a daemonic process may start no workers", hint)], ExitCode.USAGE)
    if HAS_FORK_SERVER:
        try:
            start(preload)
        except OSError as error:  # the folder is gone, or its path too long for a socket (unix(7): 107 bytes)
            raise refused("a socket in the folder for temporary files (TMPDIR)", error, "name a shorter one") from error
        return _Context()
    return multiprocessing.get_context("spawn")
