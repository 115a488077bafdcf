"""What a spreadsheet's number format shows of a number: how many decimals, and in thousands or millions of what.

The codes are those of ECMA-376, part 1, 18.8.31 (numFmts).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

# Sections of a format; what is between quotation marks, behind a backslash, or fills space, belongs to its section.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
# What separates digits in some languages: spaces of all kinds, apostrophes. It shows, and says nothing of the number.
_BETWEEN = re.compile(r"(?<=[#0?])[\s'’](?=[#0?])")
# Signs and names of currencies, in formats ("[$€-410]") and typed behind numbers, and the sign of each.
CURRENCY = re.compile(r"€|\$|£|(?<![A-Za-z])(?:EUR|euro|USD|GBP|CHF|kr|zł|Kč)(?![A-Za-z])", re.IGNORECASE)
_SIGNS = {"eur": "€", "euro": "€", "usd": "$", "gbp": "£", "chf": "CHF", "zł": "zł", "kč": "Kč"}
# Digits before the point, digits after it, and commas behind them, of which each divides by a thousand.
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(,*)(?:\.([#0?]*))?(,*)")
# A dash that stands for zero.
_DASH = re.compile(r"[-–—]")
# "General" shows so many signs, the point among them (Excel, "Available number formats").
_GENERAL_SIGNS = 11
# Room for the largest number that a sheet holds, 10³⁰⁸.
WIDE = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a number: so many `decimals`, None where nothing says; divided by `scale`, or in `percent`.

    Where it is `hidden`, the sheet shows words in its place, or nothing; where it is a `dash`, one for a zero.
    `currency` is the sign beside it, or empty. `padded` is the number of digits of a code that is filled up by zeros.
    """

    decimals: int | None = None
    scale: Decimal = Decimal(1)
    percent: bool = False
    hidden: bool = False
    currency: str = ""
    dash: bool = False
    padded: int = 0


def shown(form: str | None, value: float) -> Shown:
    """What the format `form` shows of `value`."""
    code = _section(form or "General", value)
    plain = _BRACKETS.sub("", _LITERAL.sub("", code))
    if "general" in plain.lower() or plain.strip() == "@":
        return Shown(_general(value))
    if value == 0 and _DASH.search(code) and not re.search(r"[0#]", plain):
        return Shown(dash=True)
    percent = "%" in plain
    if re.fullmatch(r"0{2,}", plain.strip()):
        return Shown(0, padded=len(plain.strip()))
    match = _DIGITS.search(_BETWEEN.sub("", plain))
    if match is None and not re.search(r"[ymdhs]", plain):
        return Shown(hidden=True)
    if match is None or re.search(r"[eE][+-]|/|[ymdhs]", plain):  # powers of ten, fractions, dates
        return Shown(percent=percent)
    scale, places = Decimal(1000) ** len(match[1] + match[3]), match[2] or ""
    seen = Decimal(repr(value)) * (100 if percent else 1) / scale
    seen = rounded(seen, len(places)).normalize()
    exact = max(0, -int(seen.as_tuple().exponent))  # a # or ? is a digit only where there is one
    return Shown(max(places.count("0"), exact), scale, percent, currency=currency_sign(code) if scale == 1 else "")


def currency_sign(written: str) -> str:
    """The sign of the currency that a format, or words with a number, speak of: "€" of "EUR"; empty where none is."""
    words = _BRACKETS.sub("", re.sub(r"\[\$([^\]-]*)[^\]]*\]", r"\1", re.sub(r"[_*].", "", written)))
    plain = re.sub(r"[\d#?.,+()\"'’\\\s−–-]", "", words)
    if not CURRENCY.fullmatch(plain):  # "Mln €" says more than a sign does
        return ""
    return _SIGNS.get(plain.lower(), plain)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A number with so many decimals, as a sheet rounds it: half up."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, WIDE)


def _section(form: str, value: float) -> str:
    """The part of a format that holds for `value`: positive; negative; zero; or by the conditions that it states."""
    sections = [""]
    for piece in re.split(r'("[^"]*"|\\.|_.|\*.|;)', form):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    for section in sections:
        if condition := _CONDITION.search(section):
            sign, limit = condition[1], float(condition[2])
            holds = {"<": value < limit, ">": value > limit, "=": value == limit, "<>": value != limit}
            holds |= {"<=": value <= limit, ">=": value >= limit}
            if holds[sign]:
                return section
    numbers = [section for section in sections[:3] if not _CONDITION.search(section)]
    if len(numbers) < len(sections[:3]):
        return numbers[-1] if numbers else "General"
    if value < 0 and len(numbers) > 1:
        return numbers[1]
    return numbers[2] if value == 0 and len(numbers) > 2 else numbers[0]


def _general(value: float) -> int | None:
    """The decimals that "General" has room for, where it has not for all."""
    if not isfinite(value):
        return None
    exact = -int(Decimal(repr(value)).normalize().as_tuple().exponent)
    whole = len(str(int(abs(value))))
    room = max(0, _GENERAL_SIGNS - whole - 1)
    return room if exact > room else None
