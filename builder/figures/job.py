"""Figures are drawn in a worker process, which loads matplotlib once.

The main process imports this module too, to name what is to be done; so it loads the library only when work begins.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.project import Project
from builder.runtime.jobs import done, tasks
from builder.runtime.loading import loading
from builder.runtime.progress import Task, timed

if TYPE_CHECKING:
    from builder.design.theme import Space, Theme
    from builder.model.drawing import Drawn
    from builder.model.report import Report
    from builder.runtime.workers import Workers


# The process in which figures are drawn, which alone loads matplotlib.
DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Sketch:
    """What all figures of an edition are drawn from."""

    report: Report
    theme: Theme
    project: Project
    space: Space


def expect(workers: Workers) -> None:
    """Load what figures are drawn with; returns at once."""
    workers.meanwhile(lambda: workers.ask(DRAWING, 1, load_figures))


def load_figures() -> None:
    """Load what figures are drawn with."""
    if "builder.figures.draw" not in sys.modules:
        with timed(tasks, "load figures"), loading():
            import builder.figures.draw  # noqa: F401


def draw(file: str, name: str) -> tuple[Drawn, tuple[Task, ...]]:
    """The figure `name`; `file` holds the sketch."""
    load_figures()
    from builder.figures.draw import drawn

    sketch = _sketch(file)
    with timed(tasks, "draw", name):
        figure = drawn(sketch.report, sketch.theme, sketch.project, sketch.space, name)
    return figure, done()


@lru_cache(maxsize=2)
def _sketch(file: str) -> Sketch:
    found: Sketch = pickle.loads(Path(file).read_bytes())
    return found
