"""A build with nothing to do: known by what the last build with the same words read and wrote.

This module is imported before any other, and imports next to nothing: such a build takes as long as Python to start.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from builder.runtime.files import FOLDERS, digest, files, replace_file
from builder.runtime.places import cache_folder

# Settings outside the project that a build depends on.
_VARIABLES = ("SOURCE_DATE_EPOCH", "LANG", "LC_ALL", "TZ")
_FONT_VARIABLES = ("FONTCONFIG_FILE", "FONTCONFIG_PATH")


@lru_cache(maxsize=1)
def code() -> list[Path]:
    """The files of this package that make results."""
    own = Path(__file__).parents[1]
    return [path for path in own.rglob("*") if path.is_file() and path.suffix not in (".pyc", ".pyo")]


@lru_cache(maxsize=1)
def packages() -> str:
    """The installed packages with their versions, the states of the system libraries of layout, and their settings."""
    names: set[str] = set()
    for folder in map(Path, sys.path):
        if folder.is_dir() and folder.name in ("site-packages", "dist-packages"):
            names |= {entry.name for entry in os.scandir(folder) if entry.name.endswith(".dist-info")}
    fonts = [os.environ.get(name, "") for name in _FONT_VARIABLES]
    return " ".join([sys.version, *sorted(names), *_libraries(), *fonts])


def _libraries() -> Iterator[str]:
    for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib", "/lib"):
        for name in ("pango*.so*", "harfbuzz*.so*", "fontconfig*.so*", "freetype*.so*", "pango*.dylib"):
            pattern = f"lib{name}"
            for path in sorted([*Path(folder).glob(pattern), *Path(folder).glob(f"*-linux-gnu*/{pattern}")]):
                try:
                    state = path.stat()
                except OSError:
                    continue
                yield f"{path.resolve().name}:{state.st_size}:{state.st_mtime_ns}"


def snapshot(root: Path) -> dict[str, object]:
    """What a build of the project in `root` is about to read, and what it is made with."""
    return {"root": str(root), "around": _around(), "inputs": {str(path): _state(path) for path in _inputs(root)}}


def remember(
    words: Sequence[str],
    read: dict[str, object],
    outputs: Sequence[Path],
    said: Sequence[tuple[str, str]],
    setting: bytes,
) -> None:
    """Keep what a build with these command-line words has read and written, and what it `said` (stream, line)."""
    record = _record(words)
    if record is None:
        return
    try:
        found = {**read, "outputs": {str(path): _state(path) for path in outputs}, "said": list(said)}
        record.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file, data in ((record, json.dumps(found).encode()), (record.with_suffix(".setting"), setting)):
            replace_file(file, data)
    except OSError:
        return


def unchanged(words: Sequence[str]) -> list[tuple[str, str]] | None:
    """What the last build with these words said, where another would make the same; None where it might not."""
    try:
        record = _record(words)
        found = json.loads(record.read_text(encoding="utf-8")) if record is not None else None
        if found is None or found["around"] != _around():
            return None
        for part in ("inputs", "outputs"):
            for name, state in found[part].items():
                if not _same(Path(name), state):
                    return None
        if {str(path) for path in _inputs(Path(found["root"]))} != set(found["inputs"]):
            return None
        return [(str(stream), str(line)) for stream, line in found["said"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def setting(words: Sequence[str]) -> Path | None:
    """What the last build with these words laid its sections out with (`builder.pages.setting`), pickled."""
    try:
        record = _record(words)
        file = record.with_suffix(".setting") if record is not None else None
        return file if file is not None and file.exists() else None
    except OSError:
        return None


def _record(words: Sequence[str]) -> Path | None:
    folder = cache_folder()
    name = sha256(json.dumps([str(Path.cwd()), *words]).encode()).hexdigest()
    return folder / "builds" / f"{name}.json" if folder is not None else None


def _around() -> str:
    """Everything outside the project: code, packages, variables, and the day, since sources grow stale."""
    import time

    made = [f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in sorted(code())]
    values = [os.environ.get(name, "") for name in _VARIABLES]
    return sha256("\n".join([*made, packages(), *values, time.strftime("%Y-%m-%d")]).encode()).hexdigest()


def _inputs(root: Path) -> Iterator[Path]:
    """What a build may read; a file that comes or goes counts as a change."""
    for name in FOLDERS:
        yield from (path for path in files(root / name) if path.suffix != ".part")


def _state(path: Path) -> list[object]:
    """Size, time and digest; nothing for what is no file, or gone, or locked."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            return []
        return [state.st_size, state.st_mtime_ns, digest(path, state.st_mtime_ns, state.st_size).hex()]
    except OSError:
        return []


def _same(path: Path, state: Sequence[object]) -> bool:
    """By its time where that is as it was, and else by its digest."""
    if not state:
        return not _state(path)
    now = path.stat()
    if now.st_size != state[0]:
        return False
    return now.st_mtime_ns == state[1] or digest(path, now.st_mtime_ns, now.st_size).hex() == state[2]
