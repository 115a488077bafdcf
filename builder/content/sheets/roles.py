"""What the columns of a table hold: years, changes, parts, sums; and changes worked out where a sheet has errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from builder.content.number_format import rounded
from builder.content.rules.table import found
from builder.content.sheets.read import FAULT
from builder.model.columns import ColumnRoles, Heads
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Text
from builder.model.spelling import flat
from builder.model.table import ColumnRole, SheetTable, TableCell, TableColumn, TableRow

# How heads of changes, parts and sums begin or read, in the languages of reports, without accents and capitals.
_CHANGE = re.compile(
    r"^[%δ±]|\bvariaz|\bincrement|\bdecrement|\bscostament|\bchange\b|veranderung|\bvar\b|∆"
    r"|\bdiff(?:\.|erenz[ae]|erences?|erenzen|erencias?)?(?!\w)"
)
_SHARE = re.compile(
    r"\bquota\b|\bincidenza\b|\bshare\b|anteil|composizione|\bpercentage of\b"
    r"|(?<!\w)% (?:sul|del|of|am|vom|du|des|de)\b"
)
_YEARS = re.compile(r"\s*((?:19|20)\d\d)\s*(?:[-–/]\s*((?:19|20)\d\d)\s*)?")
_NO_ROLES = ColumnRoles()
# So many numbers add up to a total by no chance.
_NO_CHANCE = 4
# A column says changes where this part of its numbers are some.
_MOST_PART = 0.5
_TOTAL = re.compile(r"^(?:totale?|gesamt|summe|somma|sum|insgesamt)\b")


def understood(
    table: SheetTable, problems: Sequence[Diagnostic], roles: ColumnRoles = _NO_ROLES
) -> tuple[SheetTable, tuple[Diagnostic, ...]]:
    """A table as it was read, with what its columns hold and its changes worked out; and what is still wrong.

    Columns that `roles` leave out are gone, when the changes are worked out.
    """
    whole = worked_out(_with_totals(with_roles(table, roles)))
    chosen, gone = _chosen(whole, roles)
    mended = (_faults(table) - _faults(whole)) | gone
    left = [one for one in problems if one.span not in mended]
    return chosen, (*left, *_without_base(whole, chosen, gone))


def _without_base(whole: SheetTable, chosen: SheetTable, gone: frozenset[Span | None]) -> Iterator[Diagnostic]:
    """Columns of changes that go from or to a year which is not printed."""
    for at, column in enumerate(whole.columns):
        if column.role != "change" or column not in chosen.columns:
            continue
        over = over_all(whole, at)
        for row in whole.rows:
            compared = [(base, end) for base, end, every in ends(row, whole.columns, at) if every is over]
            if any(one.span in gone for pair in compared for one in pair):
                message = f'the column "{column.head}" says a change from or to a year that is not printed'
                hint = "print that year too, or leave the column out with `without`"
                yield found("table-change", message, hint, row.cells[at].span)
                break


def _with_totals(table: SheetTable) -> SheetTable:
    """Rows that add up those above them are totals, whatever they are called: "All grades"."""
    counted = [at for at, one in enumerate(table.columns) if one.role == "numbers" and not one.percent]
    rows = list(table.rows)
    above, flat_above = {at: _Sum() for at in counted}, True
    for at, row in enumerate(rows):
        total = row.kind == "row" and row.level == 0 and flat_above and _adds_up(row, above)
        if total:
            rows[at] = replace(row, kind="total")
        if total or row.kind != "row":
            above, flat_above = {place: _Sum() for place in counted}, True
            continue
        flat_above = flat_above and row.level == 0
        for place in counted:
            above[place].add(row.cells[place].value)
    return replace(table, rows=tuple(rows))


@dataclass(slots=True)
class _Sum:
    """What the numbers of a column come to so far, how many there are, and how many of them are not zero."""

    value: Decimal = Decimal(0)
    known: int = 0
    counting: int = 0

    def add(self, value: Decimal | None) -> None:
        if value is not None:
            self.value += value
            self.known += 1
            self.counting += bool(value)


def _adds_up(row: TableRow, above: Mapping[int, _Sum]) -> bool:
    """Whether a row is the sum of others in each of its columns, in so many numbers that it is no chance."""
    said = [(row.cells[at].value, whole) for at, whole in above.items() if row.cells[at].value is not None]
    if any(value != whole.value for value, whole in said):
        return False
    return sum(whole.counting for _, whole in said if whole.known > 1) >= _NO_CHANCE


def listed(heads: Heads) -> tuple[Text, ...]:
    """One head, or several."""
    return (heads,) if isinstance(heads, Text) else heads


def named_by(pattern: str, column: TableColumn) -> bool:
    """Whether a head in the YAML means this column: the words of its head or its key; … stands for any words."""
    parts = [re.escape(flat(part)) for part in re.split(r"…|\.\.\.", pattern)]
    return flat(pattern) == column.key or re.fullmatch(r"\s*.*\s*".join(parts), flat(column.head)) is not None


def years_of(said: Text | int) -> tuple[int, int] | None:
    """The first and last year of 2020-2024; None for what is neither a year nor two."""
    found = _YEARS.fullmatch(str(said))
    return (int(found[1]), int(found[2] or found[1])) if found else None


def _chosen(table: SheetTable, roles: ColumnRoles) -> tuple[SheetTable, frozenset[Span | None]]:
    """The table without the columns that are not wanted, and the places of their cells."""
    wanted = years_of(roles.years) if roles.years is not None else None
    gone = frozenset(
        at
        for at, one in enumerate(table.columns)
        if any(named_by(head, one) for head in listed(roles.without))
        or (wanted is not None and one.year is not None and not wanted[0] <= one.year <= wanted[1])
    )
    spans = frozenset(row.cells[at].span for row in table.rows for at in gone)
    return table.without(gone), spans


def _faults(table: SheetTable) -> frozenset[Span | None]:
    """The places of cells that hold an error."""
    return frozenset(cell.span for row in table.rows for cell in row.cells if cell.words == FAULT)


def with_roles(table: SheetTable, roles: ColumnRoles = _NO_ROLES) -> SheetTable:
    """The table with what its columns hold: as the YAML says, else by their heads."""
    plain = replace(table, columns=tuple(replace(one, role=_role(one, roles)) for one in table.columns))
    if plain.dated:
        return plain
    # Where nothing is of a year, a column that is headed by the sign alone gives parts of a whole.
    parts = (replace(one, role="share") if one.percent and one.head.strip() == "%" else one for one in plain.columns)
    return replace(plain, columns=tuple(parts))


def _role(column: TableColumn, roles: ColumnRoles) -> ColumnRole:
    if not column.numbers:
        return "words"
    given: tuple[tuple[ColumnRole, Heads], ...] = (
        ("change", roles.change),
        ("share", roles.share),
        ("total", roles.total),
    )
    for role, heads in given:
        if any(named_by(one, column) for one in listed(heads)):
            return role
    if column.year is not None:
        return "numbers"
    head = flat(column.head).translate(str.maketrans("àèéìòùäöüΔ", "aeeiouaouδ"))
    if _SHARE.search(head) and column.percent:
        return "share"
    if _CHANGE.search(head):
        return "change"
    return "total" if _TOTAL.search(head) else "numbers"


def ends(row: TableRow, columns: Sequence[TableColumn], at: int) -> Iterator[tuple[TableCell, TableCell, bool]]:
    """From which cells of a row to which the column `at` may say a change: over all years, and over the last one.

    The last is whether it is over all. Years that stand behind the column are none of its own.
    """
    years = list[int]()
    for n, one in enumerate(columns[:at]):
        if one.role == "numbers" and one.year is not None:
            if one.year in (columns[other].year for other in years):  # another series begins
                years = []
            years.append(n)
    if len(years) < 2:
        years = [n for n, one in enumerate(columns[:at]) if one.role == "numbers"]
    if len(years) > 1:
        yield row.cells[years[0]], row.cells[years[-1]], True
        if len(years) > 2:
            yield row.cells[years[-2]], row.cells[years[-1]], False


def change(base: Decimal, end: Decimal, *, percent: bool, decimals: int) -> Decimal | None:
    """The change from one number to another, rounded; None in per cent of what is not above zero."""
    if not percent:
        return rounded(end - base, decimals)
    return rounded((end - base) / base * 100, decimals) if base > 0 else None


def in_percent(column: TableColumn) -> bool:
    """Whether a column of changes is in per cent, by its numbers' format or its head."""
    return column.percent or "%" in column.head


