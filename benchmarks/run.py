"""Cold builds of the report, ours against plain WeasyPrint on the same pages in one document.

Whole processes, in turns, medians of five after a warm-up. Prints seconds and their ratio; the ratio is what counts.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builder.check import check
from builder.compose import Composer
from builder.draw import draw
from builder.folios import zeros
from builder.load import load
from builder.plan import plan
from builder.project import Project

ROOT = Path(__file__).parent.parent
RUNS = 5


def one_document(folder: Path) -> Path:
    """The report's sections as one HTML file with its figures and stylesheets, for the `weasyprint` command."""
    project = Project.at(ROOT)
    checked = check(load(project), project)
    assert checked.report is not None
    assert checked.theme is not None
    drawn = draw(checked.report, checked.theme, project, "srgb")
    for name, figure in drawn.items():
        (folder / f"{name}.svg").write_text(figure.svg, encoding="utf-8")
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


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Time both in turns and print medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        html = one_document(folder)
        ours = [sys.executable, "-m", "builder", "build", "-p", str(ROOT), "-e", "email", "-o", str(folder), "-q"]
        plain = [sys.executable, "-m", "weasyprint", "--pdf-tags", str(html), str(folder / "plain.pdf")]
        times: dict[str, list[float]] = {"builder": [], "plain WeasyPrint": []}
        for run in range(RUNS + 1):
            for label, command in (("builder", ours), ("plain WeasyPrint", plain)):
                spent = seconds(command)
                if run:
                    times[label].append(spent)
        medians = {label: statistics.median(values) for label, values in times.items()}
        for label, median in medians.items():
            print(f"{label:18} {median:5.2f} s  ({min(times[label]):.2f}–{max(times[label]):.2f})")
        ratio = medians["builder"] / medians["plain WeasyPrint"]
        print(f"ratio              {ratio:5.2f}  (ours checks, draws and binds too)")


if __name__ == "__main__":
    main()
