"""The words that stand for a figure: its alternative text, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from builder.content import numbers, prose
from builder.content.dataset import Dataset, Series, amounts, dataset, event_time
from builder.content.quoting import quoting
from builder.figures import charts
from builder.figures.charts import Data
from builder.figures.parts import class_counts, class_edges
from builder.figures.stacked import of_hundred
from builder.model.drawing import TableCell
from builder.model.figure import (
    AxisChart,
    Bars,
    Chart,
    Events,
    Figure,
    Flow,
    Histogram,
    Index,
    Member,
    Slope,
    Stacked,
    Timeline,
    Tree,
)  # fmt: skip
from builder.model.folios import placed
from builder.model.report import Report

Rows = tuple[tuple[TableCell, ...], ...]
# Of a series of more points, the alternative text says its ends and extremes; the data are in the annex.
_FEW = 8


def alternative(figure: Figure, report: Report) -> str:
    """The text for those who do not see the figure: the YAML's own, or one made from the data."""
    if figure.alt is not None:
        return prose.plain(figure.alt, quoting(report, placed))
    kind = str(getattr(figure, "kind", ""))
    pattern = str(report.labels.alternatives[kind])
    match figure:
        case Chart():
            return pattern.format_map({"items": _items(figure, report), "value": "", "label": str(figure.title)})
        case Events():
            said = "; ".join(f"{event_time(one, report)}: {one.text}" for one in figure.events)
        case Tree():
            said = "; ".join(f"{above}: {', '.join(names)}" for above, names in _teams(figure.root))
            said = said or str(figure.root.name)
        case Flow():
            table = amounts(figure, report)
            said = "; ".join(f"{one.from_} → {one.to}: {table.spoken(one.value)}" for one in figure.links)
        case _:
            return pattern.format_map(_single(figure, Data(tuple(report.indicators[i] for i in figure.uses), report)))
    return pattern.format_map({"items": said, "value": "", "label": str(figure.title)})


def _single(figure: Figure, data: Data) -> dict[str, str]:
    one = data.one
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
            values["items"] = "; ".join(f"{data.name(i)}: {data.qualified(i)}" for i in data.indicators)
    return values


def _items(figure: Chart, report: Report) -> str:
    """Every number, or of long series what matters: where they begin and end, and how they go."""
    table = dataset(figure, report)
    if isinstance(figure, Histogram):
        edges = class_edges(figure, table)
        counts = class_counts(edges, table)
        return "; ".join(f"{cell[0].text}: {count}" for cell, count in zip(_classes(edges, table), counts, strict=True))
    if isinstance(figure, Stacked) and figure.percent:
        table = of_hundred(table, report)
    if isinstance(figure, Bars) and len(figure.indicators) > 1:
        data = Data(tuple(report.indicators[i] for i in figure.indicators), report)
        return "; ".join(f"{data.name(i)}: {data.qualified(i)}" for i in data.indicators)
    if table.years:
        table = replace(table, points=_marked(figure, table, report))
        return "; ".join(_series(one, table, report) for one in table.series)
    said = []
    for at, point in enumerate(table.points):
        numbers = [_known(one.values[at], table) for one in table.series]
        if len(numbers) > 1:
            heads = (_head(one, report) for one in table.series)
            numbers = [f"{head} {number}" for head, number in zip(heads, numbers, strict=True)]
        said.append(f"{point}: {', '.join(numbers)}")
    return "; ".join(said)


def _head(one: Series, report: Report) -> str:
    """What a column of numbers is called; that of a bullet chart by its part in it."""
    return str(report.labels.words[one.name]) if one.name in ("actual", "target", "previous") else one.name


def _known(value: Decimal | None, table: Dataset) -> str:
    return "–" if value is None else table.spoken(value)


def _series(one: Series, table: Dataset, report: Report) -> str:
    """The numbers of a series with their years, the unit once, and how they go."""
    words, known = report.labels.words, one.known
    unit = "" if table.unit is None or table.unit.each else f" ({table.unit.spoken or table.unit.alone})"
    before = f"{one.name}{unit}: " if one.name or unit else ""
    if not known:
        return f"{before}–"
    if len(known) <= _FEW:
        said = ", ".join(f"{table.points[at]} {table.number(_value(one, at))}" for at in known)
    else:
        least, most = (find(known, key=lambda at: _value(one, at)) for find in (min, max))
        picked = [f"{table.points[at]} {table.number(_value(one, at))}" for at in (known[0], known[-1])]
        picked += [
            f"{words[name]} {table.number(_value(one, at))} ({table.points[at]})"
            for name, at in (("least", least), ("most", most))
        ]
        said = ", ".join(picked)
    return f"{before}{said}, {words[one.trend]}"


