"""Rules on the theme: its fonts and colours are there, and the fonts have every character that is printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Literal

from builder.design.fonts import INVISIBLE, readable
from builder.design.theme import PALETTE, Theme
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Manuscript, Text, Value
from builder.model.project import Project

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def theme_problems(theme: Theme, project: Project) -> Iterator[Diagnostic]:
    for family in (theme.fonts.heading, theme.fonts.body):
        for one in family.faces:
            found = project.inside(one.file, project.fonts, one.file.span)
            problem = found if isinstance(found, Diagnostic) else readable(found, one.file.span)
            if problem is not None:
                yield Diagnostic(
                    "missing-font",
                    f'the font "{one.file}" of "{family.family}": {problem.message}',
                    "put the TTF file into fonts/, or take its line out of the theme",
                    one.file.span,
                )
    for name, colour in [*theme.colours.items(), *theme.accents.items()]:
        if not _HEX.fullmatch(colour.srgb):
            yield Diagnostic(
                "wrong-value",
                f'the colour "{name}" is not written as #rrggbb',
                'six digits from 0 to f, in quotes: "#c9371c"',
                colour.srgb.span,
            )
    for wanted in sorted(PALETTE - set(map(str, theme.colours))):
        yield Diagnostic(
            "missing-key",
            f'the colour "{wanted}" is missing',
            f"add a line `{wanted}: …` to `colours`: layouts and figures are drawn with it",
            Span("layouts/theme.yaml"),
        )
    page = theme.page
    if theme.measure < 60 or theme.depth < 80 or min(page.margin.top, page.margin.inner) < 0:
        yield Diagnostic(
            "wrong-value",
            "the margins leave no room for text",
            "the type area must be at least 60 by 80 mm",
            Span("layouts/theme.yaml"),
        )


# Characters by name or number, as Markdown has them from HTML (CommonMark 0.31, 2.5).
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")


def _texts(value: Value) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def glyph_problems(manuscript: Manuscript, theme: Theme, project: Project) -> Iterator[Diagnostic]:
    """A character can be set where every face of one family has it."""
    roles: tuple[Literal["heading", "body"], ...] = ("heading", "body")
    families = [set.intersection(*(set(f.characters) for f in theme.faces(role, project.fonts))) for role in roles]
    printable = set.union(*families)
    documents = [manuscript.report, manuscript.indicators, manuscript.sources, manuscript.labels]
    for document in [*documents, *manuscript.topics.values()]:
        for text in _texts(document.data):
            for char, written in _characters(text).items():
                if ord(char) not in printable and char not in INVISIBLE:
                    yield _missing(char, text.locate(written))
    for table in manuscript.tables.values():
        for row in table.rows if table is not None else ():
            for cell in row.cells:
                for char in dict.fromkeys(cell.words):
                    if ord(char) not in printable and char not in INVISIBLE:
                        yield _missing(char, cell.span)


def _characters(text: str) -> dict[str, str]:
    """Each character of a text, and how it is written there: "é", or "&eacute;"."""
    found = {char: char for char in text}
    for entity in _ENTITY.findall(text) if "&" in text else ():
        found |= dict.fromkeys(unescape(entity), entity)
    return found


def _missing(char: str, where: Span | None) -> Diagnostic:
    name = unicodedata.name(char, "a character without a name").lower()
    message = f'no bundled font has the character "{char}" ({name})'
    return Diagnostic(
        "missing-glyph", message, "write it in another way, or add a font that has it to the theme", where
    )
