"""The signs that our texts know beyond Markdown: quotes, marks, names of headings, addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from markupsafe import escape

# A cell of a table has a name of three parts: entrate.titolo-1.2024.
QUOTE = re.compile(r"\{\{\s*(?:(page|figure|table):)?([^\s{}.:]+(?:\.[^\s{}.:]+\.[^\s{}.:]+)?)(?:\.([a-z-]+))?\s*\}\}")
# Superscript and subscript as Pandoc writes them, after a word, so that "~10 or ~20" stays what it is: m^2^, CO~2~.
RAISED = re.compile(r"(?<=[\w)\]])\^([\w+\u2212-]{1,12})\^|(?<=[^\W\d_])~([\w+\u2212-]{1,8})~(?!~)")
# Small figures as characters, where a text has no typography: in bookmarks, and for those who listen.
_SMALL = {
    "sup": str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻"),
    "sub": str.maketrans("0123456789+-\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₋"),
}
# Quoted as an indicator is: {{ report.period }}.
REPORT = "report"
# What digits that measure nothing may be, in `[2014]{as=year}`.
MARKS = ("year", "period", "date", "time", "law", "ordinal", "address", "phone", "code", "name", "phrase", "list")
# How an address begins: with its protocol, or a name with a path.
ADDRESS_START = r"(?:(?:https?|ftp)://|www\.|(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,6}/)"
# An address in a text, without the stop that follows it: with its protocol, or a name with a path; or of mail.
ADDRESS = re.compile(
    rf"""({ADDRESS_START}[^\s<>"]*[^\s<>".,:;!?)\]’”»']"""
    r"""|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"""
)
# A number or a range of them, and not the digits of an escaped character.
_NUMBER = re.compile(r"(?<!&#)(?<![\d.,])\d(?:[\d.,]*\d)?(?:–\d(?:[\d.,]*\d)?)?")
# Words; and codes such as that of a bank account, which are long and have their letters and figures in one.
_WORD = re.compile(r"\S+")
_CODE = re.compile(r"(?=[a-zA-Z]*\d)(?=\d*[a-zA-Z])[a-zA-Z0-9]{24,}")


@dataclass(frozen=True, slots=True)
class Quote:
    """One `{{ … }}`: an indicator in a form, or the page or the number of what is called so.

    `written` is how it stands in the YAML.
    """

    target: str
    form: str
    what: Literal["number", "page", "figure", "table"]
    written: str

    @classmethod
    def of(cls, match: re.Match[str]) -> Quote:
        """What `QUOTE` has found."""
        return cls(match[2], match[3] or "", cast('Literal["page", "figure", "table"]', match[1] or "number"), match[0])


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a text: its level in the text (2 is the first below the title), and its name where it has one."""

    level: int
    words: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a text refers to, and what is wrong with its marking up.

    Links come with their words; `bare_columns` are the first rows of tables in which a column has no heading;
    `leftovers` are markup that is not set, with what to do about it.
    """

    quotes: tuple[Quote, ...]
    links: tuple[tuple[str, str], ...]
    images: tuple[tuple[str, str], ...]
    html: tuple[str, ...]
    broken: tuple[str, ...]
    headings: tuple[Heading, ...]
    bare_columns: tuple[str, ...]
    marks: tuple[str, ...]
    leftovers: tuple[tuple[str, str], ...]


def quotes_in(text: str) -> dict[int, Quote]:
    """The numbers of indicators that a text quotes, by where they begin."""
    return {m.start(): Quote.of(m) for m in QUOTE.finditer(text) if m[1] is None}


def small(raised: str | None, lowered: str | None) -> str:
    """What stands raised or lowered, in characters that do; letters stay as they are."""
    return (raised or "").translate(_SMALL["sup"]) + (lowered or "").translate(_SMALL["sub"])


def unbroken(text: str) -> str:
    """Escaped text in which a range such as 2014–2019 does not break at its dash, and an address gets no hyphen.

    Loose numbers say that they are.
    """
    parts = ADDRESS.split(text)  # every other one is an address
    for at, part in enumerate(parts):
        words = str(escape(part))
        parts[at] = (
            _WORD.sub(_word, words) if at % 2 == 0 else f'<span class="address" data-as="address">{words}</span>'
        )
    return "".join(parts)


def _word(found: re.Match[str]) -> str:
    """A word with its loose numbers; a long code, of letters and digits, breaks where it must."""
    if _CODE.search(found[0]):
        return f'<span class="address" data-as="loose">{found[0]}</span>'
    return _NUMBER.sub(_loose, found[0])


def _loose(number: re.Match[str]) -> str:
    unbroken = ' class="range"' if "–" in number[0] else ""
    return f'<span data-as="loose"{unbroken}>{number[0]}</span>'
