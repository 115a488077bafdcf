"""What drawing costs: the figures of the gallery, each once, in seconds of one processor apart from the import."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from builder.content.check import check
from builder.content.load import load
from builder.content.plan import figures
from builder.figures.draw import drawn
from builder.model.project import Project

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print the time of the slowest, of thirty, and of all."""
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples" / "gallery" / "content", Path(folder) / "content")
        for name in ("layouts", "fonts"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        project = Project.at(folder)
        found = check(load(project), project)
        if found.report is None or found.theme is None:
            sys.exit("the gallery has errors")
        names, spent = list(figures(found.report)), []
        for name in names:
            begun = process_time()
            drawn(found.report, found.theme, project, "srgb", name)
            spent.append(process_time() - begun)
    slowest = max(zip(spent, names, strict=True))
    print(f"{len(names)} figures: {sum(spent):.2f} s; the first 30: {sum(spent[:30]):.2f} s", end="; ")
    print(f"the first alone {spent[0]:.2f} s; the slowest is {slowest[1]} with {slowest[0] * 1000:.0f} ms")


if __name__ == "__main__":
    main()
