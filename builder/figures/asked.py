"""Figures that have been asked for: drawn by a worker, or found in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from builder.content.markup import quotes_in
from builder.content.plan import accent_of
from builder.design.digests import fonts_digest
from builder.design.theme import Space, Theme
from builder.figures import job
from builder.figures.job import Sketch
from builder.model.drawing import Drawn
from builder.model.figure import Code, Figure, Map, Pictogram
from builder.model.project import Project
from builder.model.report import Report
from builder.runtime.cache import key
from builder.runtime.presses import Presses
from builder.runtime.progress import Task

# A figure as a worker hands it over.
_Waiting: TypeAlias = "Future[tuple[Drawn, tuple[Task, ...]]]"


class Figures(Mapping[str, Drawn]):
    """Figures by their names; asking for one waits until it is drawn."""

    def __init__(
        self,
        names: Sequence[str],
        drawn: dict[str, Drawn],
        ask: Callable[[str], _Waiting],
        alone: Callable[[str], _Waiting],
        keys: Mapping[str, str],
        presses: Presses,
    ) -> None:
        """`ask` has one drawn, `alone` by a process for itself; `keys` are those of figures that are not `drawn`."""
        self._names, self._drawn, self._alone, self._keys, self._presses = names, drawn, alone, keys, presses
        self._waiting = {name: ask(name) for name in keys}

    def waiting(self, name: str) -> bool:
        return name in self._waiting and name not in self._drawn and not self._waiting[name].done()

    def __getitem__(self, name: str) -> Drawn:
        """Raises ReportError where it could not be drawn."""
        if name not in self._drawn:
            what, hint = f'the figure of "{name}"', "look at its data"
            drawn, tasks = self._presses.made(what, hint, self._waiting[name], partial(self._alone, name))
            self._presses.tasks += tasks
            self._drawn[name] = drawn
            self._presses.cache.put(self._keys[name], drawn)
        return self._drawn[name]

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with those that are drawn, by their names."""
        return ((name, fault) for name, one in self._drawn.items() for fault in one.faults)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def begin(presses: Presses, sketch: Sketch, names: Sequence[str]) -> Figures:
    """Begin to draw the figures of these names, where the cache has them not."""
    keys = figure_keys(sketch.report, sketch.theme, sketch.project, sketch.space, names)
    drawn: dict[str, Drawn] = {name: one for name in names if (one := presses.cache.get(keys[name])) is not None}
    missing = [name for name in names if name not in drawn]
    file = presses.hand_over(sketch) if missing else ""
    return Figures(
        names,
        drawn,
        lambda name: presses.ask_one(job.DRAWING, job.draw, file, name),
        lambda name: presses.ask_alone(job.draw, file, name),
        {name: keys[name] for name in missing},
        presses,
    )


def figure_keys(report: Report, theme: Theme, project: Project, space: Space, names: Sequence[str]) -> dict[str, str]:
    """The keys of these figures."""
    words = report.labels.model_dump_json(), theme.model_dump_json()
    common = key("figures", report.front.language, report.front.period, *words, fonts_digest(project), space)
    return {name: _figure_key(report, project, accent_of(report, theme, name), common, name) for name in names}


def _figure_key(report: Report, project: Project, accent: str, common: str, name: str) -> str:
    """A figure with its indicators, those that its alternative text quotes, and what all figures are drawn with."""
    found = report.figure(name)
    figure = found.figure
    named = [str(one) for one in figure.uses] + [quote.target for quote in quotes_in(str(figure.alt or "")).values()]
    indicators = [report.indicators[one].model_dump_json() for one in named if one in report.indicators]
    file = _file(figure, project)
    drawn_from = sha256(file.read_bytes()).digest() if file is not None else b""
    return key(
        "figure", figure.model_dump_json(), found.abreast, found.width, indicators, named, accent, common, drawn_from
    )


def _file(figure: Figure, project: Project) -> Path | None:
    """The file of the project that a figure is drawn from."""
    if isinstance(figure, Map):
        return project.content / str(figure.map)
    if isinstance(figure, Code):
        return project.figures / str(figure.file)
    return project.icon(str(figure.icon)) if isinstance(figure, Pictogram) else None
