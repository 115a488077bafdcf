"""draw: figure + theme → SVG at its final size, and the words that stand for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from builder.content.dataset import Dataset, amounts, dataset
from builder.content.plan import accent_of, figures
from builder.design.theme import Space, Theme
from builder.figures import bars, charts, diagrams, lines, parts, points, stacked
from builder.figures.canvas import Canvas
from builder.figures.charts import Data
from builder.figures.words import alternative, table_of
from builder.model.drawing import Drawn
from builder.model.figure import Chart, Code, Events, Figure, Flow, Map, Pictogram, Share, Tree
from builder.model.project import Project
from builder.model.report import Report

Draw = Callable[[Canvas, Data], None]
DrawChart = Callable[[Canvas, Any, Dataset, Report], None]

# How each kind is drawn, and how high it is where the YAML does not say, in mm: figures of one number,
KINDS: Mapping[str, tuple[Draw, float]] = {
    "slope": (charts.slope, 58),
    "waffle": (charts.waffle, 50),
    "bar": (charts.share_bar, 26),
    "index": (charts.index, 44),
    "measures": (charts.measures, 36),
    "units": (charts.units, 44),
    "timeline": (charts.timeline, 42),
}
# charts of a table of numbers,
CHARTS: Mapping[str, tuple[DrawChart, float]] = {
    "bars": (bars.bars, 60),
    "grouped": (bars.grouped, 64),
    "stacked": (stacked.stacked, 64),
    "lines": (lines.lines, 64),
    "multiples": (lines.multiples, 70),
    "area": (lines.area, 64),
    "scatter": (points.scatter, 80),
    "dumbbell": (points.dumbbell, 50),
    "slopes": (points.slopes, 70),
    "waterfall": (parts.waterfall, 50),
    "donut": (parts.donut, 56),
    "histogram": (parts.histogram, 56),
    "heat": (parts.heat, 40),
    "bullet": (parts.bullet, 40),
}
# and those that read a file of the project, or have no numbers.
_OTHERS: Mapping[str, float] = {"pictogram": 30, "map": 110, "code": 64, "events": 40, "tree": 40, "flow": 80}
HEIGHTS = {
    **_OTHERS,
    **{kind: high for kind, (_, high) in KINDS.items()},
    **{kind: high for kind, (_, high) in CHARTS.items()},
}


def draw(report: Report, theme: Theme, project: Project, space: Space) -> Mapping[str, Drawn]:
    """Every figure that is printed, by its name."""
    return {name: drawn(report, theme, project, space, name) for name in figures(report)}


def drawn(report: Report, theme: Theme, project: Project, space: Space, name: str) -> Drawn:
    """The figure of this name."""
    found = report.figure(name)
    figure, style = found.figure, kind_of(found.figure)
    canvas = Canvas(
        theme,
        project.fonts,
        theme.wide(found.width, found.abreast),
        float(figure.height or HEIGHTS[style]),
        accent_of(report, theme, name),
        fixed=figure.height is not None,
    )
    paint(canvas, figure, report, project)
    columns, rows = table_of(figure, report)
    faults = tuple(dict.fromkeys(canvas.faults(theme.depth - 24)))
    return Drawn(canvas.svg(space), canvas.width, canvas.height, alternative(figure, report), columns, rows, faults)


def kind_of(figure: Figure) -> str:
    """How it is drawn: its kind, or the style that a share has."""
    return str(figure.style) if isinstance(figure, Share) else str(getattr(figure, "kind", ""))


def paint(canvas: Canvas, figure: Figure, report: Report, project: Project) -> None:
    """Draw one figure on its canvas."""
    match figure:
        case Pictogram():
            parts.pictogram(canvas, figure, dataset(figure, report), report, project.icon(str(figure.icon)))
        case Map():
            from builder.figures.maps import map_  # shapely and pyproj take their time to load

            map_(canvas, figure, dataset(figure, report), report, project.content / str(figure.map))
        case Code():
            from builder.figures.code import run

            run(canvas, dataset(figure, report), project.figures / str(figure.file), f"figures/{figure.file}")
        case Chart():
            CHARTS[kind_of(figure)][0](canvas, figure, dataset(figure, report), report)
        case Events():
            diagrams.events(canvas, figure, report)
        case Tree():
            diagrams.tree(canvas, figure)
        case Flow():
            diagrams.flow(canvas, figure, amounts(figure, report), report)
        case _:
            KINDS[kind_of(figure)][0](canvas, Data(tuple(report.indicators[i] for i in figure.uses), report))
