"""A block of a sheet → a table: what its header says of each column, what each row is, what each cell holds."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from openpyxl.utils import get_column_letter

from builder.content.grid import Cell, Grid
from builder.content.number_format import WIDE, rounded
from builder.content.numbers import decimal, percent_sign
from builder.content.sheets.amounts import Amount, OtherWayError, amount
from builder.content.sheets.blocks import Block, is_number, is_year, said
from builder.model.diagnostics import Diagnostic, Span
from builder.model.node import MOST_DIGITS
from builder.model.table import HeadCell, RowKind, SheetTable, TableCell, TableColumn, TableRow

# Spreadsheets keep fifteen digits (ECMA-376, part 1, 18.8.30); what a float has beyond is noise.
_SHEET_DIGITS = 15
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# Words with which the label of a sum begins, in the languages of reports, without accents and capitals.
_TOTAL = re.compile(
    r"(?:totale|total|totali|gesamt|insgesamt|summe|somma|sum|subtotal\w*|sub-total\w*|zwischensumme)\b"
)
# Codes, and marks that lead to notes, are no numbers.
_CODE, _MARKS = re.compile(r"0\d+"), re.compile(r"\s*(?:\(\d{1,2}\)|\(?\*+\)?)\s*")
# Heads of columns that hold years, in the languages of offices.
_OF_YEARS = re.compile(r"\b(?:ann[oi]|year|jahr|baujahr|année|año|ejercicio|esercizio)\b", re.IGNORECASE)
# What stands in a cell that could not be read.
FAULT = "#"
# Figures with signs and letters that look like them: a slip, and not words.
_NEARLY = re.compile(r"(?=.*\d)[\d.,\s€$%()OoIl'’+-]+")
# Where the name of a row ends, and what explains it begins.
_ENDS = re.compile(r"\s+[-–—]\s+|\s*[:;(]|\s+/\s+")


def read(
    grid: Grid,
    block: Block,
    file: str,
    language: str,
    *,
    comma: bool,
    place: Callable[[int, int], Span] | None = None,
) -> tuple[SheetTable, list[Diagnostic]]:
    """The table, and what cannot be read of it, each at its cell. `comma`: decimals of typed numbers follow a comma.

    `place` gives the place of a cell by row and column, where it is none of a sheet.
    """
    reader = _Reader(grid, block, file, language, comma)
    reader.place = place or reader.place
    return reader.table(), reader.problems


class _Reader:
    def __init__(self, grid: Grid, block: Block, file: str, language: str, comma: bool) -> None:
        self._grid, self._block, self._file = grid, block, file
        self._language, self._comma = language.replace("-", "_"), comma
        self.problems: list[Diagnostic] = []
        self.place: Callable[[int, int], Span] = self._in_sheet

    def table(self) -> SheetTable:
        block = self._block
        numeric = {at for at in block.columns[1:] if self._numeric(at)}
        rows = [(row, [self._read(row, at, number=at in numeric) for at in block.columns]) for row in block.body]
        columns = self._alike(tuple(self._columns([cells for _, cells in rows], numeric)))
        labels = [next((cell.words for cell in cells if cell.words and cell.value is None), "") for _, cells in rows]
        often = Counter(map(named, labels))
        made: list[TableRow] = []
        given, group = Counter[str](), ""
        for (row, cells), label in zip(rows, labels, strict=True):
            kind = self._kind(label, cells, numeric)
            if kind == "group" and any(self._cell(row, at).value == "" for at in self._block.columns[1:]):
                kind = "row"  # it is typed that there are no numbers
            key = named(label) or f"row-{row + 1}"
            if kind == "group":
                group = key
            elif group and often[key] > 1:  # "other" of the revenue, and "other" of the expenses
                key = f"{group}-{key}"
            made.append(TableRow(_once(key, given), label, kind, tuple(cells), self._level(row)))
        years = set(_YEAR.findall(self._grid.title))
        year = int(years.pop()) if len(years) == 1 and not any(one.year for one in columns) else None
        return SheetTable(tuple(self._heads()), columns, tuple(made), block.titles, block.notes, year=year)

    def _cell(self, row: int, column: int) -> Cell:
        cells = self._grid.cells[row]
        return cells[column] if column < len(cells) else Cell(None)

    def _in_sheet(self, row: int, column: int) -> Span:
        cell = f"{get_column_letter(column + 1)}{row + 1}"
        return Span(self._file, row + 1, column + 1, f"{self._grid.title}!{cell}" if self._grid.title else cell)

    def _refuse(self, row: int, column: int, message: str, hint: str) -> None:
        span = self.place(row, column)
        self.problems.append(Diagnostic("bad-cell", f"{span.cell or 'the cell'} {message}", hint, span))

    def _numeric(self, column: int) -> bool:
        """Whether a column holds numbers: most of its cells that say anything do."""
        seen = [cell for row in self._block.body if said(cell := self._cell(row, column)) or cell.fault]
        heads = " ".join(self._head_words(row, column) for row in self._block.heads)
        dated = bool(_YEAR.search(heads)) or not _OF_YEARS.search(heads)
        if any(map(_is_code, seen)) or (seen and all(_MARKS.fullmatch(str(one.value)) for one in seen)):
            return False
        # Where nothing says that they are years, 1950 is a number of something.
        known = [is_number(one, comma=self._comma) or (dated and is_year(one)) for one in seen]
        return bool(seen) and sum(known) * 2 > len(seen)

    def _read(self, row: int, column: int, *, number: bool) -> TableCell:
        cell, span = self._cell(row, column), self.place(row, column)
        if cell.covered:
            return TableCell(None, "", span)
        if cell.fault:
            unsaved = "formula" in cell.fault
            hint = (
                "open the file in a spreadsheet and save it" if unsaved else "write the number, or leave the column out"
            )
            self._refuse(row, column, cell.fault, hint)
            return TableCell(None, FAULT, span)
        if not said(cell):
            return TableCell(None, "", span)
        if isinstance(cell.value, bool):
            self._refuse(row, column, f"holds {str(cell.value).upper()}", "write a word that says what is meant")
            return TableCell(None, FAULT, span)
        if isinstance(cell.value, datetime | date):
            return TableCell(None, format_date(cell.value, "medium", locale=self._language), span, bold=cell.bold)
        if isinstance(cell.value, str) or not number:
            return self._words(cell, row, column, span, number=number)
        return self._number(cell, span)

    def _words(self, cell: Cell, row: int, column: int, span: Span, *, number: bool) -> TableCell:
        words = " ".join(str(cell.value).replace("\u00a0", " ").split())
        if isinstance(cell.value, float | Decimal) and not number and not is_year(cell):
            made = self._number(cell, span)
            if made.value is not None and (made.percent or made.value % 1):
                sign = percent_sign(self._language) if made.percent else ""
                return TableCell(None, decimal(rounded(made.value, made.decimals), self._language) + sign, span)
            words = f"{cell.value:.{_SHEET_DIGITS}g}"
        if cell.shown.padded and words.isdigit():
            words = words.zfill(cell.shown.padded)
        if not number:
            return TableCell(None, words, span, bold=cell.bold)
        try:
            found = amount(words, comma=self._comma)
        except OtherWayError:
            sample, other = ("1.234,5", "point") if self._comma else ("1,234.5", "comma")
            hint = f"write it so, or `decimals: {other}` where all the table is written the other way"
            self._refuse(row, column, f'holds "{words}"', f"numbers are written as {sample} here: {hint}")
            return TableCell(None, words, span)
        if found is None and set(words) == {"#"}:
            self._refuse(
                row, column, f'holds "{words}": its column was too narrow', "widen it, and save the file again"
            )
            return TableCell(None, words, span)
        if found is not None and found.value is not None and len(found.value.as_tuple().digits) > MOST_DIGITS:
            self._refuse(
                row, column, f"holds a number of more than {MOST_DIGITS} digits", "write it as words, or shorter"
            )
            return TableCell(None, words, span)
        if found is None:
            if _NEARLY.fullmatch(words):
                self._refuse(row, column, f'holds "{words}", which is no number', "write it as a number, or as words")
            return TableCell(None, words, span, bold=cell.bold)
        return _of_amount(found, span, bold=cell.bold)

    def _number(self, cell: Cell, span: Span) -> TableCell:
        value = cell.value
        exact = Decimal(f"{value:.{_SHEET_DIGITS}g}") if isinstance(value, float) else Decimal(value)
        if cell.shown.dash:
            return TableCell(Decimal(0), "–", span)
        if cell.shown.hidden:
            return TableCell(None, "", span)
        exact = (exact * 100 if cell.shown.percent else exact) / cell.shown.scale
        exact = exact.normalize(WIDE)
        decimals = cell.shown.decimals
        if decimals is None:
            written = cell.value if isinstance(cell.value, Decimal) else exact  # zeros that are typed stay
            decimals = max(0, -int(written.as_tuple().exponent))
        exact = exact.quantize(Decimal(1), context=WIDE) if int(exact.as_tuple().exponent) > 0 else exact
        currency = cell.shown.currency
        scale = int(cell.shown.scale) if exact else 1
        return TableCell(exact, "", span, "", cell.shown.percent, decimals, cell.bold, currency=currency, scale=scale)

    def _alike(self, columns: tuple[TableColumn, ...]) -> tuple[TableColumn, ...]:
        """Years have one number of decimals where the sheet does not say otherwise: where they are typed."""
        places = dict(zip(columns, self._block.columns, strict=True))

        def typed(column: TableColumn) -> bool:
            cells = (self._cell(row, places[column]) for row in self._block.body)
            return column.year is not None and all(cell.shown.decimals is None for cell in cells)

        most = max((one.decimals for one in columns if typed(one)), default=0)
        return tuple(replace(one, decimals=most) if typed(one) else one for one in columns)

    def _columns(self, rows: Sequence[Sequence[TableCell]], numeric: set[int]) -> Iterator[TableColumn]:
        heads = [[self._head_words(row, column) for row in self._block.heads] for column in self._block.columns]
        dated = [_YEAR.findall(above[-1] if above else "") or _YEAR.findall(" ".join(above)) for above in heads]
        given = Counter[str]()
        for at, (column, above, years) in enumerate(zip(self._block.columns, heads, dated, strict=True)):
            cells = [row[at] for row in rows if row[at].value is not None]
            head = " ".join(dict.fromkeys(filter(None, above)))
            key = years[0] if len(years) == 1 else named(head) or get_column_letter(column + 1).lower()
            if (
                len(years) == 1 and dated.count(years) > 1
            ):  # 2024 of women, and 2024 of men; budget 2024, and actual 2024
                over = [name for words in above[:-1] if (name := named(words))]
                own = _slug(above[-1])
                key = own if own not in ("", key) else "-".join((*over[-1:], key))
            signs = {cell.currency for cell in cells}
            yield TableColumn(
                _once(key, given),
                head,
                "numbers" if column in numeric else "words",
                int(years[0]) if len(years) == 1 and column in numeric else None,
                bool(cells) and all(cell.percent for cell in cells),
                max((cell.decimals for cell in cells), default=0),
                signs.pop() if len(signs) == 1 else "",
            )

    def _head_words(self, row: int, column: int) -> str:
        cell = self._cell(row, column)
        if not said(cell):
            return ""
        value = int(cell.value) if is_year(cell) and not isinstance(cell.value, str) else cell.value
        if isinstance(value, datetime | date):
            value = format_date(value, "medium", locale=self._language)
        return " ".join(str(value).split())

    def _heads(self) -> Iterator[tuple[HeadCell, ...]]:
        """The header row by row; what is merged in the sheet is one cell."""
        block = self._block
        for number, row in enumerate(block.heads):
            cells: list[HeadCell] = []
            for at, column in enumerate(block.columns):
                words = self._head_words(row, column)
                if words and self._cell(row, column).covered and self._begun(number, at, words):
                    continue
                across, down = 1, 1
                while at + across < len(block.columns) and self._same(row, block.columns[at + across], words):
                    across += 1
                while number + down < len(block.heads) and self._same(block.heads[number + down], column, words):
                    down += 1
                cells.append(HeadCell(words, at, across, down))
            yield tuple(cells)

    def _begun(self, number: int, at: int, words: str) -> bool:
        """Whether a merged cell of the header has begun in a column or row of it that is seen."""
        block = self._block
        left = at and self._head_words(block.heads[number], block.columns[at - 1]) == words
        above = number and self._head_words(block.heads[number - 1], block.columns[at]) == words
        return bool(left or above)

    def _same(self, row: int, column: int, words: str) -> bool:
        return bool(words) and self._cell(row, column).covered and self._head_words(row, column) == words

    def _kind(self, label: str, cells: Sequence[TableCell], numeric: set[int]) -> RowKind:
        if numeric and label and not any(cell.value is not None or cell.words for cell in cells[1:]):
            return "group"
        return "total" if _TOTAL.match(_bare(label)) else "row"

    def _level(self, row: int) -> int:
        first = self._cell(row, self._block.columns[0])
        spaces = len(first.value) - len(first.value.lstrip()) if isinstance(first.value, str) else 0
        return min(4, first.indent or spaces // 2)


def _of_amount(found: Amount, span: Span, *, bold: bool) -> TableCell:
    value = rounded(found.value, found.decimals) if found.value is not None else None
    return TableCell(value, found.words, span, found.mark, found.percent, found.decimals, bold, currency=found.currency)


def _is_code(cell: Cell) -> bool:
    """Whether a cell holds a code and no number: postcodes, registers, telephones begin with zeros."""
    return cell.shown.padded > 0 or (isinstance(cell.value, str) and _CODE.fullmatch(cell.value.strip()) is not None)


def _once(key: str, given: Counter[str]) -> str:
    """The key, with a number behind it where it has been given before."""
    one = key
    while given[one]:
        given[key] += 1
        one = f"{key}-{given[key]}"
    given[one] += 1
    return one


def _bare(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return plain.strip(" *.:")


def named(label: str) -> str:
    """The name of a row or column: `titolo-1` of "Titolo 1 – Entrate correnti di natura tributaria"."""
    begins = _ENDS.split(label.strip(), maxsplit=1)[0] or label
    return _slug(begins)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", _bare(words)).strip("-")
