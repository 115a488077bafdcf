"""The drawing surface of figures: matplotlib in mm from the top left corner, in the theme's fonts and colours."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from builder.theme import MM_PER_PT, Space, Theme

Align = Literal["left", "center", "right"]
# A weight that a family lacks is drawn in its nearest one; that needs no word on the terminal.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
_HEX = re.compile(r"#[0-9a-f]{6}")


class Canvas:
    """One figure of `width` × `height` mm. Colours are token names; `accent` is the section's own."""

    def __init__(self, theme: Theme, fonts: Path, width: float, height: float, accent: str) -> None:
        self.theme, self.width, self.height = theme, width, height
        self._fonts, self._accent = fonts, accent
        for face in [*theme.faces("heading", fonts), *theme.faces("body", fonts)]:
            _register(face.file)
        self._figure = Figure(figsize=(width / 25.4, height / 25.4))
        FigureCanvasSVG(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()

    def colour(self, token: str) -> str:
        return str(self.theme.colour(self._accent if token == "accent" else token).srgb).lower()

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
    ) -> None:
        """One line whose baseline is at `y`."""
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
    ) -> float:
        """Lines broken to `measure` mm, the first on the baseline `y`; returns the baseline after the last."""
        leading = self.points(size) * 1.3 * MM_PER_PT
        for line in self.wrapped(words, measure, size, weight):
            self.text(x, y, line, size, colour=colour, weight=weight, align=align)
            y += leading
        return y

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

    def path(self, points: list[tuple[float, float]], *, colour: str, thick: float) -> None:
        self._axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            color=self.colour(colour),
            linewidth=thick,
            solid_joinstyle="round",
            clip_on=False,
        )

    def box(self, x: float, y: float, width: float, height: float, *, colour: str, hollow: bool = False) -> None:
        """Solid, or `hollow` with an outline inside its edges."""
        inset = 0.75 * MM_PER_PT / 2 if hollow else 0.0
        self._axes.add_patch(
            Rectangle(
                (x + inset, y + inset),
                width - 2 * inset,
                height - 2 * inset,
                facecolor="none" if hollow else self.colour(colour),
                edgecolor=self.colour(colour) if hollow else "none",
                linewidth=0.75 if hollow else 0,
            )
        )

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
            svg = _HEX.sub(lambda m: inks[m[0]], svg)
        return svg


def _register(file: Path) -> None:
    if str(file) not in {entry.fname for entry in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(file))
