"""Indicators from tables: CSV and XLSX as offices keep them. What cannot be read for certain is refused by its cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from builder.diagnostics import Diagnostic, Span
from builder.manuscript import Text, Value
from builder.model import Table

_NUMBERS = ("value", "upper", "base", "end")
_YEARS = ("from", "to", "base-year", "end-year")
_NESTED = {
    "base": ("base", "value"),
    "base-year": ("base", "year"),
    "end": ("end", "value"),
    "end-year": ("end", "year"),
    "from": ("period", "from"),
    "to": ("period", "to"),
}
# The heading stands within so many rows of the top.
_HEADINGS_WITHIN = 30
_SERIAL_DAY = date(1899, 12, 30)
# What a spreadsheet shows where a formula fails, in English and Italian.
_ERRORS = re.compile(r"#(?:DIV/0|N/A|NAME|NULL|NUM|REF|VALUE|N/D|RIF|VALORE|NOME)[!?]?")
# Spreadsheets keep fifteen digits (ECMA-376, part 1, 18.8.30); what a float has beyond is noise.
_SHEET_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as the file has it, whether it is shown in per cent, and what makes it unreadable."""

    value: Any
    percent: bool = False
    fault: str = ""


@dataclass(slots=True)
class Rows:
    """An entry's value for each row, with the cell from which each comes."""

    entries: dict[str, dict[Text | int, Value]] = field(default_factory=dict)
    places: dict[tuple[str | int, ...], Span] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)


def read_table(
    path: Path, name: str, table: Table, decimals: str, words: Mapping[str, Mapping[str, str]], where: Span
) -> Rows:
    """The indicators of one table. `words` maps printed units and kinds to their names."""
    rows = Rows()
    try:
        sheets = _workbook(path, table) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path, table)
    except _UnreadableError as fault:
        rows.problems.append(Diagnostic("bad-table", str(fault), fault.hint, where))
        return rows
    title, grid = sheets
    reader = _Reader(name, title, table, table.decimals or decimals, words, rows)
    heading = _headings(grid, table)
    missing = sorted(str(h) for h in table.columns.values() if flat(h) not in heading.columns)
    if missing or heading.row < 0:
        seen = ", ".join(sorted(heading.seen)[:12])
        message = f'no column of "{name}" is headed "{missing[0] if missing else table.columns}"'
        rows.problems.append(
            Diagnostic("bad-table", message, f"there are: {seen}" if seen else "the table is empty", where)
        )
        return rows
    for number in range(heading.row + 1, len(grid)):
        reader.row(number, grid[number], {key: heading.columns[flat(h)] for key, h in table.columns.items()})
    return rows


class _UnreadableError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def flat(text: object) -> str:
    """A heading without the spaces and capitals in which tables differ."""
    return " ".join(str(text).replace("\u00a0", " ").split()).casefold()


def _workbook(path: Path, table: Table) -> tuple[str, list[list[Cell]]]:
    try:
        formulas = load_workbook(path, data_only=False)
        values = load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError, EOFError) as error:
        raise _UnreadableError(f"{path.name} is not a workbook that can be read", "save it again as .xlsx") from error
    title = str(table.sheet) if table.sheet is not None else formulas.sheetnames[0]
    if title not in formulas.sheetnames:
        there = ", ".join(formulas.sheetnames)
        raise _UnreadableError(f'{path.name} has no sheet "{title}"', f"there are: {there}")
    sheet, cached = formulas[title], values[title]
    merged = {(row, column): area for area in sheet.merged_cells.ranges for row, column in area.cells}
    grid: list[list[Cell]] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, one in enumerate(row, 1):
            value, fault = one.value, ""
            area = merged.get((number, column))
            if area is not None and (number, column) != (area.min_row, area.min_col):
                fault = f"is merged with {area.coord.partition(':')[0]}"
                value = sheet.cell(area.min_row, area.min_col).value
            elif isinstance(value, ArrayFormula | DataTableFormula) or (isinstance(value, str) and value[:1] == "="):
                value = cached.cell(number, column).value
                fault = "holds a formula that no program has worked out" if value is None else ""
            if isinstance(value, str) and _ERRORS.fullmatch(value):
                fault = f"holds the error {value}"
            cells.append(Cell(value, "%" in str(one.number_format or ""), fault))
        grid.append(cells)
    return title, grid


