"""The checks on what a report says: numbers against each other, their sources and texts; texts against good typing.

They run once the content is sound (all names lead somewhere), and never change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from builder.content.rules.evidence import Evidence
from builder.content.rules.loose import Known, loose_numbers
from builder.content.rules.meaning import meaning_rules
from builder.content.rules.register import indicator_rules, register_rules
from builder.content.rules.table import CHECKS
from builder.content.rules.topics import alike, topic_rules, unused, unverified
from builder.content.rules.typography import typography_rules
from builder.content.rules.writing import topic_writings, writings
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Document, Manuscript
from builder.model.project import Project
from builder.model.report import Report

__all__ = ["CHECKS", "findings"]


def findings(report: Report, manuscript: Manuscript, project: Project) -> Iterator[Diagnostic]:
    """Everything that the checks find, before severities and waivers."""
    places = _places(manuscript.indicators)
    language = str(report.front.language)
    words = report.labels.checks
    known = Known.of(report)
    for written in writings(report):
        yield from loose_numbers(written, report, known, words)
        yield from typography_rules(written, language, report.labels, report.front.names, words)
        yield from meaning_rules(written, report, words)
    evidence = Evidence(report, project)
    yield from evidence.problems
    for name, one in report.indicators.items():
        yield from indicator_rules(name, one, report, places(name))
        yield from evidence.holds(name, one, places(name))
    yield from register_rules(report, places)
    for name, topic in report.topics.items():
        yield from topic_rules(topic, report, _place(manuscript.topics[name], ()), words)
    if report.tables or any("|" in one.text for topic in report.topics.values() for one in topic_writings(topic)):
        from builder.content.rules.tabulated import table_findings  # openpyxl takes its time to load

        yield from table_findings(report)
    yield from alike(report)
    yield from unused(report, places)
    yield from unverified(report, places)


def _places(document: Document) -> Callable[[str], Callable[..., Span]]:
    return lambda name: _place(document, (name,))


def _place(document: Document, at: tuple[str, ...]) -> Callable[..., Span]:
    """Where a key of an entry stands; the entry itself where none is named."""

    def place(*keys: str) -> Span:
        return document.span((*at, *keys), key=not keys)

    return place
