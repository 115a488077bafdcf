"""Loose numbers: digits and numerals in texts that come from no indicator and are marked as nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_decimal_symbol, get_group_symbol

from builder.content.leftover import QUOTED
from builder.content.markup import MARKS, REPORT
from builder.content.rules.lexicon import numeral
from builder.content.rules.table import found
from builder.content.rules.writing import Writing, unmarked
from builder.model.diagnostics import Diagnostic
from builder.model.indicator import Period
from builder.model.labels import Lexicon
from builder.model.report import Report

# Written in one with a stroke or a colon, they are one thing: a law (267/2000), a day (31/12/2023), an hour (9:30).
_STROKES = r"\d+(?:/\d+)+|\d{1,2}:\d{2}(?!\d)"
_AS = (
    (re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}"), "date"),
    (re.compile(r"\d+/\d{4}"), "law"),
    (re.compile(r"\d+:\d+"), "time"),
    (re.compile(r"(?=.*\d).*[^\W\d_].*"), "code"),
)
_ONE = r"\d(?:[\d.,’'\u00a0\u202f]*\d)?(?: \d{3}(?!\d))*"
_DIGITS = re.compile(rf"{_STROKES}|(?<![^\W\d_])[+\-−]?{_ONE}(?:\s?[–-]\s?{_ONE})?|{_ONE}(?:\s?[–-]\s?{_ONE})?")
_YEARS = re.compile(r"(\d{4})(?:\s?[–-]\s?(\d{2,4}))?")
# Letters in front make a code of a number: A4, COVID-19.
_BEFORE = re.compile(r"[^\W\d_]+-?\Z")
_NEAR = re.compile(r"[\w%°ªº€$£-]*")
# What may be marked as one of these.
_KINDS = {
    "year": re.compile(r"\D*\d{2,4}\D*"),
    "period": re.compile(r"\D*\d{2,4}\D+\d{2,4}\D*"),
    "ordinal": re.compile(r"[^%€]*"),
}
# Fractions that are one sign, and raised figures that are no note.
_FRACTION = re.compile(r"[¼½¾⅐-⅞]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Known:
    """The values of all indicators, for guessing which a loose number means."""

    places: Mapping[Decimal, tuple[tuple[str, str], ...]]
    period: Period
    periods: Mapping[str, Period]

    @classmethod
    def of(cls, report: Report) -> Known:
        indicators = report.indicators
        places: dict[Decimal, list[tuple[str, str]]] = {}
        for name, one in indicators.items():
            if one.withheld:
                continue
            moments = (("base", one.base.value if one.base else None), ("end", one.end.value if one.end else None))
            for form, value in (("", one.value), ("", one.upper), *moments):
                if value is not None:
                    places.setdefault(abs(value).normalize(), []).append((name, form))
        return cls(
            {value: tuple(dict.fromkeys(names)) for value, names in places.items()},
            report.front.period,
            {name: one.period for name, one in indicators.items() if one.period is not None},
        )

    def guess(self, number: str, value: Decimal | None, first: str | None) -> str:
        """The way to quote the indicator that has this value; that of the text's own topic before others."""
        names = list(self.places.get(abs(value).normalize(), ())) if value is not None else []
        if years := _YEARS.fullmatch(number.strip()):
            begin, end = int(years[1]), int(years[2] or years[1])
            names += [(REPORT, form) for form, they in _forms(self.period) if they == (begin, end)]
            if first is not None and first in self.periods:
                names = [(first, form) for form, they in _forms(self.periods[first]) if they == (begin, end)] + names
        ranked = sorted(names, key=lambda n: n[0] != first)
        return " or ".join(f"{{{{ {name}{'.' + form if form else ''} }}}}" for name, form in ranked[:3])


