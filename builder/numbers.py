"""Values → text in the report's language, as the trade sets it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from builder.model import Indicator, Labels, Period

NO_BREAK = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
_MOMENT_UNITS = {"change-in-points": "percent", "change-in-percent": None}

FORMS = {
    "": "the number with its unit: +14 punti",
    "value": "the number alone: +14",
    "unit": "the unit alone: punti",
    "base": "the value that the change starts from: 66%",
    "end": "the value that the change reaches: 80%",
    "base-year": "the year of the base: 2014",
    "end-year": "the year of the end: 2019",
    "period": "the period: 2014–2019",
    "label": "what the number counts, in the words of its label",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A number ready to be set: `number` large, `unit` beside it; `joined` without a space between."""

    number: str
    unit: str
    joined: bool

    def __str__(self) -> str:
        return self.number + ("" if self.joined or not self.unit else NO_BREAK) + self.unit


def decimal(value: Decimal, language: str) -> str:
    """A decimal with the language's separators and all its declared digits: 117000 → 117.000."""
    digits = max(0, -int(value.as_tuple().exponent))
    text = format_decimal(
        abs(value), format="#,##0." + "0" * digits if digits else "#,##0", locale=language.replace("-", "_")
    )
    return MINUS + text if value < 0 else text


def period(value: Period, of: str = EN_DASH) -> str:
    return str(value.from_) if value.to in (None, value.from_) else f"{value.from_}{of}{value.to}"


def printed(indicator: Indicator, labels: Labels, language: str) -> Printed:
    """The key number of an indicator. Raises ValueError for one without a value: a withheld number is not printed."""
    if indicator.value is None:
        raise ValueError(f'"{indicator.label}" has no value to print: ask for `withheld` first')
    return _printed(indicator, indicator.value, labels, language, signed=indicator.sign == "shown")


def spoken(indicator: Indicator, form: str, labels: Labels, language: str) -> str:
    """`in_form` as a person says it: a sign is a word, a short unit is written out.

    Screen readers pass over a minus and spell what is no word ("Mln"). Empty where `in_form` has nothing to give.
    """
    printed_so = in_form(indicator, form, labels, language) or ""
    unit = next((u for key, u in labels.units.items() if key == indicator.unit), None)
    if unit is not None and unit.spoken is not None and indicator.kind not in _MOMENT_UNITS:
        one = indicator.value is not None and abs(indicator.value) == 1 and unit.spoken_one is not None
        text, short = str(unit.spoken_one if one else unit.spoken), printed_so
        for written in (unit.one, unit.text):
            if written is not None and short.endswith(str(written)):
                printed_so = short.removesuffix(str(written)).rstrip() + " " + text
                break
    words = {str(key): str(word) for key, word in labels.words.items()}
    for sign, name in (("+", "plus"), (MINUS, "minus")):
        if printed_so.startswith(sign):
            printed_so = f"{words[name]} {printed_so[1:]}"
    return printed_so.strip()


def _printed(
    indicator: Indicator,
    value: Decimal,
    labels: Labels,
    language: str,
    *,
    signed: bool,
) -> Printed:
    if indicator.kind == "year":
        number = str(value)
    else:
        number = decimal(value, language)
        if signed and value > 0:
            number = "+" + number
        if indicator.upper is not None:
            number += EN_DASH + decimal(indicator.upper, language)
    name = indicator.unit
    if name is None:
        return Printed(number, "", joined=True)
    form = next(u for key, u in labels.units.items() if key == name)
    text = form.one if form.one is not None and abs(value) == 1 else form.text
    return Printed(number, str(text), form.joined)


def in_form(indicator: Indicator, form: str, labels: Labels, language: str) -> str | None:
    """One of FORMS, or None where the indicator has nothing to give for it."""
    match form:
        case "label":
            return str(indicator.label)
        case "period":
            return period(indicator.period) if indicator.period else None
        case "base-year" | "end-year":
            moment = indicator.base if form == "base-year" else indicator.end
            return str(moment.year) if moment and moment.year else None
        case "base" | "end":
            moment = indicator.base if form == "base" else indicator.end
            if moment is None:
                return None
            # A change in points is between two shares: 66% + 14 points = 80%. The amounts between which
            # there is a change in per cent have a unit that is not the change's.
            unit = _MOMENT_UNITS.get(indicator.kind, indicator.unit)
            own = indicator.model_copy(update={"upper": None, "unit": unit})
            return str(_printed(own, moment.value, labels, language, signed=False))
    if indicator.value is None:
        return None
    whole = printed(indicator, labels, language)
    return {"": str(whole), "value": whole.number, "unit": whole.unit}[form]
