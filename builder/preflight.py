"""preflight: rules on the finished PDF. Each is a function from the open file to what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name

from builder.diagnostics import Diagnostic, in_order
from builder.edition import Edition
from builder.theme import MM_PER_PT, Theme

Rule = Callable[[pikepdf.Pdf, Theme, Edition], Iterator[Diagnostic]]


def preflight(pdf: pikepdf.Pdf, theme: Theme, edition: Edition) -> tuple[Diagnostic, ...]:
    """Every rule on every page."""
    return in_order(d for rule in RULES for d in rule(pdf, theme, edition))


def _fonts(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    """The fonts of a page and of the forms that it paints."""
    waiting, seen = [page.obj.get(Name.Resources, Dictionary())], set()
    while waiting:
        resources = waiting.pop()
        yield from (f for _, f in resources.get(Name.Font, Dictionary()).items())
        for _, form in resources.get(Name.XObject, Dictionary()).items():
            if form.objgen not in seen and Name.Resources in form:
                seen.add(form.objgen)
                waiting.append(form.Resources)


def fonts_are_bundled(pdf: pikepdf.Pdf, theme: Theme, _edition: Edition) -> Iterator[Diagnostic]:
    """Every font is embedded and is one of the theme's families (ISO 15930-7, 6.3; ISO 14289-1, 7.21.4)."""
    families = {str(f.family).replace(" ", "-") for f in (theme.fonts.heading, theme.fonts.body)}
    for number, page in enumerate(pdf.pages, 1):
        for font in _fonts(page):
            name = str(font.BaseFont).lstrip("/").split("+")[-1]
            inner = font.DescendantFonts[0] if Name.DescendantFonts in font else font
            descriptor = inner.get(Name.FontDescriptor, Dictionary())
            if not {Name.FontFile, Name.FontFile2, Name.FontFile3} & set(descriptor.keys()):
                yield Diagnostic(
                    "font-not-embedded",
                    f"page {number}: the font {name} is not in the file",
                    "add the font to layouts/theme.yaml",
                )
            if not any(name.startswith(family) for family in families):
                yield Diagnostic(
                    "foreign-font",
                    f"page {number}: the font {name} is not one of the bundled ones",
                    "a character or a style is missing from the fonts in layouts/theme.yaml",
                )


def links_land(pdf: pikepdf.Pdf, _theme: Theme, _edition: Edition) -> Iterator[Diagnostic]:
    """Every link leads to a named destination on a page of this file, or to the network (ISO 32000-1, 12.3.2.3)."""
    tree = pdf.Root.get(Name.Names, Dictionary()).get(Name.Dests, Dictionary()).get(Name.Names, Array())
    names = {str(tree[i]) for i in range(0, len(tree), 2)}
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.obj.get(Name.Annots, Array()):
            dead = Name.Dest in annotation and str(annotation.Dest) not in names
            if dead or not {Name.Dest, Name.A} & set(annotation.keys()):
                yield Diagnostic("dead-link", f"page {number}: a link leads nowhere", "check the links of that page")


def boxes_are_right(pdf: pikepdf.Pdf, theme: Theme, edition: Edition) -> Iterator[Diagnostic]:
    """Each page has the theme's trim size, with its bleed around it (ISO 15930-7, 6.11)."""
    width, height = float(theme.page.width), float(theme.page.height)
    bleed = float(theme.page.bleed) if edition.bleed else 0.0
    for number, page in enumerate(pdf.pages, 1):
        trim = [float(x) * MM_PER_PT for x in page.trimbox]
        media = [float(x) * MM_PER_PT for x in page.mediabox]
        size = trim[2] - trim[0], trim[3] - trim[1]
        if max(abs(size[0] - width), abs(size[1] - height)) > 0.1:
            yield Diagnostic(
                "page-size",
                f"page {number}: the trim size is {size[0]:.1f} × {size[1]:.1f} mm, not {width:g} × {height:g}",
                "a layout sets another page size",
            )
        around = trim[0] - media[0], trim[1] - media[1], media[2] - trim[2], media[3] - trim[3]
        if max(abs(a - bleed) for a in around) > 0.1:
            yield Diagnostic(
                "bleed",
                f"page {number}: the bleed is not {bleed:g} mm on all sides",
                "a layout sets another bleed",
            )


RULES: tuple[Rule, ...] = (fonts_are_bundled, links_land, boxes_are_right)
