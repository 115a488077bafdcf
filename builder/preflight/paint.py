"""Preflight rules on marks: thick enough, far enough from the cut, sharp enough, and none that shines through."""

from __future__ import annotations

from collections.abc import Iterator

from builder.model.diagnostics import Severity
from builder.model.units import MM_PER_PT
from builder.pdf.scan.painted import Painted
from builder.preflight.ground import Grounds, on_page, words_of
from builder.preflight.rules import SLACK, Finding, Job, Rule, from_trim, place_words

# Reversed: paint lighter than this in every ink, on a ground.
LIGHT = 0.15
# Paint of less than this in every ink is printed as dots, and a thin line of it as a row of dots.
SOLID = 0.9


def _reversed(one: Painted, over_ink: bool) -> bool:
    """Light, on a ground: ink runs into it from all sides."""
    inks = one.paint.inks
    return over_ink and (one.paint.white or (inks is not None and max(inks) <= LIGHT))


def thin_type(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        grounds = Grounds()
        for one in page.marks.painted:
            light = _reversed(one, grounds.under(one))
            if one.kind != "text" or one.mask or not on_page(page, one):
                continue
            least = float(job.printer.type.reversed if light else job.printer.type.least)
            if one.size < least - 0.05:
                yield Finding(
                    f"{words_of(one)} is set in {one.size:.1f} pt{', light on a ground' if light else ''}; "
                    f"the printer wants {least:g} pt at least",
                    "set it larger",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                    value=f"{one.size:.1f} pt",
                )


def thin_lines(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for one in page.marks.painted:
            line = one.kind == "stroke" or (one.kind == "fill" and one.size < 2)
            if not line or one.mask or not on_page(page, one) or (one.paint.white and one.kind == "fill"):
                continue
            screened = one.paint.inks is not None and max(one.paint.inks) < SOLID
            least = float(job.printer.lines.reversed if screened else job.printer.lines.least)
            if one.size < least - 0.01:
                yield Finding(
                    f"a line is {one.size:.2f} pt thin{' and light' if screened else ''}; "
                    f"the printer wants {least:g} pt at least",
                    "draw it thicker, or in full ink: light lines are made of dots and break up in print",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                    value=f"{one.size:.2f} pt",
                )


def safety(job: Job) -> Iterator[Finding]:
    margin = float(job.printer.safety) / MM_PER_PT
    for page in job.pages:
        inside = page.trim.inset(margin)
        for one in page.marks.painted:
            if one.kind != "text" or one.mask or inside.holds(one.box, SLACK) or page.trim.meet(one.box) is None:
                continue
            trim = page.trim
            near = min(
                one.box.left - trim.left,
                trim.right - one.box.right,
                one.box.bottom - trim.bottom,
                trim.top - one.box.top,
            )
            yield Finding(
                f"{words_of(one)} is {max(0.0, near * MM_PER_PT):.1f} mm from the edge; the printer wants "
                f"{job.printer.safety} mm, and the knife is not exact",
                "move it inwards",
                (page.number,),
                from_trim(page, one.box.left, one.box.top),
                value=f"{near * MM_PER_PT:.1f} mm",
            )


def resolution(job: Job) -> Iterator[Finding]:
    wants = job.printer.pictures
    for page in job.pages:
        for one in page.marks.painted:
            picture = one.picture
            if picture is None or min(picture.width, picture.height) < 3:
                continue
            dpi = one.resolution
            if picture.bits == 1:
                if dpi < wants.line_art - 1:
                    yield Finding(
                        f"{words_of(one)}, in black and white, has {dpi:.0f} dpi at its size; "
                        f"its edges want {wants.line_art}",
                        "scan or export it larger, or as a drawing",
                        (page.number,),
                        from_trim(page, one.box.left, one.box.top),
                        f"{dpi:.0f} dpi",
                        Severity.ERROR if dpi < wants.need - 1 else Severity.WARNING,
                    )
                continue
            where = from_trim(page, one.box.left, one.box.top)
            size = f"{picture.width} × {picture.height} pixels"
            if dpi < wants.need - 1:
                yield Finding(
                    f"{words_of(one)} at {place_words(page, one.box)} has {dpi:.0f} dpi at its size ({size}); "
                    f"the printer wants {wants.need}, and {wants.least} at least",
                    "take a picture with more pixels, or print it smaller",
                    (page.number,),
                    where,
                    f"{dpi:.0f} dpi",
                    Severity.ERROR if dpi < wants.least - 1 else Severity.WARNING,
                )
            elif dpi > 2 * wants.most:
                yield Finding(
                    f"{words_of(one)} at {place_words(page, one.box)} has {dpi:.0f} dpi at its size ({size}): "
                    f"more than {wants.most} cannot be seen",
                    f"bring it down to {wants.need} dpi: the file is larger than need be",
                    (page.number,),
                    where,
                    f"{dpi:.0f} dpi",
                    Severity.WARNING,
                )


def transparency(job: Job) -> Iterator[Finding]:
    if job.printer.pdfx in ("PDF/X-4", "none"):
        return
    for page in job.pages:
        for what in sorted({t.split()[0] if t.startswith("group") else t for t in page.marks.transparent}):
            yield Finding(
                f"the page lets what lies under it shine through ({what}), which {job.printer.pdfx} forbids",
                "flatten it, or ask the print shop for PDF/X-4",
                (page.number,),
                value=what,
            )


def readable(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for name in sorted(page.marks.missing):
            yield Finding(
                f"the content of the page uses {name}, which is not in the file",
                "export the file again: a font, a picture or a colour is lost",
                (page.number,),
                value=name,
            )
        if page.marks.cut_short:
            yield Finding(
                "the content of the page could not be read to its end: other faults may hide in it",
                "export the file again; it is damaged, or far too complex",
                (page.number,),
            )


def reaches_bleed(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for edge, (start, end) in (page.inked.short if page.inked is not None else {}).items():
            yield Finding(
                f"colour at the {edge} edge, from {start:.0f} to {end:.0f} mm, stops short of the bleed: "
                "a white line may show after the cut",
                f"let it run {job.printer.bleed} mm over the edge",
                (page.number,),
                value=f"{edge} {start:.0f}-{end:.0f} mm",
            )


RULES = (
    Rule("readable", "content that can be read to its end", "ISO 32000-1, 7.8", readable),
    Rule("reaches-bleed", "colour that runs over the edge", "ISO 15930-7, 6.11; custom of the trade", reaches_bleed),
    Rule("safety-margin", "text away from the cut", "the printer profile, safety", safety),
    Rule("resolution", "pictures sharp enough at their size, and not wastefully large", "the profile", resolution),
    Rule("thin-line", "lines thick enough, also light ones", "the printer profile, lines", thin_lines),
    Rule("small-type", "type large enough, also reversed", "the printer profile, type", thin_type),
    Rule("transparency", "none where the PDF/X version forbids it", "ISO 15930-4, 6.12; 15930-6, 6.12", transparency),
)
