"""The cache: figures and sections by the digest of all that they depend on, so that a build makes only what changed.

It lies in the user's own cache directory, and not in the project: its entries are pickles, which are as trustworthy as
whoever wrote them, and a project may come from somebody else.
"""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from builder.runtime.files import replace_file
from builder.runtime.places import cache_folder

# Entries that have not been used for longest go first, once all take more than this, in bytes.
LIMIT = 500_000_000
_DIGEST = 32
# How entries are called: a folder may hold what is not the cache's.
_OURS = re.compile(r"\.?[0-9a-f]{64}($|\.)")


@dataclass(slots=True)
class Cache:
    """Entries in files of their own: a digest, and what it is of, pickled. None of its faults stops a build."""

    folder: Path | None
    fault: str = ""  # why the last entry that could not be kept was not

    @classmethod
    def usual(cls) -> Cache:
        return cls(cache_folder())

    def has(self, key: str) -> bool:
        """Whether there is something under `key`, which may yet turn out to be damaged."""
        try:
            return self.folder is not None and self._path(key).exists()
        except OSError:  # a folder that somebody else has locked
            return False

    def get(self, key: str) -> Any:
        """What was put under `key`; None where there is nothing, or where it is damaged."""
        if self.folder is None:
            return None
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if sha256(memoryview(data)[_DIGEST:]).digest() != data[:_DIGEST]:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        try:
            return pickle.loads(memoryview(data)[_DIGEST:])
        except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, EOFError, ValueError):
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep `value`. Two builds may put the same at once; where the disk is full, nothing is kept."""
        if self.folder is None:
            return
        packed = pickle.dumps(value)  # photos and PDFs are compressed already
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(path, sha256(packed).digest() + packed)
        except OSError as error:
            self.fault = error.strerror or str(error)

    def trim(self, limit: int = LIMIT) -> None:
        """Take out what was not used for longest, until the rest fits `limit` bytes."""
        found = sorted(self._entries(), key=lambda entry: entry[1])
        total = sum(size for _, _, size in found)
        for path, _, size in found:
            if total <= limit:
                return
            with suppress(OSError):
                path.unlink()
            total -= size

    def clear(self) -> None:
        self.trim(-1)
        for folder in self.folder.glob("*") if self.folder is not None else ():
            with suppress(OSError):
                folder.rmdir()  # where it is empty

    @property
    def size(self) -> tuple[int, int]:
        """How many entries there are, and their bytes."""
        found = list(self._entries())
        return len(found), sum(size for _, _, size in found)

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / key

    def _entries(self) -> Iterator[tuple[Path, float, int]]:
        if self.folder is None:
            return
        with suppress(OSError):
            for path in chain(self.folder.glob("??/*"), self.folder.glob("builds/*")):
                with suppress(OSError):
                    if not _OURS.match(path.name):
                        continue
                    state = path.stat()
                    yield path, state.st_mtime, state.st_size


def key(*parts: object) -> str:
    """The name of a result that depends on `parts`, on this code and on the libraries."""
    whole = sha256(_makers().encode())
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode()
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


@lru_cache(maxsize=1)
def _makers() -> str:
    """What makes results: this code, and the versions of all installed packages and loaded system libraries."""
    from builder.runtime.unchanged import code, packages

    own = sha256()
    for path in sorted(code()):
        own.update(path.read_bytes())
    return f"{own.hexdigest()} {packages()}"
