"""What the cells of a table print, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.content.numbers import MINUS, decimal, in_table, percent_sign
from builder.model.body import TableBlock
from builder.model.report import Report
from builder.model.spelling import flat
from builder.model.table import SheetTable, TableCell, TableColumn, TableRow
from builder.pages.tables.sparks import SPARK, Spark

# So many rows at the end of a table are not parted from each other.
_LAST = 3
_TONES = 5


@dataclass(frozen=True, slots=True)
class SetCell:
    """What a cell prints, what is said in its place, the mark of a note; and over how many columns and rows it is.

    `tone` is that of a heat table, from 1 to 5; 0 is none. `tail` is the space behind it, in mm, that others of its
    column fill with what follows their figures.
    """

    text: str
    spoken: str = ""
    mark: str = ""
    unit: str = ""
    across: int = 1
    down: int = 1
    number: bool = False
    scope: str = ""
    last: bool = False
    tone: int = 0
    spark: Spark | None = None
    tail: float = 0.0


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row of cells; `look` are its classes: group, total, bold, level-1, keep, carried."""

    cells: tuple[SetCell, ...]
    look: frozenset[str] = frozenset()

    @property
    def level(self) -> int:
        """How deep it is indented."""
        return next((int(one[-1]) for one in self.look if one.startswith("level-")), 0)

    @property
    def strong(self) -> bool:
        """Whether it is set in bold."""
        return not self.look.isdisjoint(("total", "bold", "carried"))


