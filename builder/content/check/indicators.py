"""Rules on the register of indicators: each entry agrees with itself and with what it names."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.check.references import Names
from builder.content.schema_errors import unknown
from builder.model.diagnostics import Diagnostic
from builder.model.indicator import is_cell
from builder.model.manuscript import Manuscript
from builder.model.report import Report


def indicator_problems(report: Report, manuscript: Manuscript, names: Names) -> Iterator[Diagnostic]:
    for name, one in report.indicators.items():
        where = manuscript.indicators.span((name,), key=True)
        if str(one.source) not in report.sources:
            yield unknown("unknown-source", "source", one.source, report.sources, one.source.span)
        if one.unit is not None and one.unit not in report.labels.units:
            yield unknown("unknown-unit", "unit", one.unit, report.labels.units, one.unit.span)
        if one.see is not None and str(one.see) not in names.anchors:
            yield unknown("unknown-anchor", "topic", one.see, names.anchors, one.see.span)
        if one.withheld:
            if one.reason is None:
                yield Diagnostic(
                    "missing-key",
                    f'"{name}" is withheld and does not say why',
                    "add a line `reason: …`: it is printed in the method note",
                    where,
                )
        elif one.value is None and one.formula is None:
            hint = "add a line `value: …` or a `formula`, or `status: withheld` with a `reason`"
            hint = "there is no number in that cell: say it in words" if is_cell(name) else hint
            yield Diagnostic("missing-key", f'"{name}" has no value', hint, where)
        if one.upper is not None and one.value is not None and one.upper <= one.value:
            yield Diagnostic(
                "wrong-value",
                f'the upper end of "{name}" is not above its value',
                "`value` is the lower end of the range",
                manuscript.indicators.span((name, "upper")),
            )
        if one.kind == "year" and one.value is not None and (one.value != int(one.value) or not 1 <= one.value <= 9999):
            yield Diagnostic(
                "wrong-value",
                f'"{name}" is not a year: {one.value}',
                "a year is a whole number from 1 to 9999",
                manuscript.indicators.span((name, "value")),
            )


def valueless(report: Report, manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Indicators whose formula gave no value, where the finding that says so is waived or silenced."""
    for name, one in report.indicators.items():
        if one.formula is not None and one.value is None and not one.withheld:
            yield Diagnostic(
                "no-data",
                f'the formula of "{name}" gives no value',
                "mend the formula, or write the value instead of it",
                manuscript.indicators.span((name, "formula")),
            )
