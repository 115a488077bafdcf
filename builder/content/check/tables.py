"""What is wrong with table blocks themselves: their names, sources, units; and with quotes of their cells."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.content.markup import Quote
from builder.content.rules.table import found
from builder.content.schema_errors import nearest, unknown
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Text
from builder.model.report import Report
from builder.model.table import SheetTable, TableCell, TableColumn, TableRow

# More than any public body spends, in single units of money.
_BEYOND = 10**13
# So many bars show how numbers went; two are said as fast by the numbers themselves.
_BARS = 3


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
    table = report.tables.get(str(block.table))
    if table is not None:
        yield from _what_it_shows(block, table)
        yield from _lost_currency(block, table, report)
        yield from _lost_scale(block, table, report)
    if block.source is None and any(name.partition(".")[0] == str(block.table) for name in report.indicators):
        message = f'the table "{block.table}" has no source, and its cells are quoted'
        yield Diagnostic("missing-key", message, "add `source: …` with a name from sources.yaml", block.table.span)


def _what_it_shows(block: TableBlock, table: SheetTable) -> Iterator[Diagnostic]:
    """Bars need numbers that follow each other; sums that are carried forward need one unit in a column."""
    numbers = [at for at, one in enumerate(table.columns) if one.role == "numbers"]
    if block.spark and (len(table.series) > 1 or len(table.dated or numbers) < _BARS):
        what = "several series of years" if len(table.series) > 1 else "fewer than three columns of numbers"
        message = f'the table "{block.table}" has {what}: there are no bars to draw'
        yield Diagnostic("no-series", message, "leave `spark` out, or other columns (`without`)", block.table.span)
    if block.carry:
        units = {table.unit(table.rows[row], table.columns[at]) for row in table.added for at in numbers}
        if not numbers or len(units) > len({table.units.get(table.columns[at].key) for at in numbers}):
            what = "rows of different units" if numbers else "no column of numbers"
            message = f'the table "{block.table}" has {what}: there is no sum to carry forward'
            yield Diagnostic("no-series", message, "leave `carry` out", block.table.span)


def _lost_scale(block: TableBlock, table: SheetTable, report: Report) -> Iterator[Diagnostic]:
    """Numbers that the sheet shows in thousands or millions have a unit that counts so; a column has one scale."""
    for at, column in enumerate(table.columns):
        scaled = [(row, row.cells[at]) for row in table.rows if row.cells[at].value]
        scales = {cell.scale for _, cell in scaled}
        if scales <= {1}:
            yield from _beyond_belief(block, table, column, scaled, report)
            continue
        row, cell = next((row, cell) for row, cell in scaled if cell.scale != 1)
        span, times = cell.span or block.table.span, f"{cell.scale:,}"
        if len(scales) > 1:
            message = f'the column "{column.head or column.key}" shows some numbers divided by {times}, and others not'
            yield Diagnostic("bad-cell", message, "give all its cells in the sheet one number format", span)
            continue
        name = table.unit(row, column)
        unit = report.labels.units.get(name) if name is not None else None
        if name is None:
            message = f'the sheet of the table "{block.table}" shows numbers divided by {times}, and no unit says so'
            hint = "give the table, or the column, a `unit` that counts so, such as million-euro or thousand-euro"
            yield found("shown-scale", message, hint, span)
            return
        if unit is not None and unit.times != cell.scale:
            message = f"the sheet shows numbers divided by {times}, and the unit {name} does not count so"
            hint = f"give a unit whose `times` in layouts/labels is {cell.scale}, or format the cells in full"
            yield Diagnostic("wrong-value", message, hint, span)
            return


def _beyond_belief(
    block: TableBlock, table: SheetTable, column: TableColumn, cells: list[tuple[TableRow, TableCell]], report: Report
) -> Iterator[Diagnostic]:
    """Whole amounts under a unit of millions: 8,214,310 million euro."""
    for row, cell in cells:
        unit = report.labels.units.get(table.unit(row, column) or "")
        if unit is not None and unit.times > 1 and abs(cell.value or Decimal(0)) * unit.times >= _BEYOND:
            message = f'the table "{block.table}" has {cell.value:,} {unit.alone}, which is hardly meant'
            hint = "the cells hold whole amounts: give them the unit that they count in"
            yield found("shown-scale", message, hint, cell.span or block.table.span)
            return


def _lost_currency(block: TableBlock, table: SheetTable, report: Report) -> Iterator[Diagnostic]:
    """The currency that the sheet shows is that of the unit: once a table, at the first number that loses it."""
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.value is None or not cell.currency:
                continue
            name = table.unit(row, column)
            unit = report.labels.units.get(name or "")
            euro = name == "euro" or (unit is not None and unit.of == "euro")
            if name is None or (euro and cell.currency != "€"):
                what = f"the unit is {name}" if name else "they are printed without it"
                message = f'the sheet of the table "{block.table}" shows numbers in {cell.currency}, and {what}'
                hint = "give the table, or the row or column, a `unit` of that currency: units stand in layouts/labels"
                yield found("lost-currency", message, hint, cell.span or block.table.span)
                return


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
