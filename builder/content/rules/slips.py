"""Slips in the numbers of a table that its other numbers betray: changes, shares, tens and thousands, signs, years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median

from builder.content.number_format import rounded
from builder.content.numbers import decimal
from builder.content.rules.table import found
from builder.content.sheets.roles import change, ends, in_percent
from builder.model.diagnostics import Diagnostic
from builder.model.table import SheetTable, TableCell, TableColumn, TableRow

# What most rows of a column show, the others should too: so many rows at least, and this part of all.
_LEAST, _PART = 2, 0.6
# A number is ten, a hundred, … times too large or small where, so corrected, it lies among the others of its row
# (between 0.7 of the least and 1.4 of the most), and these are no further apart than three times.
_POWERS, _LOW, _HIGH, _SPREAD = (1, 2, 3, 6), Decimal("0.7"), Decimal("1.4"), 3
# That takes so many other years.
_YEARS = 3


def slip_findings(table: SheetTable, name: str, language: str) -> Iterator[Diagnostic]:
    """All that one table's numbers say against each other, but for sums."""
    yield from _years(table, name)
    for at, column in enumerate(table.columns):
        if column.role == "change":
            yield from _changes(table, at, name, language)
        elif in_percent(column):
            yield from _shares(table, at, name, language)
    yield from _thousands(table, name)
    for row in table.rows:
        if row.kind == "row":
            yield from _outliers(table, row, name, language)


def _years(table: SheetTable, name: str) -> Iterator[Diagnostic]:
    """Columns of years stand in order, each once, below one head."""
    years = [year for at in table.dated if (year := table.columns[at].year) is not None]
    for one, other in pairwise(table.dated):
        if other == one + 1 and table.columns[one].head == table.columns[other].head:
            span = next((row.cells[other].span for row in table.rows), None)
            message = f'in the table "{name}", two columns beside each other are headed {table.columns[one].head}'
            yield found("table-years", message, "mend the head of one of them", span)
    if len(table.series) > 1 or len(years) < 3:
        return
    if years not in (sorted(years), sorted(years, reverse=True)):
        up = sum(b > a for a, b in pairwise(years)) * 2 >= len(years) - 1
        at = next(n for n in range(1, len(years)) if (years[n] > years[n - 1]) != up)
        span = next((row.cells[table.dated[at]].span for row in table.rows), None)
        message = f'in the table "{name}", the column {years[at]} stands after {years[at - 1]}'
        yield found("table-years", message, "put the years in order, or mend the head", span)


def _changes(table: SheetTable, at: int, name: str, language: str) -> Iterator[Diagnostic]:
    """A column of changes says of all rows what it says of most: from which year to which."""
    column = table.columns[at]
    votes: dict[bool, list[tuple[TableRow, Decimal, Decimal, bool]]] = {True: [], False: []}
    step = Decimal(1).scaleb(-column.decimals)
    for row in table.rows:
        written = row.cells[at].value
        for begin, end, whole in ends(row, table.columns, at) if written is not None else ():
            if begin.value is None or end.value is None or written is None:
                continue
            came = change(begin.value, end.value, percent=in_percent(column), decimals=column.decimals)
            if came is not None:
                held = abs(rounded(written, column.decimals) - came) <= step
                votes[whole].append((row, written, came, held))
    best = max((True, False), key=lambda whole: sum(held for *_, held in votes[whole]))
    right = sum(held for *_, held in votes[best])
    if right < _LEAST or right < len(votes[best]) * _PART:
        return
    for row, written, came, held in votes[best]:
        if not held:
            said, comes = (decimal(rounded(value, column.decimals), language) for value in (written, came))
            message = f'in the table "{name}", {row.label}: the change is {said}, and its years give {comes}'
            hint = "look at its first and last year, and at the base of the per cent"
            yield found("table-change", message, hint, row.cells[at].span)


