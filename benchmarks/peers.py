"""What the builder is timed against: the same text through others, each as a whole process.

    python benchmarks/peers.py weasyprint|typst FOLDER

Chromium and Vivliostyle are started as they are; they, and Typst, get the figures drawn.
"""

from __future__ import annotations

import pickle
import shutil
import sys
from pathlib import Path

from builder.figures.draw import draw


def weasyprint(folder: Path) -> None:
    """Figures by matplotlib and all pages, in one process and one document, tagged."""
    from weasyprint import HTML

    report, theme, project = pickle.loads((folder / "sketch").read_bytes())
    for name, figure in draw(report, theme, project, "srgb").items():
        (folder / f"{name}.svg").write_text(figure.svg, encoding="utf-8")
    HTML(str(folder / "report.html")).write_pdf(folder / "weasyprint.pdf", pdf_tags=True)


def typst(folder: Path) -> None:
    import typst as compiler

    compiler.compile(
        str(folder / "report.typ"), output=str(folder / "typst.pdf"), font_paths=[str(folder / "project" / "fonts")]
    )


def commands(folder: Path) -> dict[str, list[str]]:
    """How each peer that is here is started, by its name."""
    here = [sys.executable, __file__]
    html = folder / "report.html"
    found = {"WeasyPrint": [*here, "weasyprint", str(folder)], "Typst": [*here, "typst", str(folder)]}
    if chromium := shutil.which("chromium") or shutil.which("google-chrome"):
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        found["Chromium"] = [chromium, *options, f"--print-to-pdf={folder / 'chromium.pdf'}", html.as_uri()]
        if vivliostyle := shutil.which("vivliostyle"):
            made = str(folder / "vivliostyle.pdf")
            found["Vivliostyle"] = [vivliostyle, "build", str(html), "-o", made, "--executable-browser", chromium]
    return found


if __name__ == "__main__":
    {"weasyprint": weasyprint, "typst": typst}[sys.argv[1]](Path(sys.argv[2]))
