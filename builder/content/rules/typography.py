"""Checks on how texts are typed, most of which `builder check --fix` mends; and what was left to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from builder.content.leftover import QUOTED
from builder.content.numbers import NO_BREAK
from builder.content.rules.fixing import fixable
from builder.content.rules.quotation import quotation_rules
from builder.content.rules.table import found
from builder.content.rules.writing import Writing
from builder.model.diagnostics import Diagnostic
from builder.model.front import Name
from builder.model.labels import Labels, Lexicon

# XX and XXX are numerals before a name, "via XX Settembre", and […] leaves words of a quotation out.
_PLACEHOLDER = re.compile(
    r"(?i:lorem ipsum)|\b(?:TODO|FIXME|TBD|X{4,}|(?:XX|XXX)(?!\s+[A-Za-z])|(?i:da completare|da inserire|inserire qui|"
    r"to be completed|insert here|placeholder))\b|\?\?\?+|[(<\[]\s*(?i:da definire)\s*[)>\]]|_{4,}|"
    r"\A\s*(?i:da definire)\W*\Z",
)
# Vowels that carry an accent at the end of Italian words, typed with an apostrophe: e', perche', citta'.
_ACCENTS = {"a": "à", "e": "è", "i": "ì", "o": "ò", "u": "ù", "A": "À", "E": "È", "I": "Ì", "O": "Ò", "U": "Ù"}
_ACUTE = re.compile(r"(?:ch|n|s|tr|fr|ventitr|trentatr|vicer)e$", re.IGNORECASE)
# Words that really end in an apostrophe.
_CUT_OFF = frozenset(["po", "mo", "be", "ca", "va", "da", "di", "fa", "sta", "to", "gua", "de", "co", "su", "pe"])
_APOSTROPHE_ACCENT = re.compile(r"(?:(?<![\w’'])|(?<=\w['’]))([^\W\d_]*[aeiouAEIOU])['’](?![\w’'])")
_ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
_DOUBLE = re.compile(r"(?<=\S)  +(?=\S)")


def typography_rules(
    written: Writing, language: str, labels: Labels, names: Sequence[Name], lexicon: Lexicon | None
) -> Iterator[Diagnostic]:
    text = str(written.text)
    masked = written.masked
    accents: set[int] = set()
    if match := _PLACEHOLDER.search(masked):
        span, _ = written.text.at(match.start(), match.end())
        yield found("placeholder", f'"{match[0]}" was left to be filled in', "write what belongs there", span)
    if language.startswith("it"):
        closing = _closing(masked)
        for match in _APOSTROPHE_ACCENT.finditer(masked):
            word = match[1]
            if word.casefold() in _CUT_OFF or match.end() - 1 in closing:
                continue
            accents.add(match.end() - 1)
            vowel = {"e": "é", "E": "É"}.get(word[-1], "") if _ACUTE.search(word) else ""
            vowel = vowel or _ACCENTS[word[-1]]
            said = f'"{match[0]}" has an apostrophe for its accent'
            yield fixable("accent-apostrophe", written, match.end() - 2, match.end(), vowel, said)
    if lexicon is not None:
        yield from quotation_rules(written, accents, lexicon)
    for match in _ELLIPSIS.finditer(masked):
        yield fixable("three-dots", written, match.start(), match.end(), "…", '"..." is three full stops')
    for match in _DOUBLE.finditer(masked):
        between = text[match.start() : match.end()]
        if between.isspace() and "\n" not in between and "|" not in text:
            here = text[max(0, match.start() - 10) : match.end() + 10].strip()
            yield fixable("double-space", written, match.start(), match.end(), " ", f'two spaces in "{here}"')
    units = [form for unit in labels.units.values() if not unit.joined for form in unit.forms[:1]]
    for match in re.finditer(rf"[\d{QUOTED}] (?=(?:{'|'.join(map(re.escape, units))}|€|Mln|%)(?!\w))", masked):
        if match[0][0] == QUOTED and text[match.start()] != "}":
            continue
        said = "a number and its unit can part at the end of a line"
        yield fixable("no-break-space", written, match.start() + 1, match.end(), NO_BREAK, said)
    yield from _names(written, masked, names)


def _closing(masked: str) -> frozenset[int]:
    """Where an apostrophe closes a quotation that one has opened."""
    opened = 0
    closing: set[int] = set()
    for match in re.finditer(r"(?<!\w)['‘](?=\w)|(?<=\w)['’](?!\w)", masked):
        if match.start() == 0 or not masked[match.start() - 1].isalnum():
            opened += 1
        elif opened:
            opened -= 1
            closing.add(match.start())
    return frozenset(closing)


def _names(written: Writing, masked: str, names: Sequence[Name]) -> Iterator[Diagnostic]:
    for name in names:
        right = str(name.write)
        wrong = [re.escape(n).replace("\\ ", r"\s+") for n in (*map(str, name.never), right)]
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(wrong)})(?!\w)", masked, re.IGNORECASE):
            if " ".join(match[0].split()) != right and match[0] != right.upper():
                said = f'"{match[0]}" is written {right}'
                yield fixable("name-spelling", written, match.start(), match.end(), right, said)
