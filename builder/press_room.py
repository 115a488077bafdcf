"""What a worker process loads before its first job: the layout engine. `builder.presses` says why.

Where a library is missing, the first job says so; loading is quiet about it.
"""

from contextlib import suppress

with suppress(ImportError, OSError):
    import builder.draw
    import builder.paginate  # noqa: F401
