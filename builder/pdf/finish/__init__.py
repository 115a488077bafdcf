"""finish: what makes the bound pages an edition: inks, sheets with their boxes, metadata."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pikepdf
from pikepdf import Dictionary, Name, String

from builder.design.colour import RGB, Inks, Separation
from builder.design.edition import Edition
from builder.design.printer import PDF_VERSION, Printer
from builder.design.theme import Theme
from builder.model.about import __version__
from builder.model.attachment import Attachment
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.model.project import Project
from builder.model.report import Report
from builder.model.units import PT_PER_MM
from builder.pdf.finish import pdfa, pdfx
from builder.pdf.finish.inks import ink
from builder.pdf.finish.sheet import Placed, Slug, form_of, sheet
from builder.pdf.scan.graphics import box_of
from builder.pdf.scan.painted import Box

PRODUCER = f"builder {__version__} with WeasyPrint"


@dataclass(frozen=True, slots=True)
class Bound:
    """What finish is told of the bound book: its blank pages (from 0), and how thick its back is, in mm.

    Where `spine` is not None, the last page is the back's and no page of the book.
    """

    blank: Collection[int] = ()
    spine: float | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """An edition's files by what they add to its name, and what is to be said of them."""

    files: dict[str, pikepdf.Pdf]
    version: str
    diagnostics: tuple[Diagnostic, ...]


def moment() -> datetime:
    """Now, or SOURCE_DATE_EPOCH, so that a build can be repeated byte for byte (reproducible-builds.org)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ReportError(
            [Diagnostic("environment", f'SOURCE_DATE_EPOCH is "{epoch}", not a number of seconds', "unset it")],
            ExitCode.USAGE,
        ) from error


def finish(
    book: pikepdf.Pdf,
    report: Report,
    theme: Theme,
    edition: Edition,
    project: Project,
    bound: Bound,
    attached: Sequence[Attachment],
) -> Finished:
    """The files of an edition. Raises ReportError where a colour cannot be printed."""
    printer = edition.printer
    separation = Separation(printer.icc if printer else None)
    if printer is None:
        describe(book, report, tagged=True)
        pdfa.conform(book, edition.pdfa, attached, moment())
        return Finished({"": book}, PDF_VERSION["none"], ())
    said = ink(book, separation, _recipes(theme)) if printer.press else ()
    files = _sheets(book, report, theme, printer, project, bound)
    for name, pdf in files.items():
        words = report.labels.job
        describe(pdf, report, tagged=False, part=f", {words[name[1:]]}" if name else "")
        pdfx.conform(pdf, printer)
    return Finished(files, PDF_VERSION[printer.pdfx], in_order(said))


def _recipes(theme: Theme) -> dict[RGB, Inks]:
    """The theme's colours, as the screen has them, and their inks."""
    recipes: dict[RGB, Inks] = {}
    for colour in (*theme.colours.values(), *theme.accents.values()):
        red, green, blue = (int(colour.srgb[at : at + 2], 16) / 255 for at in (1, 3, 5))
        c, m, y, k = (ink / 100 for ink in colour.cmyk)
        recipes[(red, green, blue)] = (c, m, y, k)
    return recipes


def _sheets(
    book: pikepdf.Pdf, report: Report, theme: Theme, printer: Printer, project: Project, bound: Bound
) -> dict[str, pikepdf.Pdf]:
    """The pages on sheets with exact boxes: the inside, and the cover where the printer wants it apart."""
    trim = float(theme.page.width) * PT_PER_MM, float(theme.page.height) * PT_PER_MM
    inside = book.pages[:-1] if bound.spine is not None else book.pages[:]
    if wrong := tuple(_other_sizes(inside, trim)):
        raise ReportError(wrong, ExitCode.PREFLIGHT)
    pages = [form_of(page) for page in book.pages]
    bleed = float(printer.bleed) * PT_PER_MM
    spine = pages.pop() if bound.spine is not None else None
    face = theme.face("heading", 400, project.fonts)

    def slug(what: str) -> Slug | None:
        words = f"{report.slug}   {printer.name}   {what}   {moment():%Y-%m-%d}"
        return Slug(face, words) if printer.marks != "none" else None

    cover: list[int] = []
    if printer.cover == "own-file":
        cover = [0, 1, len(pages) - 2, len(pages) - 1]
    files: dict[str, pikepdf.Pdf] = {}
    while len(book.pages):
        del book.pages[-1]
    whole = Box(-bleed, -bleed, trim[0] + bleed, trim[1] + bleed)
    for number, form in enumerate(pages):
        if number not in cover:
            page = sheet(book, trim, bleed, printer.marks, [Placed(form, 0, 0, whole)], slug=slug(str(number + 1)))
            if number in bound.blank:
                _meant_to_be_blank(page)
    files[""] = book
    first = 3 if cover else 1
    book.Root.PageLabels = Dictionary(Nums=[0, Dictionary(S=Name.D, St=first)])
    if cover:
        apart = pikepdf.new()
        front, inside_front, inside_back, back = (apart.copy_foreign(pages[n]) for n in cover)
        middle = apart.copy_foreign(spine) if spine is not None else None
        _spread(apart, trim, bound.spine or 0, printer, (back, middle, front), slug("cover"))
        if not {1, len(pages) - 2} <= set(bound.blank):
            _spread(apart, trim, bound.spine or 0, printer, (inside_front, None, inside_back), slug("cover, inside"))
        files["-cover"] = apart
    return files


