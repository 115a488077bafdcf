"""Indicators from tables: CSV and XLSX as offices keep them. What cannot be read for certain is refused by its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from openpyxl.utils import get_column_letter

from builder.content.cells import WORKBOOKS, headings, text_table, workbook
from builder.content.grid import Cell, UnreadableError
from builder.content.number_format import WIDE, rounded
from builder.content.rules.table import found
from builder.model.diagnostics import Diagnostic, Span
from builder.model.front import Table
from builder.model.manuscript import Text, Value
from builder.model.spelling import flat

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
_SERIAL_DAY = date(1899, 12, 30)
# Spreadsheets keep fifteen digits (ECMA-376, part 1, 18.8.30); what a float has beyond is noise.
_SHEET_DIGITS = 15


@dataclass(slots=True)
class Rows:
    """An entry's value for each row, with the cell from which each comes."""

    entries: dict[str, dict[Text | int, Value]] = field(default_factory=dict)
    places: dict[tuple[str | int, ...], Span] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """What a table's words mean: `words` maps printed units and kinds to their names, `times` is what a unit counts."""

    words: Mapping[str, Mapping[str, str]]
    times: Mapping[str, Decimal]


def read_table(path: Path, name: str, table: Table, decimals: str, names: Names, where: Span) -> Rows:
    """The indicators of one table, as the sheet shows them; rows that are hidden are left out."""
    rows = Rows()
    try:
        sheet = workbook(path, table.sheet) if path.suffix.lower() in WORKBOOKS else text_table(path, table)
    except UnreadableError as fault:
        rows.problems.append(Diagnostic("bad-table", str(fault), fault.hint, where))
        return rows
    grid = sheet.cells
    reader = _Reader(name, sheet.title, table, table.decimals or decimals, names, rows)
    heading = headings(grid, table)
    missing = sorted(str(h) for h in table.columns.values() if flat(h) not in heading.columns)
    if missing or heading.row < 0:
        seen = ", ".join(sorted(heading.seen)[:12])
        message = f'no column of "{name}" is headed "{missing[0] if missing else table.columns}"'
        rows.problems.append(
            Diagnostic("bad-table", message, f"there are: {seen}" if seen else "the table is empty", where)
        )
        return rows
    if heading.twice:
        message = f'two columns of "{name}" are headed "{min(heading.twice)}"'
        hint = "give them headings that differ; a merged heading above is joined by a slash: Valore / 2023"
        rows.problems.append(Diagnostic("bad-table", message, hint, where))
        return rows
    columns: dict[str, int] = {key: heading.columns[flat(h)] for key, h in table.columns.items()}
    hidden = []
    for number in range(heading.row + 1, len(grid)):
        if number not in sheet.hidden:
            reader.row(number, grid[number], columns)
        elif any(_said(cell.value) for cell in grid[number]):
            told = grid[number][columns["id"]].value if columns["id"] < len(grid[number]) else None
            hidden.append(f"{number + 1} ({told})" if _said(told) else str(number + 1))
    if hidden:
        message = f'hidden rows of "{sheet.title}" are left out: {", ".join(hidden)}'
        hint = "show them in the sheet, or delete them there"
        rows.problems.append(found("hidden-rows", message, hint, where))
    return rows


