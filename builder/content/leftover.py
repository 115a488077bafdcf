"""Markup of other tools that this one does not set: it would be printed as it is written, or be lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from builder.content.markup import RAISED

# Stand for what is not words in a text that is searched: an escaped character, code, a quoted
# number, an address.
ESCAPED, CODE, QUOTED, ADDRESS = "\ue010", "\ue011", "\ufffc", "\ue012"

_NO_ATTRIBUTES = "take it out: {lang=…} and {as=…} are known, and nothing else in braces has an effect"
# A formula begins with a letter, a figure, a sign or a command, and no word, figure or bracket stands right before it:
# 5$, 6$ and US$/A$ are prices. A line may end in it, no more.
_FORMULA = (
    r"(?s:\$\$.{1,400}?\$\$)|"
    r"(?<![\w$/])\$(?=[\w\\({\[+-])[^$\n]{1,200}?(?:\n[^$\n]{1,200}?)?(?<![\s$\\])\$(?![\w$])"
)
_CITED = r"\[-?@\w[^\]\n]{0,200}\]"
_BRACES = (
    r"\{[.#][a-zA-Z][\w-]*(?:\s+[.#]?[a-zA-Z][\w=\"-]*)*\s*\}|\{=\w+\}|"
    r"\{:[^{}\n]{1,200}\}|\{[a-zA-Z][\w-]*=[^{}\s]{1,80}\}"
)
_BROKEN_LINK = r"!?\[[^\[\]\n]{0,200}\]\([^()\n]{1,400}\)"
_CONTENTS = r"(?m:^)\[(?:TOC|toc|\[_TOC_\])\](?m:$)|\[\[[^\[\]\n]{1,80}\]\]"
_BOLD = r"(?:(?<=^)|(?<=[\s(]))\*\*(?!\s)[^*\n]{0,199}[^\W\d_][^*\n]{0,199}\s\*\*(?!\w)"
# What is looked for, and what to do about it. Formulas, notes, citations and attributes as Pandoc writes them.
_KINDS = (
    (_FORMULA, "formulas are not set: use words or signs"),
    (r"(?<=[^\W\d_])~[\w+-]{1,8}~(?!~)", "small figures stand after a letter: CO~2~"),
    (
        r"(?<=\w)\^[\w+-]{1,12}\^|(?<=\w)\^-?\d+(?![\d^])",
        "raised figures stand between two such signs: m^2^",
    ),
    (_CITED, "citations are not made: write the source in words, or as a note: ^[…]"),
    (
        r"\[\^[^\]\s]{1,80}\]:?",
        "no line gives this note its words: write it where it is called, ^[…]",
    ),
    (r"\^\[[^\]\n]{0,40}", "the note has no end: close its bracket"),
    (r"\[[^\[\]\n]{1,80}\]\[[^\[\]\n]{0,80}\]", "no line gives this link its address: write [words](address)"),
    (r"\[!\w{1,20}\]", "there are no boxes of this kind: take the sign out"),
    (_BRACES, _NO_ATTRIBUTES),
    (_BROKEN_LINK, "the address of a link is one word; its title, after it, stands in straight quotes"),
    (r"(?m:^)\[[ xX]\]\s", "boxes to tick stand at the head of an item of a list: - [x] done"),
    (_CONTENTS, "links are written [words](#topic); the contents are a page of their own"),
    (r"(?m:^):{3,}.*", "there are no boxes of this kind: take the line out"),
    (
        r"(?<=\n):[ \t]{1,3}[^\W\d_][^\n]*\w",
        "a definition stands below its term, with a line left empty before both",
    ),
    (r"(?<![=\w])==(?![\s=])[^=\n]{1,200}(?<![\s=])==(?!=)", "nothing is highlighted: use **bold**"),
    (_BOLD, "bold words have no space beside their asterisks: **so**"),
    (r"\\[a-zA-Z]{2,20}\{[^{}\n]{0,200}\}", "commands of TeX are not carried out: use words and signs"),
)
_NO_WORDS = re.compile(f"[{ESCAPED}{CODE}{QUOTED}{ADDRESS}]")
_SET = re.compile(rf"(?:{RAISED.pattern})|~~(?!\s)[^~\n]{{1,200}}(?<!\s)~~")
_TEMPLATE = re.compile(r"\{%.{0,200}?%\}")
_ALL = tuple((re.compile(pattern), hint) for pattern, hint in _KINDS)


def leftovers(text: str) -> Iterator[tuple[str, str]]:
    """What of a text is markup that is not set, and what to do about it."""
    for pattern, hint in _ALL:
        for match in pattern.finditer(text):
            written = match[0].strip()
            yield _NO_WORDS.split(written)[0] or written, hint
        text = pattern.sub(" ", text)  # what is in it is not looked for again


def unset(text: str) -> Iterator[tuple[str, str]]:
    """What a text that is printed as it is would show, and others set: small figures, words struck through."""
    for match in _SET.finditer(text):
        yield match[0], "this text is printed as it is: write ², ³, ₂ or ⁶ itself, or take the signs out"


def templates(text: str) -> Iterator[tuple[str, str]]:
    """Statements of templates, which the syntax of attributes takes for comments."""
    for match in _TEMPLATE.finditer(text):
        yield match[0], "texts hold no templates: quote a number as {{ name }}"


def definitions(references: Mapping[str, str], used: Collection[str]) -> Iterator[tuple[str, str]]:
    """Lines such as `[name]: address`, by name, that nothing refers to: they would be lost."""
    for name, address in references.items():
        if address not in used:
            yield (
                f"[{name}]:",
                "a line that begins so gives links an address, and is not printed: put a word before it",
            )


def attributes(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Attributes by name and value that have no effect, as they are written, and what to do about them."""
    for name, value in names:
        if name == "class":
            yield from ((f".{one}", _NO_ATTRIBUTES) for one in value.split())
        else:
            yield (f"#{value}" if name == "id" else f"{name}="), _NO_ATTRIBUTES
