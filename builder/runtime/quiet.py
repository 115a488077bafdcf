"""Warnings of libraries, kept from the terminal.

Python's own way (`warnings.catch_warnings`) changes settings of the whole process, and is not safe in threads: one that
ends in the middle of another's leaves them as they were for that one. So blocks of ours wait for each other.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_one_at_a_time = RLock()


@contextmanager
def quiet() -> Iterator[list[str]]:
    """What libraries warn of in the block, which nobody else hears."""
    said: list[str] = []
    with _one_at_a_time, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield said
        said += [str(one.message) for one in heard]
