"""Whether what adds up in most places of a table adds up in all: totals, balances, columns that are sums of others.

Nothing has to be set up. How a row follows from those above it is seen from the columns in which it does; where it does
not, there is a slip. Rounding is none: numbers that were rounded before they were added may differ by it everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from builder.content.numbers import decimal
from builder.content.rules.suspects import copied, likely, nearer, slip
from builder.content.rules.table import found
from builder.model.diagnostics import Diagnostic
from builder.model.table import SheetTable, TableCell

# What a sum follows from: each row or column above it, and whether it is added (1) or taken away (-1).
_Parts: TypeAlias = tuple[tuple[int, int], ...]
# A row that nothing calls a total is one where it adds up in so many places, and in this part of all.
_LEAST, _MOST_PART = 3, 0.6
# So many parts does a sum have at most that nothing calls a sum, and that does not stand last.
_MANY = 30
# A plain total that adds up nowhere was meant to, where it is nearer to its parts than this part of it.
_NEAR = Decimal("0.2")
_PLAIN = re.compile(
    r"(?:totale?|total|gesamt|insgesamt|summe|sum|somma)(?: (?:generale|complessivo|general|overall))?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, or a column: what it is called, what it is, and its cells along the others; `dated` ones are of a year."""

    label: str
    kind: str
    level: int
    cells: tuple[TableCell, ...]
    dated: bool = False


def sum_findings(table: SheetTable, name: str, language: str, tolerance: Decimal | None = None) -> Iterator[Diagnostic]:
    """Sums of rows, and of columns, that are not those of their parts."""
    numeric = [at for at, one in enumerate(table.columns) if one.role in ("numbers", "total", "share")]
    heads = [table.columns[at].head or table.columns[at].key for at in numeric]
    rows = [_Line(row.label, row.kind, row.level, tuple(row.cells[at] for at in numeric)) for row in table.rows]
    digits = [table.columns[at].decimals for at in numeric]
    yield from _Sums(rows, heads, lambda at: digits[at], name, language, tolerance).findings()
    across = [at for at in numeric if table.columns[at].role != "share" and not table.columns[at].percent]
    columns = [
        _Line(
            table.columns[at].head,
            "total" if table.columns[at].role == "total" else "row",
            0,
            tuple(row.cells[at] for row in table.rows),
            table.columns[at].year is not None,
        )
        for at in across
    ]
    labels = [row.label for row in table.rows]
    finest = max((table.columns[at].decimals for at in across), default=0)
    yield from _Sums(columns, labels, lambda _: finest, name, language, tolerance, across=True).findings()


