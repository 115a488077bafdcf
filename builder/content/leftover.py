"""Markup of other tools that this one does not set: it would be printed as it is written, or be lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

# Stand for what is not words in a text that is searched: an escaped character, code, a quoted number.
ESCAPED, CODE, QUOTED = "\ue010", "\ue011", "\ufffc"

_NO_ATTRIBUTES = "take it out: {lang=…} and {as=…} are known, and nothing else in braces has an effect"
# What is looked for, and what to do about it. Formulas, notes, citations and attributes as Pandoc writes them.
_KINDS = (
    (
        r"\$\$.+?\$\$|\$(?![\s$])[^$\n]*(?<![\s$\\])\$(?!\d)",
        "formulas are not set: use words or signs; a plain $ is \\$",
    ),
    (r"~~(?!\s)[^~\n]+(?<!\s)~~", "nothing is struck through: take the signs out, or the words"),
    (r"(?<!~)~[^\s~]{1,20}~(?!~)", "write the small figures themselves, as in CO₂"),
    (r"\^[^\s^\[\]]{1,20}\^|(?<=\w)\^-?\d+(?![\d^])", "write the raised figures themselves, as in m² or 10⁶"),
    (r"\[-?@[\w][^\]\n]*\]", "citations are not made: write the source in words, or as a note: ^[…]"),
    (r"\[\^[^\]\s]+\]:?", "write the note itself where it is called: ^[…]"),
    (r"\{[.#=][\w-]+[^{}\n]*\}|\{:[^{}\n]*\}|\{[\w-]+=[^{}\n]*\}", _NO_ATTRIBUTES),
    (r"!?\[[^\]\n]*\]\([^)\n]+\)", "the address of a link is one word; its title, after it, stands in straight quotes"),
    (r"(?m:^)\[[ xX]\]\s", "there are no boxes to tick: say in words what is done"),
    (r"(?m:^):{3,}.*", "there are no boxes of this kind: take the line out"),
    (r"(?<=\n):\s+\S", "definitions are not set apart: write a list, or a table"),
    (r"(?<![=\w])==(?![\s=])[^=\n]+(?<![\s=])==(?!=)", "nothing is highlighted: use **bold**"),
    (r"(?:(?<=^)|(?<=[\s(]))\*\*[^*\n]*[^\W\d_][^*\n]*\*\*", "bold words have no space beside their asterisks: **so**"),
    (r"\\[a-zA-Z]{2,}\{[^{}\n]*\}", "commands of TeX are not carried out: use words and signs"),
)
_TEMPLATE = re.compile(r"\{%.*?%\}")
_ALL = tuple((re.compile(pattern), hint) for pattern, hint in _KINDS)


def leftovers(text: str) -> Iterator[tuple[str, str]]:
    """What of a text is markup that is not set, and what to do about it."""
    for pattern, hint in _ALL:
        for match in pattern.finditer(text):
            yield re.split(f"[{ESCAPED}{CODE}{QUOTED}]", match[0].strip())[0] or match[0].strip(), hint
        text = pattern.sub(" ", text)  # what is in it is not looked for again


def templates(text: str) -> Iterator[tuple[str, str]]:
    """Statements of templates, which the syntax of attributes takes for comments."""
    for match in _TEMPLATE.finditer(text):
        yield match[0], "texts hold no templates: quote a number as {{ name }}"


def definitions(references: Mapping[str, str], used: Collection[str]) -> Iterator[tuple[str, str]]:
    """Lines such as `[name]: address`, by name, that nothing refers to: they would be lost."""
    for name, address in references.items():
        if name.startswith("^"):
            yield f"[{name}]:", "write the note itself where it is called: ^[…]"
        elif address not in used:
            yield f"[{name}]:", "it gives a link its address, and no link has this name: write \\[ for a bracket"


def attributes(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Attributes by name and value that have no effect, as they are written, and what to do about them."""
    for name, value in names:
        if name == "class":
            yield from ((f".{one}", _NO_ATTRIBUTES) for one in value.split())
        else:
            yield (f"#{value}" if name == "id" else f"{name}="), _NO_ATTRIBUTES
