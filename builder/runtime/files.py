"""The folders of a project that a build may read, all files in them, and how one is written anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from threading import get_ident

FOLDERS = ("content", "layouts", "fonts", "figures", "printers")


def files(folder: Path) -> Iterator[Path]:
    """All files below `folder`, in order; through links too, but never round in a circle."""
    seen: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        try:
            state = Path(place).stat()
        except OSError:  # it has gone in the meantime
            folders.clear()
            continue
        if (state.st_dev, state.st_ino) in seen:
            folders.clear()
            continue
        seen.add((state.st_dev, state.st_ino))
        folders.sort()
        yield from (Path(place) / name for name in sorted(names))


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside its name first, so that what was there is lost only for something whole. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


@lru_cache(maxsize=1024)
def digest(path: Path, _time: int, _size: int) -> bytes:
    """SHA-256 of a file, which is read again when its time or its size is another. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()
