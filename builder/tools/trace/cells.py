"""The trail of a cell of a table that no text quotes: what it is, where it is written, and in which table it stands."""

from __future__ import annotations

from collections.abc import Mapping

from builder.content.numbers import in_table
from builder.model.indicator import is_cell
from builder.model.report import Report
from builder.tools.trace import Trail


def cell_trail(name: str, report: Report, folios: Mapping[str, int]) -> Trail | None:
    """The trail of the cell TABLE.row.column; None where there is none. `folios` has the pages of anchors."""
    table = report.tables.get(name.partition(".")[0])
    found = table.at(*name.split(".")[1:]) if table is not None and is_cell(name) else None
    if table is None or found is None:
        return None
    row, column, cell = found
    place = name.partition(".")[0]
    block = next(one for topic in report.topics.values() for one in topic.tables if str(one.table) == place)
    unit = report.labels.units.get(table.unit(row, column) or "")
    rows = [("period", str(year))] if (year := column.year or table.year) else []
    if block.source is not None:
        rows.append(("source", f"{block.source}: {report.sources[block.source].title}"))
    rows.append(("status", block.status.replace("-", " ")))
    if block.verified is not None:
        rows.append(("verified", f"{block.verified.by}, {block.verified.day}"))
    rows.append(("written", str(cell.span)))
    if (number := report.table_numbers.get(place)) is not None:
        page = f", which begins on p. {folios[place]}" if place in folios else ""
        rows.append(("stands in", f"table {number}{page}"))
    text = in_table(cell, column, report.front.language) or "empty"
    printed = (
        f"{text} {unit.alone}"
        if unit is not None and not (column.percent or cell.percent) and cell.value is not None
        else text
    )
    label = ", ".join(filter(None, (row.label, column.head)))
    return Trail(name, label, printed, tuple(rows), (), (), ())
