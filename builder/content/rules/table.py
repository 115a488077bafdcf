"""The table of checks: what each asks, and how grave its findings are. docs/checks.md has a section for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from builder.model.diagnostics import Diagnostic, Fix, Severity, Span
from builder.model.front import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. `level` holds where report.yaml does not say otherwise; `fixable` ones `builder check --fix` mends."""

    code: str
    level: Level
    asks: str
    fixable: bool = False


def _by_code(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.code: rule for rule in rules}


RULES = _by_code(
    (
        Rule("base-end-value", "error", "base, end and value of a change agree"),
        Rule("formula-value", "error", "a written value is what its formula gives"),
        Rule("formula-units", "error", "only what has one unit and one kind is added or compared"),
        Rule("sum", "error", "parts add up to their total"),
        Rule("rounded-sum", "warning", "printed parts add up to the printed total"),
        Rule("rounded-difference", "warning", "the printed base, end and change agree after rounding"),
        Rule("share-range", "error", "a share lies between 0 and 100"),
        Rule("points-or-percent", "error", "points are not called per cent, nor per cent points"),
        Rule("passage", "error", "a number stands in its source, with its unit, base and period"),
        Rule("source-file", "error", "the copy of a source is there, and is the one that was read"),
        Rule("stale-source", "warning", "a source is no older than the report allows, and has a date"),
        Rule("no-base", "warning", "a change says from where to where"),
        Rule("period-outside", "warning", "a number's period lies in the report's"),
        Rule("period-partial", "warning", "a number that covers only some years of the report's period is known"),
        Rule("period-ends", "error", "the years of base and end are those of the period"),
        Rule("period-differs", "warning", "the years that a text names are those of the numbers that it quotes"),
        Rule("scope-differs", "warning", "a text names what its numbers are about, and nothing else"),
        Rule("same-value", "warning", "no number stands twice, with one value and one text, under two names"),
        Rule("two-values", "error", "one quantity has one value"),
        Rule("two-units", "error", "one quantity has one unit, and one axis too"),
        Rule("unit-written", "error", "the unit written after a number is its own"),
        Rule("sign-verb", "warning", "verbs go the way of the numbers: nothing grows by a minus"),
        Rule("incomplete", "warning", "a count that leaves something out is known"),
        Rule("unverified", "warning", "a number that nobody has verified is not printed as if it were sure"),
        Rule("verified-by", "error", "a verified number says who verified it and when"),
        Rule("hidden-rows", "warning", "no row of a table is left out because the sheet hides it"),
        Rule("shown-scale", "warning", "a number that a sheet shows in thousands or millions has a unit that says so"),
        Rule("unused", "warning", "every indicator is printed, or others are made from it"),
        Rule("figure-differs", "warning", "a figure shows the numbers that its text speaks of"),
        Rule("misleading-figure", "warning", "a figure's form is true to its numbers"),
        Rule("near-duplicate", "warning", "no two topics say the same"),
        Rule("loose-number", "warning", "every number in a text comes from an indicator, or is marked"),
        Rule("promised-numbers", "warning", "a text that announces numbers has some"),
        Rule("lost-link", "warning", "a text that says “here” has a link there"),
        Rule("placeholder", "error", "nothing is left to be filled in"),
        Rule("name-spelling", "warning", "names are spelt as `names` in report.yaml has them", True),
        Rule("straight-quotes", "warning", "quotation marks and apostrophes are the printer's", True),
        Rule("no-break-space", "warning", "a number does not part from its unit at the end of a line", True),
        Rule("three-dots", "warning", "an ellipsis is one sign", True),
        Rule("double-space", "warning", "words have one space between them", True),
        Rule("accent-apostrophe", "warning", "an accent is an accent: è, not e'", True),
        Rule("idle-waiver", "warning", "each waiver waives something"),
    )
)


def found(code: str, message: str, hint: str, span: Span | None, fix: Fix | None = None) -> Diagnostic:
    """A finding of the check `code`, as grave as the table says."""
    level = RULES[code].level
    severity = Severity.ERROR if level == "error" else Severity.WARNING
    return Diagnostic(code, message, hint, span, severity, fix)
