"""A table as it is set: how wide its columns are, in what size, and what each of its cells prints and says.

Its columns take what their contents need, and the column of labels what is left. Where the measure of texts is too
narrow, a table takes the whole type area, then closer columns, then smaller type (`SMALLEST`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.content.numbers import MINUS, decimal, in_table
from builder.design.fonts import Face
from builder.design.theme import Theme
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic
from builder.model.project import Project
from builder.model.report import Report
from builder.model.spelling import flat
from builder.model.table import SheetTable, TableCell, TableColumn, TableRow
from builder.model.units import MM_PER_PT

# The measure of running text, in mm; no type of a table is smaller than so many pt.
TEXT, SMALLEST = 128.0, 7.5
# Between columns, in mm: as a rule, at least, and at most where there is room.
_APART, _CLOSE, _WIDE = 4.0, 2.2, 9.0
# A column of labels has at least so much, in mm, where labels are longer, and at most so much of the table.
_LABELS, _MOST_LABELS = 38.0, 0.5
# Signs before which no line is broken, not even after a space (Unicode Standard Annex 14, LB13).
_BOUND = frozenset("/!?)]}»")
# A head stands on one line where that takes no more than this, in mm, and there is room.
_HEAD = 26.0
# Each level of rows is indented by so much, in mm.
_INDENT = 3.0
# A hundredth is kept back: rounding must not break a number.
_SLACK = 1.01


@dataclass(frozen=True, slots=True)
class SetCell:
    """What a cell prints, what is said in its place, the mark of a note; and over how many columns and rows it is."""

    text: str
    spoken: str = ""
    mark: str = ""
    unit: str = ""
    across: int = 1
    down: int = 1
    number: bool = False
    scope: str = ""
    last: bool = False


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row of cells; `look` are its classes: group, total, bold, level-1, keep."""

    cells: tuple[SetCell, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table ready to be set: type size in pt, widths of its columns in mm with the space `apart` behind each.

    `unit` is that of all numbers, said once; `faults` are what does not fit.
    """

    number: int
    size: float
    apart: float
    columns: tuple[float, ...]
    heads: tuple[SetRow, ...]
    rows: tuple[SetRow, ...]
    unit: str
    notes: tuple[str, ...]
    faults: tuple[Diagnostic, ...] = ()

    @property
    def width(self) -> float:
        """Of all columns, in mm."""
        return sum(self.columns)


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
        self._language = str(report.front.language)
        self._plain: Face = theme.face("heading", 400, project.fonts)
        self._bold: Face = theme.face("heading", 600, project.fonts)
        marked = (block.highlight,) if isinstance(block.highlight, str | int) else block.highlight
        self._marked = {flat(one) for one in marked}

    def table(self) -> SetTable:
        table = self._table
        heads = tuple(self._heads())
        rows = tuple(self._row(at, row) for at, row in enumerate(table.rows))
        size, apart, columns, faults = self._fitted(heads, rows)
        notes = () if self._block.note is not None else table.notes
        number = self._report.table_numbers[str(self._block.table)]
        return SetTable(number, size, apart, columns, heads, rows, self._unit_name(table.units.get("")), notes, faults)

    # what is printed

    def _heads(self) -> Iterator[SetRow]:
        table = self._table
        for number, row in enumerate(table.heads):
            cells = []
            for cell in row:
                column = table.columns[cell.at]
                numeric = column.numbers
                last = number + cell.down == len(table.heads)
                unit = self._unit_name(table.units.get(column.key)) if last and cell.across == 1 else ""
                scope = "col" if cell.across == 1 else "colgroup"
                end = cell.at + cell.across == len(table.columns)
                cells.append(SetCell(cell.words, "", "", unit, cell.across, cell.down, numeric, scope, end))
            yield SetRow(tuple(cells))

    def _unit_name(self, name: str | None) -> str:
        """The unit as a table says it: in euro; empty where there is none."""
        known = self._report.labels.units.get(name) if name is not None else None
        return "" if known is None else str(self._report.labels.words["in-unit"]).format(unit=known.text)

    def _row(self, at: int, row: TableRow) -> SetRow:
        table = self._table
        look = [] if row.kind == "row" else [str(row.kind)]
        if row.level:
            look.append(f"level-{row.level}")
        if {row.key, flat(row.label)} & self._marked:
            look.append("bold")
        after = table.rows[at + 1 : at + 3]
        before_total = bool(after) and after[0].kind == "total"
        if before_total or len(table.rows) - at <= 3:  # the last page has three rows, and a sum does not stand alone
            look.append("keep")
        if row.kind == "group":
            return SetRow((SetCell(row.label, across=len(table.columns), scope="rowgroup"),), " ".join([*look, "keep"]))
        if at and table.rows[at - 1].kind == "group":
            look.append("keep")
        pairs = enumerate(zip(table.columns, row.cells, strict=True))
        cells = tuple(self._cell(row, column, cell, n) for n, (column, cell) in pairs)
        return SetRow(cells, " ".join(dict.fromkeys(look)))

    def _cell(self, row: TableRow, column: TableColumn, cell: TableCell, at: int) -> SetCell:
        labels = self._report.labels
        text = self._text(cell, column)
        unit = self._unit_name(self._table.units.get(row.key)) if at == 0 else ""
        spoken = ""
        if cell.value is not None:
            name = self._table.unit(row, column)
            named = labels.units.get(name) if name else None
            short = text.removesuffix("%")
            if named is not None and (column.percent or self._table.units.get(row.key)):
                spoken = f"{short}{named.text}" if named.joined else f"{short} {named.spoken or named.text}"
            if text.startswith(MINUS):
                spoken = f"{labels.words['minus']} {(spoken or text).removeprefix(MINUS)}"
        scope = "row" if at < self._table.labels else ""
        last = at == len(self._table.columns) - 1
        return SetCell(text, spoken, cell.mark, unit, number=column.numbers, scope=scope, last=last)

    def _text(self, cell: TableCell, column: TableColumn) -> str:
        if cell.change is not None:
            base, end = (decimal(one, self._language) for one in cell.change)
            return str(self._report.labels.words["from-to"]).format(base=base, end=end)
        text = in_table(cell, column, self._language)
        return text.removesuffix("%") if column.percent and "%" in column.head else text

    # how wide it is

    def _fitted(
        self, heads: Sequence[SetRow], rows: Sequence[SetRow]
    ) -> tuple[float, float, tuple[float, ...], tuple[Diagnostic, ...]]:
        """Type size, the space between columns, their widths, and what does not fit."""
        usual = float(self._theme.sizes.small)
        whole = self._theme.measure
        steps = [(usual, min(TEXT, whole), _APART), (usual, whole, _APART), (usual, whole, _CLOSE)]
        steps += [(size, whole, _CLOSE) for size in (8.5, 8.0, SMALLEST) if size < usual]
        needed: list[tuple[float, float]] = []
        for size, measure, apart in steps:
            needed = self._needed(size, heads, rows)
            shared = self._shared(needed, measure, apart)
            if shared is not None:
                return size, *shared, ()
        size, measure, apart = steps[-1]
        widest = max(range(1, len(needed)), key=lambda at: needed[at][0], default=0)
        head = self._table.columns[widest].head or self._table.columns[widest].key
        most = sum(least for least, _ in needed) + apart * len(needed)
        message = f'the table "{self._block.table}" is {most:.0f} mm wide, and the page has room for {measure:.0f}'
        hint = f'leave columns out with `columns: {{without: …}}`, or shorten the widest, "{head}"'
        fault = Diagnostic("table-width", message, hint, self._block.table.span)
        return size, apart, tuple(least + apart for least, _ in needed), (fault,)

    def _needed(self, size: float, heads: Sequence[SetRow], rows: Sequence[SetRow]) -> list[tuple[float, float]]:
        """For each column the least width and that in which nothing is broken, in mm, without the space between."""
        count = len(self._table.columns)
        least, best = [0.0] * count, [0.0] * count
        for row in rows:
            face = self._bold if {"total", "bold"} & {*row.look.split()} else self._plain
            indent = next((float(one[-1]) * _INDENT for one in row.look.split() if one.startswith("level-")), 0.0)
            for at, cell in enumerate(row.cells):
                if cell.across > 1:
                    continue
                words = " ".join(filter(None, (cell.text + cell.mark, cell.unit)))
                pieces = [words] if _is_figure(cell.text) else _pieces(words)
                shift = 0.0 if at else indent
                widest = max((_mm(face.tabular_width(piece, size)) for piece in pieces), default=0.0)
                least[at] = max(least[at], widest + shift)
                best[at] = max(best[at], _mm(face.tabular_width(words, size)) + shift)
        for above, shown in zip(self._table.heads, heads, strict=True):
            for head, cell in zip(above, shown.cells, strict=True):
                pieces = [*_pieces(head.words), *_pieces(cell.unit)]
                longest = max((_mm(self._bold.tabular_width(word, size)) for word in pieces), default=0.0)
                whole = _mm(self._bold.tabular_width(f"{head.words} {cell.unit}".strip(), size))
                for at in range(head.at, head.at + head.across):
                    least[at] = max(least[at], longest / head.across)
                    best[at] = max(best[at], least[at], min(whole, _HEAD) / head.across)
        return list(zip(least, best, strict=True))

    def _shared(
        self, needed: Sequence[tuple[float, float]], measure: float, apart: float
    ) -> tuple[float, tuple[float, ...]] | None:
        """The space between columns and their widths with it, in a measure; None where that is too narrow.

        Columns of words are as wide as they would be, those of labels first of all; they give way to numbers.
        """
        numeric = [one.numbers for one in self._table.columns]
        widths = [
            least if number else min(best, max(least, _LABELS))
            for (least, best), number in zip(needed, numeric, strict=True)
        ]
        room = measure - sum(widths) - apart * (len(widths) - 1)
        if room < 0:
            words = [at for at, number in enumerate(numeric) if not number]
            for at in sorted(words, key=lambda at: needed[at][0] - widths[at]):
                given = min(-room, widths[at] - needed[at][0])
                widths[at], room = widths[at] - given, room + given
            if room < -0.01:
                return None
        for at, number in enumerate(numeric):  # what is left goes to words that would be broken
            if not number:
                more = min(room, max(0.0, min(needed[at][1], max(_LABELS, measure * _MOST_LABELS)) - widths[at]))
                widths[at], room = widths[at] + more, room - more
        for at in range(len(widths)):  # and to heads of numbers
            more = min(room, max(0.0, needed[at][1] - widths[at])) if numeric[at] else 0.0
            widths[at], room = widths[at] + more, room - more
        gaps = len(widths) - 1
        beside = min(_WIDE, apart + room / gaps) if gaps and room > 0 else apart
        return beside, tuple(wide + beside if at < gaps else wide for at, wide in enumerate(widths))


def _mm(points: float) -> float:
    return points * MM_PER_PT * _SLACK


def _pieces(text: str) -> list[str]:
    """What is not broken over lines: words, with the signs that stay on the line before even after a space."""
    pieces: list[str] = []
    for word in text.split():
        if pieces and word[0] in _BOUND:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _is_figure(text: str) -> bool:
    """Whether a text is a number, which is never broken."""
    return bool(text) and not any(char.isalpha() for char in text)