def _csv(path: Path, table: Table) -> tuple[str, list[list[Cell]]]:
    data = path.read_bytes()
    text = ""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "windows-1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if not text or "\0" in text:
        raise _UnreadableError(f"{path.name} is no text table", "save it as CSV in UTF-8")
    best: list[list[str]] = []
    wanted = {flat(h) for h in table.columns.values()}
    for delimiter in ";,\t|":
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise _UnreadableError(f"{path.name} cannot be read: {error}", "save it again as CSV") from error
        found = max((len(wanted & {flat(c) for c in row}) for row in rows[:_HEADINGS_WITHIN]), default=0)
        if not best or found > max(
            (len(wanted & {flat(c) for c in row}) for row in best[:_HEADINGS_WITHIN]), default=0
        ):
            best = rows
    return "", [[Cell(value) for value in row] for row in best]


@dataclass(frozen=True, slots=True)
class _Headings:
    row: int
    columns: Mapping[str, int]
    seen: frozenset[str]


def _headings(grid: list[list[Cell]], table: Table) -> _Headings:
    """The row of headings: that in which most columns wanted are found. Merged ones above are joined by a slash."""
    wanted = {flat(h) for h in table.columns.values()}
    best = _Headings(-1, {}, frozenset())
    for number, row in enumerate(grid[:_HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            if cell.value is None or (cell.fault and number and _same(grid, number, column)):
                own = flat(grid[number - 1][column].value) if number and column < len(grid[number - 1]) else ""
            else:
                own = flat(cell.value)
            above = grid[number - 1][column].value if number and column < len(grid[number - 1]) else None
            for name in (own, f"{flat(above)} / {own}" if above is not None else ""):
                if name and name != "none":
                    columns.setdefault(name, column)
        found = len(wanted & set(columns))
        if found > len(wanted & set(best.columns)) or (
            found and found == len(wanted & set(best.columns)) and _below(grid, number, best)
        ):
            best = _Headings(number, columns, frozenset(flat(c.value) for c in row if c.value is not None))
    return best


def _same(grid: list[list[Cell]], number: int, column: int) -> bool:
    """Whether a heading runs down from the row above."""
    above = grid[number - 1]
    return column < len(above) and above[column].value == grid[number][column].value


def _below(grid: list[list[Cell]], number: int, best: _Headings) -> bool:
    """Whether the row is the lower part of headings that are merged downwards."""
    return number == best.row + 1 and any(cell.fault.startswith("is merged") for cell in grid[number])


class _Reader:
    """Rows → entries, with the cell of each value."""

    def __init__(
        self,
        name: str,
        sheet: str,
        table: Table,
        decimals: str,
        words: Mapping[str, Mapping[str, str]],
        rows: Rows,
    ) -> None:
        self.name, self.sheet, self.table, self.decimals = name, sheet, table, decimals
        self.words, self.rows = words, rows

    def span(self, row: int, column: int) -> Span:
        cell = f"{get_column_letter(column + 1)}{row + 1}"
        return Span(self.name, row + 1, column + 1, f"{self.sheet}!{cell}" if self.sheet else cell)

    def refuse(self, row: int, column: int, message: str, hint: str) -> None:
        span = self.span(row, column)
        self.rows.problems.append(Diagnostic("bad-cell", f"{span.cell} {message}", hint, span))

    def row(self, number: int, cells: list[Cell], columns: Mapping[str, int]) -> None:
        values: dict[str, Value] = {}
        spans: dict[str, Span] = {}
        given = {key: cells[column] for key, column in columns.items() if column < len(cells)}
        if not any(_said(cell.value) for cell in given.values()):
            return
        before = len(self.rows.problems)
        for key, cell in given.items():
            if not _said(cell.value) and not cell.fault:
                continue
            spans[key] = self.span(number, columns[key])
            if cell.fault:
                hint = "write the value in each row" if "merged" in cell.fault else "write the number itself"
                self.refuse(number, columns[key], cell.fault, hint)
                continue
            value = self.value(key, cell, number, columns[key])
            if value is not None:
                values[key] = value
        if "id" not in values:
            if len(self.rows.problems) == before:
                hint = "give it an id; a line of totals or remarks does not belong into the table"
                self.refuse(number, columns["id"], "is empty, and its row is not", hint)
            return
        self.entry(values, spans, number, columns)

    def entry(self, values: dict[str, Value], spans: dict[str, Span], number: int, columns: Mapping[str, int]) -> None:
        name = str(values.pop("id"))
        row = self.span(number, columns["id"])
        if name in self.rows.entries:
            self.refuse(number, columns["id"], f'gives "{name}" a second time', "an indicator has one row")
            return
        for wanted, text in self.table.defaults.items():
            if wanted not in values:
                values[wanted] = self.value(wanted, Cell(str(text)), number, columns["id"])
        entry: dict[Text | int, Value] = {}
        self.rows.places[(name,)] = row
        for key, value in values.items():
            span = spans.get(key, row)
            outer, *inner = _NESTED.get(key, (key,))
            if inner:
                part = entry.setdefault(Text(outer, span), {})
                assert isinstance(part, dict)
                part[Text(inner[0], span)] = value
                self.rows.places.setdefault((name, outer), span)
                self.rows.places[(name, outer, inner[0])] = span
            else:
                entry[Text(outer, span)] = value
                self.rows.places[(name, outer)] = span
        self.rows.entries[name] = entry

    def value(self, key: str, cell: Cell, row: int, column: int) -> Value:
        if key in _NUMBERS:
            return self.number(cell, row, column)
        if key in _YEARS:
            return self.year(cell, row, column)
        if key == "digits":
            found = self.number(cell, row, column)
            return int(found) if found is not None and found == int(found) else found
        if isinstance(cell.value, datetime | date):
            text = cell.value.isoformat()[:10]
        elif isinstance(cell.value, float):
            text = f"{cell.value:.{_SHEET_DIGITS}g}"
        else:
            text = " ".join(str(cell.value).replace("\u00a0", " ").split())
        text = self.words.get(key, {}).get(flat(text), text)
        return Text(text, self.span(row, column), text)

    def number(self, cell: Cell, row: int, column: int) -> Decimal | None:
        value = cell.value
        if isinstance(value, bool | datetime | date):
            self.refuse(row, column, f"holds {value}, and a number is wanted", "write the number, and format it as one")
            return None
        if isinstance(value, int | float):
            exact = Decimal(f"{value:.{_SHEET_DIGITS}g}") if isinstance(value, float) else Decimal(value)
            if not exact.is_finite():
                self.refuse(row, column, f"holds {value}", "write the number")
                return None
            return _plain(exact * 100 if cell.percent else exact)
        return self.typed(str(value), row, column)

    def typed(self, text: str, row: int, column: int) -> Decimal | None:
        """A number written as text, in the way of the table's language."""
        written = (
            re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-").removesuffix("%").lstrip("€").removesuffix("€")
        )
        group, point = (".", ",") if self.decimals == "comma" else (",", ".")
        grouped = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?"
        if not re.fullmatch(rf"[+-]?(?:{grouped}|\d+(?:{re.escape(point)}\d+)?)", written):
            sample = "1.234,5" if self.decimals == "comma" else "1,234.5"
            hint = f"numbers here are written as {sample}; say `decimals: point` or `comma` where they are not"
            self.refuse(row, column, f'holds "{text.strip()}", which is no number', hint)
            return None
        try:
            return Decimal(written.replace(group, "").replace(point, "."))
        except InvalidOperation:
            self.refuse(row, column, f'holds "{text.strip()}", which is no number', "write the number alone")
            return None

    def year(self, cell: Cell, row: int, column: int) -> int | None:
        value = cell.value
        if isinstance(value, datetime | date):
            return value.year
        if isinstance(value, float) and value == int(value):
            value = int(value)
        if isinstance(value, str) and re.fullmatch(r"\s*\d{4}\s*", value):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
            return value
        if isinstance(value, int) and 20000 < value < 80000:
            day = _SERIAL_DAY + timedelta(days=value)
            hint = f"it looks like the day {day.isoformat()} kept as a number: write the year, {day.year}"
        else:
            hint = "write four digits"
        self.refuse(row, column, f'holds "{value}", which is no year', hint)
        return None


def _said(value: object) -> bool:
    return value is not None and bool(str(value).replace("\u00a0", " ").strip())


def _plain(value: Decimal) -> Decimal:
    """Without an exponent, and without the zeros that reckoning adds."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if int(value.as_tuple().exponent) > 0 else value
