"""Table files → grids of cells: XLSX by openpyxl, ODS by odfdo, CSV in whatever way an office wrote it."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.reader import excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from builder.content.grid import AS_IT_IS, EMPTY, Cell, Grid, UnreadableError, error_in, named_sheet, time_in_words
from builder.content.number_format import shown
from builder.content.reckon import Reckoner, UnknownFormulaError
from builder.model.front import Table
from builder.model.spelling import composed, flat

# The heading stands within so many rows of the top.
_HEADINGS_WITHIN = 30
# What openpyxl raises over files that are cut off or damaged; SyntaxError stands for its XML parsers' own.
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    KeyError,
    IndexError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    SyntaxError,
    zlib.error,
)
# How the names of workbooks end, in small letters.
ODS = ".ods"
WORKBOOKS = frozenset((".xlsx", ".xlsm", ODS))

# Pictures on a sheet are nobody's business here, and openpyxl 3.1 (reader/excel.py) would open them, of any format.
setattr(excel, "find_images", lambda *_: ([], []))  # noqa: B010 - its types do not name it


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook that have cells and are not hidden. Raises UnreadableError."""
    if path.suffix.lower() == ODS:
        from builder.content import opendocument  # odfdo takes its time to load

        return opendocument.sheet_names(path)
    return [composed(sheet.title) for sheet in _opened(path).worksheets if sheet.sheet_state == "visible"]


def _opened(path: Path, *, values: bool = False) -> Workbook:
    try:
        return load_workbook(path, data_only=values)
    except _BROKEN as error:
        raise UnreadableError(f"{path.name} is not a workbook that can be read", "save it again as .xlsx") from error


def workbook(path: Path, title: str | None) -> Grid:
    """A sheet of a workbook, its first where no title is given. Raises UnreadableError.

    Formulas are what the program that saved it made of them; those that none has worked out are reckoned here.
    """
    if path.suffix.lower() == ODS:
        from builder.content import opendocument

        return opendocument.sheet(path, title)
    book = _opened(path)
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")  # those of charts have no cells
    names = {composed(sheet.title): sheet.title for sheet in sheets}
    return _Sheet(path, book, names[named_sheet(path, list(names), title)]).grid()


def _as_dated(value: Any, form: str) -> Any:
    """A date of which the sheet shows the year alone is a year."""
    shows = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", form.lower())
    years_alone = isinstance(value, date) and "y" in shows and not re.search(r"[mdhs]", shows)
    return value.year if years_alone else value


