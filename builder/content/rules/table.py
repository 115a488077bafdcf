"""The table of checks: what each asks, and how grave its findings are. docs/checks.md has a section for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from builder.model.diagnostics import Diagnostic, Fix, Severity, Span
from builder.model.front import Level


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `level` holds where report.yaml does not say otherwise; `fixable` ones `builder check --fix` mends."""

    code: str
    level: Level
    asks: str
    fixable: bool = False


def _by_code(checks: Iterable[Check]) -> dict[str, Check]:
    return {check.code: check for check in checks}


CHECKS = _by_code(
    (
        Check("base-end-value", "error", "base, end and value of a change agree"),
        Check("formula-value", "error", "a written value is what its formula gives"),
        Check("formula-units", "error", "only what has one unit and one kind is added or compared"),
        Check("sum", "error", "parts add up to their total"),
        Check("rounded-sum", "warning", "printed parts add up to the printed total"),
        Check("rounded-difference", "warning", "the printed base, end and change agree after rounding"),
        Check("share-range", "error", "a share lies between 0 and 100"),
        Check("points-or-percent", "error", "points are not called per cent, nor per cent points"),
        Check("passage", "error", "a number stands in its source, with its unit, base and period"),
        Check("source-file", "error", "the copy of a source is there, and is the one that was read"),
        Check("stale-source", "warning", "a source is no older than the report allows, and has a date"),
        Check("no-base", "warning", "a change says from where to where"),
        Check("period-outside", "warning", "a number's period lies in the report's"),
        Check("period-partial", "warning", "a number that covers only some years of the report's period is known"),
        Check("period-ends", "error", "the years of base and end are those of the period"),
        Check("period-differs", "warning", "the years that a text names are those of the numbers that it quotes"),
        Check("scope-differs", "warning", "a text names what its numbers are about, and nothing else"),
        Check("same-value", "warning", "no number stands twice, with one value and one text, under two names"),
        Check("two-values", "error", "one quantity has one value"),
        Check("two-units", "error", "one quantity has one unit, and one axis too"),
        Check("unit-written", "error", "the unit written after a number is its own"),
        Check("sign-verb", "warning", "verbs go the way of the numbers: nothing grows by a minus"),
        Check("incomplete", "warning", "a count that leaves something out is known"),
        Check("unverified", "warning", "a number that nobody has verified is not printed as if it were sure"),
        Check("verified-by", "error", "a verified number says who verified it and when"),
        Check("hidden-rows", "warning", "no row of a table is left out because the sheet hides it"),
        Check("shown-scale", "warning", "a number that a sheet shows in thousands or millions has a unit that says so"),
        Check("lost-currency", "warning", "numbers that a sheet shows in a currency have a unit that says so"),
        Check("table-sum", "warning", "sums in tables are those of their parts"),
        Check("table-change", "warning", "changes in tables are those between their years"),
        Check("table-share", "warning", "shares in tables are those of their numbers"),
        Check(
            "table-slip", "warning", "no number in a table is ten or a thousand times the others, or of another sign"
        ),
        Check("table-years", "warning", "columns of years stand in order, and quote numbers of their year"),
        Check("table-twice", "warning", "a row that stands in two tables has the same numbers"),
        Check("unused", "warning", "every indicator is printed, or others are made from it"),
        Check("figure-differs", "warning", "a figure shows the numbers that its text speaks of"),
        Check("misleading-figure", "warning", "a figure's form is true to its numbers"),
        Check("near-duplicate", "warning", "no two topics say the same"),
        Check("loose-number", "warning", "every number in a text comes from an indicator, or is marked"),
        Check("promised-numbers", "warning", "a text that announces numbers has some"),
        Check("lost-link", "warning", "a text that says “here” has a link there"),
        Check("placeholder", "error", "nothing is left to be filled in"),
        Check("name-spelling", "warning", "names are spelt as `names` in report.yaml has them", True),
        Check("straight-quotes", "warning", "quotation marks and apostrophes are the printer's", True),
        Check("foreign-quotes", "warning", "quotation marks are those of the language", True),
        Check("space-before-sign", "warning", "signs stand apart from words where the language wants it", True),
        Check("no-break-space", "warning", "a number does not part from its unit at the end of a line", True),
        Check("three-dots", "warning", "an ellipsis is one sign", True),
        Check("double-space", "warning", "words have one space between them", True),
        Check("accent-apostrophe", "warning", "an accent is an accent: è, not e'", True),
        Check("idle-waiver", "warning", "each waiver waives something"),
    )
)


def found(code: str, message: str, hint: str, span: Span | None, fix: Fix | None = None) -> Diagnostic:
    """A finding of the check `code`, as grave as the table says."""
    level = CHECKS[code].level
    severity = Severity.ERROR if level == "error" else Severity.WARNING
    return Diagnostic(code, message, hint, span, severity, fix)
