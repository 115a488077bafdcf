"""Where tables stand in a sheet: below title rows, above notes, with headers of several rows, one below the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from builder.content.grid import Cell, Grid
from builder.content.sheets.amounts import OtherWayError, amount, no_amount

# A header has no more rows than this.
_MOST_HEADS = 5
# A title may stand in two cells, over a table of more columns than these.
_PAIR, _FEW = 2, 3
_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?(?:\s*(?:\(?\*{1,3}\)?|[¹²³]|\([a-z1-9]\)))?")
# Numbers of columns below a head: (1) (2) (3).
_COUNT = re.compile(r"\((\d{1,2})\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A table in a sheet, by rows and columns from 0: those of its header, of its body, and its columns.

    `titles` are the words above it and `notes` those below, each a row of one cell.
    """

    heads: tuple[int, ...]
    body: tuple[int, ...]
    columns: tuple[int, ...]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """As a spreadsheet names it: A4:G12."""
        first, last = self.columns[0], self.columns[-1]
        top = self.heads[0] if self.heads else self.body[0]
        return f"{get_column_letter(first + 1)}{top + 1}:{get_column_letter(last + 1)}{self.body[-1] + 1}"


def said(cell: Cell) -> bool:
    """Whether a cell holds anything that is seen."""
    return cell.value is not None and bool(str(cell.value).replace("\u00a0", " ").strip())


def is_number(cell: Cell, *, comma: bool) -> bool:
    """Whether a cell holds a number, or says that there is none: not a year, and not words."""
    if cell.covered or isinstance(cell.value, bool | datetime | date):
        return False
    if cell.fault or not said(cell):
        return bool(cell.fault)
    if isinstance(cell.value, str):
        try:
            return not _YEAR.fullmatch(cell.value.strip()) and amount(cell.value, comma=comma) is not None
        except OtherWayError:
            return True
    return not is_year(cell)


def _counts(cell: Cell, *, comma: bool) -> bool:
    """Whether a cell holds a number that makes its row one of numbers: "Nr." says that there is none, or heads."""
    if isinstance(cell.value, str) and not cell.fault and no_amount(cell.value.strip()):
        return False
    return is_number(cell, comma=comma)


