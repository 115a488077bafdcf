"""Builds of the report and of generated books, ours against others on the same text.

    python benchmarks/run.py [report] [53] [160] [500] [1000] [--runs N]

Whole processes, in turns, medians of five after a warm-up: cold, with one paragraph changed, with nothing changed, and
in `watch` from save to finished PDF. Results are kept in benchmarks/results.json; `benchmarks/show.py` shows them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

import pikepdf
from book import generate
from one_document import one_document
from peers import commands
from processes import end, peak, seconds

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).with_name("results.json")
RUNS = 5
# Vivliostyle is timed where it takes less than a minute.
_LONG = 100


class Book:
    """A project in a folder, as all are to print it, with a paragraph that can be changed."""

    def __init__(self, which: str, folder: Path) -> None:
        self.folder, self.project = folder, folder / "project"
        if which == "report":
            for part in ("content", "layouts", "fonts"):
                shutil.copytree(ROOT / part, self.project / part)
            self._topic, self._word = self.project / "content" / "topics" / "guida.yaml", "frase"
        else:
            generate(int(which), self.project)
            self._topic, self._word = self.project / "content" / "topics" / "capitolo-1.yaml", "comune"
        self._text = self._topic.read_text(encoding="utf-8")
        one_document(self.project, folder)
        self.pdf = folder / "out"

    def change(self, number: int) -> None:
        """Another word in a paragraph; 0 is the text as it was."""
        changed = self._text.replace(f" {self._word} ", f" {'molto ' * (number % 7)}{self._word} ", 1)
        assert changed != self._text or not number % 7
        self._topic.write_text(changed, encoding="utf-8")

    def build(self, command: str = "build") -> list[str]:
        said = ["-q"] if command == "build" else []
        words = [command, "-p", str(self.project), "-e", "email", "-o", str(self.pdf), *said]
        return [sys.executable, "-m", "builder", *words]


def measured(which: str, runs: int) -> dict[str, object]:
    """Seconds of each run and peak memory, by what was run; pages and bytes of the PDFs."""
    with tempfile.TemporaryDirectory() as name:
        book = Book(which, Path(name))
        cache = Path(name) / "cache"
        environment = os.environ | {"BUILDER_CACHE": str(cache)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as pip installs it, with bytecode
        peers = commands(book.folder)
        if which != "report" and int(which) > _LONG:
            peers.pop("Vivliostyle", None)
        times: dict[str, list[float]] = {}
        for run in range(runs + 1):
            spent = {peer: seconds(command, environment) for peer, command in peers.items()}
            shutil.rmtree(cache, ignore_errors=True)
            book.change(0)
            spent["cold"] = seconds(book.build(), environment)
            book.change(1 + run % 6)
            spent["one paragraph changed"] = seconds(book.build(), environment)
            spent["nothing changed"] = seconds(book.build(), environment)
            for label, value in spent.items() if run else ():
                times.setdefault(label, []).append(value)
        times["watch, save to PDF"] = _watched(book, environment, runs)
        memory = {peer: peak(command, environment) for peer, command in peers.items()}
        shutil.rmtree(cache)
        memory["cold"] = peak(book.build(), environment)
        return {
            "times": times,
            "memory": memory,
            "files": {path.stem: _about(path) for path in book.folder.glob("*.pdf")}
            | {"cold": _about(next(book.pdf.glob("*.pdf")))},
        }


def _watched(book: Book, environment: dict[str, str], runs: int) -> list[float]:
    """From the save of a paragraph to the finished PDF in its place."""
    pdf = next(book.pdf.glob("*.pdf"))
    process = subprocess.Popen(
        book.build("watch"), stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    found = []
    try:
        _until(process.stdout)
        for run in range(runs + 1):
            time.sleep(0.5)
            before, start = pdf.stat().st_ino, time.perf_counter()
            book.change(1 + run % 6)
            while pdf.stat().st_ino == before and process.poll() is None:
                time.sleep(0.002)
            found.append(time.perf_counter() - start)
            _until(process.stdout)
    finally:
        end(process)
    return found[1:]


def _until(lines: TextIO) -> None:
    while " pages, " not in (line := lines.readline()):
        if not line:
            raise RuntimeError("watch has ended")


def _about(path: Path) -> dict[str, int]:
    with pikepdf.open(path) as pdf:
        return {"pages": len(pdf.pages), "bytes": path.stat().st_size}


def main(words: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts this behind itself ignores it
    runs = int(words[words.index("--runs") + 1]) if "--runs" in words else RUNS
    books = [word for word in words if word == "report" or word.isdigit()]
    if "--runs" in words:
        books.remove(str(runs))
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for which in books or ["report", "53"]:
        results[which] = found = measured(which, runs)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        times = found["times"]
        assert isinstance(times, dict)
        base = statistics.median(times["WeasyPrint"])
        print(f"{which}: {found['files']}", flush=True)
        for label, values in times.items():
            median = statistics.median(values)
            print(f"  {label:24} {median:7.2f} s  ({min(values):.2f}–{max(values):.2f})  {median / base:.2f}")
        for label, size in found["memory"].items():  # type: ignore[attr-defined]
            print(f"  {label:24} {size / 1e6:7.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
