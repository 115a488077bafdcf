"""Figures that draw a table: its rows and columns become the numbers of the figure, each with the place of its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from builder.content.number_format import rounded
from builder.content.schema_errors import nearest, unknown, validated
from builder.content.sheets.manuscript import Tables
from builder.content.sheets.roles import named_by
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, Span
from builder.model.figure import TableData
from builder.model.manuscript import Document, Path_, Text, Value
from builder.model.spelling import flat
from builder.model.table import SheetTable, TableColumn, TableRow


def with_drawn(document: Document, tables: Tables, problems: list[Diagnostic]) -> Document:
    """A topic whose figures have numbers where they named a table; what is not in the table is a problem."""
    asked = list(_asked(document.data, ()))
    if not asked:
        return document
    data, places, keys = document.data, dict(document.places), dict(document.key_places)
    for path in asked:
        drawn = validated(TableData, document, [], path)
        if drawn is None or tables.tables.get(str(drawn.table), ...) is None:
            continue  # check says what is wrong with it, or with the table
        if str(drawn.table) not in tables.tables:
            problems.append(unknown("unknown-table", "table", drawn.table, tables.tables, drawn.table.span))
            continue
        table, block = tables.tables[str(drawn.table)], tables.blocks[str(drawn.table)]
        assert table is not None
        said = len(problems)
        columns = list(_columns(table, drawn, document.span(path), problems))
        rows = list(_rows(table, drawn, document.span(path), problems))
        numbers = _numbers(table, block, rows, columns, drawn, problems) if len(problems) == said else None
        if numbers is None:
            continue
        data = _put(data, path, numbers)
        for row in rows:
            for at, column in enumerate(columns):
                cell = row.cells[table.columns.index(column)]
                if cell.span is not None:
                    places[(*path, "rows", row.label, at)] = keys[(*path, "rows", row.label)] = cell.span
    return Document(document.file, data, places, keys)


def _asked(value: Value, path: Path_) -> Iterator[Path_]:
    """Where figures name a table as their data."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in entries:
        at = (*path, key if isinstance(key, int) else str(key))
        if key == "data" and isinstance(one, dict) and Text("table") in one:
            yield at
        else:
            yield from _asked(one, at)


def _put(value: Value, path: Path_, found: Value) -> Value:
    """A copy with something else at a path."""
    if not path:
        return found
    if isinstance(value, dict):
        return {key: _put(one, path[1:], found) if key == path[0] else one for key, one in value.items()}
    if isinstance(value, list):
        return [_put(one, path[1:], found) if at == path[0] else one for at, one in enumerate(value)]
    return value


def _columns(table: SheetTable, drawn: TableData, where: Span, problems: list[Diagnostic]) -> Iterator[TableColumn]:
    if drawn.columns == "years" or not drawn.columns:
        dated = [table.columns[at] for at in table.dated]
        others = [one for one in table.columns if one.role == "numbers"]
        yield from dated if dated or drawn.columns == "years" else others
        if drawn.columns == "years" and not dated:
            message = f'the table "{drawn.table}" has no columns of years'
            problems.append(Diagnostic("unknown-column", message, "name its columns: [heads]", where))
        return
    for name in drawn.columns:
        found = [one for one in table.columns if one.numbers and named_by(str(name), one)]
        yield from found
        if not found:
            there = [one.head or one.key for one in table.columns if one.numbers]
            message = f'the table "{drawn.table}" has no column of numbers "{name}"'
            problems.append(Diagnostic("unknown-column", message, nearest(str(name), there), _place(name, where)))


def _rows(table: SheetTable, drawn: TableData, where: Span, problems: list[Diagnostic]) -> Iterator[TableRow]:
    if not drawn.rows:
        yield from (row for row in table.rows if row.kind == "row")
        return
    for name in drawn.rows:
        found = [row for row in table.rows if row.kind != "group" and name_of(row, str(name))]
        yield from found
        if not found:
            there = [row.label for row in table.rows if row.kind != "group"]
            message = f'the table "{drawn.table}" has no row "{name}"'
            problems.append(Diagnostic("unknown-row", message, nearest(str(name), there), _place(name, where)))


def name_of(row: TableRow, name: str) -> bool:
    """Whether a name in the YAML means this row: its label or its key."""
    return row.key == name or flat(row.label) == flat(name)


def _place(name: Text | int, where: Span) -> Span:
    return (name.span if isinstance(name, Text) else None) or where


def _numbers(
    table: SheetTable,
    block: TableBlock,
    rows: list[TableRow],
    columns: list[TableColumn],
    drawn: TableData,
    problems: list[Diagnostic],
) -> dict[Text | int, Value] | None:
    """The numbers as a figure has them of its own; None where they cannot be drawn together."""
    span = drawn.table.span
    units = {table.unit(row, column) for row in rows for column in columns}
    if len(units) > 1:
        named = ", ".join(sorted(str(one or "none") for one in units))
        message = f'what the figure draws of the table "{drawn.table}" has different units: {named}'
        problems.append(Diagnostic("two-units", message, "name the `rows` or `columns` of one unit", span))
        return None
    if block.source is None:
        message = f'the table "{drawn.table}" has no source, and a figure draws it'
        hint = "add `source: …` to the table, with a name from sources.yaml"
        problems.append(Diagnostic("missing-key", message, hint, span))
        return None

    def text(words: str) -> Text:
        return Text(words, span, words)

    twice = [label for label, often in Counter(row.label for row in rows).items() if often > 1]
    if twice:
        message = f'what the figure draws of the table "{drawn.table}" has several rows "{twice[0]}"'
        names = ", ".join(row.key for row in rows if row.label == twice[0])
        hint = f"name one in `rows`, by its key: {names}; or call them otherwise in the sheet"
        problems.append(Diagnostic("unknown-row", message, hint, span))
        return None
    found: dict[Text | int, Value] = {}
    for row in rows:
        cells = [(row.cells[table.columns.index(column)].value, column) for column in columns]
        label = Text(row.label, next((cell.span for cell in row.cells if cell.span is not None), span), row.label)
        found[label] = [None if value is None else rounded(value, column.decimals) for value, column in cells]
    heads: list[Value] = [column.year or text(column.head or column.key) for column in columns]
    numbers: dict[Text | int, Value] = {text("rows"): dict(found), text("source"): block.source}
    if len(columns) > 1:
        numbers[text("columns")] = heads
    if (unit := next(iter(units), None)) is not None:
        numbers[text("unit")] = text(unit)
    numbers[text("digits")] = max((column.decimals for column in columns), default=0)
    return numbers