def _shares(table: SheetTable, at: int, name: str, language: str) -> Iterator[Diagnostic]:
    """Parts of a hundred: of the numbers beside them in most rows, they are so in all."""
    column = table.columns[at]
    step = Decimal(1).scaleb(-column.decimals)
    for beside in (n for n in (at - 1, at + 1) if 0 <= n < len(table.columns)):
        if in_percent(table.columns[beside]) or table.columns[beside].role not in ("numbers", "total"):
            continue
        rows = [row for row in table.rows if row.kind == "row" and row.cells[beside].value is not None]
        whole = sum((row.cells[beside].value or Decimal(0) for row in rows), Decimal(0))
        if not whole:
            continue
        held, others = 0, list[tuple[TableRow, Decimal, Decimal]]()
        for row in rows:
            part, written = row.cells[beside].value, row.cells[at].value
            if part is None or written is None:
                continue
            share = rounded(part * 100 / whole, column.decimals)
            if abs(share - rounded(written, column.decimals)) <= step:
                held += 1
            else:
                others.append((row, written, share))
        if held >= _LEAST and held >= (held + len(others)) * _PART:
            for row, written, share in others:
                said, comes = (decimal(rounded(value, column.decimals), language) for value in (written, share))
                message = f'in the table "{name}", {row.label} is {said}%, and it is {comes}% of the whole'
                hint = "look at the number beside it, and at what it is a part of"
                yield found("table-share", message, hint, row.cells[at].span)


def _thousands(table: SheetTable, name: str) -> Iterator[Diagnostic]:
    """A column of a year in another unit than the others: thousands, and not euro."""
    for dated in table.series:
        if len(dated) >= _YEARS:
            yield from _other_unit(table, dated, name)


def _other_unit(table: SheetTable, dated: Sequence[int], name: str) -> Iterator[Diagnostic]:
    for at in dated:
        ratios = []
        for row in table.rows:
            own = row.cells[at].value
            others = [abs(value) for n in dated if n != at and (value := row.cells[n].value)]
            if own and len(others) >= _YEARS - 1:
                ratios.append(abs(own) / median(others))
        if len(ratios) < 3:
            continue
        for power in (3, 6, -3, -6):
            near = [ratio for ratio in ratios if Decimal("0.3") < ratio.scaleb(-power) < 3]
            if len(near) >= len(ratios) * 0.8:
                much = "times" if power > 0 else "parts of"
                size = f"{10 ** abs(power):,} {much}"
                message = f'in the table "{name}", the column {table.columns[at].year} is {size} the others'
                hint = "write it in the unit of the others"
                yield found(
                    "table-slip", message, hint, next(row.cells[at].span for row in table.rows if row.cells[at].value)
                )
                break


def _outliers(table: SheetTable, row: TableRow, name: str, language: str) -> Iterator[Diagnostic]:
    """A number that is ten times, or a thousandth, of what the other years of its row let one expect; a lost sign."""
    for series in table.series:
        yield from _outlying(row, [(table.columns[at], row.cells[at]) for at in series], name, language)


def _outlying(
    row: TableRow, series: Sequence[tuple[TableColumn, TableCell]], name: str, language: str
) -> Iterator[Diagnostic]:
    for column, cell in series:
        others = [one.value for _, one in series if one is not cell and one.value]
        if len(others) < _YEARS or not cell.value:
            continue
        if reason := _slip(cell.value, others):
            said = decimal(rounded(cell.value, column.decimals), language)
            message = f'in the table "{name}", {row.label}, {column.year} is {said}: {reason}'
            hint = "hold it against the source; if it is right, waive this finding and say why"
            yield found("table-slip", message, hint, cell.span)


def _slip(value: Decimal, others: Sequence[Decimal]) -> str:
    """What is strange about a number among others, in words; empty where nothing is."""
    sizes = sorted(map(abs, others))
    if sizes[-1] > sizes[0] * _SPREAD or len(f"{sizes[0].normalize():f}".strip("0.-").replace(".", "")) < 2:
        return ""
    low, high = sizes[0] * _LOW, sizes[-1] * _HIGH
    negative = sum(one < 0 for one in others)
    if negative in (0, len(others)) and (value < 0) != (negative > 0) and low <= abs(value) <= high:
        return "the other years have another sign"
    if low / 2 <= abs(value) <= high * 2:
        return ""
    for power in _POWERS:
        for sign in (power, -power):
            if low <= abs(value).scaleb(-sign) <= high:
                return f"{10**power:,} times {'as much as' if sign > 0 else 'less than'} the other years"
    return ""


def years_quoted(cell: TableCell, column: TableColumn, last: int, name: str, row: str) -> Diagnostic:
    """A cell below one year that quotes a number of another."""
    message = f'in the table "{name}", {row}: the column {column.year} quotes a number of {last}'
    return found("table-years", message, "quote the one of that year, or mend the head or the period", cell.span)