def loose_numbers(written: Writing, report: Report, known: Known, lexicon: Lexicon | None) -> Iterator[Diagnostic]:
    words = unmarked(written.text)
    own = written.indicator or (str(written.topic.key) if written.topic and written.topic.key else None)
    language = str(report.front.language)
    for match in _DIGITS.finditer(words):
        if words[match.start() - 1 : match.start()] == QUOTED and match[0][0] in "-−+":
            continue
        end = _NEAR.match(words, match.end())
        before = _BEFORE.search(words, 0, match.start())
        number = words[before.start() if before else match.start() : end.end() if end else match.end()]
        yield _loose(written, match.start(), match.end(), number, _value(match[0], language), known, own)
    for match in re.finditer(rf"(?<!\w)(?:{lexicon.quantities})(?!\w)" if lexicon else r"(?!)", words, re.IGNORECASE):
        yield _loose(written, match.start(), match.end(), match[0], None, known, own)
    for match in _FRACTION.finditer(words):
        yield _loose(written, match.start(), match.end(), match[0], None, known, own)
    idioms = [m.span() for m in re.finditer(rf"(?<!\w)(?:{lexicon.idioms})(?!\w)" if lexicon else r"(?!)", words, re.I)]
    for begin, until, mark in written.marks:
        marked = str(written.text)[begin:until]
        other = mark in _KINDS and re.search(r"\d", marked) and not _KINDS[mark].fullmatch(marked)
        if other or (mark != "phrase" and re.search(r"\d\s?[%€$£]", marked)):
            message = f'"{marked}" is marked as {mark}, and is none'
            hint = "write it as an indicator and quote it, or mark it as what it is"
            yield found("loose-number", message, hint, written.text.at(begin, until)[0])
    for match in _WORD.finditer(words):
        value = numeral(match[0], language, lexicon)
        if value is None:
            continue
        near = words[max(0, match.start() - 8) : match.start()]
        percent = re.search(r"\sper\s*$", near, re.IGNORECASE) is not None
        # Within a sentence a capital makes it a name: Cento, the Novecento.
        name = match[0][0].isupper() and re.search(r"[\w,;:’'] ?$", near) is not None
        idiom = any(begin <= match.start() < end for begin, end in idioms)
        if not name and not idiom and not (value == 100 and percent):
            yield _loose(written, match.start(), match.end(), match[0], Decimal(value), known, own)


def _forms(period: Period) -> Iterator[tuple[str, tuple[int, int]]]:
    yield "period", (period.from_, period.last)
    yield "from", (period.from_, period.from_)
    yield "to", (period.last, period.last)


def _loose(
    written: Writing, start: int, end: int, number: str, value: Decimal | None, known: Known, own: str | None
) -> Diagnostic:
    probably = known.guess(number, value, own)
    years = _YEARS.fullmatch(number.strip())
    year = years is not None and 1800 <= int(years[1]) <= 2100
    kind = ("period" if years and years[2] else "year") if year else "ordinal" if number[-1] in "°ªº" else ""
    kind = kind or next((what for pattern, what in _AS if pattern.fullmatch(number.strip("%€ "))), "name")
    if written.role == "plain":
        hint = "this text prints as it is: take the number out, or waive the finding and say why"
    elif probably:
        hint = f"did you mean {probably}? If it measures nothing, write [{number}]{{as={kind}}}"
    else:
        hint = f"write it as an indicator and quote it; if it measures nothing, write [{number}]{{as={kind}}}"
        hint += "" if year else f" ({', '.join(MARKS)})"
    span, _ = written.text.at(start, end)
    return found("loose-number", f'"{number.strip()}" comes from no indicator', hint, span)


def _value(digits: str, language: str) -> Decimal | None:
    """The number that `digits` mean in the language."""
    locale = language.replace("-", "_")
    plain = re.sub(r"[\s’']", "", digits).replace("−", "-").replace(get_group_symbol(locale), "")
    try:
        return Decimal(plain.replace(get_decimal_symbol(locale), "."))
    except InvalidOperation:
        return None