class _Sums:
    def __init__(
        self,
        lines: Sequence[_Line],
        places: Sequence[str],
        digits: Callable[[int], int],
        name: str,
        language: str,
        tolerance: Decimal | None,
        *,
        across: bool = False,
    ) -> None:
        self._lines, self._places, self._digits = lines, places, digits
        self._name, self._language, self._tolerance, self._across = name, language, tolerance, across
        self._rows, self._totals, self._groups = (
            [at for at, one in enumerate(lines) if one.kind == kind] for kind in ("row", "total", "group")
        )
        self._filled = [at for at, one in enumerate(lines) if one.kind != "group"]

    def findings(self) -> Iterator[Diagnostic]:
        for at, line in enumerate(self._lines):
            others = line.dated or at < len(self._lines) - 1  # a year is no sum of others
            if line.kind == "group" or (self._across and line.kind != "total" and others):
                continue
            best = max(self._relations(at), key=lambda parts: (self._held(at, parts), len(parts)), default=None)
            if best is not None:
                yield from self._slips(at, line, best)

    def _relations(self, at: int) -> Iterator[_Parts]:
        """What a line may be the sum of."""
        rows, totals, filled, groups = self._rows, self._totals, self._filled, self._groups
        group = _last(groups, at)
        begin = max(_last(totals, at), group)
        candidates = [
            self._since(rows, begin, at),
            self._since(rows, 0, at),
            self._since(totals, 0, at),
            self._since(filled, group, at),
            self._since(filled, begin - 1, at),
        ]
        level, after = self._lines[at].level, at + 1
        while after < len(self._lines) and self._lines[after].level > level:
            after += 1
        candidates.append([n for n in range(at + 1, after) if self._lines[n].level == level + 1])
        if self._lines[at].kind == "total":  # a total above its parts
            stop = next((n for n in range(at + 1, len(self._lines)) if self._lines[n].kind != "row"), len(self._lines))
            candidates.append(list(range(at + 1, stop)))
        for parts in dict.fromkeys(tuple(one) for one in candidates if len(one) > 1):
            yield tuple((n, 1) for n in parts)
        for ones in (filled, totals):
            end = bisect_left(ones, at)
            if end > 1:
                yield ((ones[end - 2], 1), (ones[end - 1], -1))

    def _since(self, ones: Sequence[int], begin: int, at: int) -> Sequence[int]:
        """Those of some lines that stand between two; none where they are many and nothing says that this is a sum."""
        first, end = bisect_left(ones, begin), bisect_left(ones, at)
        said = self._lines[at].kind == "total" or at == len(self._lines) - 1
        return ones[first:end] if said or end - first <= _MANY else ()

    def _difference(self, at: int, parts: _Parts, place: int) -> Decimal | None:
        """By how much a line differs from its parts in one place; None where that cannot be told."""
        total = self._lines[at].cells[place].value
        known = [(self._lines[n].cells[place].value, sign) for n, sign in parts]
        values = [value * sign for value, sign in known if value is not None]
        if total is None or len(values) < 2 or not any(values):
            return None
        return total - sum(values, Decimal(0))

    def _slack(self, parts: _Parts, place: int) -> Decimal:
        """What rounding of the parts may come to."""
        if self._tolerance is not None:
            return self._tolerance
        return Decimal(len(parts) + 1) / 2 * Decimal(1).scaleb(-self._digits(place))

    def _held(self, at: int, parts: _Parts) -> int:
        """In how many places it adds up: to the last digit, or nearly to it where rounding plays a part."""
        found = [(place, self._difference(at, parts, place)) for place in range(len(self._places))]
        return sum(one is not None and abs(one) <= self._slack(parts, place) for place, one in found)

    def _slips(self, at: int, line: _Line, parts: _Parts) -> Iterator[Diagnostic]:
        known = [
            (place, one)
            for place in range(len(self._places))
            if (one := self._difference(at, parts, place)) is not None
        ]
        exact = sum(one == 0 for _, one in known)
        held = sum(abs(one) <= self._slack(parts, place) for place, one in known)
        called = line.kind == "total"
        enough = held >= (1 if called else _LEAST) and held >= len(known) * (0.5 if called else _MOST_PART)
        if not enough:
            if called and _PLAIN.fullmatch(line.label.strip()) and not held:
                known = [(place, one) for place, one in known if _nearly(line.cells[place], one)]
                exact = 0
            else:
                return
        strict = self._tolerance is None and exact >= max(2, len(known) * _MOST_PART)
        for place, one in known:
            if (abs(one) > self._slack(parts, place)) or (strict and one != 0):
                yield self._suspected(at, place, one, parts) or self._said(at, line, place, one)

    def _suspected(self, at: int, place: int, difference: Decimal, parts: _Parts) -> Diagnostic | None:
        """The one number with which it would add up, had it not been mistyped or copied from elsewhere."""
        suspects: list[tuple[int, Decimal, Decimal, str]] = []
        for number, sign in (*parts, (at, -1)):
            value = self._lines[number].cells[place].value
            if value is None or not likely(right := value + difference * sign, self._others(number, place)):
                continue
            if reason := slip(value, right, self._digits(place)) or self._copied(number, place, value):
                suspects.append((number, value, right, reason))
        if len(suspects) > 1:
            suspects = [one for one in suspects if nearer(one[1], one[2], self._beside(one[0], place))]
        if len(suspects) != 1:
            return None
        ((number, value, right, reason),) = suspects
        was, mended = (decimal(one, self._language) for one in (value, right))
        where, total = self._where(number, place), self._lines[at].label or str(at + 1)
        message = f'in the table "{self._name}", {where} is {was}: {reason}? With {mended}, {total} adds up'
        return found("table-sum", message, "hold it against the source", self._lines[number].cells[place].span)

    def _others(self, number: int, place: int) -> list[Decimal]:
        """The other numbers of a line."""
        cells = self._lines[number].cells
        return [one.value for at, one in enumerate(cells) if at != place and one.value is not None]

    def _beside(self, number: int, place: int) -> list[Decimal]:
        """The numbers on both sides of one in its line."""
        cells = (
            self._lines[number].cells[max(0, place - 1) : place + 2 : 2] if place else self._lines[number].cells[1:2]
        )
        return [one.value for one in cells if one.value is not None]

    def _copied(self, number: int, place: int, value: Decimal) -> str:
        """From which other place or line a number may have been copied, in words."""
        along = [one.value for at, one in enumerate(self._lines[number].cells) if at != place]
        if (at := copied(value, along)) is not None:
            return f"it is that of {self._places[at + (at >= place)]}"
        beside = [one.cells[place].value for at, one in enumerate(self._lines) if at != number]
        if (at := copied(value, beside)) is not None:
            return f"it is that of {self._lines[at + (at >= number)].label}"
        return ""

    def _where(self, number: int, place: int) -> str:
        label = self._lines[number].label or str(number + 1)
        return f"{self._places[place]}, {label}" if self._across else f"{label}, {self._places[place]}"

    def _said(self, at: int, line: _Line, place: int, difference: Decimal) -> Diagnostic:
        cell = line.cells[place]
        assert cell.value is not None
        total, parts = (decimal(value, self._language) for value in (cell.value, cell.value - difference))
        message = f'in the table "{self._name}", {self._where(at, place)} is {total}, and its parts come to {parts}'
        hint = "look for the digit that is wrong here or in its parts; if they were rounded before, give a `tolerance`"
        return found("table-sum", message, hint, cell.span)


def _last(ones: Sequence[int], at: int) -> int:
    """The line after the last of some lines before one; the first, where there is none."""
    before = bisect_left(ones, at)
    return ones[before - 1] + 1 if before else 0


def _nearly(total: TableCell, difference: Decimal) -> bool:
    return abs(difference) <= abs(total.value or Decimal(0)) * _NEAR
