"""OpenDocument sheets (LibreOffice, OpenOffice) → grids of cells.

The file holds both what a cell is worth and the words that the program showed of it (OpenDocument 1.3, part 3,
19.385 and 9.1.4): its decimals, thousands and per cent are read off these.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

from odfdo import Cell as SheetCell
from odfdo import Document, Row
from odfdo import Table as Sheet
from odfdo.style_base import StyleBase
from openpyxl.utils import get_column_letter

from builder.content.grid import AS_IT_IS, EMPTY, Cell, Grid, UnreadableError, error_in, named_sheet, time_in_words
from builder.content.number_format import Shown, currency_sign, rounded
from builder.model.spelling import composed

_BROKEN = (BadZipFile, KeyError, OSError, ValueError, TypeError, AttributeError, SyntaxError, zlib.error)
_NUMBER = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*\d|\d")
# Digits before the decimals: in groups of three, or not in groups.
_WHOLE = re.compile(r"0|[1-9]\d{0,2}(?:[.,]\d{3})+|\d+")
_SCALES = tuple(Decimal(10) ** power for power in (0, 3, 6, 9))
# A step of indentation in LibreOffice, in mm.
_STEP = 3.53


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook. Raises UnreadableError."""
    return [composed(str(one.name)) for one in _sheets(path)]


def sheet(path: Path, title: str | None) -> Grid:
    """A sheet of a workbook, its first where no title is given. Raises UnreadableError."""
    document = _opened(path)
    there = {composed(str(one.name)): one for one in _sheets(path)}
    title = named_sheet(path, list(there), title)
    found = there[title]
    hidden, rows = set(), list[list[Cell]]()
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for row in _repeated(_rows(found), lambda row: any(map(_says, _cells(row)))):
        at = len(rows)
        if row.get_attribute_string("table:visibility") in ("collapse", "filter"):
            hidden.add(at)
        cells: list[Cell] = []
        for cell in _repeated(_cells(row), _says):
            column = len(cells)
            across = cell.get_attribute_integer("table:number-columns-spanned") or 1
            down = cell.get_attribute_integer("table:number-rows-spanned") or 1
            if across * down > 1:
                area = ((at + y, column + x) for y in range(down) for x in range(across))
                merged |= dict.fromkeys(area, (at, column))
            first = merged.get((at, column), (at, column))
            if first != (at, column):
                above = cells[first[1]] if first[0] == at else rows[first[0]][first[1]]
                place = f"{get_column_letter(first[1] + 1)}{first[0] + 1}"
                cells.append(Cell(above.value, above.shown, f"is merged with {place}", covered=True))
            else:
                cells.append(_cell(cell, document))
        rows.append(cells)
    wide = max(map(len, rows), default=0)
    rows = [row + [EMPTY] * (wide - len(row)) for row in rows]
    return Grid(title, rows, frozenset(hidden), frozenset(at for at in _hidden_columns(found) if at < wide))


# Spreadsheets have no more columns than these.
_WIDEST = 16_384

_E = TypeVar("_E", Row, SheetCell)


def _repeated(elements: Iterable[_E], said: Callable[[_E], bool]) -> Iterator[_E]:
    """Rows or cells as often as they stand there, without those at the end that say nothing: a million rows."""
    there = list(elements)
    last = max((at for at, one in enumerate(there) if said(one)), default=-1)
    for one in there[: last + 1]:
        yield from repeat(one, one.repeated or 1)


def _says(cell: SheetCell) -> bool:
    covered = cell.tag == "table:covered-table-cell"
    return covered or cell.value is not None or bool(cell.formula) or bool(cell.children)


def _rows(found: Sheet) -> Iterator[Row]:
    """All rows, those of groups and of the header too."""
    rows = found.get_elements("descendant::table:table-row")
    return (one for one in rows if isinstance(one, Row))


def _cells(row: Row) -> Iterator[SheetCell]:
    return (one for one in row.children if isinstance(one, SheetCell))


def _opened(path: Path) -> Document:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _time: int) -> Document:
    try:
        document = Document(str(path))
        document.body  # noqa: B018 - reads the content, which may be damaged
    except _BROKEN as error:
        raise UnreadableError(f"{path.name} is not a workbook that can be read", "save it again as .ods") from error
    return document


def _sheets(path: Path) -> list[Sheet]:
    return [one for one in _opened(path).body.tables if isinstance(one, Sheet)]


def _cell(one: SheetCell, document: Document) -> Cell:
    words = "\n".join(composed(str(part.inner_text)) for part in one.children if part.tag == "text:p").strip()
    value: Any = time_in_words(one.value)
    if value is None or isinstance(value, str) or error_in(words):
        value = words or value
    if value is None:
        return Cell(None, fault="holds a formula that no program has worked out") if one.formula else EMPTY
    fault, seen = error_in(value), AS_IT_IS
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        seen = shown_as(words, Decimal(str(value)))
    bold, indent = _look(one, document)
    return Cell(value, seen, fault, bold, indent)


def shown_as(words: str, value: Decimal) -> Shown:
    """What a sheet shows of a number that is worth `value`, by the words that stand in its cell."""
    percent = "%" in words
    found = _NUMBER.search(words)
    if found is None:
        return Shown(hidden=True) if words else AS_IT_IS
    worth = abs(value) * (100 if percent else 1)
    digits = re.sub(r"[^\d.,]", "", found[0])
    fitting: list[tuple[Decimal, Decimal, int]] = []
    for sign in ("", ",", "."):  # what stands before the decimals
        whole, parted, part = digits.rpartition(sign) if sign else (digits, "", "")
        if bool(sign) != part.isdigit() or bool(sign) != bool(parted) or not _WHOLE.fullmatch(whole):
            continue
        seen = Decimal(re.sub(r"\D", "", whole) + (f".{part}" if part else ""))
        fits = (scale for scale in _SCALES if rounded(worth / scale, len(part)) == seen)
        fitting += [(abs(worth - seen * scale), scale, len(part)) for scale in fits]
    if not fitting:
        return Shown(percent=percent)
    _, scale, decimals = min(fitting)
    return Shown(decimals, scale, percent, currency=currency_sign(words) if scale == 1 else "")


def _look(one: SheetCell, document: Document) -> tuple[bool, int]:
    """Whether it is bold, and by how many steps it is indented."""
    return _style(document, one.style) if one.style else (False, 0)


@lru_cache(maxsize=512)
def _style(document: Document, name: str) -> tuple[bool, int]:
    style = document.get_style("table-cell", name)
    if not isinstance(style, StyleBase):
        return False, 0
    text = style.get_properties(area="text") or {}
    left = (style.get_properties(area="paragraph") or {}).get("fo:margin-left")
    margin = re.fullmatch(r"([\d.]+)(mm|cm|in|pt)", str(left))
    mm = float(margin[1]) * {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 0.3528}[margin[2]] if margin else 0.0
    return text.get("fo:font-weight") in ("bold", "600", "700", "800", "900"), round(mm / _STEP)


def _hidden_columns(found: Sheet) -> Iterator[int]:
    at = 0
    for column in found.get_elements("descendant::table:table-column"):  # those of groups too
        repeated = int(column.get_attribute_string("table:number-columns-repeated") or 1)
        if column.get_attribute_string("table:visibility") in ("collapse", "filter"):
            yield from range(at, min(at + repeated, _WIDEST))
        at += repeated