class _Reader:
    """Rows → entries, with the cell of each value."""

    def __init__(
        self,
        name: str,
        sheet: str,
        table: Table,
        decimals: str,
        names: Names,
        rows: Rows,
    ) -> None:
        self.name, self.sheet, self.table, self.decimals = name, sheet, table, decimals
        self.names, self.rows = names, rows

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
        self.entry(values, spans, given, number, columns)

    def entry(
        self,
        values: dict[str, Value],
        spans: dict[str, Span],
        given: Mapping[str, Cell],
        number: int,
        columns: Mapping[str, int],
    ) -> None:
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
        self.as_shown(values, given, number, columns)
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

    def as_shown(
        self, values: dict[str, Value], given: Mapping[str, Cell], row: int, columns: Mapping[str, int]
    ) -> None:
        """Numbers with the decimals and in the scale that the sheet shows, where the YAML asks for no other digits."""
        numbers = {k: v for k in _NUMBERS if isinstance(v := values.get(k), Decimal) and k in given}
        in_percent = [key for key in numbers if given[key].shown.percent]
        if in_percent and "unit" not in values and "percent" in self.names.words.get("unit", {}).values():
            values["unit"] = Text("percent", self.span(row, columns[in_percent[0]]), "percent")
        unit = values.get("unit")
        for key in in_percent if unit not in (None, "percent", "points") else ():
            message = f'is shown in per cent, and its unit is "{unit}"'
            self.refuse(row, columns[key], message, "give it the unit percent, or another format")
        for key in numbers:
            scale = given[key].shown.scale
            if scale == 1:
                continue
            span = self.span(row, columns[key])
            as_seen = f"{span.cell} is shown as {(numbers[key] / scale).normalize():f}, divided by {scale:,}"
            if unit is None:
                message = f"{as_seen}, and has no unit that says so: it is printed in full"
                hint = "give it a unit, such as million-euro; or format it in full"
                self.rows.problems.append(found("shown-scale", message, hint, span))
            elif self.names.times.get(str(unit)) == scale:
                numbers[key] = numbers[key] / scale
            else:
                message = f'{as_seen}, and its unit "{unit}" does not count in {scale:,}'
                hint = f"give it a unit that does (`times: {scale}` in layouts/labels); or format it in full"
                self.rows.problems.append(Diagnostic("bad-cell", message, hint, span))
        if "digits" not in values:
            wanted = {
                key: decimals
                for key in numbers
                if (decimals := given[key].shown.decimals) is not None
                and (given[key].shown.scale == 1 or unit is not None)
            }
            coarser = {key: rounded(numbers[key], decimals) for key, decimals in wanted.items()}
            loses = any(numbers[key] != number for key, number in coarser.items())
            if loses and len(set(wanted.values())) == 1 and len(wanted) == len(numbers):
                values["digits"] = next(iter(wanted.values()))  # exact, for formulas, and rounded in print
            else:
                numbers |= coarser
        values |= numbers

    def value(self, key: str, cell: Cell, row: int, column: int) -> Value:
        if key in _NUMBERS:
            return self.number(cell, row, column)
        if key in _YEARS:
            return self.year(cell, row, column)
        if key == "digits":
            digits = self.number(cell, row, column)
            return int(digits) if digits is not None and digits == int(digits) else digits
        if isinstance(cell.value, datetime | date):
            text = cell.value.isoformat()[:10]
        elif isinstance(cell.value, float):
            text = f"{cell.value:.{_SHEET_DIGITS}g}"
        else:
            text = " ".join(str(cell.value).replace("\u00a0", " ").split())
        text = self.names.words.get(key, {}).get(flat(text), text)
        return Text(text, self.span(row, column), text)

    def number(self, cell: Cell, row: int, column: int) -> Decimal | None:
        value = cell.value
        if isinstance(value, bool | datetime | date):
            self.refuse(row, column, f"holds {value}, and a number is wanted", "write the number, and format it as one")
            return None
        if isinstance(value, int | float | Decimal):
            exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_SHEET_DIGITS}g}")
            if not exact.is_finite():
                self.refuse(row, column, f"holds {value}", "write the number")
                return None
            if cell.shown.hidden:
                hint = "format it so that it shows, or empty the cell"
                self.refuse(row, column, f"holds {value}, and the sheet shows no number there", hint)
                return None
            return _plain(exact * 100 if cell.shown.percent else exact)
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
        if isinstance(value, float) and value.is_integer():
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
    value = value.normalize(WIDE)
    return value.quantize(Decimal(1), context=WIDE) if int(value.as_tuple().exponent) > 0 else value
