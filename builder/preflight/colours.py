"""Preflight rules on colours: inks and nothing else, black text, white, and how much ink there is."""

from __future__ import annotations

from collections.abc import Iterator

from builder.model.units import MM_PER_PT
from builder.pdf.scan.painted import PLATES, Paint
from builder.preflight.ground import Grounds, on_page, words_of
from builder.preflight.rules import SLACK, Finding, Job, Rule, from_trim

# Colours that depend on a device or a profile other than the press's.
_NOT_INK = ("DeviceRGB", "CalRGB", "CalGray", "Lab", "ICCBased", "unknown")
_MIX = "in a report of this tool, use colours of layouts/theme.yaml; elsewhere, export in the printer's CMYK profile"
# Less than this of an ink is none.
TRACE = 0.05
# Cyan, magenta and yellow closer than this, and each more than this, make a grey.
NEUTRAL = 0.15
# Black of which at least this much is K, or each of the other inks, is meant as black.
DARK = 0.85
# Total ink over this much more than the limit is rounding of the measure (in per cent).
TOLERANCE = 2.0


def _named(paint: Paint) -> str:
    return {
        "DeviceRGB": "RGB",
        "ICCBased CMYK": "inks of another profile than the press's",
        "ICCBased RGB": "RGB with a profile",
        "unknown": "a colour space that cannot be read",
    }.get(paint.space, paint.space)


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
            extra = sorted(set(one.paint.names) - {"All", "None", *PLATES})
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
        grounds = Grounds()
        for one in page.marks.painted:
            inks, over_ink = one.paint.inks, grounds.under(one)
            if one.kind != "text" or one.mask or inks is None or not on_page(page, one):
                continue
            where = from_trim(page, one.box.left, one.box.top)
            c, m, y, k = inks
            grey = min(c, m, y) > NEUTRAL and max(c, m, y) - min(c, m, y) < NEUTRAL
            if (k >= DARK and max(c, m, y) > TRACE) or min(c, m, y) >= DARK or grey:
                yield Finding(
                    f"{words_of(one)} is {'black' if max(k, c) >= DARK else 'grey'} in several inks ({_recipe(inks)}): "
                    "it blurs where the plates do not meet",
                    "set text in K alone",
                    (page.number,),
                    where,
                    _recipe(inks),
                )
            elif k > 0.995 and not one.overprint and over_ink:
                yield Finding(
                    "black text is knocked out of what lies under it: white edges show where the plates do not meet",
                    "let black text overprint",
                    (page.number,),
                    where,
                )


def white_overprint(job: Job) -> Iterator[Finding]:
    for page in job.pages:
        for one in page.marks.painted:
            white = one.paint.inks is not None and sum(one.paint.inks) < TRACE / 10
            if one.overprint and white and one.kind in ("text", "fill", "stroke") and not one.mask:
                yield Finding(
                    f"{words_of(one)} is white and overprints: it will vanish",
                    "let white knock out what lies under it",
                    (page.number,),
                    from_trim(page, one.box.left, one.box.top),
                )


def _recipe(inks: tuple[float, float, float, float]) -> str:
    return " ".join(f"{name} {round(value * 100)}" for name, value in zip("CMYK", inks, strict=True))


def ink(job: Job) -> Iterator[Finding]:
    limit = job.printer.ink
    for page in job.pages:
        if limit is None or page.inked is None or page.inked.highest <= limit + TOLERANCE:
            continue
        x, y = page.inked.where
        spot = page.trim.left + x / MM_PER_PT, page.trim.top - y / MM_PER_PT
        pictures = [one for one in page.marks.painted if one.kind == "picture" and one.box.has(*spot)]
        what = f"{words_of(pictures[-1])} has " if pictures else ""
        yield Finding(
            f"{what}{page.inked.highest:.0f} % ink at {x:.0f} mm from the left and {y:.0f} mm from the top; "
            f"the paper takes {limit} %",
            "save that picture in RGB, which is converted to the press, or convert it to the printer's profile"
            if pictures
            else "lower the ink recipe of the colour that is there, in layouts/theme.yaml",
            (page.number,),
            page.inked.where,
            f"{page.inked.highest:.0f} %",
        )


RULES = (
    Rule("inks", "no RGB, Lab or ICC paint, in anything that is painted", "ISO 15930-7, 6.2.3; 15930-4, 6.2", colours),
    Rule("spot-colour", "no plates beyond the four; registration colour outside only", "ISO 32000-1, 8.6.6.4", spots),
    Rule("total-ink", "no more ink than the paper takes, measured on 1 mm²", "ISO 12647-2, 4.3.2.4; the profile", ink),
    Rule("black-text", "black and grey text in K alone, overprinting", "ISO 32000-1, 8.6.7; custom", black_text),
    Rule("white-overprint", "white that knocks out", "ISO 32000-1, 8.6.7", white_overprint),
)
