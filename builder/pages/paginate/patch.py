"""A function of WeasyPrint's in whose place another stands for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def replaced(module: str, name: str, by: Any) -> Iterator[None]:
    """Raises AttributeError where WeasyPrint has no such function any more."""
    place = import_module(module)
    before = getattr(place, name)
    setattr(place, name, by)
    try:
        yield
    finally:
        setattr(place, name, before)
