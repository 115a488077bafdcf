"""preflight: rules on a finished PDF. What it passes is "structure checked", never "certified"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from builder.design.edition import Edition
from builder.design.printer import Printer
from builder.design.theme import Theme
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Severity, in_order
from builder.model.units import MM_PER_PT
from builder.pdf.scan import FAULTS, Marks, scan
from builder.pdf.scan.graphics import box_of
from builder.pdf.scan.painted import Box
from builder.preflight import colours as colour_rules
from builder.preflight import file as file_rules
from builder.preflight import paint as paint_rules
from builder.preflight.fonts import fonts_of
from builder.preflight.rules import Finding, Job, PageView, Rule, UnpaintableError
from builder.runtime.quiet import quiet

RULES: tuple[Rule, ...] = (*file_rules.RULES, *colour_rules.RULES, *paint_rules.RULES)
# A sheet of this many pixels at the usual dpi is larger than any press; larger ones are measured more coarsely.
MOST_PIXELS = 4_000_000
_SHEET = Box(0, 0, 612, 792)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a preflight found, and the figures that a job sheet names. `ink` is in per cent, None where not measured."""

    printer: str
    findings: tuple[Finding, ...]
    pages: int
    size: tuple[float, float]
    ink: float | None
    ink_page: int
    fonts: tuple[str, ...]
    first_folio: int = 1

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(one.diagnostic(self.first_folio) for one in self.findings)

    @property
    def summary(self) -> str:
        """One line: that it passed, or how much stands in the way."""
        wrong = sum(one.severity is Severity.ERROR for one in self.findings)
        if wrong:
            return f"not fit for {self.printer}: {wrong} error{'s' if wrong > 1 else ''}"
        ink = f", highest ink {self.ink:.0f} % (page {self.ink_page})" if self.ink is not None else ""
        return f"structure checked against {self.printer}: {self.pages} pages{ink}"

    def as_json(self) -> str:
        return json.dumps(
            {
                "printer": self.printer,
                "passed": self.good,
                "checked": "structure checked, not certified",
                "pages": self.pages,
                "trim_mm": [round(v, 2) for v in self.size],
                "highest_ink_percent": None if self.ink is None else round(self.ink, 1),
                "highest_ink_page": self.ink_page,
                "fonts": list(self.fonts),
                "findings": [one.as_dict() for one in self.findings],
            },
            ensure_ascii=False,
            indent=2,
        )

    @property
    def good(self) -> bool:
        return not any(one.severity is Severity.ERROR for one in self.findings)


def preflight(file: Path | str, printer: Printer, *, spread: tuple[float, float] | None = None) -> Verdict:
    """Every rule on every page of `file`; `spread` is the size in mm that it must have where it is a cover of its own.

    Raises ReportError: usage where there is no such file, missing tool where ink cannot be measured here.
    """
    file = Path(file)
    if not file.is_file():
        raise ReportError([Diagnostic("no-pdf", f"there is no file {file}", "look at its name")], ExitCode.USAGE)
    try:
        with file.open("rb") as begun:
            if begun.read(5) != b"%PDF-":  # Ghostscript would run what stands before it, and paint that
                return _unread(printer, "something else stands before the PDF's first line", "export it again")
        pdf = pikepdf.open(file)
    except pikepdf.PasswordError:
        return _unread(printer, "the file is encrypted with a password", "save it without one")
    except (pikepdf.PdfError, OSError, ValueError, RecursionError) as error:
        reason = str(error).replace(str(file), "").strip(" :")[:120]
        return _unread(printer, f"this is no PDF that can be read: {reason}", "export it again")
    with pdf, quiet():  # what QPDF says of damage is no words for people
        try:
            return _verdict(pdf, file, printer, spread)
        except FAULTS as error:
            # The file's own structure is at odds with itself: no rule can be sure of what it reads.
            return _unread(printer, f"the file is damaged: {str(error)[:120]}", "export it again")


