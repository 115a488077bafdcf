"""What is wrong with table blocks themselves: their names, sources, units; and with quotes of their cells."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.markup import Quote
from builder.content.schema_errors import nearest, unknown
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Text
from builder.model.report import Report


def table_problems(block: TableBlock, report: Report) -> Iterator[Diagnostic]:
    """Its source and units are known; what its cells hold is judged where they are read."""
    if not block.title.strip():
        yield Diagnostic("empty", "the title is empty", "write the title after `title:`", block.title.span)
    if block.source is not None and str(block.source) not in report.sources:
        yield unknown("unknown-source", "source", block.source, report.sources, block.source.span)
    units = [block.unit] if isinstance(block.unit, Text) else (block.unit or {}).values()
    for unit in units:
        if str(unit) not in report.labels.units:
            yield unknown("unknown-unit", "unit", unit, report.labels.units, unit.span)
    if block.source is None and any(name.partition(".")[0] == str(block.table) for name in report.indicators):
        message = f'the table "{block.table}" has no source, and its cells are quoted'
        yield Diagnostic("missing-key", message, "add `source: …` with a name from sources.yaml", block.table.span)


def cell_problems(quote: Quote, report: Report, where: Span | None) -> Iterator[Diagnostic]:
    """A quote of a cell that is not there: which part of its name is wrong."""
    name, row, column = quote.target.split(".")
    table = report.tables.get(name)
    if table is None:
        yield unknown("unknown-table", "table", Text(name), report.tables, where)
        return
    rows, columns = [one.key for one in table.rows], [one.key for one in table.columns]
    if row not in rows:
        yield Diagnostic("unknown-row", f'the table "{name}" has no row "{row}"', nearest(row, rows), where)
    elif column not in columns:
        message = f'the table "{name}" has no column "{column}"'
        yield Diagnostic("unknown-column", message, nearest(column, columns), where)
