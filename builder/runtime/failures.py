"""What has failed in a worker process, in plain words."""

from __future__ import annotations

import errno
from concurrent.futures import TimeoutError
from concurrent.futures.process import BrokenProcessPool

from builder.model.diagnostics import Diagnostic, Span
from builder.runtime.pool import ProcessExpired
from builder.runtime.workers import PATIENCE

# So often, in seconds, does who waits for a worker look whether there is still something to wait for.
LOOK = 0.2
# And so much longer than PATIENCE does it wait at most.
GRACE = 60


# What a job can do to its process, and a full disk or too many open files to the job.
_FAILURES = (TimeoutError, ProcessExpired, BrokenProcessPool, MemoryError, RecursionError)
_SHORT = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EFBIG))


def is_failure(error: Exception) -> bool:
    """Whether a job has failed; all else that it raises is a fault of ours, or of a library."""
    return isinstance(error, _FAILURES) or (isinstance(error, OSError) and error.errno in _SHORT)


def failure(what: str, error: Exception, hint: str, span: Span | None = None) -> Diagnostic:
    """That `what`, such as the layout of a section, was not made."""
    if isinstance(error, TimeoutError) and not isinstance(error.errno, int):  # and not that of a file on the network
        said = f"{what} did not end within {PATIENCE // 60} minutes"
    elif isinstance(error, ProcessExpired):
        said = f"{what} was not made: its process died (exit code {error.exitcode})"
    elif isinstance(error, BrokenProcessPool):
        said = f"{what} was not made: its process died"
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        said, hint = f"{what} was not made: {error.strerror}", "make room in the folder for temporary files (TMPDIR)"
    else:
        said = f"{what} was not made: {type(error).__name__}: {error}"
    return Diagnostic("layout-failed", said, hint, span)
