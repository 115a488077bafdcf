"""Imposition: the pages of a finished PDF on larger sheets, to fold or to cut: for those who print in the office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from builder.design.printer import Marks
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.units import PT_PER_MM
from builder.pdf.delivery import Delivery
from builder.pdf.finish.sheet import Placed, form_of, margin, sheet
from builder.pdf.scan.graphics import box_of
from builder.pdf.scan.painted import Box, Matrix, times

# Sheets by name, upright, in mm (ISO 216; SRA: ISO 217).
SHEETS = {
    "A5": (148, 210),
    "A4": (210, 297),
    "A3": (297, 420),
    "A2": (420, 594),
    "SRA4": (225, 320),
    "SRA3": (320, 450),
}
# Pages are of one size within so many pt: rounding of programs that reckon in mm.
_ALIKE = 0.5
# What of a file holds for its sheets too, which are no PDF/X any more: among it which layers are off (8.11.4.2).
_KEPT_IN_ROOT = frozenset(("/Type", "/Pages", "/OutputIntents", "/Lang", "/OCProperties"))
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


@dataclass(frozen=True, slots=True)
class Imposed:
    """What was made: the number of sides and their size in pt, how much smaller the pages are, and whether marks had
    room."""

    sides: int
    sheet: tuple[float, float]
    scale: float
    marks: bool


def impose(
    file: Path,
    target: Path,
    *,
    grid: tuple[int, int] | None = None,
    caliper: float = 0.1,
    on: tuple[float, float] | None = None,
    marks: Marks = "crop",
    keep_back: bool = False,
) -> Imposed:
    """Write the sheets of `file` to `target`: a booklet, or pages in a `grid` of columns and rows.

    `on` is the sheet in pt, which may be turned; pages are made smaller to fit it, never larger. Raises ReportError
    where the file cannot be read, or its pages differ in size.
    """
    with _opened(file) as pdf, Delivery(target.parent) as delivery:
        leaves = tuple(_leaf(page) for page in pdf.pages)
        sizes = {(round(leaf.trim.width, 2), round(leaf.trim.height, 2)) for leaf in leaves}
        if any(max(side) - min(side) > _ALIKE for side in zip(*sizes, strict=True)):
            found = ", ".join(f"{w / PT_PER_MM:.0f} × {h / PT_PER_MM:.0f} mm" for w, h in sorted(sizes)[:4])
            raise ReportError(
                [Diagnostic("page-size", f"{file.name} has pages of several sizes: {found}", "sheets want one size")]
            )
        while len(pdf.pages):
            del pdf.pages[-1]
        frame = _Frame(pdf, leaves, min(leaf.bleed for leaf in leaves), on, marks)
        made = frame.folded(booklet(len(leaves), caliper, keep_back=keep_back)) if grid is None else frame.cut(grid)
        for key in list(pdf.Root.keys()):
            if key not in _KEPT_IN_ROOT:
                del pdf.Root[key]
        title = str(pdf.docinfo.get("/Title", file.stem))
        pdf.trailer.Info = pdf.make_indirect(pikepdf.Dictionary(Title=f"{title} ({made.sides} sides)"))
        delivery.pdf(target.name, pdf, max(pdf.pdf_version, "1.4"))
        delivery.publish()
        return made


def _opened(file: Path) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(file)
        if not len(pdf.pages):
            raise ValueError("it has no pages")
        if any("/Annots" in page.obj for page in pdf.pages):  # stamps and filled forms become part of the page
            pdf.generate_appearance_streams()
            _keep_layers(pdf)
            pdf.flatten_annotations("print")
        return pdf
    except pikepdf.PasswordError as error:
        problem = Diagnostic("encrypted", f"{file.name} is encrypted", "save it without a password")
        raise ReportError([problem]) from error
    except (pikepdf.PdfError, OSError, ValueError) as error:
        problem = Diagnostic("damaged", f"{file.name} cannot be read: {str(error)[:100]}", "export it again")
        raise ReportError([problem]) from error


def _keep_layers(pdf: pikepdf.Pdf) -> None:
    """What an annotation looks like belongs to its layer (ISO 32000-1, 8.11.3.3), also where it is part of the page."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            if not isinstance(annotation, pikepdf.Dictionary) or not {"/OC", "/AP"} <= set(annotation.keys()):
                continue
            shown = annotation.AP.get("/N")
            states = dict(shown.items()) if isinstance(shown, pikepdf.Dictionary) else {"": shown}
            for name, form in states.items():
                if not isinstance(form, pikepdf.Stream):
                    continue
                own = pdf.make_stream(form.read_raw_bytes(), form.stream_dict)  # others may show the same form
                layers = [annotation.OC, *([form.OC] if "/OC" in form else [])]
                own.OC = _all_of(pdf, layers)
                if name:
                    annotation.AP.N[name] = own
                else:
                    annotation.AP = pikepdf.Dictionary(N=own)


