"""Builds that are repeated, broken off or refused."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pikepdf
import pytest

from builder.build import build, deliver
from builder.build.run import Built
from builder.cli.app import main
from builder.design.edition import EMAIL
from builder.model.diagnostics import ExitCode
from builder.pdf import finish
from tests.conftest import PRINT, ROOT, Change


def run(folder: Path, output: Path, seed: str) -> bytes:
    environment = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1560000000"}
    command = [sys.executable, "-m", "builder", "build", "--project", str(folder), "--output", str(output), "--quiet"]
    subprocess.run(command, check=True, env=environment, cwd=output.parent)
    return next(output.glob("*.pdf")).read_bytes()


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    assert run(ROOT, tmp_path / "one", "1") == run(ROOT, tmp_path / "two", "31")


def test_a_killed_build_leaves_the_last_good_pdf(project: Change) -> None:
    root = project().root
    old = root / "output" / "annual-report-2021-2024-print-coated-fogra39.pdf"
    for wait in (0.6, 1.2, 1.8):
        old.write_bytes(b"the last good PDF")
        command = [sys.executable, "-m", "builder", "build", "--project", str(root)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if old.read_bytes() != b"the last good PDF":
            with pikepdf.open(old) as whole:
                assert len(whole.pages) == 16


def test_killed_while_writing(project: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment that matters: half of the file is on disk."""
    place = project()
    old = place.output / "annual-report-2021-2024-print-coated-fogra39.pdf"
    old.write_bytes(b"the last good PDF")

    def half(_book: pikepdf.Pdf, file: BinaryIO, **_: object) -> None:
        file.write(b"%PDF-1.7 half")
        raise KeyboardInterrupt

    monkeypatch.setattr(pikepdf.Pdf, "save", half)
    with pytest.raises(KeyboardInterrupt):
        build(place, PRINT)
    assert old.read_bytes() == b"the last good PDF"
    assert [p.name for p in place.output.iterdir()] == [old.name]


def test_a_full_disk(project: Change, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    place = project()
    old = place.output / "annual-report-2021-2024-print-coated-fogra39.pdf"
    old.write_bytes(b"the last good PDF")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pikepdf.Pdf, "save", full)
    assert main(["build", "-p", str(place.root)]) == ExitCode.CANNOT_WRITE
    assert "No space left on device" in capsys.readouterr().err
    assert old.read_bytes() == b"the last good PDF"


def test_an_output_that_is_a_file(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = project({"taken": "a file"})
    assert main(["build", "-p", str(place.root), "-o", str(place.root / "taken")]) == ExitCode.CANNOT_WRITE
    assert "cannot-write" in capsys.readouterr().err


def test_parts_left_by_a_killed_build_are_swept_up(project: Change) -> None:
    place = project()
    left = place.output / ".annual-report-2021-2024-print-coated-fogra39.pdf.99999.part"
    left.write_bytes(b"half")
    build(place, PRINT)
    assert not left.exists()


def test_strict_stops_at_a_warning(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = project({"content/topics/extra.yaml": "page: text\ntitle: Extra\ntext: not in the order\n"})
    assert main(["build", "-p", str(place.root), "--strict"]) == ExitCode.CONTENT
    assert "warning[unused-topic]" in capsys.readouterr().err
    assert not list(place.output.glob("*.pdf"))
    assert main(["build", "-p", str(place.root)]) == ExitCode.OK
    assert "1 warning" in capsys.readouterr().out


def test_the_closing_line(project: Change, capsys: pytest.CaptureFixture[str]) -> None:
    place = project()
    assert main(["build", "-p", str(place.root)]) == ExitCode.OK
    said = capsys.readouterr()
    first, *more = said.out.splitlines()
    assert "annual-report-2021-2024-print-coated-fogra39.pdf  16 pages, " in first
    assert more[0] == "  1 page for notes added to fill the last sheet"
    assert more[1].startswith("  structure checked against coated-fogra39: 16 pages, highest ink ")
    assert [line.rpartition("-")[2] for line in more[2:]] == ["sheet.pdf", "sheet.txt"]
    assert said.err == "paginate: 15 of 15 sections\n"
    assert main(["build", "-p", str(place.root), "--quiet"]) == ExitCode.OK
    assert capsys.readouterr().out == ""


def test_a_full_disk_is_an_error_and_leaves_nothing(project: Change) -> None:
    """QPDF would end the process where it cannot write. A limit on the size of files stands for the disk."""
    place = project()
    last = build(place, EMAIL).path
    before = last.read_bytes()
    assert len(before) > 50_000
    code = """
import resource, signal, sys
from builder.cli.app import main
from builder.pdf.delivery import Delivery
own = Delivery._write
def limited(*words):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    return own(*words)
Delivery._write = limited
sys.exit(main(sys.argv[1:]))
"""
    words = ["build", "-p", str(place.root), "-e", "email", "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True)
    assert done.returncode == ExitCode.CANNOT_WRITE, done.stderr
    assert "cannot-write" in done.stderr
    assert last.read_bytes() == before
    assert not list(last.parent.glob(".*"))


def test_a_very_long_section_is_named(project: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    place = project()
    assert not build(place, EMAIL).remarks
    monkeypatch.setattr(deliver, "LONG", 1)
    assert any(line.startswith('"meals" is one section of 1 pages') for line in build(place, EMAIL).remarks)


def test_a_bad_date_in_the_environment(
    project: Change, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert main(["build", "-p", str(project().root)]) == ExitCode.USAGE
    assert "SOURCE_DATE_EPOCH" in capsys.readouterr().err


def test_dates_come_from_the_environment(report: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert finish.moment().year == 1970
    assert report.pages == 32
