"""The words that stand for a figure: its alternative text, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from builder.content import prose
from builder.content.dataset import Dataset, amounts, dataset, event_time
from builder.content.plan import quoting
from builder.figures import charts
from builder.figures.charts import Data
from builder.figures.parts import class_counts, class_edges
from builder.model.drawing import TableCell
from builder.model.figure import (
    Bars,
    Chart,
    Events,
    Figure,
    Flow,
    Histogram,
    Index,
    Slope,
    Tree,
)
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
            said = "; ".join(f"{event_time(one, report)}: {one.text}" for one in figure.events)
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
    unit = "" if table.unit is None or table.unit.joined else f"\u00a0{table.unit.text}"
    return table.number(value) + unit


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
    said = "" if table.unit is None or table.unit.joined else f" ({table.unit.text})"
    heads = [(_head(one, report) or str(words["value"])) + said for one in table.series]
    cells = tuple(
        (TableCell(point), *(TableCell(_plain(one.values[at], table)) for one in table.series))
        for at, point in enumerate(table.points)
    )
    return (str(first), *heads), cells


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