def is_year(cell: Cell) -> bool:
    """Whether a cell holds a year alone, as headers do."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return bool(_YEAR.fullmatch(str(value).strip()))


def blocks(grid: Grid, *, comma: bool) -> list[Block]:
    """The tables of a sheet, from top to bottom: rows with numbers, what heads them, and what is said around them."""
    columns = [at for at in range(max(map(len, grid.cells), default=0)) if at not in grid.hidden_columns]
    rows = [at for at in range(len(grid.cells)) if at not in grid.hidden]
    found: list[Block] = []
    titles: list[str] = []
    for part in _parts(grid, rows):
        beside = _beside(grid, part, columns, comma=comma)
        if not beside:  # what stands alone above a table is its title, and below the last a note
            titles += filter(None, (_words(grid, row, columns) for row in part))
            continue
        found += [replace(block, titles=(*titles, *block.titles)) for block in beside]
        titles = []
    if found and titles:
        found[-1] = replace(found[-1], notes=(*found[-1].notes, *titles))
    return found


def hidden_in(grid: Grid, block: Block) -> dict[str, list[str]]:
    """The rows and columns of a table that the sheet hides, by "row" and "column", as the sheet calls them."""
    first, last = (block.heads or block.body)[-1 if block.heads else 0], block.body[-1]
    while last + 1 in grid.hidden and last + 1 < len(grid.cells) and any(map(said, grid.cells[last + 1])):
        last += 1
    rows = [at for at in range(first, last + 1) if at in grid.hidden and any(map(said, grid.cells[at]))]
    left, right = block.columns[0], block.columns[-1]
    while left - 1 in grid.hidden_columns:
        left -= 1
    while right + 1 in grid.hidden_columns:
        right += 1
    lines = [grid.cells[at] for at in (*block.heads, *block.body)]
    columns = [
        at
        for at in range(left, right + 1)
        if at in grid.hidden_columns and any(at < len(line) and said(line[at]) for line in lines)
    ]
    labels = [f"{at + 1} ({name})" if (name := _words(grid, at, block.columns[:1])) else str(at + 1) for at in rows]
    found = {"row": labels, "column": [get_column_letter(at + 1) for at in columns]}
    return {what: ones for what, ones in found.items() if ones}


def block_at(grid: Grid, reference: str, *, comma: bool) -> Block | None:
    """The table in a range such as A4:G12; None where it holds none. Raises ValueError for what is no range."""
    west, north, east, south = range_boundaries(reference.replace("$", "").upper())
    last_row, last_column = len(grid.cells), max(map(len, grid.cells), default=0)
    rows = [at for at in range((north or 1) - 1, min(south or last_row, last_row)) if at not in grid.hidden]
    wide = range((west or 1) - 1, min(east or last_column, last_column))
    columns = [at for at in wide if at not in grid.hidden_columns]
    return _block(grid, rows, columns, comma=comma)


def _parts(grid: Grid, rows: Sequence[int]) -> list[list[int]]:
    """Rows that stand together: two empty rows part them, and one does, or a title, before a row that heads others."""
    parts: list[list[int]] = [[]]
    empty, wide = False, 0  # how many rows of the last part have more than one cell
    for row in rows:
        filled = [cell for cell in grid.cells[row] if said(cell)]
        if not filled:
            if empty and parts[-1]:
                parts.append([])
                wide = 0
            empty = True
            continue
        last, years = parts[-1], sum(map(is_year, filled))
        heads = years > 1 or (years and len(filled) == years + 1)
        titled = bool(last) and not empty and sum(map(said, grid.cells[last[-1]])) == 1
        if heads and wide > 1 and (empty or titled):
            parts.append([last.pop()] if titled else [])
            wide = 0
        elif heads and empty and last and years > 1:
            parts.append([])
            wide = 0
        empty = False
        parts[-1].append(row)
        wide += len(filled) > 1
    return [part for part in parts if part]


def _beside(grid: Grid, rows: Sequence[int], columns: Sequence[int], *, comma: bool) -> list[Block]:
    """The tables of rows that stand together: one, or several with an empty column between, each with its labels."""
    wide = [row for row in rows if sum(map(said, grid.cells[row])) > 1]
    runs: list[list[int]] = [[]]
    for at in columns:
        if any(at < len(grid.cells[row]) and said(grid.cells[row][at]) for row in wide):
            runs[-1].append(at)
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    if len(runs) > 1:
        parts = [block for run in runs if (block := _block(grid, rows, run, comma=comma)) is not None]
        if len(parts) == len(runs) and all(len(one.columns) > 1 and _labels(grid, one, comma=comma) for one in parts):
            return parts
    whole = _block(grid, rows, columns, comma=comma)
    return [] if whole is None else [whole]


def _labels(grid: Grid, block: Block, *, comma: bool) -> bool:
    """Whether a table begins with a column of words."""
    cells = [grid.cells[row][block.columns[0]] for row in block.body if block.columns[0] < len(grid.cells[row])]
    words = [cell for cell in cells if said(cell) and not is_number(cell, comma=comma) and not is_year(cell)]
    return len(words) * 2 > len(cells)


def _block(grid: Grid, rows: Sequence[int], columns: Sequence[int], *, comma: bool) -> Block | None:
    def cell(row: int, column: int) -> Cell:
        return grid.cells[row][column] if column < len(grid.cells[row]) else Cell(None)

    def filled(row: int) -> list[int]:
        """The columns in which something begins."""
        return [at for at in columns if said(cell(row, at)) and not cell(row, at).covered]

    def numbered(row: int) -> bool:
        counted = [_COUNT.fullmatch(str(cell(row, at).value).strip()) for at in filled(row)]
        if len(counted) > 2 and all(counted):
            return False
        return any(_counts(cell(row, at), comma=comma) for at in columns[1:])

    wide = [row for row in rows if len(filled(row)) > 1]
    data = [row for row in rows if numbered(row)]
    if not data:  # a table of words: its first row heads it
        data = wide[1:]
        if not data:
            return None
    first = _first(data[0], [row for row in rows if row < data[0]], filled)
    heads: list[int] = []
    for row in reversed([row for row in rows if row < first]):
        merged_wide = any(cell(row, at).covered for at in columns)
        if len(heads) == _MOST_HEADS or not (
            len(filled(row)) > 1 or (merged_wide and heads and _heads(grid, row, columns))
        ):
            break
        heads.insert(0, row)
    heads, first = _complete(heads, first, filled, lambda row, at: cell(row, at).covered)
    last = max(row for row in rows if row == data[-1] or (len(filled(row)) > 1 and row > first))
    body = tuple(row for row in rows if first <= row <= last and filled(row))
    used = tuple(
        at for at in columns if any(said(cell(row, at)) and not cell(row, at).covered for row in (*heads, *body))
    )
    above = [row for row in rows if row < (heads[0] if heads else first)]
    titles = tuple(_words(grid, row, columns) for row in above)
    notes = tuple(_words(grid, row, columns) for row in rows if row > last)
    return Block(tuple(heads), body, used, tuple(filter(None, titles)), tuple(filter(None, notes)))


def _complete(
    heads: list[int], first: int, filled: Callable[[int], list[int]], covered: Callable[[int, int], bool]
) -> tuple[list[int], int]:
    """The rows of a header, and the first of the body: what has a label of its own under a complete head is no head.

    A row of one or two cells over others that are complete by themselves is a title.
    """
    used = {at for row in (*heads, first) for at in filled(row)}
    while len(heads) > 1 and len(used) > _FEW and len(filled(heads[0])) <= _PAIR:
        if any(covered(heads[0], at) for at in used) or len(filled(heads[1])) < len(used) - 1:
            break
        heads = heads[1:]
    seen: set[int] = set()
    label = min(used, default=0)
    for number, row in enumerate(heads):
        if number and label in seen and len(seen) >= len(used) - 1 and label in filled(row):
            return heads[:number], heads[number]
        seen |= {at for at in used if at in filled(row) or covered(row, at)}
    return heads, first


def _first(data: int, above: Sequence[int], filled: Callable[[int], list[int]]) -> int:
    """The first row of a body: what stands alone in the labels between a header and the first numbers heads rows."""
    label, first = filled(data)[0], data
    for row in reversed(above):
        if len(filled(row)) > 1:
            return first
        if filled(row) != [label]:
            break
        first = row
    return data


def _heads(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    """Whether a row of one merged cell heads some columns, and is no title over all of them."""
    covered = [
        at for at in columns if at < len(grid.cells[row]) and (grid.cells[row][at].covered or said(grid.cells[row][at]))
    ]
    return len(covered) < len(columns)


def _words(grid: Grid, row: int, columns: Sequence[int]) -> str:
    cells = (grid.cells[row][at] for at in columns if at < len(grid.cells[row]))
    return " ".join(" ".join(str(cell.value).split()) for cell in cells if said(cell) and not cell.covered)
