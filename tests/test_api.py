"""builder from another program (docs/api.md)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import builder
from builder.build.run import Built
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


def test_threads_leave_the_program_as_it_was_and_forked_processes_build(project: Change) -> None:
    script = f"""
import os, sys, warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, get_context
from threading import Thread
import builder
def job(n):
    try:
        return builder.build(builder.Project.at({str(project().root)!r}), builder.EMAIL, "out/same").pages
    except builder.UsageError as error:
        return error.diagnostics[0].code
before, filters = dict(os.environ), warnings.filters[:]
threads = [Thread(target=job, args=(n,)) for n in range(3)]
[one.start() for one in threads], [one.join() for one in threads]
assert dict(os.environ) == before and warnings.filters == filters
with ProcessPoolExecutor(1, get_context("fork")) as pool:
    print(pool.submit(job, 0).result())
with get_context("fork").Pool(1) as pool:
    print(pool.map(job, [0]))
"""
    assert python(script, project().root.parent, file=True) == "16\n['no-workers']\n"


@pytest.mark.parametrize(("name", "rest"), [("print", {}), ("archive", {}), ("email", {"pdfa": "3a"}), ("../x", {})])
def test_an_edition_that_is_none_is_refused(name: str, rest: dict[str, Any]) -> None:
    with pytest.raises(builder.UsageError, match="edition"):
        builder.Edition(name, **rest)


def test_a_verdict_says_in_one_line_whether_it_is_good(report: Built) -> None:
    verdict = builder.preflight(report.path, builder.printer("coated-fogra39", None))
    assert not verdict.good
    assert re.fullmatch(r"not fit for coated-fogra39: \d+ errors?", verdict.summary)
    with pytest.raises(builder.UsageError, match=r"no file none\.pdf"):
        builder.preflight("none.pdf", builder.printer("office", None))
