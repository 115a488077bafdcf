"""The report's numbers as files, for the archive edition: so that nobody has to copy them from a page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from builder.content import prose
from builder.content.dataset import dataset
from builder.content.markup import Quote
from builder.content.plan import Section
from builder.content.quoting import quoting
from builder.model.about import __version__
from builder.model.attachment import Attachment
from builder.model.diagnostics import Diagnostic, ReportError, Span
from builder.model.figure import Chart, Dumbbell, Figure, Flow, Index, Slope, Slopes, over_years
from builder.model.indicator import Indicator
from builder.model.manuscript import Text
from builder.model.node import FiscalYear
from builder.model.report import Report
from builder.model.spelling import composed
from builder.model.table import SheetTable

RECEIPT = "receipt.json"
_LIBRARIES = ("weasyprint", "matplotlib", "pikepdf", "jinja2", "pillow", "babel", "uharfbuzz")
# Columns of indicators.csv, and their types in the terms of CSV on the Web (W3C, tabular data model, 4.6.1).
_COLUMNS = {
    "id": "string",
    "label": "string",
    "kind": "string",
    "value": "decimal",
    "upper": "decimal",
    "qualifier": "string",
    "unit": "string",
    "base": "decimal",
    "base_year": "gYear",
    "end": "decimal",
    "end_year": "gYear",
    "period_from": "gYear",
    "period_to": "gYear",
    "digits": "integer",
    "formula": "string",
    "scope": "string",
    "status": "string",
    "source": "string",
    "source_title": "string",
    "source_publisher": "string",
    "source_date": "string",
    "source_page": "string",
    "source_place": "string",
    "passage": "string",
    "source_url": "anyURI",
    "method": "string",
    "note": "string",
    "leaves_out": "string",
    "verified_by": "string",
    "verified_on": "date",
    "pages": "string",
}
_FIGURE_COLUMNS = {
    "figure": "integer",
    "title": "string",
    "page": "integer",
    "indicator": "string",
    "what": "string",
    "year": "gYear",
    "value": "decimal",
    "unit": "string",
}


def attachments(
    report: Report, sections: Iterable[Section], folios: Mapping[str, int], printed: Mapping[str, tuple[int, ...]]
) -> tuple[Attachment, ...]:
    """The data files. `folios` gives the page of each anchor, `printed` the pages on which each indicator stands."""
    quote = quoting(report, lambda anchor: str(folios[anchor]))
    indicators = [dict(zip(_COLUMNS, row, strict=True)) for row in _indicators(report, quote, printed)]
    figures = [dict(zip(_FIGURE_COLUMNS, row, strict=True)) for row in _figures(report, quote, sections, folios)]
    front = report.front
    whole = {
        "report": {
            "title": front.title.flat,
            "organisation": str(front.organisation),
            "period": {"from": front.period.from_, "to": front.period.last},
            "language": str(front.language),
        },
        "units": {name: unit.alone for name, unit in report.labels.units.items()},
        "sources": {name: source.model_dump(mode="json", exclude_none=True) for name, source in report.sources.items()},
        "indicators": [
            {key: _plain(value) for key, value in row.items() if value is not None}
            | (
                {"series": {str(y): v for y, v in sorted(one.series.items())}}
                if one.series and not one.withheld
                else {}
            )
            for row, one in zip(indicators, report.indicators.values(), strict=True)
        ],
        "figures": [{key: _plain(value) for key, value in row.items() if value is not None} for row in figures],
    }
    tables = {f"table-{name}.csv": _table(report.tables[name]) for name in report.table_numbers}
    columns = {"indicators.csv": _typed(_COLUMNS, indicators), "figures.csv": _typed(_FIGURE_COLUMNS, figures)}
    columns |= {name: own for name, (own, _) in tables.items()}
    return (
        Attachment("indicators.csv", _csv(_COLUMNS, indicators), "text/csv", "Data", "The indicators, one in each row"),
        Attachment(
            "figures.csv", _csv(_FIGURE_COLUMNS, figures), "text/csv", "Data", "The numbers that the figures show"
        ),
        *(
            Attachment(name, _csv(own, rows), "text/csv", "Data", f"The numbers of table {number}")
            for number, (name, (own, rows)) in enumerate(tables.items(), 1)
        ),
        Attachment(
            "csv-metadata.json",
            _json(_csvw(columns, str(front.language))),
            "application/csvm+json",
            "Supplement",
            "The columns of the tables and their types (CSV on the Web)",
        ),
        Attachment("report.json", _json(whole), "application/json", "Data", "Indicators, sources and figures"),
    )


def _typed(columns: Mapping[str, str], rows: list[dict[str, Any]]) -> dict[str, str]:
    """The types of columns: 2023/24 is no year as CSV on the Web has them."""
    fiscal = {name for row in rows for name, value in row.items() if isinstance(value, FiscalYear)}
    return {name: "string" if name in fiscal else kind for name, kind in columns.items()}


def _plain(value: Any) -> Any:
    """As JSON has it: 2023/24 as it is written."""
    return str(value) if isinstance(value, FiscalYear) else value


def _table(table: SheetTable) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The columns of a table with their types, and its rows; what is no number is none in a column of numbers."""
    columns = {"row": "string", "label": "string"}
    numeric = [(at, one) for at, one in enumerate(table.columns) if one.numbers]
    words = [(at, one) for at, one in enumerate(table.columns[1:], 1) if not one.numbers]
    columns |= {f"c-{one.key}": "string" for _, one in words} | {f"c-{one.key}": "decimal" for _, one in numeric}
    rows: list[dict[str, Any]] = []
    for row in table.rows:
        said: dict[str, Any] = {"row": row.key, "label": row.label}
        said |= {f"c-{one.key}": row.cells[at].words or None for at, one in words}
        rows.append(said | {f"c-{one.key}": row.cells[at].value for at, one in numeric})
    return columns, rows


