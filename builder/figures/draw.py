"""draw: figure + theme → SVG at its final size, and the words that stand for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from builder.content import prose
from builder.content.numbers import decimal, shown
from builder.content.plan import accent_of, figures, quoting
from builder.design.theme import Space, Theme
from builder.figures import charts
from builder.figures import series as charts_series
from builder.figures.canvas import Canvas
from builder.figures.charts import Data
from builder.model.drawing import Drawn, TableCell
from builder.model.figure import Figure, Index, Share, Slope, Timeline, over_years
from builder.model.folios import placed
from builder.model.indicator import Indicator
from builder.model.project import Project
from builder.model.report import Report

Draw = Callable[[Canvas, Data], None]

# How each kind is drawn, and how high it is where the YAML does not say, in mm.
KINDS: Mapping[str, tuple[Draw, float]] = {
    "slope": (charts.slope, 58),
    "waffle": (charts.waffle, 50),
    "bar": (charts.share_bar, 26),
    "index": (charts.index, 44),
    "measures": (charts.measures, 36),
    "units": (charts.units, 44),
    "timeline": (charts.timeline, 42),
    "bars": (charts_series.bars, 60),
    "lines": (charts_series.lines, 64),
}


def draw(report: Report, theme: Theme, project: Project, space: Space) -> Mapping[str, Drawn]:
    """Every figure that is printed, by its name."""
    return {name: drawn(report, theme, project, space, name) for name in figures(report)}


def drawn(report: Report, theme: Theme, project: Project, space: Space, name: str) -> Drawn:
    """The figure of this name."""
    found = report.figure(name)
    figure = found.figure
    style = figure.style if isinstance(figure, Share) else figure.kind
    function, height = KINDS[style]
    canvas = Canvas(
        theme,
        project.fonts,
        theme.column(found.abreast),
        float(figure.height or height),
        accent_of(report, theme, name),
        fixed=figure.height is not None,
    )
    data = Data(tuple(report.indicators[i] for i in figure.uses), report, getattr(figure, "zero", True))
    function(canvas, data)
    columns, rows = table(figure, data)
    faults = tuple(canvas.faults())
    return Drawn(canvas.svg(space), canvas.width, canvas.height, alternative(figure, data), columns, rows, faults)


def alternative(figure: Figure, data: Data) -> str:
    """The text for those who do not see the figure: the YAML's own, or one made from the data."""
    if figure.alt is not None:
        return prose.plain(figure.alt, quoting(data.report, placed))
    one, kind = data.one, str(getattr(figure, "kind", ""))
    pattern = str(data.report.labels.alternatives[kind])
    values = {"value": data.spoken(one), "label": str(one.label)}
    match figure:
        case Slope():
            values["base"], values["end"] = data.form(one, "base"), data.form(one, "end")
            values["base_year"], values["end_year"] = (
                f" ({data.form(one, 'base-year')})",
                f" ({data.form(one, 'end-year')})",
            )
        case Index():
            values["index"] = charts.index_value(data)
        case Timeline():
            period = data.report.front.period
            years = int(one.value or 0), period.from_, period.last
            values["first"], values["last"] = str(min(years)), str(max(years))
        case _:
            values["items"] = "; ".join(_item(i, data, years=over_years(figure)) for i in data.indicators)
    return pattern.format_map(values)


def table(figure: Figure, data: Data) -> tuple[tuple[str, ...], tuple[tuple[TableCell, ...], ...]]:
    """The numbers that the figure shows, for those who read them as a table."""
    one, words = data.one, data.words()
    cell = data.cell
    if isinstance(figure, Slope):
        years = [(TableCell(data.form(one, f"{end}-year")), cell(one, end)) for end in ("base", "end")]
        return (words["year"], words["value"]), (*years, (TableCell(words["difference"]), cell(one)))
    if isinstance(figure, Index):
        base = (TableCell(words["base"]), TableCell("100"), TableCell("–"))
        return (words["indicator"], words["index"], words["difference"]), (
            base,
            (TableCell(data.name(one)), TableCell(charts.index_value(data)), cell(one)),
        )
    if over_years(figure):
        language = data.report.front.language
        rows = []
        for year in sorted({year for i in data.indicators for year in i.series}):
            values = (decimal(shown(i, i.series[year]), language) if year in i.series else "–" for i in data.indicators)
            rows.append((TableCell(str(year)), *map(TableCell, values)))
        return (words["year"], *map(data.name, data.indicators)), tuple(rows)
    return (words["indicator"], words["value"]), tuple((TableCell(data.name(i)), cell(i)) for i in data.indicators)


def _item(one: Indicator, data: Data, *, years: bool) -> str:
    if not years:
        return f"{data.name(one)}: {data.qualified(one)}"
    language = data.report.front.language
    points = ", ".join(f"{year} {decimal(shown(one, value), language)}" for year, value in sorted(one.series.items()))
    return f"{data.name(one)}: {points}"
