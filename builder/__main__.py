"""`python -m builder` and the `builder` command."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.workers import Workers


def run() -> None:
    """Entry point: the shell gets one of ExitCode. A build that would change nothing ends here."""
    words, workers = sys.argv[1:], None
    if words[:1] == ["build"] and "--no-cache" not in words:
        from builder.unchanged import unchanged

        if (said := unchanged(words)) is not None:
            for stream, line in said:
                print(line, file=sys.stderr if stream == "err" else sys.stdout)
            return
    if words[:1] in (["build"], ["watch"]):
        workers = _workers(words)
    from builder.loading import loading

    with loading():
        from builder.cli import main  # worker processes import this module, and have no use for the command line

    code = main(workers=workers)
    gc.freeze()  # the process ends: Python need not go through all that it has loaded, looking for rubbish
    raise SystemExit(code)


def _workers(words: list[str]) -> Workers:
    """They load while the command line does; what was built before has its figures in the cache."""
    from builder import fork_server
    from builder.unchanged import setting

    fork_server.start()
    from builder.workers import Workers

    workers = Workers()
    before = setting(words)
    if "--no-cache" in words or before is None:
        workers.expect_figures()
    elif not any(word.startswith(("-j", "--jobs")) for word in words):
        workers.expect_sections(before)
    return workers


if __name__ == "__main__":
    run()
