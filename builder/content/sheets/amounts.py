"""Numbers as offices type them into cells: "(410.220,15)", "1.982.114,20 €", "12,5 %", "3.100-", "n.d."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from builder.content.number_format import CURRENCY, currency_sign

# What stands where there is no number, without dots, spaces and capitals; and how dashes of all kinds are printed.
_MISSING = frozenset(
    (
        "nd",
        "na",
        "np",
        "nr",
        "sd",
        "nv",
        "n/d",
        "n/a",
        "ka",
        "kw",
        "nc",
        "x",
        "/",
        "//",
        "nondisponibile",
        "notavailable",
    )
)
_DASHES = re.compile(r"[-‐‑‒–—−]{1,3}")
_MINUS = "-‐‑‒–—−"
# What is not seen, and comes with pasted numbers.
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
# Digits in groups by spaces or apostrophes.
_GROUPED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?!\d)")
_DOTS = re.compile(r"\.{2,}|…")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
# A mark that leads to a note: asterisks, raised figures, a letter or figure in brackets after the number.
_MARK = re.compile(r"(?<=[\d%)€])\s*(\*{1,3}|\(\*{1,3}\)|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\([a-z1-9]\)|\[[a-z1-9]\])$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or that there is none (`value` None, printed as `words`), with the mark of a note behind it.

    `decimals` are those written. In per cent, 12.5 stands for "12,5 %". `currency` is the sign beside it, or empty.
    """

    value: Decimal | None
    decimals: int = 0
    percent: bool = False
    words: str = ""
    mark: str = ""
    currency: str = ""


class OtherWayError(ValueError):
    """A number that is written in another way than the language's: 8,790,115.63 where it is 8.790.115,63."""


def amount(text: str, *, comma: bool) -> Amount | None:
    """What a cell with words says as a number; None where it is none. `comma` is the language's decimal sign, or a dot.

    Raises OtherWayError.
    """
    written = _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()
    mark = ""
    if found := _MARK.search(written):
        mark, written = found[1].strip("()[]"), written[: found.start()].strip()
    if missing := no_amount(written):
        return Amount(None, words=missing, mark=mark)
    joined = _GROUPED.sub(lambda group: re.sub(r"[ '’]", "", group[0]), written)
    if re.search(r"\d[ '’]\d", joined):  # what parts digits stands before three of them
        return None
    bare = re.sub(r"[ '’]", "", CURRENCY.sub("", joined))
    if bare == "000" or re.fullmatch(r"0\d+", bare):  # "€ '000" heads thousands, "00184" is a code
        return None
    percent = "%" in bare
    bare = bare.strip("%")
    negative = False
    if re.fullmatch(r"\(.*\)", bare):
        negative, bare = True, bare[1:-1].strip("%")
    elif bare[:1] and bare[:1] in _MINUS + "+":
        negative, bare = bare[0] != "+", bare[1:]
    elif bare[-1:] and bare[-1:] in _MINUS:
        negative, bare = True, bare[:-1]
    group, point = (".", ",") if comma else (",", ".")
    digits = _digits(bare, group, point)
    if digits is None:
        if _digits(bare, point, group) is not None:
            raise OtherWayError(written)
        return None
    value, decimals = Decimal(digits), len(digits.partition(".")[2])
    value = value.copy_negate() if negative and value else value
    return Amount(value, decimals, percent, "", mark, currency_sign(written))


def no_amount(written: str) -> str:
    """How it is printed that there is no number, where a cell says so: a dash, dots, or its own words; else empty."""
    if _DASHES.fullmatch(written):
        return "–"
    if _DOTS.fullmatch(written):
        return "…"
    bare = written.casefold().replace(".", "").replace(" ", "")
    return written if bare in _MISSING else ""


def _digits(bare: str, group: str, point: str) -> str | None:
    """The number with a dot for its decimals, if it is written with these signs."""
    grouped = rf"[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+"
    if not re.fullmatch(rf"(?:{grouped}|\d+)(?:{re.escape(point)}\d+)?", bare):
        return None
    return bare.replace(group, "").replace(point, ".")
