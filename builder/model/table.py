"""Tables as they are printed: rows and columns of an office's sheet, or typed, with the place of each cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, TypeAlias

from builder.model.diagnostics import Span

# A row of numbers, of sums of others, or words over the rows that follow.
RowKind: TypeAlias = Literal["row", "total", "group"]
# What a column holds: words; numbers; how they change from year to year; parts of a whole in per cent; sums of others.
ColumnRole: TypeAlias = Literal["words", "numbers", "change", "share", "total"]


@dataclass(frozen=True, slots=True)
class TableCell:
    """What stands in a cell: a number as exact as the sheet has it, or words (`value` None); `mark` leads to a note.

    `change` are the numbers from which and to which there is a change that no per cent can say. `currency`
    is the sign that stands with it, `scale` what the sheet divides it by, `digits` its own number of decimals. A zero
    has `words` where the sheet shows a dash.
    """

    value: Decimal | None
    words: str = ""
    span: Span | None = None
    mark: str = ""
    percent: bool = False
    decimals: int = 0
    bold: bool = False
    change: tuple[Decimal, Decimal] | None = None
    currency: str = ""
    scale: int = 1
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of the header: its first column (from 0), and over how many columns and rows it stands."""

    words: str
    at: int = 0
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`key` is its name; `year` is that of its header. All its numbers are printed with `decimals`.

    `currency` is the sign that its sheet shows with them, where it is one and the same.
    """

    key: str
    head: str
    role: ColumnRole
    year: int | None = None
    percent: bool = False
    decimals: int = 0
    currency: str = ""

    @property
    def numbers(self) -> bool:
        """Whether it holds numbers of any kind."""
        return self.role != "words"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells in the order of the columns, of which the first are its labels; `level` is its indent."""

    key: str
    label: str
    kind: RowKind
    cells: tuple[TableCell, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table: its header row by row, its columns, its rows, and the words above and below it in the sheet.

    `units` are names of units by the keys of rows and columns; by an empty one, that of all other numbers. `year` is
    that of a sheet which is called so.
    """

    heads: tuple[tuple[HeadCell, ...], ...]
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None

    @property
    def labels(self) -> int:
        """How many columns at the left hold words that name the rows."""
        return max(1, next((at for at, one in enumerate(self.columns) if one.numbers), len(self.columns)))

    @property
    def dated(self) -> tuple[int, ...]:
        """The columns that hold the numbers of a year, by number."""
        return tuple(at for at, one in enumerate(self.columns) if one.year is not None and one.role == "numbers")

    @property
    def series(self) -> tuple[tuple[int, ...], ...]:
        """The columns of years as they belong together: where a year stands a second time, another series begins."""
        runs = list[list[int]]()
        for at in self.dated:
            if not runs or self.columns[at].year in (self.columns[one].year for one in runs[-1]):
                runs.append([])
            runs[-1].append(at)
        return tuple(map(tuple, runs))

    @property
    def added(self) -> tuple[int, ...]:
        """The rows, by number, that add up to the whole: no sums, and no details of a row above them."""
        found, above = [], list[TableRow]()
        for at, row in enumerate(self.rows):
            while above and above[-1].level >= row.level:
                above.pop()
            if row.kind == "row" and not (above and above[-1].kind == "row"):
                found.append(at)
            above.append(row)
        return tuple(found)

    def unit(self, row: TableRow, column: TableColumn, cell: TableCell | None = None) -> str | None:
        """The unit of a cell, by name: per cent, or that of its row, its column, or the table."""
        if column.percent or (cell is not None and cell.percent):
            return "percent"
        return self.units.get(row.key) or self.units.get(column.key) or self.units.get("")

    def at(self, row: str, column: str) -> tuple[TableRow, TableColumn, TableCell] | None:
        """The cell of these keys, with its row and column."""
        for one in self.rows:
            if one.key == row:
                for head, cell in zip(self.columns, one.cells, strict=True):
                    if head.key == column:
                        return one, head, cell
        return None

    def without(self, gone: Collection[int]) -> SheetTable:
        """The table without some of its columns, by number."""
        if not gone:
            return self
        kept = [at for at in range(len(self.columns)) if at not in gone]
        heads = []
        for row in self.heads:
            cells = []
            for cell in row:
                left = [at for at in range(cell.at, cell.at + cell.across) if at not in gone]
                if left:
                    cells.append(replace(cell, across=len(left), at=kept.index(left[0])))
            heads.append(tuple(cells))
        rows = tuple(replace(row, cells=tuple(row.cells[at] for at in kept)) for row in self.rows)
        return replace(self, heads=tuple(heads), columns=tuple(self.columns[at] for at in kept), rows=rows)
