"""builder from another program (docs/api.md)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import builder
from builder.model import diagnostics
from builder.model.diagnostics import ExitCode, ReportError
from tests.conftest import ROOT, Change

API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", API, re.MULTILINE | re.DOTALL)
assert EXAMPLES


def python(script: str, folder: Path, *, file: bool = False) -> str:
    """What a script without a `__main__` guard prints: from a file, or from standard input as in a notebook."""
    words: list[str] = ["-"]
    if file:
        path = folder / "script.py"
        path.write_text(script, encoding="utf-8")
        words = [str(path)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *words],
        input="" if file else script,
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("file", [True, False])
def test_the_examples_run_as_they_stand(project: Change, example: str, file: bool) -> None:
    folder = project().root.rename(project().root.with_name("my-report")).parent
    said = python(example, folder, file=file)
    assert re.fullmatch(r"out/annual-report-2021-2024-email.pdf 16\n|True structure checked against .*\n", said)


def test_the_script_runs_once_and_the_program_is_as_it_was(project: Change) -> None:
    script = f"""
import multiprocessing, os, signal, sys, threading
print("once")
def state():
    from multiprocessing import forkserver
    return (dict(os.environ), os.getcwd(), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM),
            forkserver._forkserver._preload_modules, forkserver._forkserver._forkserver_pid,
            multiprocessing.get_start_method(allow_none=True), sys.meta_path[:], sys.excepthook, threading.excepthook,
            signal.pthread_sigmask(signal.SIG_BLOCK, ()))
before = state()
import builder
builder.build(builder.Project.at({str(project().root)!r}), output="out")
for now, then in zip(state(), before):
    assert now == then, (now, then)
assert threading.active_count() == 1, threading.enumerate()
"""
    assert python(script, project().root.parent, file=True) == "once\n"


def test_what_is_exported_is_there_and_nothing_is_loaded_before_it_is_wanted() -> None:
    for name in builder.__all__:
        assert (
            getattr(builder, name).__module__.startswith("builder.") if name[0] != "_" and name.upper() != name else 1
        )
        assert name.startswith("_") or f"`{name}" in API or f"builder.{name}" in API, name
    said = python("import builder, sys; print(len([m for m in sys.modules if m.startswith('builder')]))", ROOT)
    assert int(said) <= 3
    with pytest.raises(AttributeError, match="no attribute 'buidl'"):
        builder.buidl  # noqa: B018


def test_functions_are_not_hidden_by_the_folders_of_their_names() -> None:
    import builder.build.deliver
    import builder.preflight.file

    assert builder.build is builder.build.__globals__["build"]
    assert callable(builder.preflight)
    said = python("import builder.build, builder.preflight as p; print(builder.build.__name__, p.__name__)", ROOT)
    assert said == "build preflight\n"


def test_errors_are_of_the_kind_of_their_exit_code() -> None:
    for code in set(ExitCode) - {ExitCode.OK, ExitCode.INTERRUPTED}:
        kind = type(ReportError([], code))
        assert kind is not ReportError
        assert kind.__name__ in builder.__all__
        row = re.search(rf"^\| `{kind.__name__}` \|.*\| (\d+) \|$", API, re.MULTILINE)
        assert row is not None
        assert int(row[1]) == code
    assert diagnostics.ContentError is builder.ContentError
    with pytest.raises(builder.UsageError, match="no report project"):
        builder.Project.at("/")
    with pytest.raises(builder.UsageError, match="no printer profile"):
        builder.printer("nobody", None)


def test_the_check_says_what_keeps_files_from_being_read(project: Change) -> None:
    place = project({"content/report.yaml": "title: [\n"})
    assert [one.code for one in builder.check(place)] == ["yaml-syntax"]