def _other_sizes(pages: Sequence[pikepdf.Page], trim: tuple[float, float]) -> Iterator[Diagnostic]:
    """Pages that are not of the format, and that the sheet would cut. Half a point is rounding."""
    for number, page in enumerate(pages, 1):
        box = box_of(page.trimbox)
        if abs(box.width - trim[0]) > 0.5 or abs(box.height - trim[1]) > 0.5:
            size, wanted = (" × ".join(f"{v / PT_PER_MM:.1f}" for v in s) for s in ((box.width, box.height), trim))
            lost = max(box.width - trim[0], box.height - trim[1]) / PT_PER_MM
            cut = f": {lost:.1f} mm of it would be cut off" if lost > 0.05 else ""
            message = f"page {number} is {size} mm, and the sheets are {wanted} mm{cut}"
            hint = "take `size` out of the @page rule in layouts/styles: pages that lie on their side are not made yet"
            yield Diagnostic("page-size", message, hint)


def _spread(
    pdf: pikepdf.Pdf,
    trim: tuple[float, float],
    spine: float,
    printer: Printer,
    parts: Sequence[pikepdf.Object | None],
    slug: Slug | None,
) -> None:
    """Left page, back and right page beside each other; `spine` in mm."""
    width, height = trim
    bleed, thick = float(printer.bleed) * PT_PER_MM, spine * PT_PER_MM
    left, middle, right = parts
    placed = []
    if middle is not None:  # it runs on under both pages, so that no hair of white shows at the folds
        under = min(bleed, PT_PER_MM)
        placed.append(Placed(middle, width, 0, Box(width - under, -bleed, width + thick + under, height + bleed)))
    if left is not None:
        placed.append(Placed(left, 0, 0, Box(-bleed, -bleed, width, height + bleed)))
    if right is not None:
        window = Box(width + thick, -bleed, 2 * width + thick + bleed, height + bleed)
        placed.append(Placed(right, width + thick, 0, window))
    folds = sorted({width, width + thick})
    sheet(pdf, (2 * width + thick, height), bleed, printer.marks, placed, folds=folds, slug=slug)


def _meant_to_be_blank(page: pikepdf.Page) -> None:
    """Private data of the page (ISO 32000-1, 14.5), so that the preflight takes it for no mistake."""
    stamp = moment().strftime("D:%Y%m%d%H%M%S+00'00'")
    page.obj.PieceInfo = Dictionary(builder=Dictionary(LastModified=String(stamp), Private=Dictionary(Blank=True)))


def describe(book: pikepdf.Pdf, report: Report, *, tagged: bool, part: str = "") -> None:
    """Title, author, language and dates, the same in XMP and in info (ISO 14289-1, 7.1; ISO 15930-7, 6.3)."""
    when = moment()
    front = report.front
    title = f"{front.title.flat} {front.period.from_}–{front.period.last}{part}"
    if report.draft:
        title = f"{report.labels.words['draft']}: {title}"
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = title
        xmp["dc:creator"] = [str(front.organisation)]
        xmp["dc:language"] = [str(front.language)]
        if front.description:
            xmp["dc:description"] = front.description.flat
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = xmp["xmp:MetadataDate"] = when.isoformat()
        xmp["xmp:CreatorTool"] = xmp["pdf:Producer"] = PRODUCER
        if tagged:
            xmp["pdfuaid:part"] = "1"
    stamp = when.strftime("D:%Y%m%d%H%M%S+00'00'")
    book.trailer.Info = book.make_indirect(
        Dictionary(
            Title=title,
            Author=str(front.organisation),
            Creator=PRODUCER,
            Producer=PRODUCER,
            CreationDate=stamp,
            ModDate=stamp,
        )
    )
    if front.description:
        book.docinfo[Name.Subject] = front.description.flat
    book.Root.Lang = String(str(front.language))
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    book.Root.PageMode = Name.UseOutlines
    # On a phone one page below the other; for those who look at the pages of a book, as they face each other.
    book.Root.PageLayout = Name.OneColumn if tagged else Name.SinglePage if part else Name.TwoPageRight
