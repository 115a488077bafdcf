"""What is read of the tables of a workbook, each as text: rows, columns, totals, changes, and what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.content.cells import WORKBOOKS, UnreadableError, sheet_names, text_grid, workbook
from builder.content.numbers import decimal, decimal_comma, in_table
from builder.content.sheets.blocks import Block, block_at, blocks
from builder.content.sheets.read import FAULT, read
from builder.content.sheets.roles import with_roles, worked_out
from builder.content.yamlfile import read_yaml
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Span
from builder.model.manuscript import Text
from builder.model.table import SheetTable, TableCell, TableColumn

# A column of the text is no wider than so many signs.
_WIDEST = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A table of a file: the sheet and range where it stands, what it holds, and what of it cannot be read."""

    sheet: str
    block: Block
    table: SheetTable
    problems: tuple[Diagnostic, ...]


def language_of(project: Path) -> str:
    """The language of the report in a folder; English where there is none."""
    file = project / "content" / "report.yaml"
    said = read_yaml(file, file.name, []).data if file.is_file() else {}
    return str(said.get(Text("language"), "en")) if isinstance(said, dict) else "en"


def tables_in(file: Path, language: str, sheet: str | None = None, area: str | None = None) -> list[Found]:
    """The tables of a file, or of one sheet, or in one range. Raises ReportError where the file cannot be read."""
    comma = decimal_comma(language)
    found: list[Found] = []
    try:
        if file.suffix.lower() in WORKBOOKS:
            grids = [workbook(file, name) for name in ([sheet] if sheet is not None else sheet_names(file))]
        else:
            grids = [text_grid(file)]
        for grid in grids:
            one = block_at(grid, area, comma=comma) if area is not None else None
            for block in [one] if one is not None else blocks(grid, comma=comma):
                table, problems = read(grid, block, file.name, language, comma=comma)
                faults = _faults(table)
                table = worked_out(with_roles(table))
                mended = faults - _faults(table)
                found.append(Found(grid.title, block, table, tuple(one for one in problems if one.span not in mended)))
    except UnreadableError as error:
        raise ReportError([Diagnostic("bad-table", str(error), error.hint)], ExitCode.CONTENT) from error
    except ValueError as error:
        hint = "write it as A4:G12"
        raise ReportError([Diagnostic("bad-table", f'"{area}" is no range of cells', hint)], ExitCode.USAGE) from error
    return found


def as_text(found: Found, language: str) -> list[str]:
    """The table in lines of text, numbers at the right, with the names of rows and columns."""
    table = found.table
    heads = ["", *(one.key for one in table.columns)]
    rows = [[one.key, *_printed(one.cells, table.columns, language)] for one in table.rows]
    widths = [min(_WIDEST, max(len(row[at]) for row in (heads, *rows))) for at in range(len(heads))]
    lines = []
    for row in (heads, *rows):
        cells = [
            _cut(words, wide).rjust(wide) if at > 1 and table.columns[at - 1].numbers else _cut(words, wide).ljust(wide)
            for at, (words, wide) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _faults(table: SheetTable) -> frozenset[Span | None]:
    """The places of cells that hold an error."""
    return frozenset(cell.span for row in table.rows for cell in row.cells if cell.words == FAULT)


def _printed(cells: tuple[TableCell, ...], columns: tuple[TableColumn, ...], language: str) -> list[str]:
    return [_cell(cell, column, language) for cell, column in zip(cells, columns, strict=True)]


def _cell(cell: TableCell, column: TableColumn, language: str) -> str:
    if cell.change is None:
        return in_table(cell, column, language)
    return " → ".join(decimal(one, language) for one in cell.change)


def _cut(words: str, wide: int) -> str:
    return words if len(words) <= wide else words[: wide - 1] + "…"
