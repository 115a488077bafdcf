"""A table as it is set: how wide its columns are, in what size, on which pages, and what its cells print.

Its columns take what their contents need, and the column of labels what is left. Where the measure of texts is too
narrow, a table takes the whole type area, then closer columns, then smaller type (`SMALLEST`), then a page that is
turned by a quarter, and in the end it is parted by its columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TypeAlias

from builder.content.prose import has_note
from builder.design.theme import TEXT_MEASURE, Theme
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic
from builder.model.project import Project
from builder.model.report import Report
from builder.model.table import SheetTable
from builder.model.units import MM_PER_PT
from builder.pages.tables.cells import Printer, SetRow
from builder.pages.tables.sparks import sparks, with_sparks
from builder.pages.tables.widths import Columns, Measured, aligned, head_height, heights, measured

# No type of a table is smaller than so many pt.
SMALLEST = 7.5
# Between columns, in mm: as a rule, and at least.
_APART, _CLOSE = 4.0, 2.2
# A table is parted into so many by its columns, at most.
_PARTS = 6
# A table of more rows has less space between them; one of no more is kept on one page.
_LONG, _SHORT = 40, 25
# A table of more rows has its pages reckoned, so that they can be laid out apart.
_MANY = 600
# What a title takes of its page, in pt: lines of so many times its size, no more of them, and the space around it.
_TITLE_LINE, _TITLE_LINES, _AROUND = 1.2, 5, 45.0
# Of a page, the height that its caption takes (with the unit, and each note below), in pt.
_CAPTION, _UNIT, _NOTE = 24.0, 14.0, 20.0
# Of the height of a page so much is kept back, in pt.
_RESERVE = 6.0


# A table or part of one, with its heads and rows as they print.
_Printed: TypeAlias = tuple[SheetTable, tuple[SetRow, ...], tuple[SetRow, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a table that is a table of its own: columns that fit, and rows; on a turned page, those of one.

    `sums` are those of each row, to be carried to the next page, in the places of `forward` and `brought`.
    """

    columns: Columns
    heads: tuple[SetRow, ...]
    rows: tuple[SetRow, ...]
    brought: SetRow | None = None
    forward: SetRow | None = None
    sums: tuple[tuple[str, ...], ...] = ()

    @property
    def width(self) -> float:
        """Of all columns, in mm."""
        return sum(self.columns.widths)


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table ready to be set: its number in the book, type size in pt, and its sheets, each on a page if `paged`.

    `unit` is that of all numbers, said once; `long` ones have their rows closer; `faults` are what does not fit.
    """

    number: int
    size: float
    sheets: tuple[Sheet, ...]
    unit: str
    notes: tuple[str, ...]
    turned: bool = False
    paged: bool = False
    long: bool = False
    short: bool = False
    faults: tuple[Diagnostic, ...] = ()


def set_tables(report: Report, theme: Theme, project: Project) -> Mapping[str, SetTable]:
    """Every table of the topics that are printed, by name."""
    return {
        str(block.table): set_table(block, report, theme, project)
        for name, _ in report.in_order()
        for block in report.topics[name].body
        if isinstance(block, TableBlock)
    }


def set_table(block: TableBlock, report: Report, theme: Theme, project: Project) -> SetTable:
    """The table of a block, as wide and as large as it can be set."""
    return _Setter(block, report, theme, project).table()


class _Setter:
    def __init__(self, block: TableBlock, report: Report, theme: Theme, project: Project) -> None:
        self._block, self._report, self._theme = block, report, theme
        self._table: SheetTable = report.tables[str(block.table)]
        self._bars = sparks(self._table) if block.spark else ()
        if block.spark:
            self._table = with_sparks(self._table, str(report.labels.words["trend"]))
        self._plain = theme.face("heading", 400, project.fonts)
        self._bold = theme.face("heading", 600, project.fonts)
        self._long = len(self._table.rows) > _LONG
        self._unit = self._printer(self._table).unit(self._table.units.get(""))
        self._notes = () if block.note is not None else self._table.notes
        self._number = report.table_numbers[str(block.table)]

    def table(self) -> SetTable:
        usual = float(self._theme.sizes.small)
        smaller = [size for size in (8.5, 8.0, SMALLEST) if size < usual]
        upright, turned = self._theme.measure, self._theme.depth
        steps = [(usual, min(TEXT_MEASURE, upright), _APART), (usual, upright, _APART), (usual, upright, _CLOSE)]
        steps += [(size, upright, _CLOSE) for size in smaller]
        beside = [(usual, turned, _APART), (usual, turned, _CLOSE), *((size, turned, _CLOSE) for size in smaller)]
        may_turn = self._block.page == "wide" or self._theme.tables.turn
        options = tuple(self._parts())

        @cache
        def printed(option: int) -> list[_Printed]:
            return [self._printed(part) for part in options[option]]

        @cache
        def needed(option: int, size: float) -> list[Measured]:
            return [self._measured(*one, size) for one in printed(option)]

        for tight in (False, True):
            for option, parts in enumerate(options):
                for ladder, on_side in ((steps, False), (beside, True)):
                    if (self._block.page == "wide" and not on_side) or (on_side and not may_turn):
                        continue
                    for size, measure, apart in ladder:
                        columns = [one.shared(measure, apart, tight=tight) for one in needed(option, size)]
                        whole = [(*one, c) for one, c in zip(printed(option), columns, strict=True) if c is not None]
                        if len(whole) == len(parts):
                            return self._set(size, whole, turned=on_side)
        return self._too_wide(steps[-1][0], upright)

    def _title_height(self) -> float:
        """What the title of its topic takes of its first page, in pt, where nothing else stands before it."""
        for topic in self._report.topics.values():
            if topic.bare and topic.body[:1] == (self._block,):
                size, measure = float(self._theme.sizes.headline), (self._theme.measure - 10) / MM_PER_PT
                lines = min(_TITLE_LINES, self._bold.lines(str(topic.title), size, measure))
                return _AROUND + lines * size * _TITLE_LINE
        return 0.0

    def _printer(self, table: SheetTable) -> Printer:
        parentheses = self._theme.tables.negative == "parentheses"
        return Printer(self._block, table, self._report, self._bars, parentheses=parentheses)

    def _printed(self, table: SheetTable) -> _Printed:
        printer = self._printer(table)
        return table, tuple(printer.heads()), tuple(printer.row(at) for at in range(len(table.rows)))

    def _measured(self, table: SheetTable, heads: Sequence[SetRow], rows: Sequence[SetRow], size: float) -> Measured:
        printer = self._printer(table)
        carried = [printer.carried("carried-forward", sums) for sums in printer.sums()] if self._block.carry else []
        return measured(table, heads, [*rows, *carried], size, self._plain, self._bold)

    def _parts(self) -> Iterator[tuple[SheetTable, ...]]:
        """The table whole, then in two, three … parts of about as many columns, each with the labels."""
        table = self._table
        others = list(range(table.labels, len(table.columns)))
        yield (table,)
        for count in range(2, min(_PARTS, len(others)) + 1):
            edges = [round(len(others) * at / count) for at in range(count + 1)]
            kept = [set(others[a:b]) for a, b in pairwise(edges)]
            yield tuple(table.without([at for at in others if at not in one]) for one in kept)

    def _set(
        self,
        size: float,
        parts: Sequence[tuple[SheetTable, tuple[SetRow, ...], tuple[SetRow, ...], Columns]],
        *,
        turned: bool,
    ) -> SetTable:
        sheets = list[Sheet]()
        paged = turned or len(self._table.rows) > _MANY
        for at, (table, plain_heads, plain_rows, columns) in enumerate(parts):
            heads, rows = aligned(table, plain_heads, plain_rows, size, self._plain, self._bold)
            printer, carry = self._printer(table), self._block.carry
            sums = printer.sums() if carry else ()
            if not paged:
                widest = max(sums, key=lambda row: sum(map(len, row)), default=())
                brought = printer.carried("brought-forward", widest, "brought") if carry else None
                forward = printer.carried("carried-forward", widest, "forward") if carry else None
                sheets.append(Sheet(columns, heads, rows, brought, forward, sums))
                continue
            cuts = list(
                self._cuts(heads, rows, columns, table, size, turned=turned, first=at == 0, last=at == len(parts) - 1)
            )
            for first, end in pairwise([0, *cuts, len(rows)]):
                before = (printer.carried("brought-forward", sums[first - 1]),) if carry and first else ()
                after = (printer.carried("carried-forward", sums[end - 1]),) if carry and end < len(rows) else ()
                sheets.append(Sheet(columns, heads, (*before, *rows[first:end], *after)))
        noted = any(has_note(text) for text in (self._block.title, self._block.note) if text is not None)
        short = not turned and len(parts) == 1 and len(self._table.rows) <= _SHORT and not noted
        return SetTable(self._number, size, tuple(sheets), self._unit, self._notes, turned, paged, self._long, short)

    def _cuts(
        self,
        heads: Sequence[SetRow],
        rows: tuple[SetRow, ...],
        columns: Columns,
        table: SheetTable,
        size: float,
        *,
        turned: bool,
        first: bool,
        last: bool,
    ) -> Iterator[int]:
        """The rows, by number, with which each page but the first begins."""
        above = _CAPTION + (_UNIT if self._unit else 0) + head_height(heads, columns, table, size, self._bold)
        room = (self._theme.measure if turned else self._theme.depth) / MM_PER_PT - above - _RESERVE
        titled = self._title_height() if first and not turned else 0.0
        notes = len(self._notes) + (self._block.note is not None) + (self._block.source is not None)
        high = heights(rows, columns, size, self._plain, self._bold, close=self._long)
        if self._block.carry and sum(high) + notes * _NOTE > room:
            room -= 2 * min(high, default=0.0)
        begin, used = 0, 0.0
        for at in range(len(rows)):
            below = notes * _NOTE if last and at == len(rows) - 1 else 0.0
            if used + high[at] + below > room - (titled if begin == 0 else 0.0) and at > begin:
                cut = at
                while cut - 1 > begin and "keep" in rows[cut - 1].look and at - cut < 3:
                    cut -= 1
                yield cut
                used, begin = sum(high[cut:at]), cut
            used += high[at]

    def _too_wide(self, size: float, measure: float) -> SetTable:
        table, heads, rows = self._printed(self._table)
        least = measured(table, heads, rows, size, self._plain, self._bold).least
        widest = max(range(len(least)), key=lambda at: least[at], default=0)
        head = table.columns[widest].head or table.columns[widest].key
        message = (
            f'the table "{self._block.table}" does not fit: its column "{head}" alone is {least[widest]:.0f} mm wide'
        )
        hint = f"shorten its longest word; the page has {measure:.0f} mm for it and the labels"
        fault = Diagnostic("wide-table", message, hint, self._block.table.span)
        return SetTable(self._number, size, (), self._unit, self._notes, faults=(fault,))
