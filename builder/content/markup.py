"""The signs that our texts know beyond Markdown: quotes, marks, names of headings, addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

QUOTE = re.compile(r"\{\{\s*(?:(page|figure):)?([^\s{}.:]+)(?:\.([a-z-]+))?\s*\}\}")
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


@dataclass(frozen=True, slots=True)
class Quote:
    """One `{{ … }}`: an indicator in a form, or the page or the number of what is called so.

    `written` is how it stands in the YAML.
    """

    target: str
    form: str
    what: Literal["number", "page", "figure"]
    written: str

    @classmethod
    def of(cls, match: re.Match[str]) -> Quote:
        """What `QUOTE` has found."""
        return cls(match[2], match[3] or "", cast('Literal["page", "figure"]', match[1] or "number"), match[0])


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a text: its level in the text (2 is the first below the title), and its name where it has one."""

    level: int
    words: str
    name: str


def quotes_in(text: str) -> dict[int, Quote]:
    """The numbers of indicators that a text quotes, by where they begin."""
    return {m.start(): Quote.of(m) for m in QUOTE.finditer(text) if m[1] is None}
