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
from functools import partial
from itertools import permutations
from typing import TypeAlias

from builder.content.numbers import decimal
from builder.content.rules.headed import headed
from builder.content.rules.suspects import copied, likely, nearer, slip
from builder.content.rules.table import found
from builder.content.sheets.roles import in_percent
from builder.model.diagnostics import Diagnostic
from builder.model.table import SheetTable, TableCell

# What a sum follows from: each row or column above it, and whether it is added (1) or taken away (-1).
_Parts: TypeAlias = tuple[tuple[int, int], ...]
# A row that nothing calls a total is one where it adds up in so many places, and in this part of all.
_LEAST, _MOST_PART = 3, 0.6
# So many parts does a sum have at most that nothing calls a sum, and that does not stand last.
_MANY = 30
# A column is the difference of two of so many before it.
_NEAREST = 4
# A plain total that adds up nowhere was meant to, where it is nearer to its parts than this part of it.
_NEAR = Decimal("0.2")
_PLAIN = re.compile(
    r"(?:totale?|total|gesamt|insgesamt|summe|sum|somma)(?: (?:generale|complessivo|general|overall))?\W*",
    re.IGNORECASE,
)
# Rows that are the difference of others, in the languages of offices.
_BALANCE = re.compile(
    r"(?:saldo|avanzo|disavanzo|risultato|balance|net|result|surplus|deficit|ergebnis|überschuss|solde|résultat|resultado)\b",
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
    numeric = [
        at
        for at, one in enumerate(table.columns)
        if one.role == "share" or (one.role in ("numbers", "total") and not one.percent)
    ]
    heads = [table.columns[at].head or table.columns[at].key for at in numeric]
    rows = [_Line(row.label, row.kind, row.level, tuple(row.cells[at] for at in numeric)) for row in table.rows]
    digits = [table.columns[at].decimals for at in numeric]
    yield from _Sums(rows, heads, lambda at: digits[at], name, language, tolerance).findings()
    across = [at for at in numeric if table.columns[at].role != "share"]
    if not table.dated:  # a change that is of no years is a difference: variance, balance
        changes = (at for at, one in enumerate(table.columns) if one.role == "change" and not in_percent(one))
        across = sorted((*across, *changes))
    columns = [
        _Line(
            table.columns[at].head,
            {"total": "total", "change": "change"}.get(table.columns[at].role, "row"),
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
        values = [[cell.value for cell in lines[at].cells] for at in self._rows]
        slack = [Decimal(1).scaleb(-digits(place)) * 2 for place in range(len(places))]
        self._headed = (
            {}
            if across
            else {
                self._rows[at]: tuple((self._rows[one], 1) for one in parts)
                for at, parts in headed(values, slack).items()
            }
        )
        taken = {number for parts in self._headed.values() for number, _ in parts}
        self._tops = [at for at in self._rows if at not in taken] if self._headed else []

    def findings(self) -> Iterator[Diagnostic]:
        known = list(self._known())
        # A row that is part of what holds everywhere heads nothing: opening, new and repaid make closing.
        safe = {n for at, parts in known if self._held(at, parts) == self._places_of(at, parts) for n, _ in parts}
        for at, parts in known:
            if self._headed.get(at) != parts or at not in safe:
                yield from self._slips(at, self._lines[at], parts)

    def _places_of(self, at: int, parts: _Parts) -> int:
        return sum(self._difference(at, parts, place) is not None for place in range(len(self._places)))

    def _known(self) -> Iterator[tuple[int, _Parts]]:
        """Each line that may be a sum, and what it is most likely the sum of."""
        for at, line in enumerate(self._lines):
            others = line.dated or at < len(self._lines) - 1  # a year is no sum of others
            if line.kind == "group" or (self._across and line.dated):
                continue
            if self._across and line.kind != "total" and (others or line.kind == "change"):
                relations = self._differences(at)
            else:
                relations = self._relations(at)
            best = max(relations, key=partial(self._rank, at), default=None)
            if best is not None:
                yield at, best

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
            self._since(self._tops, 0, at),
            self._since([n for n in rows if self._is_balance(n)], 0, at) if self._is_balance(at) else (),
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
        if at in self._headed:
            yield self._headed[at]
        yield from self._differences(at)

    def _differences(self, at: int) -> Iterator[_Parts]:
        """What a line may be the difference of: of the two before it, or opening and new less what is gone."""
        for ones in (self._filled, self._totals):
            end = bisect_left(ones, at)
            if end > 1:
                before, last = ones[end - 2 : end]
                yield ((before, 1), (last, -1))
            if self._across:
                yield from (
                    ((one, 1), (other, -1)) for one, other in permutations(ones[max(0, end - _NEAREST) : end], 2)
                )
            if end > 2:
                yield ((ones[end - 3], 1), (ones[end - 2], 1), (ones[end - 1], -1))

    def _rank(self, at: int, parts: _Parts) -> tuple[int, bool, int]:
        """How likely a line is the sum of these: by where it holds, as what it is called, and by how many they are."""
        taken = any(sign < 0 for _, sign in parts)
        return self._held(at, parts), self._is_balance(at) and taken, -len(parts) if taken else len(parts)

    def _is_balance(self, at: int) -> bool:
        return not self._across and _BALANCE.match(self._lines[at].label.strip()) is not None

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
        called = line.kind == "total" or self._is_balance(at)
        indented = all(self._lines[n].level > line.level for n, _ in parts)
        least = 1 if called else _LEAST - indented
        enough = held >= least and held >= len(known) * (0.5 if called else _MOST_PART)
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
