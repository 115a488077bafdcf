"""Imposition: the pages of a finished PDF on larger sheets, to fold or to cut: for those who print in the office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from builder.delivery import Delivery
from builder.diagnostics import Diagnostic, ExitCode, ReportError
from builder.finish.sheet import PT_PER_MM, Placed, form_of, margin, sheet
from builder.printer import Marks
from builder.scan.painted import Box

# Sheets by name, upright, in mm (ISO 216; SRA: ISO 217).
SHEETS = {
    "A5": (148, 210),
    "A4": (210, 297),
    "A3": (297, 420),
    "A2": (420, 594),
    "SRA4": (225, 320),
    "SRA3": (320, 450),
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a folded sheet: its left and right page (from 0; None is blank); both move to the fold by `creep`."""

    left: int | None
    right: int | None
    creep: float


def booklet(pages: int, caliper: float, *, keep_back: bool = False) -> tuple[Side, ...]:
    """The sides of a saddle-stitched booklet, outermost sheet first, front and back in turns.

    Blank pages fill up to a multiple of four: at the end, or before the last page where it is the back cover. An inner
    sheet is pushed outwards by the sheets round it, by one `caliper` each (mm); its pages move as much to the fold.
    """
    order: list[int | None] = list(range(pages))
    blank: list[int | None] = [None] * (-pages % 4)
    order = [*order[:-1], *blank, order[-1]] if keep_back and order else [*order, *blank]
    count = len(order)
    sides: list[Side] = []
    for number in range(count // 4):
        first = 2 * number
        sides.append(Side(order[count - 1 - first], order[first], number * caliper))
        sides.append(Side(order[first + 1], order[count - 2 - first], number * caliper))
    return tuple(sides)


def sheet_size(words: str) -> tuple[float, float]:
    """A sheet by name or as WIDTHxHEIGHT in mm, lying on its long side, in pt. Raises ReportError (usage)."""
    size: tuple[float, float] | None = SHEETS.get(words.upper())
    if size is None and (found := _SIZE.fullmatch(words.lower())):
        size = float(found[1]), float(found[2])
    if size is None or not 50 <= min(size) <= max(size) <= 2000:
        names = ", ".join(SHEETS)
        raise ReportError(
            [Diagnostic("wrong-sheet", f'"{words}" is no sheet', f"give one of {names}, or its size in mm: 320x450")],
            ExitCode.USAGE,
        )
    return max(size) * PT_PER_MM, min(size) * PT_PER_MM


def impose(
    file: Path,
    target: Path,
    *,
    grid: tuple[int, int] | None = None,
    caliper: float = 0.1,
    on: tuple[float, float] | None = None,
    marks: Marks = "crop",
    keep_back: bool = False,
) -> int:
    """Write the sheets of `file` to `target`: a booklet, or pages in a `grid` of columns and rows; returns their sides.

    `on` is the sheet in pt; pages are made smaller to fit it, never larger. Raises ReportError where the file cannot be
    read, or its pages differ in size.
    """
    with _opened(file) as pdf, Delivery(target.parent) as delivery:
        boxes = [_box(page.trimbox) for page in pdf.pages]
        sizes = {(round(b.width), round(b.height)) for b in boxes}
        if len(sizes) != 1:
            found = ", ".join(f"{w / PT_PER_MM:.0f} × {h / PT_PER_MM:.0f} mm" for w, h in sorted(sizes)[:4])
            raise ReportError(
                [Diagnostic("page-size", f"{file.name} has pages of several sizes: {found}", "sheets want one size")]
            )
        bleeds = [_bleed(page) for page in pdf.pages]
        forms = [form_of(page) for page in pdf.pages]
        while len(pdf.pages):
            del pdf.pages[-1]
        leaves = _Leaves(pdf, forms, boxes, min(bleeds), on, marks)
        sides = leaves.folded(booklet(len(forms), caliper, keep_back=keep_back)) if grid is None else leaves.cut(grid)
        for key in ("/StructTreeRoot", "/MarkInfo", "/Names", "/Outlines", "/PageLabels", "/OpenAction", "/PageLayout"):
            if key in pdf.Root:
                del pdf.Root[key]
        delivery.pdf(target.name, pdf, pdf.pdf_version)
        delivery.publish()
        return sides


def _opened(file: Path) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(file)
        if not len(pdf.pages):
            raise ValueError("it has no pages")
        return pdf
    except pikepdf.PasswordError as error:
        problem = Diagnostic("encrypted", f"{file.name} is encrypted", "save it without a password")
        raise ReportError([problem]) from error
    except (pikepdf.PdfError, OSError, ValueError) as error:
        problem = Diagnostic("damaged", f"{file.name} cannot be read: {str(error)[:100]}", "export it again")
        raise ReportError([problem]) from error


def _box(values: pikepdf.Array) -> Box:
    a, b, c, d = (float(v) for v in values)
    return Box(min(a, c), min(b, d), max(a, c), max(b, d))


def _bleed(page: pikepdf.Page) -> float:
    """What lies beyond the trim on all sides, in pt: to the BleedBox, or none."""
    trim, around = _box(page.trimbox), _box(page.bleedbox)
    return max(
        0.0, min(trim.left - around.left, trim.bottom - around.bottom, around.right - trim.right, around.top - trim.top)
    )


@dataclass(frozen=True, slots=True)
class _Leaves:
    """The pages of a file on their way to sheets."""

    pdf: pikepdf.Pdf
    forms: Sequence[pikepdf.Object]
    boxes: Sequence[Box]
    bleed: float
    on: tuple[float, float] | None
    marks: Marks

    def _scale(self, width: float, height: float, room: float = 0.0) -> float:
        """How much smaller the pages become to leave `room` on each side of the sheet."""
        if self.on is None:
            return 1.0
        return min(1.0, (self.on[0] - 2 * room) / width, (self.on[1] - 2 * room) / height)

    def _marked(self, width: float, height: float, bleed: float) -> Marks:
        """Marks, where the sheet has room for them."""
        room = margin(bleed, self.marks) if self.marks != "none" else 0.0
        fits = self.on is None or min(self.on[0] - width, self.on[1] - height) / 2 >= room - 0.5
        return self.marks if fits else "none"

    def _placed(self, number: int, x: float, scale: float, window: Box, y: float = 0.0) -> Placed:
        box = self.boxes[number]
        return Placed(self.forms[number], x - box.left * scale, y - box.bottom * scale, window, scale)

    def folded(self, sides: Sequence[Side]) -> int:
        """Two pages a side, with a fold between them."""
        width, height = self.boxes[0].width, self.boxes[0].height
        scale = self._scale(2 * width, height)
        w, h, bleed = width * scale, height * scale, self.bleed * scale
        marks = self._marked(2 * w, h, bleed)
        for side in sides:
            creep = side.creep * PT_PER_MM
            placed = []
            if side.left is not None:
                placed.append(self._placed(side.left, creep, scale, Box(-bleed, -bleed, w, h + bleed)))
            if side.right is not None:
                placed.append(self._placed(side.right, w - creep, scale, Box(w, -bleed, 2 * w + bleed, h + bleed)))
            sheet(self.pdf, (2 * w, h), bleed, marks, placed, folds=[w], on=self.on)
        return len(sides)

    def cut(self, grid: tuple[int, int]) -> int:
        """Pages in rows from the upper left, with room for their bleeds between them."""
        columns, rows = grid
        width, height = self.boxes[0].width, self.boxes[0].height
        wide = columns * width + (columns - 1) * 2 * self.bleed
        high = rows * height + (rows - 1) * 2 * self.bleed
        room = margin(self.bleed, self.marks)
        upright = None if self.on is None else (self.on[1], self.on[0])
        if upright is not None and replace(self, on=upright)._scale(wide, high, room) > self._scale(wide, high, room):
            return replace(self, on=upright).cut(grid)
        scale = self._scale(wide, high, room)
        w, h, bleed = width * scale, height * scale, self.bleed * scale
        lefts = [column * (w + 2 * bleed) for column in range(columns)]
        feet = [(rows - 1 - row) * (h + 2 * bleed) for row in range(rows)]
        cuts = [x for left in lefts for x in (left, left + w)], [y for foot in feet for y in (foot, foot + h)]
        marks = self._marked(wide * scale, high * scale, bleed)
        count = 0
        for first in range(0, len(self.forms), columns * rows):
            placed = list(self._row_by_row(first, lefts, feet, (w, h), bleed, scale))
            sheet(self.pdf, (wide * scale, high * scale), bleed, marks, placed, cuts=cuts, on=self.on)
            count += 1
        return count

    def _row_by_row(
        self,
        first: int,
        lefts: Sequence[float],
        feet: Sequence[float],
        size: tuple[float, float],
        bleed: float,
        scale: float,
    ) -> Iterator[Placed]:
        w, h = size
        places = [(x, y) for y in feet for x in lefts]
        for number, (x, y) in zip(range(first, len(self.forms)), places, strict=False):
            yield self._placed(number, x, scale, Box(x - bleed, y - bleed, x + w + bleed, y + h + bleed), y)
