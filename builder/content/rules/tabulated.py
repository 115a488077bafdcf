"""The checks on tables: those of files and typed rows, and those that stand in texts as Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from builder.content import numbers, prose
from builder.content.grid import Cell, Grid
from builder.content.markup import QUOTE, Quote
from builder.content.numbers import decimal, decimal_comma
from builder.content.rules.slips import slip_findings, years_quoted
from builder.content.rules.sums import sum_findings
from builder.content.rules.table import found
from builder.content.rules.writing import topic_writings
from builder.content.sheets.blocks import Block
from builder.content.sheets.read import read
from builder.content.sheets.roles import understood
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Text
from builder.model.report import Report
from builder.model.table import SheetTable, TableRow


@dataclass(frozen=True, slots=True)
class Judged:
    """A table and what it is called in messages; `quotes` has the cells that quote an indicator, by their place."""

    name: str
    table: SheetTable
    tolerance: Decimal | None
    quotes: tuple[tuple[int, int, Quote], ...] = ()


def table_findings(report: Report) -> Iterator[Diagnostic]:
    """What the numbers of each table say against each other, and those of one table against those of another."""
    language = str(report.front.language)
    judged = [*_blocks(report), *_written(report)]
    for one in judged:
        yield from sum_findings(one.table, one.name, language, one.tolerance)
        yield from slip_findings(one.table, one.name, language)
        yield from _other_years(one, report)
    yield from _twice(judged, language)


def _blocks(report: Report) -> Iterator[Judged]:
    for topic in report.topics.values():
        for block in topic.body:
            if isinstance(block, TableBlock) and str(block.table) in report.tables:
                yield Judged(str(block.table), report.tables[str(block.table)], block.tolerance)


def _written(report: Report) -> Iterator[Judged]:
    """The tables in running texts, as they print."""
    for name, topic in report.topics.items():
        for writing in topic_writings(topic):
            if writing.role == "prose" and "|" in writing.text:
                for cells in prose.tables(writing.text):
                    yield _of_markdown(cells, writing.text, name, report)


def _of_markdown(cells: list[list[str]], text: Text, topic: str, report: Report) -> Judged:
    def place(row: int, column: int) -> Span:
        words = cells[row][column] or cells[row][0]
        return text.locate(words) or text.span or Span(topic)

    def printed(quote: Quote) -> str:
        one = report.indicators.get(quote.target)
        if one is None or quote.what != "number" or quote.form not in ("", "value", "signed", "unsigned", "delta"):
            return ""
        form = "signed" if quote.form == "" and one.sign == "shown" else quote.form if quote.form else "value"
        said = numbers.in_form(one, form, report.labels, report.front.language) or ""
        return said if "%" in said else said + "%" * (str(one.unit) == "percent")

    plain = [
        [Cell(prose.plain(one, printed).strip() or None, bold=one.startswith("**")) for one in row] for row in cells
    ]
    wide = max(map(len, plain))
    block = Block((0,), tuple(range(1, len(plain))), tuple(range(wide)))
    language = str(report.front.language)
    comma = decimal_comma(language)
    table, _ = understood(*read(Grid("", plain), block, topic, language, comma=comma, place=place))
    quotes = [
        (number, at, Quote.of(match))
        for number, row in enumerate(cells[1:])
        for at, one in enumerate(row)
        if (match := QUOTE.fullmatch(one.strip("* "))) is not None
    ]
    head = prose.plain(cells[0][0], printed).strip()
    return Judged(f"{topic}: {head}" if head else topic, table, None, tuple(quotes))


def _other_years(one: Judged, report: Report) -> Iterator[Diagnostic]:
    """Cells that quote a number of another year than the head of their column says."""
    for number, at, quote in one.quotes:
        column, indicator = one.table.columns[at], report.indicators.get(quote.target)
        if column.year is None or indicator is None or indicator.period is None or quote.form not in ("", "value"):
            continue
        years = indicator.period
        if years.from_ == years.last != column.year:
            row = one.table.rows[number]
            yield years_quoted(row.cells[at], column, years.last, one.name, row.label)


def _twice(judged: list[Judged], language: str) -> Iterator[Diagnostic]:
    """A row that stands in two tables has the same numbers in both, if it has most of them."""
    known: dict[str, list[tuple[Judged, TableRow]]] = defaultdict(list)
    for one in judged:
        for row in one.table.rows:
            if row.kind == "row" and row.label:
                known[row.label.casefold()].append((one, row))
    for rows in known.values():
        often = Counter(id(one) for one, _ in rows)  # of several in one table, none is known to be the one meant
        alone = [(one, row) for one, row in rows if often[id(one)] == 1]
        for at, (other, second) in enumerate(alone):
            for one, first in alone[:at]:
                yield from _differing(one, first, other, second, language)


def _differing(one: Judged, first: TableRow, other: Judged, second: TableRow, language: str) -> Iterator[Diagnostic]:
    def dated(table: SheetTable, row: TableRow) -> dict[int, int]:
        years = table.series[0] if len(table.series) == 1 else ()  # of several, none is known to be the one meant
        known = (at for at in years if row.cells[at].value is not None)
        return {year: at for at in known if (year := table.columns[at].year) is not None}

    here, there = dated(one.table, first), dated(other.table, second)
    shared = sorted(here.keys() & there.keys())
    unlike = [year for year in shared if first.cells[here[year]].value != second.cells[there[year]].value]
    if not unlike or len(shared) - len(unlike) < 2 or len(unlike) > len(shared) / 2:
        return
    for year in unlike:
        cell, before = second.cells[there[year]], first.cells[here[year]]
        assert cell.value is not None
        assert before.value is not None
        said = f'{decimal(cell.value, language)} here and {decimal(before.value, language)} in "{one.name}"'
        message = f'in the table "{other.name}", {second.label}, {year} is {said}'
        yield found("table-twice", message, f"the other stands at {before.span}: one of them is wrong", cell.span)
