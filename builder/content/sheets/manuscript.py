"""The tables of all topics, read; and their cells as indicators, where a text, formula or figure names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.content.number_format import rounded
from builder.content.schema_errors import validated
from builder.content.sheets.printed import gathered
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Document, Path_, Text, Value
from builder.model.project import Project
from builder.model.table import SheetTable, TableCell, TableColumn, TableRow

# A cell as texts and formulas name it: entrate.titolo-1.2024.
_CELL = re.compile(r"(?<![^\s{,\[])([^\s{}.:,\[\]]+)\.([^\s{}.:,\[\]]+)\.([^\s{}.:,\[\]]+)")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables by name (None for one that could not be read), their blocks, what is wrong, and the files read."""

    tables: Mapping[str, SheetTable | None]
    blocks: Mapping[str, TableBlock]
    problems: tuple[Diagnostic, ...]
    read: tuple[str, ...]


def tables_of(topics: Mapping[str, Document], project: Project, language: str) -> Tables:
    """Every table block of the topics; what is wrong with a block itself is for `check` to say."""
    tables: dict[str, SheetTable | None] = {}
    known: dict[str, TableBlock] = {}
    problems: list[Diagnostic] = []
    read: list[str] = []
    for document in topics.values():
        body = document.data.get(Text("body")) if isinstance(document.data, dict) else None
        for number, entry in enumerate(body if isinstance(body, list) else ()):
            if not isinstance(entry, dict) or Text("table") not in entry:
                continue
            at: Path_ = ("body", number)
            block = validated(TableBlock, document, [], at)
            if block is None and isinstance(name := entry[Text("table")], Text):
                tables.setdefault(str(name), None)
            if block is None or str(block.table) in tables:
                continue
            found = gathered(block, document, at, project, language)
            problems += found.problems
            tables[str(block.table)], known[str(block.table)] = found.table, block
            if found.file is not None and found.file.exists():
                read.append(project.name(found.file))
    return Tables(tables, known, tuple(problems), tuple(dict.fromkeys(read)))


def cells_named(tables: Tables, documents: list[Document]) -> dict[str, tuple[TableBlock, SheetTable, Any]]:
    """The cells that any text of the documents names, by that name."""
    found: dict[str, tuple[TableBlock, SheetTable, Any]] = {}
    for document in documents:
        for text in _texts(document.data):
            for match in _CELL.finditer(text):
                table = tables.tables.get(match[1])
                if table is not None and match[0] not in found and (cell := table.at(match[2], match[3])):
                    found[match[0]] = tables.blocks[match[1]], table, cell
    return found


def with_cells(indicators: Document, tables: Tables, documents: list[Document]) -> Document:
    """The indicators, and after them the cells of tables that are named somewhere, as indicators too."""
    named = cells_named(tables, [indicators, *documents])
    if not named:
        return indicators
    data = dict(indicators.data) if isinstance(indicators.data, dict) else {}
    places, keys = dict(indicators.places), dict(indicators.key_places)
    for name, (block, table, (row, column, cell)) in named.items():
        own = cell.span if block.source is not None else None  # a source is missing in the block, not in the sheet
        span = own or block.table.span or Span(indicators.file)
        data[Text(name, span, name)] = _entry(block, table, row, column, cell)
        places[(name,)] = keys[(name,)] = span
    return Document(indicators.file, data, places, keys)


def _entry(
    block: TableBlock, table: SheetTable, row: TableRow, column: TableColumn, cell: TableCell
) -> dict[Text | int, Value]:
    span = cell.span

    def text(words: object) -> Text:
        return Text(str(words), span, str(words))

    label = ", ".join(filter(None, (row.label, column.head)))
    entry: dict[str, Value] = {
        "label": text(label),
        "kind": text("share" if column.percent or cell.percent else "total"),
    }
    if cell.value is not None:
        entry["value"] = rounded(cell.value, column.decimals if cell.digits is None else cell.digits)
    if (unit := table.unit(row, column, cell)) is not None:
        entry["unit"] = text(unit)
    if (year := column.year or table.year) is not None:
        entry["period"] = {text("from"): year}
    if block.source is not None:
        entry["source"] = block.source
    if span is not None and span.cell:
        entry["source-page"] = text(span.cell)
    entry["status"] = text(block.status)
    if block.verified is not None:
        entry["verified"] = {text("by"): block.verified.by, text("day"): block.verified.day}
    return {text(key): value for key, value in entry.items()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
