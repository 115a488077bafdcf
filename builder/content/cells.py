"""Table files → grids of cells: XLSX by openpyxl, CSV in whatever way an office wrote it."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.reader import excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from builder.content.number_format import Shown, shown
from builder.model.front import Table
from builder.model.spelling import composed

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
# What a spreadsheet shows where a formula fails, in English and Italian.
_ERRORS = re.compile(r"#(?:DIV/0|N/A|NAME|NULL|NUM|REF|VALUE|N/D|RIF|VALORE|NOME)[!?]?")


_AS_IT_IS = Shown()
# Pictures on a sheet are nobody's business here, and openpyxl 3.1 (reader/excel.py) would open them, of any format.
setattr(excel, "find_images", lambda *_: ([], []))  # noqa: B010 - its types do not name it


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as the file has it, what is shown of it, and what makes it unreadable."""

    value: Any
    shown: Shown = _AS_IT_IS
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet, named `title` in a workbook, and the rows (from 0) that are hidden in it."""

    title: str
    cells: list[list[Cell]]
    hidden: frozenset[int] = frozenset()


class UnreadableError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def flat(text: object) -> str:
    """A heading without the spaces and capitals in which tables differ."""
    return " ".join(str(text).replace("\u00a0", " ").split()).casefold()


def workbook(path: Path, table: Table) -> Grid:
    """A sheet of a workbook. Raises UnreadableError."""
    try:
        formulas = load_workbook(path, data_only=False)
        values = load_workbook(path, data_only=True)
    except _BROKEN as error:
        raise UnreadableError(f"{path.name} is not a workbook that can be read", "save it again as .xlsx") from error
    names = {composed(sheet.title): sheet.title for sheet in formulas.worksheets}  # those that are charts have no cells
    title = str(table.sheet) if table.sheet is not None else next(iter(names), "")
    if title not in names:
        there = ", ".join(names)
        raise UnreadableError(f'{path.name} has no sheet "{title}"', f"there are: {there}")
    sheet, cached = formulas[names[title]], values[names[title]]
    merged = {(row, column): area for area in sheet.merged_cells.ranges for row, column in area.cells}
    grid: list[list[Cell]] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, one in enumerate(row, 1):
            value, fault = composed(one.value) if isinstance(one.value, str) else one.value, ""
            area = merged.get((number, column))
            if area is not None and (number, column) != (area.min_row, area.min_col):
                fault = f"is merged with {area.coord.partition(':')[0]}"
                value = sheet.cell(area.min_row, area.min_col).value
            elif isinstance(value, ArrayFormula | DataTableFormula) or (isinstance(value, str) and value[:1] == "="):
                value = cached.cell(number, column).value
                fault = "holds a formula that no program has worked out" if value is None else ""
            if isinstance(value, str) and _ERRORS.fullmatch(value):
                fault = f"holds the error {value}"
            seen = _AS_IT_IS
            if isinstance(value, int | float) and not isinstance(value, bool):
                seen = shown(one.number_format, float(value))
            cells.append(Cell(value, seen, fault))
        grid.append(cells)
    hidden = frozenset(row - 1 for row, one in sheet.row_dimensions.items() if one.hidden)
    return Grid(title, grid, hidden)


def text_table(path: Path, table: Table) -> Grid:
    """A table of text. Raises UnreadableError."""
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
    best: list[list[str]] = []
    fault: csv.Error | None = None
    wanted = {flat(h) for h in table.columns.values()}
    for delimiter in ";,\t|":
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:  # with another sign between the columns it may be whole
            fault = error
            continue
        found = max((len(wanted & {flat(c) for c in row}) for row in rows[:_HEADINGS_WITHIN]), default=0)
        if not best or found > max(
            (len(wanted & {flat(c) for c in row}) for row in best[:_HEADINGS_WITHIN]), default=0
        ):
            best = rows
    if not best:
        raise UnreadableError(f"{path.name} cannot be read: {fault}", "save it again as CSV")
    return Grid("", [[Cell(value) for value in row] for row in best])


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
