"""The layout engine is loaded quickly, and is the same as when it is loaded slowly."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from rich.console import Console

from builder.__main__ import run
from builder.cli.progress import Bar
from builder.pages import engine
from builder.runtime.progress import Stage, Task, timed
from tests.conftest import ROOT, Change


def test_the_declarations_are_those_of_the_installed_weasyprint(tmp_path: Path) -> None:
    engine.declare(tmp_path / "declarations.py")
    made = (tmp_path / "declarations.py").read_text("ascii")
    assert made == (ROOT / "builder" / "pages" / "declarations.py").read_text("ascii"), (
        "run `python -m builder.pages.engine`"
    )


def test_other_declarations_are_compiled() -> None:
    known = engine.Declared()
    known.cdef("int unknown_function (int);")
    assert known.new("int *", 6)[0] == 6  # type: ignore[attr-defined]


def test_a_process_with_the_engine_ends_well() -> None:
    code = (
        "import builder.pages.preload, sys; from weasyprint import HTML; from weasyprint.pdf import fonts;"
        "HTML(string='<p>Wörter').write_pdf('/dev/null'); assert 'cffi' not in sys.modules; fonts.subset.Options;"
        "fonts.instantiateVariableFont"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_profile_for_a_browser(project: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, file = project(), tmp_path / "profile.json"
    words = ["builder", "build", "-p", str(place.root), "-e", "email", "--no-cache", "--profile", str(file)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as end:
        run()
    assert not end.value.code
    events = json.loads(file.read_text("utf-8"))["traceEvents"]
    work = [one for one in events if one["ph"] == "X"]
    assert {"check", "paginate", "bind", "finish", "preflight"} <= {one["name"] for one in work}
    assert {"paginate meals", "paginate cover"} <= {one["name"] for one in work}
    assert len({one["pid"] for one in work}) >= 3
    assert all(one["ts"] >= 0 and one["dur"] >= 0 for one in work)
    names = {one["args"]["name"] for one in events if one["name"] == "process_name"}
    assert "builder" in names


def test_progress_in_lines_and_its_times() -> None:
    out = Console(record=True, force_terminal=False, width=100)
    with Bar(out, quiet=False, since=0.0) as bar:
        bar(Stage("check"))
        bar(Stage("paginate", 1, 3, 1, "cover"))
        bar(Stage("paginate", 3, 3, 2, "annex"))
        bar(Stage("bind"))
    assert out.export_text() == "paginate: 3 of 3 sections, 2 from the cache\n"
    assert list(bar.spent) == ["start", "check", "paginate"]


def test_what_fails_is_timed_too() -> None:
    tasks: list[Task] = []
    with pytest.raises(ZeroDivisionError), timed(tasks, "draw", "x"):
        _ = 1 / 0
    assert [(one.what, one.name) for one in tasks] == [("draw", "x")]
    assert tasks[0].end >= tasks[0].start


def test_progress_at_a_terminal(project: Change) -> None:
    """A bar while it lasts, and nothing of it afterwards; the second edition has one too."""
    place = project()
    words = ["build", "-p", str(place.root), "-e", "email", "-e", "archive", "--no-cache"]
    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [sys.executable, "-m", "builder", *words], stdout=theirs, stderr=theirs, env=environment
    ) as building:
        os.close(theirs)
        said = b""
        with suppress(OSError):  # the end of a terminal (pty(7))
            while piece := os.read(ours, 4096):
                said += piece
    os.close(ours)
    assert building.returncode == 0, said.decode()
    assert b"of 15 sections" in said
    assert said.count(b"-email.pdf") == said.count(b"-archive.pdf") == 1
    assert b"Traceback" not in said
