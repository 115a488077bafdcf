"""Small bars of the years at the end of a row, as tall as its numbers: how it went, at a glance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from builder.content.dataset import Series
from builder.model.table import HeadCell, SheetTable, TableCell, TableColumn

# The key of the column that has them; no column of a sheet is called so.
SPARK = "·spark"
# A bar's width, the space behind it, and the height of the tallest, in mm.
_WIDE, _APART, _HIGH = 1.5, 0.5, 3.4
# Of the tallest so much at least, in mm: what is hardly anything is seen, and nothing is not.
_LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in its cell: where it stands from the left and the foot, and its height, in mm; `last` stands out.

    `negative` ones hang below the line of zero.
    """

    left: float
    bottom: float
    height: float
    last: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Spark:
    """The bars of a row, how wide they stand together, in mm, and the name of the word for how it goes.

    `zero` is where their line of zero stands, in mm from the foot.
    """

    bars: tuple[Bar, ...]
    width: float
    zero: float
    trend: str


def with_sparks(table: SheetTable, head: str) -> SheetTable:
    """The table with a column more, in which each row has its bars."""
    column = HeadCell(head, len(table.columns), 1, len(table.heads))
    heads = tuple((*row, column) if number == 0 else row for number, row in enumerate(table.heads))
    rows = tuple(replace(row, cells=(*row.cells, TableCell(None))) for row in table.rows)
    return replace(table, heads=heads, columns=(*table.columns, TableColumn(SPARK, head, "words")), rows=rows)


def sparks(table: SheetTable) -> tuple[Spark | None, ...]:
    """The bars of each row: of its years, or of all its numbers; None where fewer than two are known."""
    at = compared(table)
    return tuple(_spark(tuple(row.cells[one].value for one in at)) for row in table.rows)


def compared(table: SheetTable) -> tuple[int, ...]:
    """The columns whose numbers stand beside each other: those of years, else all of numbers."""
    return table.dated or tuple(at for at, one in enumerate(table.columns) if one.role == "numbers")


def _spark(values: tuple[Decimal | None, ...]) -> Spark | None:
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = (float(of([Decimal(0), *(value for _, value in known)])) for of in (min, max))
    scale = _HIGH / ((high - low) or 1.0)
    foot = -low * scale
    bars = []
    for at, value in known:
        tall = max(abs(float(value)) * scale, _LEAST if value else 0.0)
        bars.append(
            Bar(
                at * (_WIDE + _APART),
                foot - (tall if value < 0 else 0.0),
                tall,
                last=at == known[-1][0],
                negative=value < 0,
            )
        )
    width = len(values) * (_WIDE + _APART) - _APART
    return Spark(tuple(bars), width, foot, Series("", values).trend)
