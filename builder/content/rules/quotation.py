"""Checks on quotation marks, and on the spaces that a language sets before signs; `builder check --fix` mends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from builder.content.leftover import QUOTED
from builder.content.rules.fixing import fixable
from builder.content.rules.writing import Writing
from builder.model.diagnostics import Diagnostic
from builder.model.labels import Lexicon, Quotes

_STRAIGHT = re.compile(r"[\"']")
# Quotation marks that print, of all the languages; an apostrophe may be anywhere.
_MARK = re.compile(r"[„“”«»‹›‚]")
_ENGLISH = Quotes("‘", "’")
_SPACES = " \u00a0\u202f"


def quotation_rules(written: Writing, accents: set[int], lexicon: Lexicon) -> Iterator[Diagnostic]:
    """Quotation marks are the printer's, and those of the language; signs stand apart where the language wants it.

    `accents` are the places of apostrophes that stand for accents.
    """
    if lexicon.quotes:
        yield from _straight(written, accents, lexicon)
        yield from _foreign(written, lexicon)
    for sign, space in lexicon.space_before.items():
        yield from _apart(written, str(sign), str(space))


def _straight(written: Writing, accents: set[int], lexicon: Lexicon) -> Iterator[Diagnostic]:
    masked = written.masked
    outer, inner = lexicon.quotes[0], lexicon.quotes[-1] if len(lexicon.quotes) > 1 else _ENGLISH
    opened = within = False
    # A mark that opens inside another: which of them closes, only the writer knows.
    nested = re.search(r'(?:^|\s)"\w[^"]*\s"\w', masked) is not None
    for match in _STRAIGHT.finditer(masked):
        at = match.start()
        if at in accents:
            continue
        if match[0] == "'":
            before, after = masked[at - 1 : at], masked[at + 1 : at + 2]
            apostrophe = before.isalpha() or after.isdigit() or before.isdigit()
            closing = within and not (before.isalpha() and after.isalpha())
            right = inner.closing if closing else "’" if apostrophe or not after.strip() else inner.opening
            within = right == inner.opening
            what = "an apostrophe is straight"
        else:
            before = masked[at - 1 : at]
            opening = not opened and (at == 0 or not before.strip() or before in "([«“’'")
            right = outer.opening if opening else outer.closing
            opened = opening
            what = "a quotation mark is straight"
        here = masked[max(0, at - 8) : at + 10].replace(QUOTED, "").strip()
        one = fixable("straight-quotes", written, at, at + 1, right, f"{what} in: {here}")
        yield replace(one, fix=None, hint=f"write {right}") if nested and match[0] == '"' else one


def _foreign(written: Writing, lexicon: Lexicon) -> Iterator[Diagnostic]:
    """Quotation marks of another language: “so” in a German text, „so“ in an English one."""
    masked, outer = written.masked, lexicon.quotes[0]
    opening = {pair.opening.strip(_SPACES) for pair in lexicon.quotes}
    closing = {pair.closing.strip(_SPACES) for pair in lexicon.quotes}
    for match in _MARK.finditer(masked):
        before, after = masked[match.start() - 1 : match.start()], masked[match.end() : match.end() + 1]
        begins = not before or before.isspace() or before in "([—–"
        ends = not after or after.isspace() or not after.isalnum()
        if begins == ends or match[0] in (opening if begins else closing):
            continue  # between two spaces, nobody knows which it is
        right = outer.opening if begins else outer.closing
        here = masked[max(0, match.start() - 8) : match.end() + 10].replace(QUOTED, "").strip()
        message = f"a quotation mark of another language in: {here}"
        yield fixable("foreign-quotes", written, match.start(), match.end(), right, message)


def _apart(written: Writing, sign: str, space: str) -> Iterator[Diagnostic]:
    """A sign that stands apart from the word before it, by a space that does not break."""
    masked = written.masked
    for match in re.finditer(rf"(?<=[\w{QUOTED})»”%])( ?){re.escape(sign)}(?=[\s»)]|$)", masked):
        if match[0] == sign or match[1]:
            here = masked[max(0, match.start() - 12) : match.end()].replace(QUOTED, "").strip()
            message = f'"{sign}" has no space of its own in: {here}'
            yield fixable("space-before-sign", written, match.start(), match.end(), space + sign, message)
