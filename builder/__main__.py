"""`python -m builder` and the `builder` command."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.runtime.workers import Workers

_M_ARENA_MAX = -8  # <malloc.h>
# Nothing that happens to be installed changes how content is read; and pydantic need not look for it.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def run() -> None:
    """Entry point: the shell gets one of ExitCode."""
    with suppress(ValueError):  # in a thread
        # To be ended by a program, or with the terminal, is as good as Ctrl-C; nohup has the latter ignored.
        for end in filter(None, (signal.SIGTERM, getattr(signal, "SIGHUP", None))):
            if signal.getsignal(end) != signal.SIG_IGN:
                signal.signal(end, signal.default_int_handler)
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are loaded: later, the command line answers
        from builder.model.diagnostics import ExitCode

        print("interrupted; the last good PDF is untouched", file=sys.stderr)
        code = ExitCode.INTERRUPTED
    gc.freeze()  # the process ends: Python need not go through all that it has loaded, looking for rubbish
    raise SystemExit(code)


def _run(words: list[str]) -> int:
    """A build that would change nothing ends here."""
    asks = {"--no-cache", "--timings", "--profile", "--help", "-h"} & {word.partition("=")[0] for word in words}
    if words[:1] == ["build"] and not asks:
        from builder.runtime.unchanged import unchanged

        if (said := unchanged(words)) is not None:
            for stream, line in said:
                print(line, file=sys.stderr if stream == "err" else sys.stdout)
            return 0
    makes = words[:1] in (["build"], ["watch"]) and not asks & {"--help", "-h"}
    with _workers(words) if makes else nullcontext() as workers:
        from builder.runtime.loading import loading

        with loading():
            from builder.cli.app import main  # workers import this module, and have no use for the command line

        return main(workers=workers)


def _one_heap() -> None:
    """Threads here wait for each other anyway: one heap for all takes less than one for each (glibc, mallopt(3))."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):  # other systems, other ways
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _workers(words: list[str]) -> Workers:
    """They load while the command line does; what was built before has its figures in the cache."""
    from builder.pages import PRELOAD
    from builder.runtime import fork_server
    from builder.runtime.unchanged import setting

    _one_heap()
    fork_server.start(PRELOAD)
    from builder.runtime.workers import Workers

    workers = Workers(PRELOAD)
    before = setting(words)
    if "--no-cache" in words or before is None:
        from builder.figures.job import expect as expect_figures

        expect_figures(workers)
    elif not any(re.match("--jobs|-[a-z]*j", word) for word in words):
        from builder.pages.job import expect as expect_sections

        expect_sections(workers, before)
    return workers


if __name__ == "__main__":
    run()
