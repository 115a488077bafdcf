"""Preflight rules on what is painted: its colours, its black text, its thinness, its place, and its ink."""

from __future__ import annotations

from collections.abc import Iterator

from builder.diagnostics import Severity
from builder.preflight.rules import MM_PER_PT, SLACK, Finding, Job, PageView, Rule, from_trim, place_words
from builder.scan.painted import Paint, Painted

# Colours that depend on a device or a profile other than the press's.
_NOT_INK = ("DeviceRGB", "CalRGB", "CalGray", "Lab", "ICCBased", "unknown")
_MIX = "use colours of layouts/theme.yaml, which have inks; convert pictures to the printer's profile"
# Black of which at least this much is K, or darker than this in all inks, is meant as black.
DARK = 0.85
# Reversed: paint lighter than this in every ink, on a ground.
LIGHT = 0.15
# Paint of less than this in every ink is printed as dots, and a thin line of it as a row of dots.
SOLID = 0.9
# Total ink over this much more than the limit is rounding of the measure (in per cent).
TOLERANCE = 2.0


def _named(paint: Paint) -> str:
    return {"DeviceRGB": "RGB", "unknown": "a colour space that cannot be read"}.get(paint.space, paint.space)


def _words(one: Painted) -> str:
    what = {"text": "text", "fill": "an area", "stroke": "a line", "picture": "a picture", "shading": "a gradient"}
    words = " ".join(one.words.split())
    return f'the text "{words[:30]}{"…" if len(words) > 30 else ""}"' if words else what[one.kind]


def colours(job: Job) -> Iterator[Finding]:
    if not job.printer.press:
        return
    for page in job.pages:
        said: set[tuple[str, str]] = set()
        for one in page.marks.painted:
            space = one.paint.space
            if not space.startswith(_NOT_INK) or (one.kind, space) in said:
                continue
            said.add((one.kind, space))
            kind = {"text": "text", "fill": "areas", "stroke": "lines", "picture": "pictures", "shading": "gradients"}
            yield Finding(
                f"{kind[one.kind]} in {_named(one.paint)}, not in inks",
                _MIX,
                (page.number,),
                from_trim(page, one.box.left, one.box.top),
                value=" ".join(f"{v:.2f}" for v in one.paint.values),
            )
        for group in sorted(g for g in page.marks.transparent if g.startswith("group ")):
            if group.removeprefix("group ").startswith(_NOT_INK):
                yield Finding(f"transparency is mixed in {group.removeprefix('group ')}", _MIX, (page.number,))


def spots(job: Job) -> Iterator[Finding]:
    if not job.printer.press:
        return
    for page in job.pages:
        for one in page.marks.painted:
            extra = sorted(set(one.paint.names) - {"All", "None", "Cyan", "Magenta", "Yellow", "Black"})
            if extra:
                yield Finding(
                    f"the spot colour {extra[0]} would need a plate of its own",
                    "convert it to the four inks, or agree on it with the print shop",
                    (page.number,),
                    value=extra[0],
                )
            if "All" in one.paint.names and page.bleed.inset(SLACK).meet(one.box) is not None:
                yield Finding(
                    "the colour of registration marks is used inside the page: it prints with all inks",
                    "use black, K 100, instead",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                )


def black_text(job: Job) -> Iterator[Finding]:
    if not job.printer.press:
        return
    for page in job.pages:
        for one in page.marks.painted:
            inks = one.paint.inks
            if one.kind != "text" or inks is None:
                continue
            c, m, y, k = inks
            dark = k >= DARK or min(c, m, y) >= DARK or sum(inks) >= 2.4
            if dark and k >= 0.6 and max(c, m, y) > 0.005 and max(c, m, y) - min(c, m, y) < 0.3:
                yield Finding(
                    f"{_words(one)} is black in several inks ({_recipe(inks)}): it blurs where the plates do not meet",
                    "set text in K 100 alone",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                    value=_recipe(inks),
                )
            elif k > 0.995 and max(c, m, y) < 0.005 and not one.overprint and _on_page(page, one):
                yield Finding(
                    "black text is knocked out of what lies under it: white edges show where the plates do not meet",
                    "let black text overprint",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                )


