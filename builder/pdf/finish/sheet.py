"""The sheet: pages placed on it, its boxes, and the printer's marks outside the bleed. Lengths are in pt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from builder.design.fonts import Face, outline
from builder.design.printer import Marks
from builder.model.units import PT_PER_MM
from builder.pdf.scan.painted import Box

# Marks begin clear of the bleed, and at least this far from the trim (3 mm is usual).
NEAREST_MARK, CLEAR = 3 * PT_PER_MM, 1 * PT_PER_MM
MARK_LENGTH = 5 * PT_PER_MM
MARK_WIDTH = 0.25
# How far the sheet reaches beyond the marks.
EDGE = 2 * PT_PER_MM
# Control patches: the solid inks, their overprints, half tones (mm: 4 wide).
PATCHES = (
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (0, 0, 1, 0),
    (0, 0, 0, 1),
    (1, 1, 0, 0),
    (0, 1, 1, 0),
    (1, 0, 1, 0),
    (0.5, 0, 0, 0),
    (0, 0.5, 0, 0),
    (0, 0, 0.5, 0),
    (0, 0, 0, 0.5),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A page as a form, where on the sheet its origin falls, its scale, and what of the sheet it may cover."""

    form: Any
    x: float
    y: float
    window: Box
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Slug:
    """A line outside the bleed that says what the sheet is: set in outlines, in all inks."""

    face: Face
    text: str


def margin(bleed: float, marks: Marks) -> float:
    """From the trim to the edge of the sheet."""
    return bleed if marks == "none" else _nearest(bleed) + MARK_LENGTH + EDGE


def _nearest(bleed: float) -> float:
    """From the trim to where marks begin."""
    return max(bleed + CLEAR, NEAREST_MARK) if bleed else NEAREST_MARK


def form_of(page: pikepdf.Page) -> Any:
    """The page as a form of its file, with all that lies in its MediaBox; annotations are left behind."""
    media = [float(v) for v in page.mediabox]
    form = page.as_form_xobject(handle_transformations=False)
    form.BBox, form.Matrix = Array(media), Array([1, 0, 0, 1, 0, 0])
    if Name.Group in form:
        del form[Name.Group]  # a page's own group is no isolated one
    return form


def sheet(
    pdf: pikepdf.Pdf,
    trim: tuple[float, float],
    bleed: float,
    marks: Marks,
    placed: Sequence[Placed],
    *,
    folds: Sequence[float] = (),
    cuts: tuple[Sequence[float], Sequence[float]] | None = None,
    slug: Slug | None = None,
    on: tuple[float, float] | None = None,
) -> pikepdf.Page:
    """A new page of `pdf` with its MediaBox at 0, 0. Places and windows count from the lower left corner of the trim.

    `folds` are the places of folds, from the left of the trim; `cuts` those of cuts, from its left and its foot, where
    they are others than its edges. `on` is the size of the sheet; without it, there is room for bleed and marks.
    """
    width, height = trim
    around = margin(bleed, marks)
    beside, below = (around, around) if on is None else ((on[0] - width) / 2, (on[1] - height) / 2)
    content = [f"q 1 0 0 1 {beside:.4f} {below:.4f} cm\n"]
    forms = Dictionary()
    for number, one in enumerate(placed):
        forms[f"/Page{number}"] = one.form
        w = one.window
        content.append(
            f"q {w.left:.4f} {w.bottom:.4f} {w.width:.4f} {w.height:.4f} re W n "
            f"{one.scale:.6f} 0 0 {one.scale:.6f} {one.x:.4f} {one.y:.4f} cm /Page{number} Do Q\n"
        )
    resources = Dictionary(XObject=forms)
    if marks != "none":
        xs, ys = cuts or ((0, width), (0, height))
        content.append(_marks(trim, bleed, marks, xs, ys, folds, slug))
        tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
        # /All paints on every plate (ISO 32000-1, 8.6.6.4).
        resources.ColorSpace = Dictionary(All=Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))
    content.append("Q\n")
    bled = (min(bleed, beside), min(bleed, below))
    page = pikepdf.Page(
        pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=_array(0, 0, width + 2 * beside, height + 2 * below),
                BleedBox=_array(beside - bled[0], below - bled[1], beside + width + bled[0], below + height + bled[1]),
                TrimBox=_array(beside, below, beside + width, below + height),
                Resources=resources,
                Contents=pdf.make_stream("".join(content).encode()),
            )
        )
    )
    pdf.pages.append(page)
    return pdf.pages[-1]