def _unread(printer: Printer, message: str, remedy: str) -> Verdict:
    finding = Finding(message, remedy, code="readable", source="ISO 32000-1, 7.5")
    return Verdict(printer.name, (finding,), 0, (0, 0), None, 0, ())


def _verdict(pdf: pikepdf.Pdf, file: Path, printer: Printer, spread: tuple[float, float] | None) -> Verdict:
    if not len(pdf.pages):
        return _unread(printer, "the file has no pages", "export it again")
    views = [_view(number, page) for number, page in enumerate(pdf.pages, 1)]
    found: list[Finding] = []
    if printer.press:
        try:
            views = list(_inked(pdf, file, views, printer))
        except UnpaintableError as error:
            message = f"the pages cannot be painted to measure their ink: {error}"
            found.append(Finding(message, "export the file again", code="readable", source="ISO 32000-1, 7.8"))
    job = Job(pdf, printer, tuple(views), spread)
    found += [one for rule in RULES for one in rule.findings(job)]
    inked = [view for view in views if view.inked is not None]
    most = max(inked, key=lambda view: view.inked.highest if view.inked else 0, default=None)
    names = {name.split("+")[-1] for view in views for name in view.marks.fonts}
    trim = views[0].trim
    return Verdict(
        printer.name,
        tuple(sorted(found, key=lambda f: (f.severity is not Severity.ERROR, f.pages[:1] or (0,)))),
        len(views),
        (trim.width * views[0].unit * MM_PER_PT, trim.height * views[0].unit * MM_PER_PT),
        most.inked.highest if most is not None and most.inked is not None else None,
        most.number if most is not None else 0,
        tuple(sorted(names)),
        _first_folio(pdf),
    )


def _first_folio(pdf: pikepdf.Pdf) -> int:
    """The number on the first page, by the page labels (ISO 32000-1, 12.4.2)."""
    labels = pdf.Root.get(Name.PageLabels, Dictionary()).get(Name.Nums, Array())
    return int(labels[1].get(Name.St, 1)) if len(labels) == 2 and isinstance(labels[1], Dictionary) else 1


def _view(number: int, page: pikepdf.Page) -> PageView:
    media = _page_box(page, Name.MediaBox) or _SHEET
    trim = _page_box(page, Name.TrimBox)
    crop = _page_box(page, Name.CropBox) or media
    private = page.obj.get(Name.PieceInfo, Dictionary()).get(Name.builder, Dictionary()).get(Name.Private, Dictionary())
    rotated = page.obj.get(Name.Rotate, 0)
    unit = page.obj.get(Name.UserUnit, 1)
    return PageView(
        number,
        float(unit) if not isinstance(unit, pikepdf.Object) else 1.0,
        media,
        crop,
        trim or crop,
        _page_box(page, Name.BleedBox) or trim or crop,
        int(rotated) % 360 if isinstance(rotated, int) else 0,
        trim is not None,
        bool(private.get(Name.Blank, False)),
        len(page.obj.get(Name.Annots, Array())),
        _scanned(page),
        None,
    )


def _page_box(page: pikepdf.Page, key: Name) -> Box | None:
    """A box of the page; media box and crop box may be inherited, no others (ISO 32000-1, 7.7.3.3 and 7.7.3.4)."""
    node: Any = page.obj
    for _ in range(50 if key in (Name.MediaBox, Name.CropBox) else 1):
        if key in node:
            box = box_of(node[key])
            return box if box.width > 0 and box.height > 0 else None
        if Name.Parent not in node:
            break
        node = node.Parent
    return None


def _scanned(page: pikepdf.Page) -> Marks:
    with quiet() as said:
        try:
            marks = scan(page)
        except FAULTS:
            return Marks(cut_short=True)
    marks.cut_short |= bool(said)  # QPDF warns of streams that break off
    return marks


