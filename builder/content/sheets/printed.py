"""A table block of a topic → its table: read from a file or typed, with what its columns hold, and its units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from builder.content.cells import WORKBOOKS, text_grid, workbook
from builder.content.grid import Cell, Grid, UnreadableError
from builder.content.numbers import decimal_comma
from builder.content.rules.table import found
from builder.content.schema_errors import nearest
from builder.content.sheets.blocks import Block, block_at, blocks, hidden_in, said
from builder.content.sheets.read import read
from builder.content.sheets.roles import listed, named_by, understood, years_of
from builder.model.body import TableBlock
from builder.model.columns import ColumnRoles
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Document, Path_, Text
from builder.model.project import Project
from builder.model.spelling import flat
from builder.model.table import SheetTable, TableRow

_LEGACY = {".xls": "a workbook of before 2007"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The table of one block, what is wrong with it, and the file that it was read from."""

    table: SheetTable | None
    problems: tuple[Diagnostic, ...]
    file: Path | None = None


def sheet_of(path: Path, sheet: str | None) -> Grid:
    """A sheet of a file, by what kind of file it is. Raises UnreadableError."""
    return _sheet_of(path, sheet, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _sheet_of(path: Path, sheet: str | None, _time: int) -> Grid:
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        return workbook(path, sheet)
    if suffix in _LEGACY:
        raise UnreadableError(f"{path.name} is {_LEGACY[suffix]}", "open it and save it as .xlsx")
    return text_grid(path)


def gathered(block: TableBlock, document: Document, at: Path_, project: Project, language: str) -> Gathered:
    """The table of a block that stands at a path of a topic's file."""
    if (block.file is None) == (not block.rows):
        what = "neither a `file` nor `rows`" if block.file is None else "both a `file` and `rows`"
        message = f'the table "{block.table}" has {what}'
        return Gathered(None, (Diagnostic("missing-key", message, "give one of them", document.span(at)),))
    comma = block.decimals == "comma" if block.decimals else decimal_comma(language)
    file: Path | None = None
    problems: list[Diagnostic] = []
    if block.file is None:
        table, slips = _typed(block, document, at, language, comma=comma)
        problems += _counted(table, block)
    else:
        inside = project.inside(block.file, project.content, block.file.span)
        if isinstance(inside, Diagnostic):
            return Gathered(None, (inside,))
        file = inside
        try:
            grid = sheet_of(file, str(block.sheet) if block.sheet is not None else None)
            place = _found(block, grid, comma=comma)
        except UnreadableError as error:
            where = (block.sheet or block.file).span
            return Gathered(None, (Diagnostic("bad-table", str(error), error.hint, where),), file)
        table, slips = read(grid, place, project.name(file), language, comma=comma)
        problems += _hidden(grid, place, block, project.name(file))
    roles = block.columns if isinstance(block.columns, ColumnRoles) else ColumnRoles()
    problems += _unknown_heads(table, roles)
    table, left = understood(table, slips, roles)
    problems += left
    table = _totals(table, block, problems)
    table = _digits(table, block, problems)
    return Gathered(_units(table, block, problems), tuple(problems), file)


def _typed(
    block: TableBlock, document: Document, at: Path_, language: str, *, comma: bool
) -> tuple[SheetTable, list[Diagnostic]]:
    names = block.columns if not isinstance(block.columns, ColumnRoles) else ()
    labels = list(block.rows)
    cells = [
        [Cell(None), *map(Cell, names)],
        *([Cell(str(name)), *map(_typed_cell, block.rows[name])] for name in labels),
    ]

    def place(row: int, column: int) -> Span:
        if row == 0:
            return document.span((*at, "columns", max(0, column - 1)))
        name = labels[row - 1]
        key = str(name) if isinstance(name, Text) else name
        return document.span((*at, "rows", key, column - 1) if column else (*at, "rows", key), key=not column)

    wide = tuple(range(max(map(len, cells))))
    whole = Block((0,) if names else (), tuple(range(1, len(cells))), wide)
    return read(Grid("", cells), whole, document.file, language, comma=comma, place=place)


def _typed_cell(value: object) -> Cell:
    """A typed cell; null says that there is no number."""
    return Cell("" if value is None else value)


def _found(block: TableBlock, grid: Grid, *, comma: bool) -> Block:
    """Where the table stands in its sheet. Raises UnreadableError."""
    there = blocks(grid, comma=comma)
    elsewhere = ", ".join(f"{one.range}{f' ({one.titles[-1][:40]})' if one.titles else ''}" for one in there[:6])
    if block.range is not None:
        try:
            place = block_at(grid, str(block.range), comma=comma)
        except ValueError:
            raise UnreadableError(f'"{block.range}" is no range of cells', "write it as A4:G12") from None
        if place is not None:
            _whole(grid, place)
        if place is None:
            hint = f"give one of its tables: {elsewhere}" if there else "see what there is with: builder table FILE"
            raise UnreadableError(f"there is no table in {block.range}", hint)
        return place
    if not there:
        what = f'the sheet "{grid.title}"' if grid.title else "the file"
        raise UnreadableError(f"{what} has no table", "see what there is with: builder table FILE")
    if len(there) > 1:
        raise UnreadableError(f"the sheet has {len(there)} tables", f"give the `range` of one: {elsewhere}")
    return there[0]


def _whole(grid: Grid, place: Block) -> None:
    """Raises UnreadableError for a range that cuts off the heads of its table, or its labels."""
    above, left = place.body[0] - 1, place.columns[0] - 1

    def words(row: int, column: int) -> bool:
        cells = grid.cells[row]
        return column < len(cells) and isinstance(cells[column].value, str) and bool(cells[column].value.strip())

    def there(row: int, column: int) -> bool:
        return column < len(grid.cells[row]) and said(grid.cells[row][column])

    if not place.heads and above >= 0 and sum(there(above, at) for at in place.columns) > 1:
        raise UnreadableError(f"the range {place.range} begins below its heads", "begin it in the row of the heads")
    if left >= 0 and left not in grid.hidden_columns:
        labels = sum(words(row, left) for row in place.body)
        inside = sum(words(row, place.columns[0]) for row in place.body)
        if labels * 2 > len(place.body) and not inside:
            raise UnreadableError(
                f"the range {place.range} leaves out the labels left of it", "begin it one column before"
            )


def _hidden(grid: Grid, place: Block, block: TableBlock, file: str) -> Iterator[Diagnostic]:
    """Rows and columns that the sheet hides are left out, and that is said."""
    for what, names in hidden_in(grid, place).items():
        many = f"{len(names)} hidden {what}{'s' * (len(names) > 1)}"
        message = f'the table "{block.table}" leaves out {many} of {file}: {", ".join(names[:8])}'
        yield found("hidden-rows", message, "show them in the sheet to have them printed", block.table.span)


def _counted(table: SheetTable, block: TableBlock) -> Iterator[Diagnostic]:
    """Typed rows have as many cells as there are columns."""
    names = block.columns if not isinstance(block.columns, ColumnRoles) else ()
    if not names and any(len(row) > 1 for row in block.rows.values()):
        message, hint = f'the table "{block.table}" has no `columns`', "write `columns: [2020, 2021, …]` above its rows"
        yield Diagnostic("missing-key", message, hint, block.table.span)
        return
    for name, row in block.rows.items():
        if names and row and len(row) != len(names):
            message = f'the row "{name}" has {len(row)} cells, and there are {len(names)} columns'
            hint = "give one for each column: null, or words such as n.d., where there is no number"
            span = next((one.cells[0].span for one in table.rows if one.label == str(name)), block.table.span)
            yield Diagnostic("wrong-value", message, hint, span)


def _unknown_heads(table: SheetTable, roles: ColumnRoles) -> Iterator[Diagnostic]:
    there = [column.head or column.key for column in table.columns]
    for heads in (roles.change, roles.share, roles.total, roles.without):
        for head in listed(heads):
            if not any(named_by(head, column) for column in table.columns):
                yield Diagnostic("unknown-column", f'the table has no column "{head}"', nearest(head, there), head.span)
    if roles.years is not None:
        yield from _unknown_years(table, roles.years)


def _unknown_years(table: SheetTable, said: Text | int) -> Iterator[Diagnostic]:
    years, span = years_of(said), said.span if isinstance(said, Text) else None
    known = sorted({one.year for one in table.columns if one.year is not None})
    if years is None or years[0] > years[1]:
        message, hint = f'"{said}" is no year and no span of years', "write 2024, or 2020-2024"
        yield Diagnostic("wrong-value", message, hint, span)
    elif missing := [str(year) for year in range(years[0], years[1] + 1) if year not in known]:
        there = f"there are: {', '.join(map(str, known))}" if known else "none of its heads is a year"
        yield Diagnostic("unknown-column", f"the table has no column of {', '.join(missing)}", there, span)


def _rows_named(table: SheetTable, name: str) -> list[TableRow]:
    return [row for row in table.rows if flat(row.label) == flat(name) or row.key == name]


def _totals(table: SheetTable, block: TableBlock, problems: list[Diagnostic]) -> SheetTable:
    keys = set()
    for name in listed(block.total):
        rows = _rows_named(table, name)
        keys |= {row.key for row in rows}
        if not rows:
            _no_such(name, table, block, problems)
    for marked in (block.highlight,) if isinstance(block.highlight, Text | int) else block.highlight:
        if not _rows_named(table, str(marked)):
            _no_such(marked, table, block, problems)
    whole = tuple(replace(row, kind="total") if row.key in keys else row for row in table.rows)
    return replace(table, rows=whole)


def _digits(table: SheetTable, block: TableBlock, problems: list[Diagnostic]) -> SheetTable:
    if block.digits is None:
        return table
    given: dict[str, int] = {}
    rows = list(table.rows)
    if isinstance(block.digits, int):
        given = {column.key: block.digits for column in table.columns if not column.percent}
    else:
        for name, digits in block.digits.items():
            keys = [column.key for column in table.columns if named_by(str(name), column)]
            given |= dict.fromkeys(keys, digits)
            named = _rows_named(table, str(name))
            for one in named:
                cells = tuple(cell if cell.percent else replace(cell, digits=digits) for cell in one.cells)
                rows[rows.index(one)] = replace(one, cells=cells)
            if not keys and not named:
                _no_such(name, table, block, problems)
    columns = tuple(replace(one, decimals=given.get(one.key, one.decimals)) for one in table.columns)
    return replace(table, columns=columns, rows=tuple(rows))


def _units(table: SheetTable, block: TableBlock, problems: list[Diagnostic]) -> SheetTable:
    if isinstance(block.unit, Text):
        return replace(table, units={"": str(block.unit)})
    if block.unit is None:
        return replace(table, units=as_shown(table))
    units: dict[str, str] = {}
    for name, unit in block.unit.items():
        rows = [row.key for row in _rows_named(table, str(name))]
        keys = rows or [column.key for column in table.columns if named_by(str(name), column)]
        units |= dict.fromkeys(keys, str(unit))
        if not keys:
            _no_such(name, table, block, problems)
    return replace(table, units=units)


def as_shown(table: SheetTable) -> dict[str, str]:
    """The units that the sheet itself shows, by keys of columns, by an empty one for all: the euro, by its sign."""
    counted = [one for one in table.columns if one.role in ("numbers", "total") and not one.percent]
    euro = [one.key for one in counted if one.currency == "€"]
    return {"": "euro"} if euro and len(euro) == len(counted) else dict.fromkeys(euro, "euro")


def _no_such(name: Text | int, table: SheetTable, block: TableBlock, problems: list[Diagnostic]) -> None:
    there = [*(row.label for row in table.rows), *(column.head for column in table.columns)]
    message = f'the table "{block.table}" has no row or column "{name}"'
    span = name.span if isinstance(name, Text) else block.table.span
    problems.append(Diagnostic("unknown-column", message, nearest(str(name), there), span))
