"""What a worker process loads before its first job: the layout engine. `builder.runtime.workers` says why.

Where a library is missing, the first job says so; loading is quiet about it. matplotlib is left to the first figure:
most builds find all figures in the cache.
"""

from contextlib import suppress

import builder.pages.job
from builder.pages.engine import prepared
from builder.runtime.loading import loading

with loading(), suppress(ImportError, OSError), prepared():
    import builder.pages.paginate  # noqa: F401
