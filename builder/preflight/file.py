"""Preflight rules on the file: its boxes and pages, fonts, output intent, metadata, and what a press cannot print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from builder.design.printer import PDF_VERSION, XMP_IDENTIFICATION, XMP_MEDIA, is_cmyk_output
from builder.model.diagnostics import Severity
from builder.model.units import MM_PER_PT
from builder.preflight.fonts import font_findings
from builder.preflight.rules import SLACK, Finding, Job, PageView, Rule


def _mm(points: float) -> str:
    return f"{points * MM_PER_PT:.1f}".removesuffix(".0")


def boxes(job: Job) -> Iterator[Finding]:
    bleed = float(job.printer.bleed) / MM_PER_PT
    for page in job.pages:
        if not page.has_trim:
            yield Finding(
                "the page does not say where it is cut: it has no TrimBox",
                "build it with --printer, or export it with trim and bleed boxes",
                (page.number,),
            )
        if not page.media.holds(page.bleed, SLACK) or not page.bleed.holds(page.trim, SLACK):
            yield Finding(
                "the boxes do not lie within each other (trim in bleed in media)",
                "export the file again: boxes and bleed are wrong",
                (page.number,),
            )
        if not page.crop.holds(page.bleed, SLACK):
            yield Finding(
                "the page is shown cropped: its CropBox cuts the bleed off",
                "take the crop out; programs differ in what they do with it",
                (page.number,),
            )
        around = (
            page.trim.left - page.bleed.left,
            page.trim.bottom - page.bleed.bottom,
            page.bleed.right - page.trim.right,
            page.bleed.top - page.trim.top,
        )
        if min(around) < bleed - SLACK:
            yield Finding(
                f"the bleed is {_mm(max(0.0, min(around)))} mm, and the printer wants {_mm(bleed)} mm",
                f"export it with {_mm(bleed)} mm of bleed on all sides",
                (page.number,),
                value=f"{_mm(min(around))} mm",
            )


def sizes(job: Job) -> Iterator[Finding]:
    usual = Counter(_size(page) for page in job.pages).most_common(1)[0][0]
    for page in job.pages:
        size = _size(page)
        if not _same(size, usual):
            turned = _same(size, usual[::-1])
            yield Finding(
                f"the page is {_by(size)} mm, and most are {_by(usual)} mm"
                + (": it lies on its side" if turned else ""),
                "all pages of a book have one size and stand upright",
                (page.number,),
                value=f"{_by(size)} mm",
            )
        if page.rotated:
            yield Finding(
                f"the page is turned by {page.rotated}° when it is shown",
                "turn it in the layout: imposing programs may not",
                (page.number,),
                value=f"{page.rotated}°",
            )
        if page.unit != 1:
            yield Finding(
                f"the page is measured in units of its own ({page.unit:g}): programs take it for another size",
                "export it at its real size",
                (page.number,),
                value=f"{page.unit:g}",
            )
    if job.spread is not None and not _same(_size(job.pages[0]), job.spread):
        yield Finding(
            f"the cover is {_by(_size(job.pages[0]))} mm, and back, spine and front make {_by(job.spread)} mm",
            "the number of pages or the paper has changed since the cover was made",
            value=f"{_by(_size(job.pages[0]))} mm",
        )


def _size(page: PageView) -> tuple[float, float]:
    return page.trim.width * page.unit * MM_PER_PT, page.trim.height * page.unit * MM_PER_PT


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Sizes that differ by less than a knife does."""
    return all(abs(a - b) < 0.5 for a, b in zip(one, other, strict=True))


def _by(size: tuple[float, ...]) -> str:
    return " × ".join(f"{side:.1f}".removesuffix(".0") for side in size)