def _all_of(pdf: pikepdf.Pdf, layers: Sequence[pikepdf.Object]) -> pikepdf.Object:
    """What is seen only where all of these layers are on (ISO 32000-1, 8.11.2.2)."""
    if len(layers) == 1:
        return layers[0]
    both = pikepdf.Array([pikepdf.Name.And, *layers])
    return pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCMD, VE=both))


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page as a form, upright and at its real size; its trim in pt, and what lies beyond it on all sides."""

    form: pikepdf.Object
    trim: Box
    bleed: float


def _leaf(page: pikepdf.Page) -> _Leaf:
    """A page, turned and scaled as it is shown (/Rotate and /UserUnit: ISO 32000-1, 7.7.3.3)."""
    media, trim, out = box_of(page.mediabox), box_of(page.trimbox), box_of(page.bleedbox)
    unit = float(page.obj.get("/UserUnit", 1))
    turns: dict[int, Matrix] = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, -1, 1, 0, 0, media.width),
        180: (-1, 0, 0, -1, media.width, media.height),
        270: (0, 1, -1, 0, media.height, 0),
    }
    turn = turns.get(int(page.obj.get("/Rotate", 0)) % 360, turns[0])
    matrix = times(times((1, 0, 0, 1, -media.left, -media.bottom), turn), (unit, 0, 0, unit, 0, 0))
    form = form_of(page)
    form.Matrix = pikepdf.Array(list(matrix))
    beyond = min(trim.left - out.left, trim.bottom - out.bottom, out.right - trim.right, out.top - trim.top)
    return _Leaf(form, trim.through(matrix), max(0.0, beyond) * unit)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The leaves of a file on their way to sheets."""

    pdf: pikepdf.Pdf
    leaves: Sequence[_Leaf]
    bleed: float
    on: tuple[float, float] | None
    marks: Marks

    def _scale(self, width: float, height: float, room: float = 0.0) -> float:
        """How much smaller the pages become to leave `room` on each side of the sheet."""
        if self.on is None:
            return 1.0
        return max(0.001, min(1.0, (self.on[0] - 2 * room) / width, (self.on[1] - 2 * room) / height))

    def _turned(self, width: float, height: float, room: float = 0.0) -> _Frame:
        """On the sheet upright, where the pages are larger so."""
        if self.on is None:
            return self
        upright = replace(self, on=(self.on[1], self.on[0]))
        return upright if upright._scale(width, height, room) > self._scale(width, height, room) else self

    def _marked(self, width: float, height: float, bleed: float) -> Marks:
        """Marks, where the sheet has room for them."""
        room = margin(bleed, self.marks) if self.marks != "none" else 0.0
        fits = self.on is None or min(self.on[0] - width, self.on[1] - height) / 2 >= room - 0.5
        return self.marks if fits else "none"

    def _placed(self, number: int, x: float, y: float, scale: float, window: Box) -> Placed:
        leaf = self.leaves[number]
        return Placed(leaf.form, x - leaf.trim.left * scale, y - leaf.trim.bottom * scale, window, scale)

    def folded(self, sides: Sequence[Side]) -> Imposed:
        """Two pages a side, with a fold between them. All sheets are of one size; an inner one is trimmed nearer to the
        fold, by its creep."""
        width, height = self.leaves[0].trim.width, self.leaves[0].trim.height
        frame = self._turned(2 * width, height)
        scale = frame._scale(2 * width, height)
        w, h, bleed = width * scale, height * scale, self.bleed * scale
        marks = frame._marked(2 * w, h, bleed)
        around = margin(bleed, marks)
        on = frame.on or (2 * w + 2 * around, h + 2 * around)
        for side in sides:
            creep = side.creep * PT_PER_MM
            fold, right = w - creep, 2 * (w - creep)
            placed = []
            if side.left is not None:
                placed.append(frame._placed(side.left, 0, 0, scale, Box(-bleed, -bleed, fold, h + bleed)))
            if side.right is not None:
                window = Box(fold, -bleed, right + bleed, h + bleed)
                placed.append(frame._placed(side.right, right - w, 0, scale, window))
            sheet(self.pdf, (right, h), bleed, marks, placed, folds=[fold], on=on)
        return Imposed(len(sides), on, scale, marks != "none")

    def cut(self, grid: tuple[int, int]) -> Imposed:
        """Pages in rows from the upper left, with room for their bleeds between them."""
        columns, rows = grid
        width, height = self.leaves[0].trim.width, self.leaves[0].trim.height
        wide = columns * width + (columns - 1) * 2 * self.bleed
        high = rows * height + (rows - 1) * 2 * self.bleed
        room = margin(self.bleed, self.marks)
        frame = self._turned(wide, high, room)
        scale = frame._scale(wide, high, room)
        w, h, bleed = width * scale, height * scale, self.bleed * scale
        lefts = [column * (w + 2 * bleed) for column in range(columns)]
        feet = [(rows - 1 - row) * (h + 2 * bleed) for row in range(rows)]
        cuts = [x for left in lefts for x in (left, left + w)], [y for foot in feet for y in (foot, foot + h)]
        marks = frame._marked(wide * scale, high * scale, bleed)
        count = 0
        for first in range(0, len(self.leaves), columns * rows):
            places = [(x, y) for y in feet for x in lefts]
            placed = [
                frame._placed(number, x, y, scale, Box(x - bleed, y - bleed, x + w + bleed, y + h + bleed))
                for number, (x, y) in zip(range(first, len(self.leaves)), places, strict=False)
            ]
            sheet(self.pdf, (wide * scale, high * scale), bleed, marks, placed, cuts=cuts, on=frame.on)
            count += 1
        around = 2 * margin(bleed, marks)
        return Imposed(count, frame.on or (wide * scale + around, high * scale + around), scale, marks != "none")
