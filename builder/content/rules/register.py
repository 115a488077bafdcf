"""Checks on the register: what each indicator says of itself, and what two say of one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP

from builder.content import numbers
from builder.content.rules.table import found
from builder.content.rules.writing import words
from builder.model.diagnostics import Diagnostic, Span
from builder.model.indicator import Indicator, Period
from builder.model.manuscript import Text
from builder.model.report import Report

# Kinds that measure how much there is, and not which part.
_NO_SHARES = ("count", "stock", "year", "total", "yearly-flow")
Place = Callable[..., Span]


def indicator_rules(name: str, one: Indicator, report: Report, place: Place) -> Iterator[Diagnostic]:
    """What can be said of one entry alone. `place(key, …)` is where a key of it stands."""
    yield from _agreement(name, one, place)
    yield from _kinds(name, one, place)
    yield from _periods(name, one, report.front.period, place)
    yield from _rounding(name, one, report, place)
    if one.status == "verified" and (one.verified is None or not str(one.verified.by).strip()):
        yield found(
            "verified-by",
            f'"{name}" is verified, and nobody has verified it',
            "add a line `verified: {by: …, day: 2019-05-31}`, or set the status back to to-verify",
            place("status"),
        )
    if one.verified is not None and _day(one.verified.day) is None:
        yield found("verified-by", f'"{one.verified.day}" is no day', "write it as 2019-05-31", one.verified.day.span)
    if one.leaves_out is not None and not one.withheld:
        yield found(
            "incomplete",
            f'"{name}" leaves something out: {one.leaves_out.flat}',
            "say so beside the number, and waive this finding; or find the whole number",
            one.leaves_out.span,
        )
    source = report.sources.get(one.source)
    limit = report.front.stale_after
    if source is not None and limit is not None:
        year = re.search(r"\b(1[89]|20)\d\d\b", source.date or "")
        last = report.front.period.last
        if year is None:
            message = f'the source "{one.source}" of "{name}" has no date'
            yield found("stale-source", message, "add a line `date: …` in content/sources.yaml", place("source"))
        elif int(year[0]) < last - limit:
            yield found(
                "stale-source",
                f'the source "{one.source}" of "{name}" is of {year[0]}: more than {limit} years before {last}',
                "take a newer source, or waive the finding and say why",
                place("source"),
            )


def _agreement(name: str, one: Indicator, place: Place) -> Iterator[Diagnostic]:
    if not one.kind.startswith("change") or one.withheld or one.value is None:
        return
    if (one.base is None or one.end is None) and one.formula is not None:
        return
    if one.base is None or one.end is None:
        yield found(
            "no-base",
            f'"{name}" is a change, and does not say from where to where',
            "add `base: {value: …, year: …}` and `end: …`; where the source does not say, let the reader know",
            place(),
        )
        return
    change = one.end.value - one.base.value
    if one.kind == "change-in-percent" and one.base.value <= 0:
        message = f'"{name}" changes in per cent of a base that is {one.base.value}'
        hint = "from nothing, or less, there is no change in per cent: say in words from what to what it went"
        yield found("base-end-value", message, hint, place("base", "value"))
        return
    if one.kind == "change-in-percent":
        change = (change / one.base.value * 100).quantize(one.value, ROUND_HALF_UP)
    if change != one.value:
        relative = one.kind == "change-in-points" and one.base.value and change / one.base.value * 100
        what = "points" if one.kind == "change-in-points" else "per cent"
        yield found(
            "base-end-value",
            f'"{name}" says {one.value}, and from {one.base.value} to {one.end.value} the change is {change} {what}'
            + (f" ({relative:.1f} per cent)" if relative else ""),
            "correct the one that is wrong: value, base or end",
            place("value"),
        )


def _kinds(name: str, one: Indicator, place: Place) -> Iterator[Diagnostic]:
    wanted = {"change-in-points": "points", "change-in-percent": "percent", "share": "percent"}.get(one.kind)
    if wanted and one.unit is not None and one.unit != wanted and one.unit in ("points", "percent"):
        yield found(
            "points-or-percent",
            f'"{name}" is a {one.kind.replace("-", " ")}, and its unit is {one.unit}',
            f"the unit is {wanted}: from 66% to 80% are 14 points, or 21.2 per cent",
            place("unit"),
        )
    elif wanted and one.unit != wanted and not one.withheld:
        yield found(
            "unit-written",
            f'"{name}" is a {one.kind.replace("-", " ")}, and its unit is {one.unit or "not given"}',
            f"write `unit: {wanted}`",
            place("unit"),
        )
    elif (
        not wanted
        and one.unit in ("points", "percent")
        and one.kind in ("count", "stock", "year", "total", "yearly-flow")
    ):
        message = f'"{name}" is a {one.kind}, and is given in {one.unit}'
        yield found("points-or-percent", message, "correct its kind, or its unit", place("unit"))
    if one.kind == "share":
        for value, key in ((one.value, "value"), (one.upper, "upper"), *((v, "series") for v in one.series.values())):
            if value is not None and not 0 <= value <= 100:
                message = f'"{name}" is a share of {value} per cent'
                yield found("share-range", message, "a share lies between 0 and 100", place(key))
    if one.kind == "change-in-points":
        for moment, key in ((one.base, "base"), (one.end, "end")):
            if moment is not None and not 0 <= moment.value <= 100:
                message = f'"{name}" changes between shares, and its {key} is {moment.value} per cent'
                yield found("share-range", message, "a share lies between 0 and 100", place(key, "value"))


def _periods(name: str, one: Indicator, mandate: Period, place: Place) -> Iterator[Diagnostic]:
    if one.withheld:
        return
    years = [m.year for m in (one.base, one.end) if m is not None and m.year is not None]
    if len(years) == 2 and years[0] >= years[1]:
        message = f'the base of "{name}" is of {years[0]} and its end of {years[1]}'
        yield found("period-ends", message, "a change goes forward in time", place("base", "year"))
    elif one.period is not None and one.base and one.base.year and one.base.year != one.period.from_:
        message = f'"{name}" begins in {one.period.from_}, and its base is of {one.base.year}'
        yield found("period-ends", message, "correct `period` or `base`", place("base", "year"))
    elif one.period is not None and one.end and one.end.year and one.end.year != one.period.last:
        message = f'"{name}" ends in {one.period.last}, and its end is of {one.end.year}'
        yield found("period-ends", message, "correct `period` or `end`", place("end", "year"))
    if one.kind == "year" and one.value is not None and one.period is not None:
        if not one.period.from_ <= one.value <= one.period.last:
            message = f'"{name}" is the year {one.value}, and its period is {numbers.period(one.period)}'
            yield found("period-ends", message, "correct the year or the period", place("value"))
        return
    year = one.period.from_ if one.period is not None and one.period.to in (None, one.period.from_) else None
    if year is not None and year in one.series and one.value is not None and one.series[year] != one.value:
        message = f'"{name}" says {one.value}, and its series has {one.series[year]} in {year}'
        yield found("two-values", message, "correct the one that is wrong", place("value"))
    if one.period is None:
        return
    if one.period.from_ < mandate.from_ or one.period.last > mandate.last:
        yield found(
            "period-outside",
            f'"{name}" is of {numbers.period(one.period)}, and the report of {numbers.period(mandate)}',
            "correct the period; where it is right, say why in a waiver",
            place("period"),
        )
    elif one.period.to not in (None, one.period.from_) and (one.period.from_, one.period.last) != (
        mandate.from_,
        mandate.last,
    ):
        yield found(
            "period-partial",
            f'"{name}" covers {numbers.period(one.period)}, and the report {numbers.period(mandate)}',
            "let the reader know; where the text does, say so in a waiver",
            place("period"),
        )


def _rounding(name: str, one: Indicator, report: Report, place: Place) -> Iterator[Diagnostic]:
    if one.value is None or one.withheld:
        return
    if one.round_to is not None and one.value and abs(one.value) * 2 < one.round_to:
        message = f'"{name}" is {one.value}, and rounded to {one.round_to} it is nothing'
        yield found("rounded-difference", message, "lower `round-to`", place("round-to"))
    if one.digits is not None and one.digits > max(0, -int(one.value.as_tuple().exponent)) and one.formula is None:
        message = f'"{name}" is {one.value}, and prints with {one.digits} digits after the point'
        yield found("rounded-difference", message, "a number cannot print finer than it is known", place("digits"))
    last = one.end.value if one.end is not None else None if one.kind.startswith("change") else one.value
    if one.base is None or last is None or one.digits is None:
        return
    base, end, value = (numbers.shown(one, v) for v in (one.base.value, last, one.value))
    said = [numbers.decimal(v, report.front.language) for v in (base, end, value)]
    if base == end and one.base.value != last:
        message = f'"{name}" goes from {one.base.value} to {last}, and both print as {said[0]}'
    elif one.kind == "change-in-points" and end - base != value:
        message = f'"{name}" prints {said[0]}, {said[1]} and a change of {said[2]}, which a reader finds wrong'
    elif value == 0 != one.value:
        message = f'"{name}" is {one.value}, and prints as {said[2]}'
    else:
        return
    yield found("rounded-difference", message, "print one more digit: raise `digits`", place("digits"))


def register_rules(report: Report, places: Callable[[str], Place]) -> Iterator[Diagnostic]:
    """What two indicators say of one thing."""
    leads = _leads(report)
    told = {name: _told(one, leads.get(name, ())) for name, one in report.indicators.items()}
    by_label: dict[tuple[str, ...], list[str]] = {}
    by_value: dict[tuple[object, ...], list[str]] = {}
    for name, one in report.indicators.items():
        by_label.setdefault(tuple(words(one.label)), []).append(name)
        if one.value is not None and one.kind != "year":
            by_value.setdefault((one.value, one.upper, one.unit, one.kind), []).append(name)
    for names in by_label.values():
        holders: dict[tuple[object, ...], list[str]] = {}
        for other in names:
            one = report.indicators[other]
            if one.withheld:
                continue
            alike = holders.setdefault((one.scope,), []), holders.setdefault((one.scope, one.period), [])
            firsts = dict.fromkeys(same[0] for same in alike if same)
            yield from (d for first in firsts for d in _one_quantity(first, other, report, places(other)))
            for same in alike:
                same.append(other)
    for names in by_value.values():
        tellers: dict[tuple[str, ...], str] = {}
        for other in names:
            first = next((tellers[text] for text in sorted(told[other]) if text in tellers), None)
            for text in told[other]:
                tellers.setdefault(text, other)
            if first is not None:
                message = f'"{other}" has the value of "{first}", {report.indicators[first].value}, and the same text'
                hint = "one of them is most likely a slip of paste: print the number once"
                yield found("same-value", message, hint, places(other)())


def _one_quantity(first: str, other: str, report: Report, place: Place) -> Iterator[Diagnostic]:
    one, two = report.indicators[first], report.indicators[other]
    if one.unit != two.unit:
        message = f'"{other}" counts what "{first}" counts, in {two.unit or "no unit"} and not in {one.unit or "none"}'
        yield found("two-units", message, "keep one unit, or give them labels that differ", place("unit"))
    elif one.period == two.period and one.value != two.value:
        message = f'"{other}" is {two.value}, and "{first}" with the same label and period is {one.value}'
        yield found("two-values", message, "keep the right one, or give them labels that differ", place("value"))


def _told(one: Indicator, leads: tuple[Text, ...]) -> frozenset[tuple[str, ...]]:
    """The texts that tell what an indicator counts: its label, its passage, the leads of topics whose key it is."""
    return frozenset(
        tuple(words(text)) for text in (one.label, one.passage, *leads) if text is not None and text.strip()
    )


def _leads(report: Report) -> Mapping[str, tuple[Text, ...]]:
    leads: dict[str, tuple[Text, ...]] = {}
    for topic in report.topics.values():
        if topic.key is not None and topic.lead is not None:
            leads[str(topic.key)] = (*leads.get(str(topic.key), ()), topic.lead)
    return leads


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
