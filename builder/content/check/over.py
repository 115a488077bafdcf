"""Whether words on a photo are legible: their contrast, measured on the pixels that lie under them."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from builder.content import prose
from builder.content.check.contrast import TEXT, contrast, light, linear
from builder.content.quoting import quoting
from builder.design.colour import Separation
from builder.design.drawings import is_drawing
from builder.design.duotone import duotones
from builder.design.pdf_pages import is_pdf, page_picture
from builder.design.pixels import on_paper, opened
from builder.design.theme import TEXT_MEASURE, Theme
from builder.model.body import PhotoBlock
from builder.model.diagnostics import Diagnostic
from builder.model.photo import Over
from builder.model.project import Project
from builder.model.report import Report
from builder.model.units import MM_PER_PT

# As layouts/styles/1-book.css leads such words, in pt.
_LEADING = 21.0
# One square in so many may be a speck that nobody minds.
_SPECKS = 50
# The credit of such a photo ends so far above the foot of the page, in mm.
_CREDIT = 10.0
# So many dpi of a page of a PDF are enough to see how light it is.
_SEEN = 60


def over_problems(photo: PhotoBlock, report: Report, theme: Theme, project: Project) -> Iterator[Diagnostic]:
    """Words on a photo must stand on a calm part of it (WCAG 2.1, 1.4.3). The photo is one that can be read."""
    over = photo.over
    if over is None or not photo.alone:
        return
    colour = linear(next(one for name, one in theme.colours.items() if name == over.colour))
    found = project.inside(photo.photo, project.content, photo.photo.span)
    if isinstance(found, Diagnostic):
        return
    if is_drawing(found):
        hint = "save it as PNG, or write the words as `caption`"
        message = "words stand only on a photo: what lies under them in a drawing is not measured"
        yield Diagnostic("wrong-value", message, hint, over.text.span)
        return
    if is_pdf(found):
        seen = page_picture(found, photo.page or 1, _SEEN).convert("RGB")
    else:
        with opened(found) as picture:
            profile = picture.info.get("icc_profile")
            seen = Separation(None).convert(on_paper(picture), profile)
    if photo.tone is not None and photo.tone in (tones := duotones(theme, "srgb")):
        seen = tones[photo.tone].printed(seen.convert("L"))
    under = _under(seen, photo, over, report, theme, project)
    ratios = sorted(contrast(colour, light(*pixel)) for pixel in under)
    worst = ratios[len(ratios) // _SPECKS]
    if worst < TEXT:
        message = f"the words on the photo have a contrast of {int(worst * 10) / 10} : 1 with what lies under them"
        hint = f"they need {TEXT:g} : 1: put them `at` its calmer end, change their `colour`, or move the `focus`"
        yield Diagnostic("contrast", message, hint, over.text.span)


def _under(
    picture: Image.Image, photo: PhotoBlock, over: Over, report: Report, theme: Theme, project: Project
) -> list[tuple[int, int, int]]:
    """The colours under the words, one of each square millimetre."""
    page = theme.page
    width, height = float(page.width) * (2 if photo.width == "spread" else 1), float(page.height)
    left, right = float(page.margin.outer), float(page.width) - float(page.margin.outer)
    right = min(right, left + TEXT_MEASURE)
    face = theme.face("heading", 600, project.fonts)
    words = prose.plain(over.text, quoting(report, lambda _place: "00"))
    measure = (right - left) / MM_PER_PT
    tall = face.lines(words, float(theme.sizes.lead), measure) * _LEADING * MM_PER_PT
    tall += over.text.strip().count("\n\n") * _LEADING * MM_PER_PT
    top = float(page.margin.top) if over.at == "top" else height - float(page.margin.bottom) - tall
    if over.at == "bottom" and (photo.credit or photo.caption):  # which stands below them, in the same colour
        tall = height - _CREDIT - top
    scale = max(width / picture.width, height / picture.height)  # mm in a pixel: the photo covers the page
    across, down = photo.focus
    dx, dy = (width - picture.width * scale) * across / 100, (height - picture.height * scale) * down / 100
    box = ((left - dx) / scale, (top - dy) / scale, (right - dx) / scale, (top + tall - dy) / scale)
    size = max(1, round(right - left)), max(1, round(tall))
    small = picture.resize(size, Image.Resampling.BOX, box=_inside(box, picture.size))
    pixels = small.tobytes()
    return list(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))


def _inside(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return max(0.0, left), max(0.0, top), min(float(size[0]), right), min(float(size[1]), bottom)
