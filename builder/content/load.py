"""load: YAML files and tables → Manuscript, each value with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from builder.content.language import words_of
from builder.content.numbers import decimal_comma
from builder.content.schema_errors import validated
from builder.content.yamlfile import read_yaml
from builder.model.diagnostics import Diagnostic, ReportError, Span, errors
from builder.model.front import Table
from builder.model.manuscript import Document, Manuscript, Path_, Text, Value
from builder.model.project import SIGNATURES, Project
from builder.model.spelling import composed, flat


def load(project: Project) -> Manuscript:
    """Read every YAML file of the project. Raises ReportError with all that cannot be read."""
    problems: list[Diagnostic] = []
    read: list[str] = []

    def one(path: Path) -> Document:
        name = project.name(path)
        read.append(name)
        if path.exists() and isinstance(found := project.inside(path.name, path.parent, Span(name)), Diagnostic):
            problems.append(found)
            return Document(name, {}, {}, {})
        return read_yaml(path, name, problems)

    report = one(project.content / "report.yaml")
    indicators = one(project.content / "indicators.yaml")
    sources = one(project.content / "sources.yaml")
    theme = one(project.layouts / "theme.yaml")
    language = report.data.get(Text("language")) if isinstance(report.data, dict) else None
    labels = words_of(language if isinstance(language, str) else "en", report, project, one, problems)
    topics = {composed(p.stem): one(p) for p in sorted((project.content / "topics").glob("*.yaml"))}
    indicators = _with_tables(indicators, report, labels, project, str(language or "en"), problems, read)
    if errors(problems):
        raise ReportError(problems)
    if not any(_has_tables(document) for document in topics.values()):
        return Manuscript(report, indicators, sources, theme, labels, topics, tuple(read), tuple(problems))
    from builder.content.sheets.drawn import with_drawn
    from builder.content.sheets.manuscript import tables_of, with_cells  # openpyxl takes its time to load

    tables = tables_of(topics, project, str(language or "en"))
    indicators = with_cells(indicators, tables, [report, *topics.values()])
    topics = {name: with_drawn(document, tables, problems) for name, document in topics.items()}
    return Manuscript(
        report, indicators, sources, theme, labels, topics,
        (*read, *tables.read), (*problems, *tables.problems), tables.tables,
    )  # fmt: skip


def _has_tables(document: Document) -> bool:
    body = document.data.get(Text("body")) if isinstance(document.data, dict) else None
    return isinstance(body, list) and any(isinstance(one, dict) and Text("table") in one for one in body)


def _with_tables(
    indicators: Document,
    report: Document,
    labels: Document,
    project: Project,
    language: str,
    problems: list[Diagnostic],
    read: list[str],
) -> Document:
    """The indicators of the YAML, and after them those of the tables that report.yaml names."""
    wanted = report.data.get(Text("tables")) if isinstance(report.data, dict) else None
    if not isinstance(wanted, list):
        return indicators
    from builder.content.tables import (  # openpyxl takes its time to load, and many reports have no tables
        Names,
        read_table,
    )

    data = dict(indicators.data) if isinstance(indicators.data, dict) else {}
    places, keys = dict(indicators.places), dict(indicators.key_places)
    names = Names(_names_of(labels), _times_of(labels))
    for number in range(len(wanted)):
        table = validated(Table, report, problems, ("tables", number))
        if table is None:
            continue
        where = table.file.span or report.span(("tables", number))
        if "id" not in table.columns:
            message, hint = "the table has no column of ids", "add `id: …` to its columns, with the heading"
            problems.append(Diagnostic("missing-key", message, hint, report.span(("tables", number, "columns"))))
            continue
        path = project.inside(table.file, project.content, where)
        if isinstance(path, Diagnostic):
            problems.append(path)
            continue
        read.append(project.name(path))
        decimals = "comma" if decimal_comma(language) else "point"
        rows = read_table(path, project.name(path), table, decimals, names, where)
        problems += rows.problems
        for name, entry in rows.entries.items():
            span = rows.places[(name,)]
            if name in data:
                message = f'"{name}" is given twice'
                problems.append(
                    Diagnostic("duplicate-key", message, f"the first is at {keys[(name,)]}: keep one", span)
                )
                continue
            data[Text(name, span, name)] = entry
            keys[(name,)] = span
        places |= rows.places
        keys |= {path_: span for path_, span in rows.places.items() if path_ not in keys}
    _add_signatures(data, places, keys, project, problems, read)
    return Document(indicators.file, data, places, keys)


def _add_signatures(
    data: dict[Text | int, Value],
    places: dict[Path_, Span],
    keys: dict[Path_, Span],
    project: Project,
    problems: list[Diagnostic],
    read: list[str],
) -> None:
    """Signatures of indicators from tables stand in a file of their own."""
    path = project.content / SIGNATURES
    if not path.is_file():
        return
    read.append(project.name(path))
    document = read_yaml(path, project.name(path), problems)
    for name, given in document.data.items() if isinstance(document.data, dict) else ():
        entry = data.get(name)
        if not isinstance(entry, dict) or not isinstance(given, dict) or list(given) != ["signed"]:
            message = f'"{name}" is no indicator from a table, or more is said of it than `signed`'
            where = document.span((str(name),), key=True)
            problems.append(Diagnostic("unknown-key", message, "take it out: this file holds signatures", where))
            continue
        data[name] = entry | given
        places |= {p: span for p, span in document.places.items() if p[:1] == (str(name),) and len(p) > 1}
        keys |= {p: span for p, span in document.key_places.items() if p[:1] == (str(name),) and len(p) > 1}


def _names_of(labels: Document) -> dict[str, dict[str, str]]:
    """How units and kinds are called in print → their names: a table says "Mln di €", not million-euro."""
    found: dict[str, dict[str, str]] = {"unit": {}, "kind": {}, "status": {}}
    data = labels.data if isinstance(labels.data, dict) else {}
    for key, part in (("unit", "units"), ("kind", "kinds"), ("status", "statuses")):
        entries = data.get(Text(part))
        for name, given in entries.items() if isinstance(entries, dict) else ():
            texts = given.values() if isinstance(given, dict) else (given,)
            found[key] |= {flat(text): str(name) for text in texts if isinstance(text, Text)}
    return found


def _times_of(labels: Document) -> dict[str, Decimal]:
    """What units count in, by name: million-euro, 1000000."""
    data = labels.data if isinstance(labels.data, dict) else {}
    units = data.get(Text("units"))
    found: dict[str, Decimal] = {}
    for name, unit in units.items() if isinstance(units, dict) else ():
        times = unit.get(Text("times")) if isinstance(unit, dict) else None
        if isinstance(times, int | Decimal):
            found[str(name)] = Decimal(times)
    return found
