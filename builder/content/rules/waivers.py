"""Severities that report.yaml changes, and findings that are waived in place, with a reason."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from builder.content.rules.table import CHECKS, found
from builder.content.schema_errors import unknown
from builder.model.body import TableBlock
from builder.model.diagnostics import Diagnostic, Severity, Span
from builder.model.indicator import Waiver
from builder.model.manuscript import Manuscript
from builder.model.report import Report

# No file is called so.
_NOWHERE = "/"


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that is known and accepted, and why."""

    diagnostic: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A waiver and where it holds: the lines from `first` to `last` of a file, or all files where that is empty.

    And in the cells of tables, at `cells`, wherever these stand.
    """

    waiver: Waiver
    file: str
    first: int
    last: float
    spent: list[Diagnostic]
    cells: frozenset[Span | None] = frozenset()

    def covers(self, one: Diagnostic) -> bool:
        if one.code != self.waiver.check or (self.waiver.about is not None and self.waiver.about not in one.message):
            return False
        span = one.span
        if span is not None and span in self.cells:
            return True
        return not self.file or (span is not None and span.file == self.file and self.first <= span.line <= self.last)


def settle(
    findings: Iterable[Diagnostic], report: Report, manuscript: Manuscript, *, complete: bool
) -> tuple[tuple[Diagnostic, ...], tuple[Waived, ...]]:
    """The findings that stand, as grave as report.yaml says, and those that are waived.

    Where the search was not `complete`, no waiver is called idle.
    """
    levels = {str(code): level for code, level in report.front.checks.items()}
    placed = list(_placed(report, manuscript))
    stand: list[Diagnostic] = []
    waived: list[Waived] = []
    by_check: dict[tuple[str, str], list[_Placed]] = {}
    for waiver in placed:
        for file in {waiver.file, ""} if waiver.cells else (waiver.file,):
            by_check.setdefault((str(waiver.waiver.check), file), []).append(waiver)
    for one in findings:
        near = [*by_check.get((one.code, one.span.file if one.span else ""), ()), *by_check.get((one.code, ""), ())]
        holder = next((p for p in near if p.covers(one)), None)
        if holder is not None:
            holder.spent.append(one)
            waived.append(Waived(one, holder.waiver.reason.flat))
            continue
        level = levels.get(one.code)
        if level == "none":
            continue
        stand.append(one if level is None else replace(one, severity=Severity(level)))
    for idle in placed if complete else ():
        if not idle.spent and idle.waiver.check in CHECKS and levels.get("idle-waiver") != "none":
            message = f'nothing is found here that the waiver of "{idle.waiver.check}" waives'
            stand.append(
                found("idle-waiver", message, "take it out: it would hide the next one", idle.waiver.check.span)
            )
    return tuple(stand), tuple(waived)


def waiver_problems(report: Report) -> Iterator[Diagnostic]:
    """A waiver or a severity that names no check, and a waiver without a reason."""
    for code in report.front.checks:
        if str(code) not in CHECKS:
            yield unknown("unknown-check", "check", code, CHECKS, code.span)
    for waiver in _all(report):
        if str(waiver.check) not in CHECKS:
            yield unknown("unknown-check", "check", waiver.check, CHECKS, waiver.check.span)
        if len(re.findall(r"\w+", waiver.reason)) < 2:
            message = f'the waiver of "{waiver.check}" gives no reason'
            hint = "say why it is right as it stands: whoever signs the report reads this"
            yield Diagnostic("no-reason", message, hint, waiver.reason.span)
    for waiver in report.front.waive:
        if waiver.about is None:
            message = f'a waiver of "{waiver.check}" for the whole report must say what it is about'
            hint = "add `about: …` with words of the finding; or waive it in the entry where it is found"
            yield Diagnostic("missing-key", message, hint, waiver.check.span)


def _all(report: Report) -> Iterator[Waiver]:
    yield from report.front.waive
    for entries in (report.topics, report.indicators, report.sources):
        for one in entries.values():
            yield from one.waive
    yield from (waiver for topic in report.topics.values() for block in topic.tables for waiver in block.waive)


def _cells(blocks: Iterable[TableBlock], report: Report) -> frozenset[Span | None]:
    """The places of all cells of tables, and where their blocks begin."""
    tables = [report.tables[str(one.table)] for one in blocks if str(one.table) in report.tables]
    cells = {cell.span for table in tables for row in table.rows for cell in row.cells}
    return frozenset((cells | {one.table.span for one in blocks}) - {None})


def _placed(report: Report, manuscript: Manuscript) -> Iterator[_Placed]:
    for name, topic in report.topics.items():
        for waiver in topic.waive:
            yield _Placed(waiver, manuscript.topics[name].file, 1, float("inf"), [], _cells(topic.tables, report))
        for block in topic.tables:
            for waiver in block.waive:
                yield _Placed(waiver, _NOWHERE, 1, 0, [], _cells((block,), report))
    for document, entries in ((manuscript.indicators, report.indicators), (manuscript.sources, report.sources)):
        starts = sorted(span.line for path, span in document.key_places.items() if len(path) == 1 and not span.cell)
        for name, one in entries.items():
            for waiver in one.waive:
                first = document.span((name,), key=True).line
                after = bisect_right(starts, first)
                last = starts[after] - 1 if after < len(starts) else float("inf")
                yield _Placed(waiver, document.file, first, last, [])
    for waiver in report.front.waive:
        yield _Placed(waiver, "", 1, float("inf"), [])
