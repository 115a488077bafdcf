"""What is read of the tables of a workbook, each as text: rows, columns, totals, changes, and what cannot be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from babel import UnknownLocaleError

from builder.content.cells import WORKBOOKS, sheet_names, text_grid, workbook
from builder.content.grid import Grid, UnreadableError
from builder.content.numbers import decimal, decimal_comma, in_table
from builder.content.sheets.blocks import Block, block_at, blocks, hidden_in
from builder.content.sheets.printed import as_shown
from builder.content.sheets.read import named, read
from builder.content.sheets.roles import understood
from builder.content.yamlfile import as_yaml, read_yaml
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.manuscript import Text
from builder.model.table import SheetTable, TableCell, TableColumn

# A column of the text is no wider than so many signs.
_WIDEST = 32
# Numbers of chapters before a title: "3.1 Entrate".
_NUMBERING = re.compile(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\D)")
# Sheets that nobody has given a name, in the languages of offices.
_UNNAMED = re.compile(r"(?:Foglio|Sheet|Tabelle|Feuille?|Feuil|Hoja|Folha|Arkusz)[ _-]?\d*")


@dataclass(frozen=True, slots=True)
class Found:
    """A table of a file: the sheet and range where it stands, what it holds, and what of it cannot be read.

    `name` and `title` are those that are proposed for it, `hidden` the hidden rows and columns that are left out.
    """

    sheet: str
    block: Block
    table: SheetTable
    problems: tuple[Diagnostic, ...]
    hidden: Mapping[str, list[str]]
    name: str = ""
    title: str = ""


def language_of(project: Path) -> str:
    """The language of the report in a folder; English where there is none."""
    file = project / "content" / "report.yaml"
    said = read_yaml(file, file.name, []).data if file.is_file() else {}
    return str(said.get(Text("language"), "en")) if isinstance(said, dict) else "en"


def tables_in(file: Path, language: str, sheet: str | None = None, area: str | None = None) -> list[Found]:
    """The tables of a file, or of one sheet, or in one range. Raises ReportError where the file cannot be read."""
    try:
        comma = decimal_comma(language)
    except (UnknownLocaleError, ValueError) as error:
        message, hint = f'"{language}" is no language', "write its code: it, en, de-AT"
        raise ReportError([Diagnostic("no-language", message, hint)], ExitCode.USAGE) from error
    found: list[Found] = []
    try:
        if file.suffix.lower() in WORKBOOKS:
            grids = [workbook(file, name) for name in ([sheet] if sheet is not None else sheet_names(file))]
        else:
            grids = [text_grid(file)]
        for grid in grids:
            for block in blocks(grid, comma=comma) if area is None else _in(grid, area, comma=comma):
                table, problems = understood(*read(grid, block, file.name, language, comma=comma))
                found.append(Found(grid.title, block, table, problems, hidden_in(grid, block)))
    except UnreadableError as error:
        raise ReportError([Diagnostic("bad-table", str(error), error.hint)], ExitCode.CONTENT) from error
    except ValueError as error:
        hint = "write it as A4:G12"
        raise ReportError([Diagnostic("bad-table", f'"{area}" is no range of cells', hint)], ExitCode.USAGE) from error
    return _with_names(found, file)


def _with_names(found: list[Found], file: Path) -> list[Found]:
    """Each with a name of its own: that of its sheet, or what heads its labels, and the year of its sheet."""
    sheets = Counter(one.sheet for one in found)
    alone = len(sheets) == 1
    taken = Counter[str]()
    names = []
    for one in found:
        unnamed = alone and _UNNAMED.fullmatch(one.sheet)
        name = named(file.stem if unnamed or not one.sheet else one.sheet).lstrip("0123456789-")
        if not name or sheets[one.sheet] > 1:
            year = [str(one.table.year)] if one.table.year else []
            name = "-".join([one.table.columns[0].key, *year]).lstrip("0123456789-") or "table"
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    titles = _titles(found, file)
    return [replace(one, name=name, title=title) for one, name, title in zip(found, names, titles, strict=True)]


def _titles(found: list[Found], file: Path) -> list[str]:
    """The words above each table, or where several have the same, such as the name of the office, that of its sheet."""
    above = [_NUMBERING.sub("", one.table.titles[-1]) if one.table.titles else "" for one in found]
    often, sheets = Counter(above), Counter(one.sheet for one in found)
    titles = []
    for one, title in zip(found, above, strict=True):
        sheet = "" if _UNNAMED.fullmatch(one.sheet) else _NUMBERING.sub("", one.sheet)
        head = one.table.columns[0].head if sheets[one.sheet] > 1 else ""
        titles.append((title if often[title] == 1 else "") or head or sheet or title or file.stem)
    return titles


def _in(grid: Grid, area: str, *, comma: bool) -> list[Block]:
    """The table in a range of a sheet. Raises ValueError for what is no range, UnreadableError where there is none."""
    block = block_at(grid, area, comma=comma)
    if block is None:
        there = ", ".join(one.range for one in blocks(grid, comma=comma))
        raise UnreadableError(f"there is no table in {area}", f"there is one in: {there}" if there else "nor elsewhere")
    return [block]


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


def as_block(found: Found, file: Path, content: Path, *, alone: bool) -> list[str]:
    """The block that prints the table: `range` where it is not `alone` in its sheet."""
    inside = file.resolve().is_relative_to(content.resolve())
    where = file.resolve().relative_to(content.resolve()).as_posix() if inside else f"dati/{file.name}"
    keys = {
        "table": found.name,
        "title": found.title,
        "file": where,
        **({"sheet": found.sheet} if found.sheet else {}),
        **({} if alone else {"range": found.block.range}),
        **({"unit": unit} if (unit := as_shown(found.table).get("")) else {}),
    }
    return [f"  {'- ' if number == 0 else '  '}{line}" for number, line in enumerate(as_yaml(keys))]


def _printed(cells: tuple[TableCell, ...], columns: tuple[TableColumn, ...], language: str) -> list[str]:
    return [_cell(cell, column, language) for cell, column in zip(cells, columns, strict=True)]


def _cell(cell: TableCell, column: TableColumn, language: str) -> str:
    if cell.change is None:
        return in_table(cell, column, language)
    return " → ".join(decimal(one, language) for one in cell.change)


def _cut(words: str, wide: int) -> str:
    return words if len(words) <= wide else words[: wide - 1] + "…"
