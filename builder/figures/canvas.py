"""The drawing surface of figures: matplotlib in mm from the top left corner, in the theme's fonts and colours."""

from __future__ import annotations

import io
import logging
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Rectangle, Wedge
from matplotlib.path import Path as Path_

from builder.design.theme import Space, Theme
from builder.model.units import MM_PER_INCH, MM_PER_PT

# A matplotlibrc in the folder where the user happens to be could have it run LaTeX, and would change how figures look.
mpl.rcdefaults()
Align = Literal["left", "center", "right"]
# A weight that a family lacks is drawn in its nearest one; that needs no word on the terminal.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
_HEX = re.compile(r"#[0-9a-f]{6}")
# Letters that reach below the baseline, by about so many em.
_DESCENDING, _DESCENT = frozenset("gjpqyQ,;()[]{}|/@"), 0.22
# Two texts on one line must be so many mm apart, or they read as one: "2019" and "2020".
_GAP = 0.8
# With less than this, in mm, nobody sees what is drawn.
_LEAST_ROOM = 3.0
# The thinnest bar, in mm (0.8 pt): a press takes lines from 0.25 pt, and light ones from 0.5 pt on.
_THINNEST = 0.8 * MM_PER_PT
# Rounding, and the side bearings of letters, in mm.
_SLACK = 0.3


@dataclass(frozen=True, slots=True)
class TextBox:
    """Where one line of text stands, in mm from the figure's top left corner, from cap height to descenders."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: TextBox) -> bool:
        """Whether some of `other` lies under it."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > _SLACK and min(self.bottom, other.bottom) - max(self.top, other.top) > _SLACK

    def meets(self, other: TextBox) -> bool:
        """Whether the two cover each other, or stand so close on one line that they read as one."""
        beside = min(self.right, other.right) - max(self.left, other.left) > -_GAP
        return beside and min(self.bottom, other.bottom) - max(self.top, other.top) > _SLACK