def _value(one: Series, at: int) -> Decimal:
    value = one.values[at]
    assert value is not None
    return value


def _teams(member: Member) -> list[tuple[str, list[str]]]:
    own = [(str(member.name), [str(one.name) for one in member.below])] if member.below else []
    return [*own, *(team for one in member.below for team in _teams(one))]


def table_of(figure: Figure, report: Report) -> tuple[tuple[str, ...], Rows]:
    """The numbers that the figure shows, for those who read them as a table."""
    words = report.labels.words
    match figure:
        case Chart():
            return _chart_table(figure, report)
        case Events():
            rows = tuple((TableCell(event_time(one, report)), TableCell(str(one.text))) for one in figure.events)
            return (str(words["date"]), str(words["event"])), rows
        case Tree():
            teams = tuple((TableCell(above), TableCell(", ".join(names))) for above, names in _teams(figure.root))
            alone = ((TableCell(str(figure.root.name)), TableCell("–")),)
            return (str(words["organisation"]), str(words["part"])), teams or alone
        case Flow():
            table = amounts(figure, report)
            links = tuple(
                (TableCell(f"{one.from_} → {one.to}"), TableCell(_with_unit(one.value, table))) for one in figure.links
            )
            return (str(words["part"]), str(words["value"])), links
    return _single_table(figure, Data(tuple(report.indicators[i] for i in figure.uses), report))


def _with_unit(value: Decimal | None, table: Dataset) -> str:
    """A number as a table has it: with its unit."""
    if value is None:
        return "–"
    if table.unit is None or table.unit.each:
        return table.number(value)
    return f"{numbers.with_unit_before(table.number(value), table.unit)}\u00a0{table.unit.text}"


def _chart_table(figure: Chart, report: Report) -> tuple[tuple[str, ...], Rows]:
    words, table = report.labels.words, dataset(figure, report)
    if isinstance(figure, Histogram):
        edges = class_edges(figure, table)
        counts = class_counts(edges, table)
        rows = tuple((*cell, TableCell(str(n))) for cell, n in zip(_classes(edges, table), counts, strict=True))
        return (str(words["value"]), str(words["count"])), rows
    if isinstance(figure, Bars) and len(figure.indicators) > 1:
        data = Data(tuple(report.indicators[i] for i in figure.indicators), report)
        return (words["indicator"], words["value"]), tuple(
            (TableCell(data.name(i)), data.cell(i)) for i in data.indicators
        )
    first = words["year"] if table.years else words["indicator"]
    said = "" if table.unit is None or table.unit.each else f" ({table.unit.alone})"
    heads = [(_head(one, report) or str(words["value"])) + said for one in table.series]
    cells = tuple(
        (TableCell(point), *(TableCell(_plain(one.values[at], table)) for one in table.series))
        for at, point in enumerate(_marked(figure, table, report))
    )
    return (str(first), *heads), cells


def _marked(figure: Chart, table: Dataset, report: Report) -> tuple[str, ...]:
    """The points, and with them what is a forecast."""
    first = str(figure.forecast) if isinstance(figure, AxisChart) and figure.forecast is not None else ""
    ahead = table.points.index(first) if first in table.points else len(table.points)
    said = report.labels.words["forecast"] if ahead < len(table.points) else ""
    return tuple(f"{point} ({said})" if at >= ahead else point for at, point in enumerate(table.points))


def _plain(value: Decimal | None, table: Dataset) -> str:
    return "–" if value is None else table.number(value)


def _classes(edges: Sequence[float], table: Dataset) -> list[tuple[TableCell]]:
    from builder.figures.axis import tick_words

    said = tick_words(edges, table)
    return [(TableCell(f"{a}–{b}"),) for a, b in pairwise(said)]


def _single_table(figure: Figure, data: Data) -> tuple[tuple[str, ...], Rows]:
    one, words, cell = data.one, data.words(), data.cell
    if isinstance(figure, Slope):
        years = [(TableCell(data.form(one, f"{end}-year")), cell(one, end)) for end in ("base", "end")]
        return (words["year"], words["value"]), (*years, (TableCell(words["difference"]), cell(one)))
    if isinstance(figure, Index):
        base = (TableCell(words["base"]), TableCell("100"), TableCell("–"))
        return (words["indicator"], words["index"], words["difference"]), (
            base,
            (TableCell(data.name(one)), TableCell(charts.index_value(data)), cell(one)),
        )
    return (words["indicator"], words["value"]), tuple((TableCell(data.name(i)), cell(i)) for i in data.indicators)
