"""Checks on how texts are typed, most of which `builder check --fix` mends; and what was left to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from builder.content.leftover import QUOTED
from builder.content.numbers import NO_BREAK
from builder.content.rules.lexicon import Lexicon
from builder.content.rules.table import found
from builder.content.rules.writing import Writing
from builder.model.diagnostics import Diagnostic, Fix
from builder.model.front import Name
from builder.model.report import Labels

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
_STRAIGHT = re.compile(r"[\"']")


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
            yield _fixable("accent-apostrophe", written, match.end() - 2, match.end(), vowel, said)
    if lexicon is not None:
        yield from _quotes(written, masked, accents, lexicon)
    for match in _ELLIPSIS.finditer(masked):
        yield _fixable("three-dots", written, match.start(), match.end(), "…", '"..." is three full stops')
    for match in _DOUBLE.finditer(masked):
        between = text[match.start() : match.end()]
        if between.isspace() and "\n" not in between and "|" not in text:
            here = text[max(0, match.start() - 10) : match.end() + 10].strip()
            yield _fixable("double-space", written, match.start(), match.end(), " ", f'two spaces in "{here}"')
    units = [str(u.text) for u in labels.units.values() if not u.joined]
    for match in re.finditer(rf"[\d{QUOTED}] (?=(?:{'|'.join(map(re.escape, units))}|€|Mln|%)(?!\w))", masked):
        if match[0][0] == QUOTED and text[match.start()] != "}":
            continue
        said = "a number and its unit can part at the end of a line"
        yield _fixable("no-break-space", written, match.start() + 1, match.end(), NO_BREAK, said)
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


def _quotes(written: Writing, masked: str, accents: set[int], lexicon: Lexicon) -> Iterator[Diagnostic]:
    opened = False
    # A mark that opens inside another: which of them closes, only the writer knows.
    nested = re.search(r'(?:^|\s)"\w[^"]*\s"\w', masked) is not None
    for match in _STRAIGHT.finditer(masked):
        at = match.start()
        if at in accents:
            continue
        if match[0] == "'":
            before, after = masked[at - 1 : at], masked[at + 1 : at + 2]
            inside = before.isalpha() or after.isdigit() or before.isdigit()
            right = "’" if inside or not after.strip() else "‘"
            what = "an apostrophe is straight"
        else:
            before = masked[at - 1 : at]
            opening = not opened and (at == 0 or not before.strip() or before in "([«“’'")
            right = lexicon.opening if opening else lexicon.closing
            opened = opening
            what = "a quotation mark is straight"
        here = masked[max(0, at - 8) : at + 10].replace(QUOTED, "").strip()
        one = _fixable("straight-quotes", written, at, at + 1, right, f"{what} in: {here}")
        yield replace(one, fix=None, hint=f"write {right}") if nested and match[0] == '"' else one


def _names(written: Writing, masked: str, names: Sequence[Name]) -> Iterator[Diagnostic]:
    for name in names:
        right = str(name.write)
        wrong = [re.escape(n).replace("\\ ", r"\s+") for n in (*map(str, name.never), right)]
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(wrong)})(?!\w)", masked, re.IGNORECASE):
            if " ".join(match[0].split()) != right and match[0] != right.upper():
                said = f'"{match[0]}" is written {right}'
                yield _fixable("name-spelling", written, match.start(), match.end(), right, said)


def _fixable(code: str, written: Writing, start: int, end: int, right: str, message: str) -> Diagnostic:
    span, there = written.text.at(start, end)
    shown = "a no-break space" if right == NO_BREAK else "one space" if right == " " else right
    escaped = _escaped(right, written.text.source)
    # Where the words are not written as expected, with other escapes, nobody knows what a fix would do.
    known = there == _escaped(str(written.text)[start:end], written.text.source)
    fix = Fix(there, escaped) if there and known and escaped is not None else None
    return found(code, message, f"write {shown}; `builder check --fix` does it", span, fix)


def _escaped(words: str, source: str) -> str | None:
    """Words as they are written in a scalar of that style; None where they cannot stand there."""
    if source.startswith("'"):
        return words.replace("'", "''")
    if source.startswith('"'):
        return words.replace("\\", "\\\\").replace('"', '\\"')
    if source[:1] in "|>":
        return words
    return None if ": " in words or " #" in words or words.endswith(":") else words