def _array(*values: float) -> Array:
    return Array([round(v, 4) for v in values])


def _marks(
    trim: tuple[float, float],
    bleed: float,
    marks: Marks,
    xs: Sequence[float],
    ys: Sequence[float],
    folds: Sequence[float],
    slug: Slug | None,
) -> str:
    width, height = trim
    near = _nearest(bleed)
    far = near + MARK_LENGTH
    lines: list[tuple[float, float, float, float]] = []
    for x in xs:
        lines += [(x, -far, x, -near), (x, height + near, x, height + far)]
    for y in ys:
        lines += [(-far, y, -near, y), (width + near, y, width + far, y)]
    out = [f"/All CS 1 SCN /All cs 1 scn {MARK_WIDTH} w [] 0 d 0 J\n", *map(_line, lines)]
    if folds:
        out.append("[2 2] 0 d\n")
        for x in folds:
            out += [_line((x, -far, x, -near)), _line((x, height + near, x, height + far))]
        out.append("[] 0 d\n")
    if marks == "all":
        middle = (near + far) / 2
        for x, y in ((width / 2, -middle), (width / 2, height + middle), (-middle, height / 2)):
            out.append(_target(x, y))
        out.append(_target(width + middle, height / 2))
        out.append(_patches(near, width))
    if slug is not None:
        path = outline(slug.face, slug.text, 6)
        out.append(f"q 1 0 0 1 {10 * PT_PER_MM:.4f} {height + near + 1.5 * PT_PER_MM:.4f} cm {path} f Q\n")
    return "".join(out)


def _line(ends: tuple[float, float, float, float]) -> str:
    x1, y1, x2, y2 = ends
    return f"{x1:.4f} {y1:.4f} m {x2:.4f} {y2:.4f} l S\n"


def _target(x: float, y: float) -> str:
    """A registration mark: a cross in a circle of 1.2 mm radius, drawn as four Bézier arcs."""
    r, arm = 1.2 * PT_PER_MM, 2.4 * PT_PER_MM
    k = r * 0.5523
    circle = (
        f"{x + r:.4f} {y:.4f} m "
        f"{x + r:.4f} {y + k:.4f} {x + k:.4f} {y + r:.4f} {x:.4f} {y + r:.4f} c "
        f"{x - k:.4f} {y + r:.4f} {x - r:.4f} {y + k:.4f} {x - r:.4f} {y:.4f} c "
        f"{x - r:.4f} {y - k:.4f} {x - k:.4f} {y - r:.4f} {x:.4f} {y - r:.4f} c "
        f"{x + k:.4f} {y - r:.4f} {x + r:.4f} {y - k:.4f} {x + r:.4f} {y:.4f} c S\n"
    )
    return circle + _line((x - arm, y, x + arm, y)) + _line((x, y - arm, x, y + arm))


def _patches(near: float, width: float) -> str:
    side = min(4 * PT_PER_MM, (width / 2 - 12 * PT_PER_MM) / len(PATCHES))
    high = 4 * PT_PER_MM
    out = []
    for number, inks in enumerate(PATCHES):
        left = 6 * PT_PER_MM + number * side
        out.append(f"{' '.join(map(str, inks))} k {left:.4f} {-near - high:.4f} {side:.4f} {high:.4f} re f\n")
    return "".join(out)