def _inked(pdf: pikepdf.Pdf, file: Path, views: list[PageView], printer: Printer) -> Iterator[PageView]:
    from builder.preflight.measure import DPI, measure  # numpy takes its time, and screens have no inks
    from builder.preflight.separations import separations

    largest = max(view.media.width * view.media.height for view in views)
    dpi = DPI * min(1.0, (MOST_PIXELS / largest) ** 0.5)
    wanted = float(printer.bleed) / MM_PER_PT
    with TemporaryDirectory() as folder:
        painted = separations(_whole(pdf, file, Path(folder)), dpi)
        for view in views:
            plates = next(painted, None)
            if plates is None:
                raise UnpaintableError("it has fewer pages than it says")
            expected = view.media.height * dpi / 72, view.media.width * dpi / 72
            if max(abs(found - side) for found, side in zip(plates.shape, expected, strict=False)) > 2:
                raise UnpaintableError("its pages are painted at another size than they say")
            yield replace(view, inked=measure(plates, view.media, view.trim, view.bleed, dpi, wanted))


def _whole(pdf: pikepdf.Pdf, file: Path, folder: Path) -> Path:
    """The file with each page's whole MediaBox, upright: what a crop or a turn would hide or move is measured too."""
    keys = (Name.CropBox, Name.Rotate, Name.UserUnit)
    if not any(key in page.obj or key in page.obj.get(Name.Parent, {}) for page in pdf.pages for key in keys):
        return file
    copy = folder / "whole.pdf"
    with pikepdf.open(file) as whole:
        for page in whole.pages:
            page.obj.CropBox, page.obj.Rotate, page.obj.UserUnit = page.mediabox, 0, 1
        whole.save(copy)
    return copy


def proof(pdf: pikepdf.Pdf, theme: Theme, edition: Edition) -> tuple[Diagnostic, ...]:
    """Rules on every edition that this tool makes: its fonts are the theme's, its links land, its size is right."""
    found = [*_foreign_fonts(pdf, theme), *_dead_links(pdf)]
    if edition.printer is None:
        found += _page_sizes(pdf, theme)
    return in_order(found)


def _foreign_fonts(pdf: pikepdf.Pdf, theme: Theme) -> Iterator[Diagnostic]:
    """Every font is embedded and is one of the theme's families (ISO 15930-7, 6.3; ISO 14289-1, 7.21.4)."""
    families = {str(f.family).replace(" ", "-") for f in (theme.fonts.heading, theme.fonts.body)}
    for number, page in enumerate(pdf.pages, 1):
        for font in fonts_of(page):
            name = str(font.BaseFont).lstrip("/").split("+")[-1]
            inner = font.DescendantFonts[0] if Name.DescendantFonts in font else font
            descriptor = inner.get(Name.FontDescriptor, Dictionary())
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
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


# Pages differ in size from here, in mm.
_SAME = 0.1


def _dead_links(pdf: pikepdf.Pdf) -> Iterator[Diagnostic]:
    """Every link leads to a named destination on a page of this file, or to the network (ISO 32000-1, 12.3.2.3)."""
    tree = pdf.Root.get(Name.Names, Dictionary()).get(Name.Dests, Dictionary()).get(Name.Names, Array())
    names = {str(tree[i]) for i in range(0, len(tree), 2)}
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.obj.get(Name.Annots, Array()):
            dead = Name.Dest in annotation and str(annotation.Dest) not in names
            if dead or not {"/Dest", "/A"} & set(annotation.keys()):
                yield Diagnostic("dead-link", f"page {number}: a link leads nowhere", "check the links of that page")


def _page_sizes(pdf: pikepdf.Pdf, theme: Theme) -> Iterator[Diagnostic]:
    """Pages of a screen edition have the size of the theme, upright or lying."""
    width, height = float(theme.page.width), float(theme.page.height)
    for number, page in enumerate(pdf.pages, 1):
        box = box_of(page.mediabox)
        size = box.width * MM_PER_PT, box.height * MM_PER_PT
        if min(max(abs(size[0] - a), abs(size[1] - b)) for a, b in ((width, height), (height, width))) > _SAME:
            yield Diagnostic(
                "page-size",
                f"page {number}: the size is {size[0]:.1f} × {size[1]:.1f} mm, not {width:g} × {height:g}",
                "a layout sets another page size",
            )
