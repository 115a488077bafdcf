"""Values → text in the report's language, as the trade sets it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal, get_decimal_symbol

from builder.content.number_format import rounded
from builder.model.indicator import Indicator, Period
from builder.model.labels import Labels, Unit
from builder.model.table import TableCell, TableColumn

NO_BREAK = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
# The unit of the shares or amounts between which there is a change.
MOMENT_UNITS: dict[str, str | None] = {"change-in-points": "percent", "change-in-percent": None}

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
    "delta": "the change from the base, always with its sign: +14 punti",
    "signed": "with its sign: +14 punti",
    "unsigned": "without it: 14 punti",
    "rounded": "rounded to whole numbers, or to what `round-to` says: 117.000",
    "words": "the number alone, in letters: quattordici",
    "from": "the first year of the period: 2014",
    "to": "its last year: 2019",
}
# What `{{ report.… }}` may quote.
REPORT_FORMS = ("period", "from", "to")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number ready to be set: `number` large, `unit` beside it; `joined` without a space between.

    `bare` is the number without what its unit has before it: 1.5 of €1.5bn.
    """

    number: str
    unit: str
    joined: bool
    bare: str = ""

    def __str__(self) -> str:
        return self.number + ("" if self.joined or not self.unit else NO_BREAK) + self.unit


def decimal(value: Decimal, language: str) -> str:
    """A decimal with the language's separators and all its declared digits: 117000 → 117.000."""
    digits = max(0, -int(value.as_tuple().exponent))
    text = format_decimal(
        abs(value), format="#,##0." + "0" * digits if digits else "#,##0", locale=language.replace("-", "_")
    )
    return MINUS + text if value < 0 else text


def decimal_comma(language: str) -> bool:
    """Whether decimals follow a comma in a language, and not a point."""
    return get_decimal_symbol(language.replace("-", "_")) == ","


def in_table(cell: TableCell, column: TableColumn, language: str) -> str:
    """A cell as its column prints it: with as many decimals as the others."""
    if cell.value is None or (cell.words and not cell.value):
        return cell.words
    digits = column.decimals if cell.digits is None else cell.digits
    return decimal(rounded(cell.value, digits), language) + (percent_sign(language) if cell.percent else "")


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def percent_sign(language: str) -> str:
    """The sign of per cent as it stands after a number (CLDR): "%" in English, after a no-break space in German."""
    return str(_locale(language).percent_formats[None].suffix[0])


def shown(indicator: Indicator, value: Decimal) -> Decimal:
    """A value of the indicator with the digits that it prints, rounded half up."""
    digits = indicator.digits
    return value if digits is None else value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


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
    unit = labels.units.get(indicator.unit) if indicator.unit is not None else None
    if unit is not None and unit.spoken is not None and indicator.kind not in MOMENT_UNITS:
        one = indicator.value is not None and is_one(indicator.value, language) and unit.spoken_one is not None
        text, short = str(unit.spoken_one if one else unit.spoken), printed_so
        for written in (unit.one, unit.text):
            if written is not None and short.endswith(str(written)):
                bare = short.removesuffix(str(written)).rstrip()
                printed_so = (bare.replace(str(unit.before), "", 1) if unit.before else bare) + " " + text
                break
    words = labels.words
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
    value = shown(indicator, value)
    if indicator.kind == "year":
        number = str(value)
    else:
        number = decimal(value, language)
        if signed and value > 0:
            number = "+" + number
        if indicator.upper is not None:
            number += EN_DASH + decimal(shown(indicator, indicator.upper), language)
    name = indicator.unit
    if name is None:
        return Printed(number, "", joined=True)
    form = labels.units[name]
    text = form.one if form.one is not None and is_one(value, language) else form.text
    return Printed(with_unit_before(number, form), str(text), form.joined, number)


def with_unit_before(number: str, unit: Unit | None) -> str:
    """A number with what its unit has before it, and its sign before both: −€1.5."""
    if unit is None or unit.before is None:
        return number
    sign = number[:1] if number[:1] in ("+", MINUS) else ""
    return f"{sign}{unit.before}{number.removeprefix(sign)}"


def is_one(value: Decimal, language: str) -> bool:
    """Whether what is counted stands in the singular (CLDR, plural rules): 1 in English, 0, 1 and 1.5 in French."""
    return _locale(language).plural_form(abs(value)) == "one"


def in_form(indicator: Indicator, form: str, labels: Labels, language: str) -> str | None:
    """One of FORMS, or None where the indicator has nothing to give for it."""
    match form:
        case "label":
            return str(indicator.label)
        case "period":
            return period(indicator.period) if indicator.period else None
        case "from" | "to":
            years = indicator.period
            return (str(years.from_) if form == "from" else str(years.last)) if years else None
        case "base-year" | "end-year":
            moment = indicator.base if form == "base-year" else indicator.end
            return str(moment.year) if moment and moment.year else None
        case "base" | "end":
            moment = indicator.base if form == "base" else indicator.end
            if moment is None:
                return None
            # A change in points is between two shares: 66% + 14 points = 80%. The amounts between which
            # there is a change in per cent have a unit that is not the change's.
            unit = MOMENT_UNITS.get(indicator.kind, indicator.unit)
            own = indicator.model_copy(update={"upper": None, "unit": unit})
            return str(_printed(own, moment.value, labels, language, signed=False))
    if indicator.value is None:
        return None
    match form:
        case "delta":
            return _delta(indicator, labels, language)
        case "signed" | "unsigned":
            value = indicator.value if form == "signed" else abs(indicator.value)
            return str(_printed(indicator, value, labels, language, signed=form == "signed"))
        case "rounded":
            step = indicator.round_to or Decimal(1)
            own = indicator.model_copy(update={"upper": None, "digits": None})
            near = (indicator.value / step).quantize(Decimal(1), ROUND_HALF_UP) * step
            return str(_printed(own, near, labels, language, signed=indicator.sign == "shown"))
        case "words":
            return in_words(indicator.value, language)
    whole = printed(indicator, labels, language)
    return {"": str(whole), "value": whole.bare or whole.number, "unit": whole.unit.strip()}[form]


def _delta(indicator: Indicator, labels: Labels, language: str) -> str | None:
    assert indicator.value is not None
    if indicator.kind.startswith("change"):
        return str(_printed(indicator, indicator.value, labels, language, signed=True))
    if indicator.base is None:
        return None
    change = (indicator.end.value if indicator.end else indicator.value) - indicator.base.value
    unit = "points" if indicator.unit == "percent" else indicator.unit
    own = indicator.model_copy(update={"upper": None, "unit": unit})
    return str(_printed(own, change, labels, language, signed=True))


def in_words(value: Decimal, language: str) -> str | None:
    """A whole number in letters: 13 → tredici. None for a fraction, or where nobody knows the language's numbers."""
    if value != value.to_integral_value():
        return None
    from num2words import num2words  # loads all its languages

    try:
        return str(num2words(int(value), lang=language.replace("-", "_")))
    except (NotImplementedError, OverflowError):
        return None


def begins_with(words: str, unit: str) -> bool:
    """Whether the words begin with a unit, in whatever case, and go on with another word."""
    follows = words[len(unit) : len(unit) + 1]
    return words[: len(unit)].casefold() == unit.casefold() and not (unit[-1].isalnum() and follows.isalnum())
