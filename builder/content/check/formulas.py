"""Indicators made from others: exact arithmetic over names, with units that must fit. No code runs from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from builder.content.numbers import MOMENT_UNITS, period, shown
from builder.content.rules.table import found
from builder.content.schema_errors import nearest, unknown
from builder.model.diagnostics import Diagnostic, Span
from builder.model.indicator import Indicator, Period, named
from builder.model.labels import Labels
from builder.model.manuscript import Document, Text

_EXACT = Context(prec=40)
# Finer than this no report prints.
_MOST_DIGITS = 9
_DEEPEST = 100
# How units that are quotients are written: € per abitante, km/h.
_COMPOSED = re.compile(r"/|\b(?:per|pro|a|each|every|ogni)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Term:
    """A number of a formula: what it is worth in its own unit, and what that unit and its kind are."""

    name: Text
    value: Fraction
    unit: str | None
    kind: str
    years: Period | None


def derived(
    indicators: Mapping[str, Indicator], labels: Labels, document: Document
) -> tuple[dict[str, Indicator], tuple[Diagnostic, ...]]:
    """The indicators with the values that their formulas give, and what is wrong with formulas and sums."""
    made = _Made(indicators, labels, document)
    for name in indicators:
        made.value_of(name)
    for name in indicators:
        made.problems += made.sums(name)
    return made.done, tuple(made.problems)


class _Made:
    def __init__(self, indicators: Mapping[str, Indicator], labels: Labels, document: Document) -> None:
        self.indicators, self.document = indicators, document
        self.units = labels.units
        self.done: dict[str, Indicator] = {}
        self.problems: list[Diagnostic] = []
        self.under_way: list[str] = []

    def value_of(self, name: str) -> Indicator:
        """The indicator `name` with its value, made first where it has a formula."""
        if name in self.done:
            return self.done[name]
        one = self.indicators[name]
        if one.formula is not None:
            if name not in self.under_way and len(self.under_way) >= _DEEPEST:
                message = f'"{name}" stands at the end of {_DEEPEST} formulas, one made from the other'
                hint = "write the value of one of them"
                self.problems.append(Diagnostic("formula-ring", message, hint, self.document.span((name, "formula"))))
                return one
            if name in self.under_way:
                ring = " → ".join([*self.under_way, name])
                message = f'the formula of "{name}" comes back to itself: {ring}'
                hint = "write the value of one of them"
                self.problems.append(Diagnostic("formula-ring", message, hint, self.document.span((name, "formula"))))
                return one
            self.under_way.append(name)
            one = self.computed(name, one)
            self.under_way.pop()
        self.done[name] = one
        return one

    def terms(self, names: tuple[Text, ...]) -> tuple[_Term, ...] | None:
        """The numbers that a formula or a list of parts names; None where one is missing."""
        terms: list[_Term] = []
        for written in names:
            name, form = named(written)
            if name not in self.indicators:
                self.problems.append(unknown("unknown-indicator", "indicator", name, self.indicators, written.span))
                continue
            one = self.value_of(name)
            moment = {"base": one.base, "end": one.end}.get(form)
            if form not in ("", "value", "base", "end") or (form in ("base", "end") and moment is None):
                message = f'"{name}" has no {form} to reckon with'
                hint = nearest(form, ["value", "base", "end"])
                self.problems.append(Diagnostic("unknown-form", message, hint, written.span))
                continue
            value = moment.value if moment is not None else one.value
            if value is None or one.withheld:
                message = f'"{name}" has no value to reckon with'
                hint = "a withheld number can be no part of another: write this one's value, or withhold it too"
                self.problems.append(Diagnostic("no-data", message, hint, written.span))
                continue
            unit = MOMENT_UNITS.get(one.kind, one.unit) if moment is not None else one.unit
            kind = one.kind if moment is None or not one.kind.startswith("change") else "share"
            years = one.period if moment is None else None
            if moment is not None and moment.year is not None:
                years = Period.model_construct(from_=moment.year, to=None)
            terms.append(_Term(written, Fraction(value), None if unit is None else str(unit), kind, years))
        return tuple(terms) if len(terms) == len(names) else None

    def measure(self, unit: str | None) -> tuple[str | None, Fraction]:
        """What a unit is a multiple of, and how many of them it is."""
        known = self.units.get(unit or "")
        return (str(known.of), Fraction(known.times)) if known and known.of else (unit, Fraction(1))

    def computed(self, name: str, one: Indicator) -> Indicator:
        assert one.formula is not None
        where = self.document.span((name, "formula"))
        terms = self.terms(one.formula.terms)
        if terms is None:
            return one
        self.problems += self.unlike(name, one, terms)  # whoever waives them wants the value all the same
        try:
            exact = self.result(one, terms)
        except ZeroDivisionError:
            message = f'the formula of "{name}" divides by zero'
            self.problems.append(Diagnostic("formula-zero", message, "look at its second term", where))
            return one
        if one.formula.operation == "change-in-percent" and terms[0].value < 0:
            message = f'"{name}" is a change in per cent from {_decimal(terms[0].value)}, which is less than nothing'
            hint = "say in words from what to what it went: of a negative number there are no parts of a hundred"
            self.problems.append(Diagnostic("formula-negative", message, hint, where))
            return one
        digits = one.digits
        if one.value is not None:
            digits = max(0, -int(one.value.as_tuple().exponent))
        value = rounded(exact, digits) if digits is not None else _decimal(exact)
        if value is None:
            message = f'"{name}" comes to {float(exact):.4f}…, and does not say how many digits to print'
            hint = "add a line `digits: 1`"
            self.problems.append(Diagnostic("missing-key", message, hint, where))
            return one
        if one.value is not None and one.value != value:
            message = f'"{name}" says {one.value}, and its formula gives {value}'
            hint = "correct the value, or leave the line out: it is made from the formula"
            self.problems.append(found("formula-value", message, hint, self.document.span((name, "value"))))
            return one
        return one.model_copy(update={"value": value})

    def unlike(self, name: str, one: Indicator, terms: tuple[_Term, ...]) -> Iterator[Diagnostic]:
        """What a formula adds, compares or divides must be of one unit and kind, and so must what comes of it."""
        assert one.formula is not None
        operation = one.formula.operation
        where = self.document.span((name, "formula"))
        first = terms[0]
        if operation == "ratio":
            yield from self.quotient(name, one, terms)
            return
        hint = "give them one unit and one kind, or leave the formula out and write the value"
        for term in terms[1:]:
            if self.measure(term.unit)[0] != self.measure(first.unit)[0]:
                message = f'"{term.name}" is in {term.unit or "no unit"}, and "{first.name}" in {first.unit or "none"}'
                yield found("formula-units", f"{message}: they cannot be taken together", hint, term.name.span)
            elif operation in ("sum", "difference") and term.kind != first.kind:
                message = f'"{term.name}" is a {_said(term.kind)}, and "{first.name}" a {_said(first.kind)}'
                yield found("formula-units", f"{message}: they cannot be added", hint, term.name.span)
        if operation == "sum":
            yield from self.apart(name, terms, where)
            yield from self.within(name, one, terms)
        if operation == "sum" and first.kind in ("year", "change-in-percent"):
            yield found("formula-units", f"a {_said(first.kind)} cannot be added to another", hint, where)
        if operation == "change-in-points" and first.unit != "percent":
            message = f'a change in points is between shares, and "{first.name}" is in {first.unit or "no unit"}'
            yield found("formula-units", message, hint, where)
        wanted = {"share": "percent", "change-in-percent": "percent", "change-in-points": "points"}.get(operation)
        if operation == "difference" and first.unit == "percent":
            wanted = "points"
        if wanted is not None and one.unit != wanted:
            message = f'"{name}" comes out in {wanted}, and its unit is {one.unit or "not given"}'
            yield found("formula-units", message, f"write `unit: {wanted}`", self.document.span((name, "unit")))
        elif wanted is None and self.measure(one.unit)[0] != self.measure(first.unit)[0]:
            message = f'"{name}" is in {one.unit or "no unit"}, and its terms are in {first.unit or "none"}'
            yield found("formula-units", message, "give it their unit", self.document.span((name, "unit")))
        kinds = {"share": "share", "change-in-percent": "change-in-percent", "change-in-points": "change-in-points"}
        kind = kinds.get(operation, "change-in-points" if wanted == "points" else first.kind)
        if one.kind != kind and operation != "difference":
            message = f'"{name}" comes out as a {_said(kind)}, and is called a {_said(one.kind)}'
            yield found("formula-units", message, f"write `kind: {kind}`", self.document.span((name, "kind")))

    def apart(self, name: str, terms: tuple[_Term, ...], where: Span) -> Iterator[Diagnostic]:
        """What is added counts nothing twice: no term twice, and years that are the same or do not overlap."""
        names = [named(one.name)[0] for one in terms]
        for twice in sorted({n for n in names if names.count(n) > 1 and n in map(str, (t.name for t in terms))}):
            yield found("sum", f'"{name}" adds "{twice}" twice', "name each term once", where)
        years = [(str(term.name), term.years) for term in terms if term.years is not None]
        for at, (one, first) in enumerate(years):
            for two, second in years[at + 1 :]:
                if first != second and first.from_ <= second.last and second.from_ <= first.last:
                    message = f'"{one}" is of {period(first)} and "{two}" of {period(second)}: years are added twice'
                    yield found("sum", message, "add what is of the same years, or of years that follow", where)
                    return

    def within(self, name: str, one: Indicator, terms: tuple[_Term, ...]) -> Iterator[Diagnostic]:
        """What is added is of the years of the sum; where it is of several, the sum says of which it is."""
        known = [(term, term.years) for term in terms if term.years is not None]
        if one.period is None and len({period(years) for _, years in known}) > 1:
            (first, of_first), (other, of_other) = known[0], next(k for k in known if k[1] != known[0][1])
            message = f'"{name}" adds "{first.name}" of {period(of_first)} and "{other.name}" of {period(of_other)}'
            hint = "add what is of the same years; or say of which years the sum is: `period: {from: …, to: …}`"
            yield found("sum", message, hint, other.name.span)
        for term, years in known:
            if one.period and not one.period.from_ <= years.from_ <= years.last <= one.period.last:
                message = (
                    f'"{term.name}" is of {period(years)}, and can be no part of "{name}", of {period(one.period)}'
                )
                yield found("sum", message, "correct a period, or take the part out", term.name.span)

    def quotient(self, name: str, one: Indicator, terms: tuple[_Term, ...]) -> Iterator[Diagnostic]:
        """A ratio has no unit, a multiple of its first term's, or one that says of what for what: "euro per user"."""
        own, first, second = (self.measure(unit)[0] for unit in (one.unit, terms[0].unit, terms[1].unit))
        known = self.units.get(own or "")
        composed = known is not None and _COMPOSED.search(str(known.text)) is not None
        if own is None or composed or (own == first and first != second):
            return
        message = f'"{name}" is so many {terms[0].unit or "things"} for each of {terms[1].unit or "the others"}'
        hint = "leave the unit out, or add one to the labels that says so, as `text: € per abitante`"
        where = self.document.span((name, "unit"))
        yield found("formula-units", f"{message}, and its unit is {one.unit}", hint, where)

    def result(self, one: Indicator, terms: tuple[_Term, ...]) -> Fraction:
        """In the unit of the indicator. Raises ZeroDivisionError."""
        assert one.formula is not None
        values = [term.value * self.measure(term.unit)[1] for term in terms]
        own = self.measure(one.unit)[1]
        match one.formula.operation:
            case "sum":
                return sum(values, Fraction()) / own
            case "difference":
                return (values[0] - values[1]) / own
            case "share":
                return values[0] / values[1] * 100
            case "ratio":
                same = self.measure(one.unit)[0] == self.measure(terms[0].unit)[0]
                return values[0] / values[1] / (own if same else 1)
            case "change-in-percent":
                return (values[1] - values[0]) / values[0] * 100
        return values[1] - values[0]

    def sums(self, name: str) -> Iterator[Diagnostic]:
        """Parts add up to their total: exactly, and as they are printed."""
        one = self.done.get(name, self.indicators[name])
        if not one.parts or one.value is None or one.withheld:
            return
        terms = self.terms(one.parts)
        if terms is None:
            return
        where = self.document.span((name, "parts"))
        for term in terms:
            if self.measure(term.unit)[0] != self.measure(one.unit)[0] or term.kind != one.kind:
                message = f'"{term.name}" ({_said(term.kind)}, {term.unit or "no unit"}) can be no part of "{name}"'
                message += f" ({_said(one.kind)}, {one.unit or 'no unit'})"
                yield found("formula-units", message, "take it out, or give them one unit and kind", term.name.span)
                return
        self.problems += self.apart(name, terms, where)
        yield from self.within(name, one, terms)
        own = self.measure(one.unit)[1]
        total = sum((term.value * self.measure(term.unit)[1] for term in terms), Fraction()) / own
        finest = max(_digits(self.done[named(t.name)[0]].value) for t in terms)
        if one.tolerance is not None and abs(total - Fraction(one.value)) <= Fraction(one.tolerance):
            return
        if total != Fraction(one.value) and (
            _digits(one.value) >= finest or rounded(total, _digits(one.value)) != one.value
        ):
            message = f'the parts of "{name}" come to {_decimal(total) or float(total)}, and it says {one.value}'
            hint = (
                "correct the one that is wrong, or complete the parts; if they were rounded before, give a `tolerance`"
            )
            yield found("sum", message, hint, where)
            return
        printed = sum((self.as_printed(term) for term in terms), Fraction()) / own
        whole = Fraction(shown(one, one.value))
        if printed != whole and len({term.unit for term in terms} | {one.unit}) == 1:
            message = f'the parts of "{name}" print as {_decimal(printed)} in all, and it prints {_decimal(whole)}'
            hint = "print one more digit, or say beside them that they are rounded and waive this finding"
            yield found("rounded-sum", message, hint, where)

    def as_printed(self, term: _Term) -> Fraction:
        one = self.done[named(term.name)[0]]
        value = _decimal(term.value) or Decimal(0)
        return Fraction(shown(one, value)) * self.measure(term.unit)[1]


def rounded(value: Fraction, digits: int) -> Decimal:
    """Half up, as people round. `digits` after the decimal point."""
    scaled = value * 10**digits
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-digits, _EXACT)


def _digits(value: Decimal | None) -> int:
    return max(0, -int(value.as_tuple().exponent)) if value is not None else 0


def _decimal(value: Fraction) -> Decimal | None:
    """The fraction as a decimal, where it has one of few digits."""
    for digits in range(_MOST_DIGITS + 1):
        if (value * 10**digits).denominator == 1:
            return rounded(value, digits)
    return None


def _said(kind: str) -> str:
    return kind.replace("-", " ")
