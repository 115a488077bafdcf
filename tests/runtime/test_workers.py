"""Worker processes: how they begin, and how they end."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from builder.runtime import pool, workers
from builder.runtime.pool import Pool
from builder.runtime.workers import Workers
from tests.conftest import ROOT

# Ends at once what has only just begun, as an early error does.
BROKEN_OFF = """
import os
from builder.runtime.workers import SHARED, Workers
for _ in range(10):
    with Workers("builder.runtime.jobs") as workers:
        workers.ask(SHARED, 12, os.getpid)
"""


def test_workers_that_are_only_starting_end_without_a_word() -> None:
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", BROKEN_OFF], env=variables, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_pebble_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_INSIDE", ("_pool_manager.employees",))
    with pytest.raises(ImportError, match=r"ProcessPool has no _pool_manager\.employees"):
        Pool(1, print, (), multiprocessing)


def test_a_folder_is_not_taken_away_before_it_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build that ends at that moment takes away what is left of builds that were killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    locked = fcntl.flock

    def ends_between(file: Any, how: int) -> None:
        if how == fcntl.LOCK_EX:
            workers._remove_left(tmp_path)
        locked(file, how)

    monkeypatch.setattr(workers, "flock", ends_between)
    with Workers("json") as some:
        (some.folder / "what").write_text("is on its way", "utf-8")
        workers._remove_left(tmp_path)
        assert (some.folder / "what").exists()
    assert list(tmp_path.iterdir()) == []