def over_all(table: SheetTable, at: int) -> bool | None:
    """Whether a column of changes is over all years, or over the last one, by most of its numbers; None for neither."""
    votes = {True: 0, False: 0}
    column, asked = table.columns[at], 0
    for row in table.rows:
        written = row.cells[at].value
        compared = list(ends(row, table.columns, at))
        asked += written is not None and any(
            None not in (a.value, b.value) and (a.value or 0) > 0 for a, b, _ in compared
        )
        for begin, end, whole in compared:
            if written is None or begin.value is None or end.value is None:
                continue
            plain, parts = (
                change(begin.value, end.value, percent=one, decimals=column.decimals) for one in (False, True)
            )
            if in_percent(column):
                votes[whole] += rounded(written, column.decimals) == parts
            elif plain != parts:  # ten more than a hundred may be meant either way
                votes[whole] += rounded(written, column.decimals) == plain
    best = votes[True] >= votes[False]
    return best if votes[best] >= min(2, asked) and votes[best] >= asked * _MOST_PART else None


def worked_out(table: SheetTable) -> SheetTable:
    """The table with its changes worked out where the sheet has an error, and those from nothing or less as words.

    Only where other numbers of the column show from when to when it goes: nothing is guessed.
    """
    columns = {
        at: whole
        for at, one in enumerate(table.columns)
        if one.role == "change"
        if (whole := over_all(table, at)) is not None
    }
    rows = []
    for row in table.rows:
        cells = list(row.cells)
        for at, whole in columns.items():
            cells[at] = _changed(row, table, at, whole)
        rows.append(replace(row, cells=tuple(cells)))
    return replace(table, rows=tuple(rows))


def _changed(row: TableRow, table: SheetTable, at: int, whole: bool) -> TableCell:
    cell, column = row.cells[at], table.columns[at]
    begin, end = next((begin, end) for begin, end, over in ends(row, table.columns, at) if over == whole)
    wrong = cell.words == FAULT
    if begin.value is None or end.value is None:
        return replace(cell, words="–") if wrong else cell
    if in_percent(column) and begin.value <= 0 and (wrong or cell.value is not None):
        if begin.value == end.value:
            return replace(cell, value=None, words="–")
        return replace(cell, value=None, words="", change=(begin.value, end.value))
    if not wrong:
        return cell
    value = change(begin.value, end.value, percent=in_percent(column), decimals=column.decimals)
    return replace(cell, value=value, words="", percent=column.percent, decimals=column.decimals)