def page_count(job: Job) -> Iterator[Finding]:
    count, pages = len(job.pages), job.printer.pages
    if job.spread is not None:
        return
    if count % pages.multiple:
        yield Finding(
            f"{count} pages are no multiple of {pages.multiple}",
            f"add {-count % pages.multiple}: a folded sheet is full, or it has blank pages where nobody wants them",
            value=str(count),
        )
    few, many = pages.least is not None and count < pages.least, pages.most is not None and count > pages.most
    if few or many:
        yield Finding(
            f"{count} pages are {'few' if few else 'many'} for this binding "
            f"({f'{pages.least} at least' if few else f'{pages.most} at most'})",
            "ask the print shop, or choose a printer profile with another binding",
            value=str(count),
            severity=Severity.WARNING,
        )


def blanks(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        if page.inked is not None and page.inked.empty and not page.meant_blank and job.spread is None:
            yield Finding(
                "the page is blank",
                "take it out, or tell the print shop that it is meant",
                (page.number,),
                severity=Severity.WARNING,
            )


def output_intent(job: Job) -> Iterator[Finding]:
    if job.printer.pdfx == "none":
        return
    condition = job.printer.condition
    assert condition is not None
    intents = [i for i in job.pdf.Root.get(Name.OutputIntents, Array()) if i.get(Name.S) == Name.GTS_PDFX]
    again = "build it with --printer, or export it as PDF/X with the printer's profile"
    if not intents:
        yield Finding("the file does not say for which press it is made: no output intent", again)
        return
    intent = intents[0]
    profile = intent.get(Name.DestOutputProfile)
    if not isinstance(profile, pikepdf.Stream):
        yield Finding("the output intent has no ICC profile", again)
    elif not is_cmyk_output(profile.read_bytes()):
        yield Finding("the profile of the output intent is not that of a four-colour press", again)
    elif job.printer.icc is not None and profile.read_bytes() != job.printer.icc.read_bytes():
        yield Finding("the profile in the file is another one than the printer's", again)
    if len(intents) > 1:
        yield Finding("the file names several presses: more than one output intent", again)
    found = str(intent.get(Name.OutputConditionIdentifier, ""))
    if found != str(condition.identifier):
        yield Finding(
            f'the output intent names "{found}", and the printer wants "{condition.identifier}"', again, value=found
        )
    if str(intent.get(Name.RegistryName, "")) != str(condition.registry):
        yield Finding(f"the output intent does not name the registry {condition.registry}", again)


def metadata(job: Job) -> Iterator[Finding]:
    wanted = job.printer.pdfx
    if wanted == "none":
        return
    again = "build it with --printer, or export it as " + wanted
    info: Any = job.pdf.trailer.get(Name.Info, Dictionary())
    if Name.Metadata not in job.pdf.Root:
        yield Finding("the file has no XMP metadata", again)
        return
    try:
        with job.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            values = {str(key): xmp[key] for key in xmp}
    except Exception as error:  # noqa: BLE001 - lxml's and pikepdf's own kinds of broken XML
        yield Finding(f"the XMP metadata cannot be read: {str(error)[:80]}", again)
        return
    said = values.get(f"{{{XMP_IDENTIFICATION}}}GTS_PDFXVersion") or str(info.get(Name.GTS_PDFXVersion, ""))
    if said != wanted:
        yield Finding(
            f'the file says that it is "{said or "no PDF/X"}", and the printer wants {wanted}', again, value=said
        )
    if str(info.get(Name.Trapped, "")) not in ("/False", "/True"):
        yield Finding("the file does not say whether it is trapped", again)
    pairs = (
        ("Title", "{http://purl.org/dc/elements/1.1/}title"),
        ("Creator", "{http://ns.adobe.com/xap/1.0/}CreatorTool"),
        ("Producer", "{http://ns.adobe.com/pdf/1.3/}Producer"),
        ("CreationDate", "{http://ns.adobe.com/xap/1.0/}CreateDate"),
        ("ModDate", "{http://ns.adobe.com/xap/1.0/}ModifyDate"),
    )
    for key, property_ in pairs:
        ours, theirs = str(info.get(Name("/" + key), "")), str(values.get(property_, ""))
        same = _same_time(ours, theirs) if key.endswith("Date") else ours == theirs
        if key == "Title" and not ours:
            yield Finding("the file has no title", again)
        elif not same:
            yield Finding(f"XMP and info do not agree on {key}", again, value=f"{ours[:40]} / {theirs[:40]}")
    if wanted == "PDF/X-4":
        for key in ("DocumentID", "VersionID", "RenditionClass"):
            if f"{{{XMP_MEDIA}}}{key}" not in values:
                yield Finding(f"the XMP metadata lack {key}, which PDF/X-4 wants", again)
    if Name.ID not in job.pdf.trailer:
        yield Finding("the file has no identity (/ID)", again)
    newest = PDF_VERSION[wanted]
    if job.pdf.pdf_version > newest:
        message = f"the file is PDF {job.pdf.pdf_version}, and {wanted} allows {newest} at most"
        yield Finding(message, again, value=job.pdf.pdf_version)


def _same_time(info: str, xmp: str) -> bool:
    try:
        theirs = datetime.fromisoformat(xmp.replace("Z", "+00:00"))
        digits = info.removeprefix("D:").replace("'", "").replace("Z", "+0000")
        ours = datetime.strptime(digits[:19], "%Y%m%d%H%M%S%z" if len(digits) > 14 else "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return ours.replace(tzinfo=None) == theirs.replace(tzinfo=None) if not ours.tzinfo else ours == theirs


_PAGE_EXTRAS = {"/AA": "actions", "/PresSteps": "presentation steps", "/SeparationInfo": "ready plates"}


def extras(job: Job) -> Iterator[Finding]:
    again = "take it out before the file goes to the press"
    if job.pdf.is_encrypted:
        yield Finding("the file is encrypted", "save it without a password and without restrictions")
    if Name.OCProperties in job.pdf.Root:
        yield Finding("the file has layers, which may be printed or not", again)
    for key, what in ((Name.OpenAction, "an action on opening"), (Name.AA, "actions"), (Name.AcroForm, "a form")):
        if key in job.pdf.Root and job.printer.pdfx != "none":
            yield Finding(f"the file has {what}", again)
    names = job.pdf.Root.get(Name.Names, Dictionary())
    for key, what in ((Name.JavaScript, "scripts"), (Name.EmbeddedFiles, "attached files")):
        if key in names:
            yield Finding(f"the file has {what}", again)
    if job.printer.pdfx == "none":
        return
    for page, one in zip(job.pages, job.pdf.pages, strict=True):
        if page.annotations:
            yield Finding("the page has annotations, such as links or comments", again, (page.number,))
        for what in sorted(page.marks.forbidden):
            yield Finding(f"the page has {what}", "export it without, as " + job.printer.pdfx, (page.number,))
        for entry, what in _PAGE_EXTRAS.items():
            if entry in one.obj:
                yield Finding(f"the page has {what}", again, (page.number,))
        if Name.ArtBox in one.obj and Name.TrimBox in one.obj:
            yield Finding("the page has an ArtBox beside its TrimBox", "take one of them out", (page.number,))


RULES = (
    Rule("boxes", "trim and bleed boxes, with the printer's bleed", "ISO 15930-7, 6.11; the printer profile", boxes),
    Rule("page-size", "one size, upright", "ISO 15930-7, 6.11; custom of the trade", sizes),
    Rule("page-count", "whole sheets", "the printer profile, pages.multiple", page_count),
    Rule("blank-page", "no blank page that is not meant", "custom of the trade", blanks),
    Rule("fonts", "every font embedded, as a subset", "ISO 15930-7, 6.3", font_findings),
    Rule("output-intent", "the press, by profile, identifier and registry", "ISO 15930-7, 6.2.2", output_intent),
    Rule("metadata", "PDF/X version, XMP and info that agree, Trapped, /ID", "ISO 15930-7, 6.4 and 6.5", metadata),
    Rule("extras", "no encryption, annotations, layers, scripts", "ISO 15930-7, 6.9, 6.12 to 6.16", extras),
)