def white_overprint(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for one in page.marks.painted:
            if one.overprint and one.paint.white and one.kind in ("text", "fill", "stroke"):
                yield Finding(
                    f"{_words(one)} is white and overprints: it will vanish",
                    "let white knock out what lies under it",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                )


def _recipe(inks: tuple[float, float, float, float]) -> str:
    return " ".join(f"{name} {round(value * 100)}" for name, value in zip("CMYK", inks, strict=True))


def _on_page(page: PageView, one: Painted) -> bool:
    return page.bleed.meet(one.box) is not None


def _reversed(one: Painted) -> bool:
    inks = one.paint.inks
    return one.paint.white or (inks is not None and max(inks) <= LIGHT)


def thin_type(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for one in page.marks.painted:
            if one.kind != "text" or not _on_page(page, one):
                continue
            least = float(job.printer.type.reversed if _reversed(one) else job.printer.type.least)
            if one.size < least - 0.05:
                yield Finding(
                    f"{_words(one)} is set in {one.size:.1f} pt{' and light' if _reversed(one) else ''}; "
                    f"the printer wants {least:g} pt at least",
                    "set it larger",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                    value=f"{one.size:.1f} pt",
                )


def thin_lines(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for one in page.marks.painted:
            line = one.kind == "stroke" or (one.kind == "fill" and 0 < one.size < 2)
            if not line or not _on_page(page, one) or (one.paint.white and one.kind == "fill"):
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
            if one.kind != "text" or inside.holds(one.box, SLACK) or page.trim.meet(one.box) is None:
                continue
            trim = page.trim
            near = min(
                one.box.left - trim.left,
                trim.right - one.box.right,
                one.box.bottom - trim.bottom,
                trim.top - one.box.top,
            )
            yield Finding(
                f"{_words(one)} is {max(0.0, near * MM_PER_PT):.1f} mm from the edge; the printer wants "
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
            if picture is None or picture.stencil or min(picture.width, picture.height) < 3:
                continue
            dpi = one.resolution
            where = from_trim(page, one.box.left, one.box.top)
            size = f"{picture.width} × {picture.height} pixels"
            if dpi < wants.need - 1:
                yield Finding(
                    f"the picture at {place_words(page, one.box)} has {dpi:.0f} dpi at its size ({size}); "
                    f"the printer wants {wants.need}",
                    "take a larger picture, or print it smaller",
                    (page.number,),
                    where,
                    f"{dpi:.0f} dpi",
                    Severity.ERROR if dpi < wants.least - 1 else Severity.WARNING,
                )
            elif dpi > 2 * wants.most:
                yield Finding(
                    f"the picture at {place_words(page, one.box)} has {dpi:.0f} dpi at its size ({size}): "
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
        if page.marks.cut_short:
            yield Finding(
                "the content of the page could not be read to its end: other faults may hide in it",
                "export the file again; it is damaged, or far too complex",
                (page.number,),
            )


def ink(job: Job) -> Iterator[Finding]:
    limit = job.printer.ink
    for page in job.pages:
        if limit is not None and page.inked is not None and page.inked.highest > limit + TOLERANCE:
            x, y = page.inked.where
            yield Finding(
                f"{page.inked.highest:.0f} % ink at {x:.0f} mm from the left and {y:.0f} mm from the top; "
                f"the paper takes {limit} %",
                "lower the recipe of that colour, or convert that picture to the printer's profile",
                (page.number,),
                page.inked.where,
                f"{page.inked.highest:.0f} %",
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
    Rule("inks", "no RGB, Lab or ICC paint, in anything that is painted", "ISO 15930-7, 6.2.3; 15930-4, 6.2", colours),
    Rule("spot-colour", "no plates beyond the four; registration colour outside only", "ISO 32000-1, 8.6.6.4", spots),
    Rule("total-ink", "no more ink than the paper takes, measured on 1 mm²", "ISO 12647-2, 4.3.2.4; the profile", ink),
    Rule("black-text", "black text in K alone, overprinting", "ISO 32000-1, 11.7.4; custom of the trade", black_text),
    Rule("white-overprint", "white that knocks out", "ISO 32000-1, 11.7.4.3", white_overprint),
    Rule("reaches-bleed", "colour that runs over the edge", "ISO 15930-7, 6.11; custom of the trade", reaches_bleed),
    Rule("safety-margin", "text away from the cut", "the printer profile, safety", safety),
    Rule("resolution", "pictures sharp enough at their size, and not wastefully large", "the profile", resolution),
    Rule("thin-line", "lines thick enough, also reversed", "the printer profile, lines", thin_lines),
    Rule("small-type", "type large enough, also reversed", "the printer profile, type", thin_type),
    Rule("transparency", "none where the PDF/X version forbids it", "ISO 15930-4, 6.12; 15930-6, 6.12", transparency),
)