class Printer:
    """Cells → what they print, in the language and units of the report."""

    def __init__(
        self,
        block: TableBlock,
        table: SheetTable,
        report: Report,
        bars: tuple[Spark | None, ...] = (),
        *,
        parentheses: bool,
    ) -> None:
        self._block, self._table, self._report, self._bars = block, table, report, bars
        self._language, self._parentheses = str(report.front.language), parentheses
        marked = (block.highlight,) if isinstance(block.highlight, str | int) else block.highlight
        self._marked = {flat(one) for one in marked}
        self._steps = sorted(
            cell.value
            for row in table.rows
            if row.kind == "row"
            for cell, column in zip(row.cells, table.columns, strict=True)
            if column.role == "numbers" and cell.value is not None
        )

    def unit(self, name: str | None) -> str:
        """The unit as a table says it: in euro; empty where there is none."""
        known = self._report.labels.units.get(name) if name is not None else None
        return "" if known is None else str(self._report.labels.words["in-unit"]).format(unit=known.alone)

    def heads(self) -> Iterator[SetRow]:
        """The header row by row."""
        table = self._table
        for number, row in enumerate(table.heads):
            cells = []
            for cell in row:
                column = table.columns[cell.at]
                alone = number + cell.down == len(table.heads) and cell.across == 1
                unit = self.unit(table.units.get(column.key)) if alone else ""
                scope = "col" if cell.across == 1 else "colgroup"
                end = cell.at + cell.across == len(table.columns)
                cells.append(SetCell(cell.words, "", "", unit, cell.across, cell.down, column.numbers, scope, end))
            yield SetRow(tuple(cells))

    def row(self, at: int) -> SetRow:
        """A row by number."""
        rows = self._table.rows
        row = rows[at]
        look = {str(row.kind)} - {"row"}
        if row.level:
            look.add(f"level-{row.level}")
        if {row.key, flat(row.label)} & self._marked:
            look.add("bold")
        summed = at + 1 < len(rows) and rows[at + 1].kind == "total"  # a sum does not stand alone
        headed = bool(at) and rows[at - 1].kind == "group"
        if summed or headed or len(rows) - at <= _LAST:
            look.add("keep")
        if row.kind == "group":
            over = SetCell(row.label, across=len(self._table.columns), scope="rowgroup", last=True)
            return SetRow((over,), frozenset(look | {"keep"}))
        pairs = enumerate(zip(self._table.columns, row.cells, strict=True))
        return SetRow(tuple(self._cell(row, column, cell, n, at) for n, (column, cell) in pairs), frozenset(look))

    def sums(self) -> tuple[tuple[str, ...], ...]:
        """What is added up with each row, as it is printed behind the labels; empty in columns that do not add up."""
        table, found = self._table, list[tuple[str, ...]]()
        sums: list[Decimal | None] = [None] * len(table.columns)
        added, behind = set(table.added), range(table.labels, len(table.columns))
        adding = [one.role in ("numbers", "total") and not one.percent for one in table.columns]
        for number, row in enumerate(table.rows):
            for at in behind if number in added else ():
                if adding[at] and (value := row.cells[at].value) is not None:
                    sums[at] = value + (sums[at] or 0)
            found.append(tuple(self._sum(sums[at], table.columns[at]) for at in behind))
        return tuple(found)

    def carried(self, word: str, sums: Sequence[str], look: str = "") -> SetRow:
        """A row of sums that are carried from page to page."""
        table = self._table
        label = SetCell(str(self._report.labels.words[word]), across=table.labels, scope="row")
        behind = enumerate(zip(table.columns[table.labels :], sums, strict=True), table.labels + 1)
        cells = [SetCell(text, number=column.numbers, last=at == len(table.columns)) for at, (column, text) in behind]
        return SetRow((label, *cells), frozenset(("carried", look) if look else ("carried",)))

    def _sum(self, value: Decimal | None, column: TableColumn) -> str:
        text = "" if value is None else self._text(TableCell(value), column)
        return f"({text.removeprefix(MINUS)})" if self._parentheses and text.startswith(MINUS) else text

    def _cell(self, row: TableRow, column: TableColumn, cell: TableCell, at: int, number: int) -> SetCell:
        table = self._table
        if column.key == SPARK:
            spark = self._bars[number]
            said = "" if spark is None else str(self._report.labels.words[spark.trend])
            return SetCell("", said, last=at == len(table.columns) - 1, spark=spark)
        text = self._text(cell, column)
        unit = self.unit(table.units.get(row.key)) if at == 0 else ""
        scope = "row" if at < table.labels else ""
        last = at == len(table.columns) - 1
        spoken = self._spoken(row, column, text) if cell.value is not None else ""
        if self._parentheses and text.startswith(MINUS):
            text = f"({text.removeprefix(MINUS)})"
        tone = self._tone(row, column, cell) if self._block.heat else 0
        return SetCell(text, spoken, cell.mark, unit, 1, 1, column.numbers, scope, last, tone)

    def _spoken(self, row: TableRow, column: TableColumn, text: str) -> str:
        """What is said for a number: its own unit, and a minus as a word."""
        words, units = self._report.labels.words, self._report.labels.units
        name = self._table.unit(row, column)
        unit = units.get(name) if name is not None else None
        spoken = text
        if unit is not None and (column.percent or self._table.units.get(row.key)):
            short = text.removesuffix(percent_sign(self._language))
            spoken = f"{short}{unit.text}" if unit.joined else f"{short} {unit.spoken or unit.alone}"
        if spoken.startswith(MINUS):
            spoken = f"{words['minus']} {spoken.removeprefix(MINUS)}"
        return "" if spoken == text else spoken

    def _text(self, cell: TableCell, column: TableColumn) -> str:
        if cell.change is not None:
            base, end = (decimal(one, self._language) for one in cell.change)
            return str(self._report.labels.words["from-to"]).format(base=base, end=end)
        text = in_table(cell, column, self._language)
        return text.removesuffix(percent_sign(self._language)) if column.percent and "%" in column.head else text

    def _tone(self, row: TableRow, column: TableColumn, cell: TableCell) -> int:
        """The tone of a number among all of the table: fifths from the least to the most."""
        if row.kind != "row" or column.role != "numbers" or cell.value is None or len(self._steps) < 2:
            return 0
        low, high = self._steps[0], self._steps[-1]
        return 1 + min(_TONES - 1, int((cell.value - low) / ((high - low) or 1) * _TONES))
