"""The results of `benchmarks/run.py` as a table and a plot, put into docs/performance.md and docs/performance.svg."""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
_OURS = ("cold", "one paragraph changed", "nothing changed", "watch, save to PDF")
_PEERS = ("WeasyPrint", "Chromium", "Typst", "Vivliostyle")
_BETWEEN = re.compile(r"(?<=<!-- results -->\n).*(?=<!-- end of results -->)", re.DOTALL)


def table(results: dict[str, Any]) -> str:
    """Seconds and ratios to plain WeasyPrint, then peak memory and file sizes."""
    books = sorted(results, key=lambda name: results[name]["files"]["cold"]["pages"])
    pages = [results[name]["files"]["cold"]["pages"] for name in books]
    kinds = ["the report" if name == "report" else "generated" for name in books]
    head = ["", *(f"{kind}, {count} pages" for kind, count in zip(kinds, pages, strict=True))]
    rows = [head, ["---"] * len(head)]
    for label in (*_PEERS, *_OURS):
        cells = []
        for name in books:
            values = results[name]["times"].get(label)
            base = statistics.median(results[name]["times"]["WeasyPrint"])
            middle = statistics.median(values) if values else 0
            cells.append(f"{middle:.2f} s, {middle / base:.2f}" if values else "")
        rows.append([label if label in _PEERS else f"**{label}**", *cells])
    for label in ("WeasyPrint", "Chromium", "Typst", "cold"):
        cells = [f"{results[name]['memory'][label] / 1e6:.0f} MB" for name in books]
        rows.append([f"memory, {label}" if label in _PEERS else "**memory, cold**", *cells])
    for label, file in (("WeasyPrint", "weasyprint"), ("Typst", "typst"), ("ours", "cold")):
        cells = [f"{results[name]['files'][file]['bytes'] / 1000:,.0f} kB" for name in books]
        rows.append([f"file, {label}" if label in _PEERS else "**file**", *cells])
    for label in _PEERS:  # not all set the same measure, or keep to the sides on which sections begin
        files = [results[name]["files"].get(label.lower()) for name in books]
        rows.append([f"pages, {label}", *(f"{file['pages']}" if file else "" for file in files)])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def plot(results: dict[str, Any], file: Path) -> None:
    """Seconds against pages, of the generated books."""
    books = sorted((name for name in results if name != "report"), key=int)
    figure = Figure(figsize=(6.4, 4.2))
    axes = figure.add_subplot()
    ends: list[tuple[float, float, str]] = []
    for label in (*_PEERS, *_OURS):
        known = [name for name in books if label in results[name]["times"]]
        pages = [results[name]["files"]["cold"]["pages"] for name in known]
        middle = [statistics.median(results[name]["times"][label]) for name in known]
        ours = label in _OURS
        style = "-o" if ours else "--o"
        axes.loglog(pages, middle, style, color="#c9371c" if ours else "#777777", linewidth=1.4, markersize=4)
        ends.append((middle[-1], pages[-1], label))
    lowest = 0.0
    for seconds, page, label in sorted(ends):  # from below, each clear of the one before
        if len(books) > 1 and page < max(end for _, end, _ in ends):
            axes.annotate(label, (page, seconds), (6, 4), textcoords="offset points", fontsize=8)
            continue
        lowest = max(seconds, lowest * 1.32)
        axes.annotate(label, (page, seconds), (page * 1.08, lowest), fontsize=8, va="center")
    axes.set_xlabel("pages")
    axes.set_ylabel("seconds, median of five")
    axes.margins(x=0.12)
    axes.set_xticks([50, 100, 200, 500, 1000], ["50", "100", "200", "500", "1,000"])
    axes.set_yticks([0.1, 1, 10, 60], ["0.1", "1", "10", "60"])
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})


def main() -> None:
    results = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    page = DOCS / "performance.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(_BETWEEN.sub(lambda _: table(results), text), encoding="utf-8")
    plot(results, DOCS / "performance.svg")


if __name__ == "__main__":
    main()