class Canvas:
    """One figure of `width` × `height` mm. Colours are token names; `accent` is the section's own.

    It knows where each text stands: `free` tells whether another has room, and `faults` what is wrong in the end.
    Where the figure's height is not `fixed`, it may `grow`.
    """

    def __init__(
        self, theme: Theme, fonts: Path, width: float, height: float, accent: str, *, fixed: bool = True
    ) -> None:
        self.theme, self.width, self.height = theme, width, height
        self.texts: list[TextBox] = []
        self.boxes: list[TextBox] = []
        self._lacking: list[str] = []
        self._fonts, self._accent, self._fixed = fonts, accent, fixed
        self._crossed: list[tuple[float, float]] = []  # where lines of the data run, every millimetre
        self._tints: dict[str, str] = {}  # what mixed colours are in inks
        for face in [*theme.faces("heading", fonts), *theme.faces("body", fonts)]:
            _register(face.file)
        self._figure = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH))
        FigureCanvasSVG(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()

    def grow(self, height: float) -> None:
        """Make the figure as high as `height` mm where it is lower, before anything is drawn on it."""
        if height > self.height and not self._fixed:
            self.height = height
            self._figure.set_size_inches(self.width / MM_PER_INCH, height / MM_PER_INCH)
            self._axes.set_ylim(height, 0)

    def colour(self, token: str) -> str:
        """What a token is on screens: `teal`, `accent`, or so many per cent of one on paper, `accent~40`."""
        name, _, part = token.partition("~")
        found = self.theme.colour(self._accent if name == "accent" else name)
        if not part:
            return str(found.srgb).lower()
        paper, whole = str(self.theme.colour("paper").srgb), int(part) / 100
        mixed = (
            round(int(str(found.srgb)[at : at + 2], 16) * whole + int(paper[at : at + 2], 16) * (1 - whole))
            for at in (1, 3, 5)
        )
        screen = "#" + "".join(f"{one:02x}" for one in mixed)
        self._tints[screen] = f"device-cmyk({' '.join(f'{ink * whole / 100:.4g}' for ink in found.cmyk)})"
        return screen

    def over(self, token: str) -> str:
        """Ink or paper: in which of the two words on a ground of this colour are read better."""
        ground, ink, paper = (_luminance(self.colour(one)) for one in (token, "ink", "paper"))
        return "ink" if _ratio(ground, ink) >= _ratio(ground, paper) else "paper"

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: str = "text",
        *,
        colour: str = "ink",
        weight: int = 400,
        align: Align = "left",
        ground: bool = False,
    ) -> None:
        """One line whose baseline is at `y`; with a `ground`, lines stop short of it."""
        if not words.strip():
            return
        self.texts.append(self._box(x, y, words, size, weight, align))
        if ground:
            box, face = self.texts[-1], self.colour("paper")
            corner, wide = (box.left - 0.6, box.top - 0.6), box.right - box.left + 1.2
            self._axes.add_patch(Rectangle(corner, wide, box.bottom - box.top + 1.2, facecolor=face, zorder=2.5))
        self._axes.text(
            x,
            y,
            words,
            ha=align,
            va="baseline",
            color=self.colour(colour),
            fontfamily=[str(self.theme.fonts.heading.family), str(self.theme.fonts.body.family)],
            fontsize=self.points(size),
            fontweight=weight,
            parse_math=False,
        )

    def block(
        self,
        x: float,
        y: float,
        words: str,
        measure: float,
        size: str = "text",
        *,
        colour: str = "ink",
        weight: int = 400,
        align: Align = "left",
        ground: bool = False,
    ) -> float:
        """Lines broken to `measure` mm, the first on the baseline `y`; returns the baseline after the last."""
        for line in self.wrapped(words, measure, size, weight):
            self.text(x, y, line, size, colour=colour, weight=weight, align=align, ground=ground)
            y += self.leading(size)
        return y

    def leading(self, size: str) -> float:
        """From baseline to baseline of a block, in mm."""
        return self.points(size) * 1.3 * MM_PER_PT

    def free(
        self, x: float, y: float, words: str, size: str = "text", *, weight: int = 400, align: Align = "left"
    ) -> bool:
        """Whether a line of text would stand inside the figure, and meet no other that is drawn already."""
        box = self._box(x, y, words, size, weight, align)
        return self._inside(box) and not any(map(box.meets, self.texts)) and not any(map(box.covers, self.boxes))

    def blank(self, x: float, y: float, words: str, size: str, *, weight: int = 400, align: Align = "left") -> bool:
        """Whether it would be `free`, and cross no line of the data either."""
        box = self._box(x, y, words, size, weight, align)
        crossed = any(box.left < a < box.right and box.top - 0.5 < b < box.bottom + 0.5 for a, b in self._crossed)
        return not crossed and self.free(x, y, words, size, weight=weight, align=align)

    def clear(self, x: float, y: float, words: str, size: str, *, weight: int, up: bool) -> float:
        """The baseline nearest to `y`, `up` or down from there, at which a line centred on `x` covers no box."""
        box = self._box(x, y, words, size, weight, "center")
        beside = [one for one in self.boxes if box.left < one.right and one.left < box.right]
        if up:
            return min([y, *(one.top - 2 for one in beside)])
        return max([y, *(one.bottom + 2 + self.cap(size) for one in beside)])

    def needs(self, room: float, what: str, side: str) -> None:
        """Note that there are only `room` mm for what the figure draws, where that is too little to be seen."""
        if room < _LEAST_ROOM:
            self._lacking.append(f"{what} have no room in its {side}")

    def faults(self, most: float = float("inf")) -> Iterator[str]:
        """What is wrong with the texts that are drawn, in words; `most` is the room that a page has for it, in mm."""
        yield from self._lacking
        if self.height > most:
            yield f"there is more to draw than a page holds: it is {self.height:.0f} mm high, and {most:.0f} are there"
        drawn = [box for box in self.texts if box.words.strip()]
        for at, box in enumerate(drawn):
            if not self._inside(box):
                yield f'"{box.words}" does not fit into the figure'
            for other in drawn[:at]:
                if box.meets(other):
                    yield f'"{other.words}" and "{box.words}" cover each other'

    def _box(self, x: float, y: float, words: str, size: str, weight: int, align: Align) -> TextBox:
        width = self.text_width(words, size, weight)
        left = {"left": x, "center": x - width / 2, "right": x - width}[align]
        below = _DESCENT * self.points(size) * MM_PER_PT if _DESCENDING & set(words) else 0.0
        return TextBox(words, left, y - self.cap(size), left + width, y + below)

    def _inside(self, box: TextBox) -> bool:
        across = box.left >= -_SLACK and box.right <= self.width + _SLACK
        return across and box.top >= -_SLACK and box.bottom <= self.height + _SLACK

    def fit(self, lines: Sequence[str], sizes: Sequence[str], measure: float, weight: int = 400) -> str:
        """The first of `sizes` in which each of `lines` is at most `measure` mm wide; the last where none is."""
        widths = ((size, max(self.text_width(line, size, weight) for line in lines)) for size in sizes)
        return next((size for size, wide in widths if wide <= measure), sizes[-1])

    def wrapped(self, words: str, measure: float, size: str, weight: int = 400) -> list[str]:
        lines: list[str] = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.text_width(longer, size, weight) > measure:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def points(self, size: str) -> float:
        return float(getattr(self.theme.sizes, size))

    def text_width(self, words: str, size: str, weight: int = 400) -> float:
        """Width of a line, in mm."""
        return self.theme.face("heading", weight, self._fonts).width(words, self.points(size)) * MM_PER_PT

    def cap(self, size: str) -> float:
        """Height of the figures at `size`, in mm."""
        return self.theme.face("heading", 400, self._fonts).cap_height * self.points(size) * MM_PER_PT

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        colour: str = "ink",
        thick: float = 0.5,
        dashed: bool = False,
    ) -> None:
        """A straight line `thick` pt wide."""
        self._axes.plot(
            [x1, x2],
            [y1, y2],
            color=self.colour(colour),
            linewidth=thick,
            solid_capstyle="butt",
            linestyle=(0, (2, 2)) if dashed else "solid",
            clip_on=False,
        )

    def path(self, points: Sequence[tuple[float, float]], *, colour: str, thick: float, dashed: bool = False) -> None:
        """Straight lines from point to point, in mm, `thick` pt wide."""
        for (x0, y0), (x1, y1) in pairwise(points):
            count = max(1, round(math.hypot(x1 - x0, y1 - y0)))
            self._crossed += [(x0 + (x1 - x0) * n / count, y0 + (y1 - y0) * n / count) for n in range(count + 1)]
        self._axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            color=self.colour(colour),
            linewidth=thick,
            solid_joinstyle="round",
            linestyle=(0, (2, 1.5)) if dashed else "solid",
            dash_capstyle="butt",
            clip_on=False,
        )

    def shape(self, points: Sequence[tuple[float, float]], *, colour: str, edge: str = "") -> None:
        """A filled polygon; with an `edge`, a line of 0.5 pt in that colour around it."""
        self.outline(Path_([*points, points[0]], closed=True), colour=colour, edge=edge)

    def outline(self, path: Path_, *, colour: str, edge: str = "", right_to: float | None = None) -> None:
        """A filled outline, in mm; of it only what is left of `right_to`."""
        patch = PathPatch(
            path,
            facecolor=self.colour(colour) if colour else "none",
            edgecolor=self.colour(edge) if edge else "none",
            linewidth=0.5 if edge else 0,
            clip_on=right_to is not None,
        )
        self._axes.add_patch(patch)
        if right_to is not None:
            box = path.get_extents()
            clip = Rectangle(
                (box.x0 - 1, box.y0 - 1), right_to - box.x0 + 1, box.height + 2, transform=self._axes.transData
            )
            patch.set_clip_path(clip)

    def wedge(
        self, x: float, y: float, radius: float, thick: float, begin: float, end: float, *, colour: str, edge: str = ""
    ) -> None:
        """A part of a ring around (x, y), clockwise from the top: angles in degrees, lengths in mm."""
        self._axes.add_patch(
            Wedge(
                (x, y),
                radius,
                begin - 90,
                end - 90,
                width=thick,
                facecolor=self.colour(colour),
                edgecolor=self.colour(edge) if edge else "none",
                linewidth=0.5 if edge else 0,
            )
        )

    def head(self, words: str, size: str = "small") -> float:
        """Words above all that is drawn, such as the unit; returns where the rest may begin, in mm."""
        if not words:
            return 0.0
        below = self.block(0, self.cap(size) + 0.6, words, self.width, size, colour="quiet")
        return below - self.cap(size) + 1.2

    def box(
        self, x: float, y: float, width: float, height: float, *, colour: str, hollow: bool = False, edge: str = ""
    ) -> None:
        """Solid, with an `edge` of 0.5 pt in another colour inside its edges, or `hollow` with nothing but an edge.

        One of no size is none, not a line of no width; one that no press could print is as thin as one can.
        """
        if width <= 0 or height <= 0:
            return
        width, height = max(width, _THINNEST), max(height, _THINNEST)
        hollow = hollow and min(width, height) > 3 * _THINNEST
        self.boxes.append(TextBox("", x, y, x + width, y + height))
        thick = 0.75 if hollow else 0.5 if edge and min(width, height) > 2 * _THINNEST else 0.0
        inset = thick * MM_PER_PT / 2
        self._axes.add_patch(
            Rectangle(
                (x + inset, y + inset),
                width - 2 * inset,
                height - 2 * inset,
                facecolor="none" if hollow else self.colour(colour),
                edgecolor=self.colour(edge or colour) if thick else "none",
                linewidth=thick,
            )
        )

    def covered(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep words off a place, in mm."""
        self.boxes.append(TextBox("", left, top, right, bottom))

    def dot(self, x: float, y: float, radius: float, *, colour: str, hollow: bool = False) -> None:
        face = self.colour("paper") if hollow else self.colour(colour)
        self._axes.add_patch(
            Circle(
                (x, y),
                radius,
                facecolor=face,
                edgecolor=self.colour(colour),
                linewidth=1.5 if hollow else 0,
                zorder=5,
                clip_on=False,
            )
        )

    def svg(self, space: Space) -> str:
        """The figure as SVG with its text as text: the same bytes for the same drawing."""
        target = io.StringIO()
        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "figure", "font.family": "sans-serif"}):
            self._figure.savefig(target, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        # WeasyPrint does not take the space off the second name of a font-family (svg/text.py).
        svg = target.getvalue().replace("', '", "','")
        if space == "cmyk":
            inks = {
                str(c.srgb).lower(): c.css("cmyk") for c in [*self.theme.colours.values(), *self.theme.accents.values()]
            }
            svg = _HEX.sub(lambda m: (self._tints | inks)[m[0]], svg)
        return svg


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, from 0 to 1 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(one: float, other: float) -> float:
    """The contrast of two luminances, from 1 to 21 (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _register(file: Path) -> None:
    if str(file) not in {entry.fname for entry in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(file))
