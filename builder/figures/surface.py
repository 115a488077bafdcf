"""The drawing surface of figures: matplotlib in mm from the top left corner, in the theme's colours."""

from __future__ import annotations

import io
import logging
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Rectangle, Wedge
from matplotlib.path import Path as Path_

from builder.design.theme import Space, Theme
from builder.model.units import MM_PER_INCH, MM_PER_PT

# A matplotlibrc in the folder where the user happens to be could have it run LaTeX, and would change how figures look.
mpl.rcdefaults()
# A weight that a family lacks is drawn in its nearest one; that needs no word on the terminal.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
_HEX = re.compile(r"#[0-9a-f]{6}")
# Two texts on one line must be so many mm apart, or they read as one: "2019" and "2020".
_GAP = 0.8
# The thinnest bar, in mm (0.8 pt): a press takes lines from 0.25 pt, and light ones from 0.5 pt on.
_THINNEST = 0.8 * MM_PER_PT
# The contrast of words that are no heading with what lies under them (WCAG 2.1, 1.4.3).
_READ = 4.5
# Rounding, and the side bearings of letters, in mm.
SLACK = 0.3


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
        return across > SLACK and min(self.bottom, other.bottom) - max(self.top, other.top) > SLACK

    def meets(self, other: TextBox) -> bool:
        """Whether the two cover each other, or stand so close on one line that they read as one."""
        beside = min(self.right, other.right) - max(self.left, other.left) > -_GAP
        return beside and min(self.bottom, other.bottom) - max(self.top, other.top) > SLACK


class Surface:
    """`width` × `height` mm to draw on. Colours are token names; `accent` is the section's own.

    It knows the places of its boxes and texts, and where lines of the data run. Where its height is not `fixed`, it
    may `grow`.
    """

    def __init__(
        self, theme: Theme, fonts: Path, width: float, height: float, accent: str, *, fixed: bool = True
    ) -> None:
        self.theme, self.width, self.height = theme, width, height
        self.texts: list[TextBox] = []
        self.boxes: list[TextBox] = []
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

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes of matplotlib in the report's style, in mm from the top left corner: for figures of a project's own."""
        base = 1 - (top + height) / self.height
        box = (left / self.width, base, width / self.width, height / self.height)
        tones = [self.colour(one) for one in ("accent", "rest", "ink", "accent~62", "accent~28")]
        family = [str(self.theme.fonts.heading.family), str(self.theme.fonts.body.family)]
        style: Any = {
            "font.family": family,
            "font.size": float(self.theme.sizes.small),
            "axes.edgecolor": self.colour("ink"),
            "axes.linewidth": 0.75,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.labelcolor": self.colour("quiet"),
            "xtick.color": self.colour("quiet"),
            "ytick.color": self.colour("quiet"),
            "axes.prop_cycle": cycler(color=tones),
            "axes.titlesize": float(self.theme.sizes.text),
        }
        with mpl.rc_context(style):
            return self._figure.add_axes(box)

    def strays(self) -> bool:
        """Whether anything on axes of a project's own leaves the figure."""
        own = [one for one in self._figure.axes if one is not self._axes]
        if own:
            self._figure.draw_without_rendering()
        width, height = self._figure.bbox.width, self._figure.bbox.height
        boxes = [box for one in own if (box := one.get_tightbbox()) is not None]
        return any(box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1 for box in boxes)

    def grow(self, height: float) -> None:
        """Make the figure as high as `height` mm where it is lower, before anything is drawn on it."""
        self._set_height(max(height, self.height))

    def shrink(self, height: float) -> None:
        """Make it as low as `height` mm where it is higher and nothing is drawn below."""
        self._set_height(min(height, self.height))

    def _set_height(self, height: float) -> None:
        if not self._fixed:
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

    def legible(self, token: str) -> str:
        """The nearest tint on which words can be read, in ink or in paper (4.5 : 1)."""
        name, tilde, part = token.partition("~")
        ink, paper = (_luminance(self.colour(one)) for one in ("ink", "paper"))

        def read(per_cent: int) -> bool:
            ground = _luminance(self.colour(f"{name}~{per_cent}"))
            return max(_ratio(ground, ink), _ratio(ground, paper)) >= _READ

        if not tilde:
            return token
        wanted = int(part)
        near = sorted(range(1, 101), key=lambda one: (abs(one - wanted), one))
        return f"{name}~{next(filter(read, near), wanted)}"

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
        behind: bool = False,
        cased: bool = False,
    ) -> None:
        """A straight line `thick` pt wide.

        It is `behind` all shapes where it is no more than a guide for the eye; a `cased` one has paper on both its
        sides where it crosses shapes.
        """
        if cased:
            paper = self.colour("paper")
            self._axes.plot([x1, x2], [y1, y2], color=paper, linewidth=thick + 1.5, solid_capstyle="butt", zorder=1.5)
        self._axes.plot(
            [x1, x2],
            [y1, y2],
            color=self.colour(colour),
            linewidth=thick,
            solid_capstyle="butt",
            linestyle=(0, (2, 2)) if dashed else "solid",
            clip_on=False,
            zorder=0.5 if behind else 2,
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
            svg = _HEX.sub(lambda m: (self._tints | inks).get(m[0], m[0]), svg)
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