class _Sheet:
    """One sheet, with the others of its workbook, which its formulas may name."""

    def __init__(self, path: Path, book: Workbook, title: str) -> None:
        self._path, self._book, self._sheet = path, book, book[title]
        merged = self._sheet.merged_cells.ranges
        self._merged = {(row, column): area for area in merged for row, column in area.cells}
        self._corners = {(area.min_row, area.min_col) for area in merged}
        self._whole: dict[tuple[int, int], Any] = {}  # what the first cell of each merged area holds

    def grid(self) -> Grid:
        rows = [[self._cell(one, number, at) for at, one in enumerate(row, 1)] for number, row in self._rows()]
        hidden = frozenset(row - 1 for row, one in self._sheet.row_dimensions.items() if one.hidden)
        columns = {
            column
            for one in self._sheet.column_dimensions.values()
            if one.hidden and one.min is not None
            for column in range(one.min - 1, min(one.max or one.min, self._sheet.max_column))
        }
        return Grid(composed(self._sheet.title), rows, hidden, frozenset(columns))

    def _rows(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The rows as far as anything stands in them: a format alone may reach to the end of the sheet."""
        filled = [place for place, one in self._sheet._cells.items() if one.value is not None]
        last, wide = (max((place[at] for place in filled), default=1) for at in (0, 1))
        return enumerate(self._sheet.iter_rows(max_row=last, max_col=wide), 1)

    def _cell(self, one: Any, row: int, column: int) -> Cell:
        value, fault, covered = one.value, "", False
        if isinstance(value, str):
            value = composed(value)
        area = self._merged.get((row, column))
        if area is not None and (row, column) != (area.min_row, area.min_col):
            fault, covered = f"is merged with {area.coord.partition(':')[0]}", True
            value = self._whole.get((area.min_row, area.min_col))
        elif isinstance(value, ArrayFormula | DataTableFormula) or (isinstance(value, str) and value[:1] == "="):
            value, fault = self._worked_out(row, column)
        if (row, column) in self._corners:
            self._whole[row, column] = value
        value = _as_dated(time_in_words(value), one.number_format)
        fault = error_in(value) or fault
        seen = AS_IT_IS
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            seen = shown(one.number_format, float(value))
        if value is None and not covered and not fault:
            return EMPTY
        return Cell(value, seen, fault, bool(one.font.bold), int(one.alignment.indent or 0), covered)

    def _worked_out(self, row: int, column: int) -> tuple[Any, str]:
        cached = self._cached.cell(row, column).value
        if cached is not None:
            return composed(cached) if isinstance(cached, str) else cached, ""
        try:
            return self._reckoner.worth(None, row, column), ""
        except UnknownFormulaError as unknown:
            return None, f"holds a formula that no program has worked out ({unknown})"

    @cached_property
    def _cached(self) -> Any:
        return _opened(self._path, values=True)[self._sheet.title]

    @cached_property
    def _reckoner(self) -> Reckoner:
        def sheet(name: str | None) -> Any:
            return self._sheet if name is None else self._book[name]

        return Reckoner(
            lambda name, row, column: sheet(name).cell(row, column).value,
            lambda name: (sheet(name).max_row, sheet(name).max_column),
        )


def text_table(path: Path, table: Table) -> Grid:
    """A table of text with the headings of `table`. Raises UnreadableError."""
    return text_grid(path, frozenset(flat(heading) for heading in table.columns.values()))


def text_grid(path: Path, wanted: frozenset[str] = frozenset()) -> Grid:
    """The cells of a table of text, between whatever signs: those that give most of the `wanted` headings.

    Without any wanted, those that give rows of one length. Raises UnreadableError.
    """
    data = path.read_bytes()
    text = ""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "windows-1252"):
        try:
            text = composed(data.decode(encoding))
            break
        except UnicodeDecodeError:
            continue
    if not text or "\0" in text:
        raise UnreadableError(f"{path.name} is no text table", "save it as CSV in UTF-8")
    read: list[list[list[str]]] = []
    fault: csv.Error | None = None
    for delimiter in ";,\t|":
        try:
            read.append(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
        except csv.Error as error:  # with another sign between the columns it may be whole
            fault = error
    if not read:
        raise UnreadableError(f"{path.name} cannot be read: {fault}", "save it again as CSV")

    def fitting(rows: list[list[str]]) -> tuple[int, int, int]:
        heads = max((len(wanted & {flat(cell) for cell in row}) for row in rows[:_HEADINGS_WITHIN]), default=0)
        lengths = Counter(len(row) for row in rows if len(row) > 1)
        if wanted:
            return heads, 0, 0
        return heads, *max(((many, long) for long, many in lengths.items()), default=(0, 0))

    best = max(read, key=fitting)
    return Grid("", [[Cell(value, fault=error_in(value.strip())) for value in row] for row in best])


@dataclass(frozen=True, slots=True)
class Headings:
    row: int
    columns: Mapping[str, int]
    seen: frozenset[str]
    twice: frozenset[str] = frozenset()


def headings(grid: list[list[Cell]], table: Table) -> Headings:
    """The row of headings: that in which most columns wanted are found. Merged ones above are joined by a slash."""
    wanted = {flat(h) for h in table.columns.values()}
    best = Headings(-1, {}, frozenset())
    for number, row in enumerate(grid[:_HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        twice: set[str] = set()
        for column, cell in enumerate(row):
            if cell.value is None or (cell.fault and number and _same(grid, number, column)):
                own = flat(grid[number - 1][column].value) if number and column < len(grid[number - 1]) else ""
            else:
                own = flat(cell.value)
            above = grid[number - 1][column].value if number and column < len(grid[number - 1]) else None
            for name in (own, f"{flat(above)} / {own}" if above is not None else ""):
                if name and name != "none" and columns.setdefault(name, column) != column:
                    twice.add(name)
        found = len(wanted & set(columns))
        if found > len(wanted & set(best.columns)) or (
            found and found == len(wanted & set(best.columns)) and _below(grid, number, best)
        ):
            seen = frozenset(flat(c.value) for c in row if c.value is not None)
            best = Headings(number, columns, seen, frozenset(twice & wanted))
    return best


def _same(grid: list[list[Cell]], number: int, column: int) -> bool:
    """Whether a heading runs down from the row above."""
    above = grid[number - 1]
    return column < len(above) and above[column].value == grid[number][column].value


def _below(grid: list[list[Cell]], number: int, best: Headings) -> bool:
    """Whether the row is the lower part of headings that are merged downwards."""
    return number == best.row + 1 and any(cell.fault.startswith("is merged") for cell in grid[number])
