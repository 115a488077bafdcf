"""One long table: read, checked, laid out and bound, against plain WeasyPrint on the same HTML.

    python benchmarks/table.py [1250 2500 5000] [--runs N]

Twelve columns. Whole processes, in turns, medians of three; memory is the most that any one process took.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import pikepdf
from one_document import one_document
from peers import commands
from processes import peak, seconds

from builder.tools.starter import plant

RUNS = 3
_REPORT = """title: A long table
organisation: Example
period: {from: 2014, to: 2024}
language: en
order: [{topic: accounts}]
"""
_TOPIC = """page: text
title: Accounts
body:
  - table: gifts
    title: Gifts by year
    file: accounts.csv
    unit: euro
"""


def project(rows: int, root: Path) -> None:
    """A report of one table: a label and the numbers of eleven years, and a sum below."""
    plant(root)
    chance = random.Random(rows)
    content = root / "content"
    shutil.rmtree(content / "topics")
    (content / "topics").mkdir()
    (content / "report.yaml").write_text(_REPORT, "utf-8")
    (content / "indicators.yaml").write_text("{}\n", "utf-8")
    (content / "sources.yaml").write_text("{}\n", "utf-8")
    (content / "topics" / "accounts.yaml").write_text(_TOPIC, "utf-8")
    numbers = [[round(chance.uniform(10, 99999), 2) for _ in range(11)] for _ in range(rows)]
    sums = [f"{sum(column):.2f}" for column in zip(*numbers, strict=True)]
    lines = [["Item", *map(str, range(2014, 2025))]]
    lines += [[f"Item {at}", *(f"{one:.2f}" for one in row)] for at, row in enumerate(numbers, 1)]
    lines += [["Total", *sums]]
    (content / "accounts.csv").write_text("\n".join(map(";".join, lines)) + "\n", "utf-8")


def measure(rows: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name), Path(name) / "out"
        project(rows, folder / "project")
        one_document(folder / "project", folder)
        environment = os.environ | {"BUILDER_CACHE": "off"}
        words = ["build", "-p", str(folder / "project"), "-e", "email", "-o", str(out), "-q"]
        processes = {
            "WeasyPrint": commands(folder)["WeasyPrint"],
            "builder": [sys.executable, "-m", "builder", *words],
        }
        times: dict[str, list[float]] = {name: [] for name in processes}
        for _ in range(runs):
            for name, command in processes.items():
                times[name].append(seconds(command, environment))
        base = statistics.median(times["WeasyPrint"])
        pdfs = {"WeasyPrint": folder / "weasyprint.pdf", "builder": next(out.glob("*.pdf"))}
        for name, command in processes.items():
            median = statistics.median(times[name])
            with pikepdf.open(pdfs[name]) as pdf:
                pages = len(pdf.pages)
            memory = peak(command, environment) / 1e6
            print(
                f"{rows:6} {name:12} {median:7.2f} s  {median / base:.2f}  {memory:6.0f} MB  {pages} pages", flush=True
            )


def main(words: list[str]) -> None:
    runs = int(words[words.index("--runs") + 1]) if "--runs" in words else RUNS
    counts = [int(word) for word in words if word.isdigit()]
    if "--runs" in words:
        counts.remove(runs)
    for rows in counts or [1250, 2500, 5000]:
        measure(rows, runs)


if __name__ == "__main__":
    main(sys.argv[1:])