def receipt(made: Iterable[Attachment], inputs: Iterable[Path], root: Path, edition: str, when: datetime) -> Attachment:
    """What the edition was made of: versions, and the SHA-256 of every file read and of every file inside."""
    try:
        digests = {
            composed(path.relative_to(root).as_posix()): sha256(path.read_bytes()).hexdigest()
            for path in sorted(set(inputs))
        }
    except OSError as error:
        name = Path(str(error.filename)).name
        raise ReportError(
            [Diagnostic("cannot-read", f"{name}: {error.strerror}", "it was there a moment ago", Span(name))]
        ) from error
    said = {
        "edition": edition,
        "made": when.isoformat(),
        "builder": __version__,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "inputs": digests,
        "files": {one.name: one.digest for one in made},
    }
    return Attachment(RECEIPT, _json(said), "application/json", "Supplement", "How and of what this file was made")


def _indicators(
    report: Report, quote: Callable[[Quote], str], printed: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[Any, ...]]:
    def told(text: Text | None) -> str | None:
        return None if text is None else prose.plain(text, quote)

    for name, one in report.indicators.items():
        source = report.sources[one.source]
        shown = not one.withheld  # what is withheld from the page is withheld here
        base, end, period = (one.base, one.end, one.period) if shown else (None, None, None)
        yield (
            name,
            str(one.label),
            str(one.kind),
            one.value if shown else None,
            one.upper if shown else None,
            one.qualifier,
            one.unit,
            base.value if base else None,
            base.year if base else None,
            end.value if end else None,
            end.year if end else None,
            period.from_ if period else None,
            period.last if period else None,
            one.digits,
            formula(one),
            told(one.scope),
            str(one.status),
            str(one.source),
            str(source.title),
            source.publisher,
            source.date,
            source.page,
            one.source_page,
            one.passage if shown else None,
            source.url,
            told(one.method),
            told(one.reason if one.withheld else one.note),
            told(one.leaves_out),
            one.verified.by if one.verified else None,
            one.verified.day if one.verified else None,
            " ".join(map(str, printed.get(name, ()))) or None,
        )


def _figures(
    report: Report, quote: Callable[[Quote], str], sections: Iterable[Section], folios: Mapping[str, int]
) -> Iterator[tuple[Any, ...]]:
    for section in sections:
        for shown in section.figures:
            about = shown.number, prose.plain(shown.figure.title, quote), folios.get(f"figure-{shown.number}")
            yield from ((*about, None, *cell) for cell in _own_numbers(shown.figure, report))
            for name in shown.figure.uses:
                one = report.indicators[name]
                for what, year, value, unit in _points(shown.figure, one):
                    yield (*about, str(name), what, year, value, unit)


def _own_numbers(figure: Figure, report: Report) -> Iterator[tuple[str, int | None, Decimal | None, str | None]]:
    """Numbers that a figure alone draws: what each is of, its year, its value and unit."""
    if isinstance(figure, Flow):
        unit = str(figure.unit) if figure.unit is not None else None
        yield from ((f"{one.from_} → {one.to}", None, one.value, unit) for one in figure.links)
    if isinstance(figure, Chart) and figure.numbers is not None:
        table = dataset(figure, report)
        for series in table.series:
            for at, value in enumerate(series.values):
                year = table.years[at] if table.years else None
                what = series.name if table.years else f"{table.points[at]} {series.name}".strip()
                yield what or "value", year, value, table.unit_name


def formula(one: Indicator) -> str | None:
    """How an indicator is made from others: difference(soddisfazione.end, soddisfazione.base)."""
    if one.formula is not None:
        return f"{one.formula.operation}({', '.join(one.formula.terms)})"
    return f"sum({', '.join(one.parts)})" if one.parts else None


def _points(figure: Figure, one: Indicator) -> Iterator[tuple[str, int | None, Decimal | None, str | None]]:
    unit = str(one.unit) if one.unit else None
    if over_years(figure):
        yield from (("value", year, value, unit) for year, value in sorted(one.series.items()))
        return
    if isinstance(figure, Slope | Dumbbell | Slopes):
        for what, moment in (("base", one.base), ("end", one.end)):
            assert moment is not None  # check has seen to it
            yield what, moment.year, moment.value, "percent" if one.kind == "change-in-points" else unit
    if isinstance(figure, Index) and one.value is not None:
        yield "index-base", None, Decimal(100), None
        yield "index", None, 100 + one.value, None
    yield "value", None, one.value, unit


def _csv(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """RFC 4180, in UTF-8, decimals with a point."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: "" if value is None else value for key, value in row.items()} for row in rows)
    return out.getvalue().encode()


def _csvw(tables: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Any]:
    """Metadata of the tables (W3C, Metadata Vocabulary for Tabular Data)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "tables": [
            {
                "url": name,
                "tableSchema": {
                    "columns": [
                        {"name": column, "titles": column, "datatype": kind}
                        | ({"separator": " ", "datatype": "integer"} if column == "pages" else {})
                        for column, kind in columns.items()
                    ]
                },
            }
            for name, columns in tables.items()
        ],
    }


def _json(data: Any) -> bytes:
    """JSON with the decimals as they stand in the YAML."""
    return (json.dumps(data, ensure_ascii=False, indent=1, default=_number) + "\n").encode()


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    raise TypeError(type(value).__name__)
