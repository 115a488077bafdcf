"""Builds of the report, ours against plain WeasyPrint on the same pages in one document.

Cold, with one text changed, and with nothing changed. Whole processes, in turns, medians of five after a warm-up.
Prints seconds and their ratios; the ratios are what counts. Plain WeasyPrint draws the figures with
matplotlib and lays all out in one process; it is spared reading and checking the YAML.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from book import generate

from builder.check import check
from builder.compose import Composer
from builder.draw import draw
from builder.folios import zeros
from builder.load import load
from builder.plan import plan
from builder.project import Project

ROOT = Path(__file__).parent.parent
RUNS = 5


def one_document(root: Path, folder: Path) -> Path:
    """A project's sections as one HTML file with its figures and stylesheets."""
    project = Project.at(root)
    checked = check(load(project), project)
    assert checked.report is not None
    assert checked.theme is not None
    drawn = draw(checked.report, checked.theme, project, "srgb")
    for name, figure in drawn.items():
        (folder / f"{name}.svg").write_text(figure.svg, encoding="utf-8")
    sketch = checked.report, checked.theme, project
    (folder / "sketch").write_bytes(pickle.dumps(sketch))
    sections = plan(checked.report, checked.theme)
    composer = Composer(checked.report, checked.theme, project, drawn, sections)
    bodies = []
    for section in sections:
        html = composer.compose(section, printed={})
        assert html is not None
        body = re.search(r"<body>(.*)</body>", zeros(html, lambda _place: 2), re.DOTALL)
        assert body is not None
        side = {"recto": "right", "verso": "left", None: "page"}[section.side]
        bodies.append(f'<div style="break-before: {side}">{body[1]}</div>')
    text = "".join(bodies).replace("book:", "#").replace('src="figure:', 'src="')
    text = re.sub(r'(<img src="(?!file:)[^".]*)"', r'\1.svg"', text)
    tokens = checked.theme.css("srgb", project.fonts, bleed=0)
    sheets = "".join(p.read_text(encoding="utf-8") for p in sorted((project.layouts / "styles").glob("*.css")))
    html_file = folder / "report.html"
    html_file.write_text(
        f'<html lang="it"><head><title>x</title><style>{tokens}{sheets}</style></head><body>{text}</body></html>',
        encoding="utf-8",
    )
    return html_file


def plainly(html: Path) -> None:
    """What the builder is timed against: figures and pages in one process."""
    from weasyprint import HTML

    report, theme, project = pickle.loads((html.parent / "sketch").read_bytes())
    for name, figure in draw(report, theme, project, "srgb").items():
        (html.parent / f"{name}.svg").write_text(figure.svg, encoding="utf-8")
    HTML(str(html)).write_pdf(html.with_suffix(".pdf"), pdf_tags=True)


def seconds(command: list[str], cache: Path) -> float:
    start = time.perf_counter()
    environment = os.environ | {"BUILDER_CACHE": str(cache)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def main(pages: int | None) -> None:
    """Time all in turns and print medians: on the report, or on a generated book of so many pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy, cache = folder / "project", folder / "cache"
        if pages is None:
            for part in ("content", "layouts", "fonts"):
                shutil.copytree(ROOT / part, copy / part)
        else:
            generate(pages, copy)
        html = one_document(copy, folder)
        topic = copy / "content" / "topics" / ("guida.yaml" if pages is None else "capitolo-1.yaml")
        text = topic.read_text(encoding="utf-8")
        ours = [sys.executable, "-m", "builder", "build", "-p", str(copy), "-e", "email", "-o", str(folder), "-q"]
        plain = [sys.executable, __file__, "--plain", str(html)]
        times: dict[str, list[float]] = {}
        for run in range(RUNS + 1):
            shutil.rmtree(cache, ignore_errors=True)
            topic.write_text(text, encoding="utf-8")
            spent = {"plain WeasyPrint": seconds(plain, cache), "cold": seconds(ours, cache)}
            topic.write_text(
                text.replace("title: ", f"title: {'Nuova ' * (1 + run % 2)}", 1) + f"# {run}\n", encoding="utf-8"
            )
            spent["one text changed"] = seconds(ours, cache)
            spent["nothing changed"] = seconds(ours, cache)
            if run:
                for label, value in spent.items():
                    times.setdefault(label, []).append(value)
        base = statistics.median(times["plain WeasyPrint"])
        for label, values in times.items():
            median = statistics.median(values)
            print(f"{label:18} {median:5.2f} s  ({min(values):.2f}–{max(values):.2f})  {median / base:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plain"]:
        plainly(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else None)
