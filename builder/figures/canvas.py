"""The canvas of figures: words on the drawing surface, each measured, so that none is cut off or covers another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from matplotlib.patches import Rectangle

from builder.design.theme import Theme
from builder.figures.surface import SLACK, Surface, TextBox
from builder.model.units import MM_PER_PT

Align = Literal["left", "center", "right"]
# Letters that reach below the baseline, and accents that do, by their class in Unicode (ogonek, cedilla, dot below).
_DESCENDING, _MARKS_BELOW = frozenset("gjpqyQ,;()[]{}|/@ŋþ"), frozenset({202, 218, 220})
# How far they do, and how far the accents of capitals stand above them, in em.
_DESCENT, _ACCENT = 0.22, 0.22
# So far from a text a line across the figure stops, in mm.
CLEAR = 0.6
# With less than this, in mm, nobody sees what is drawn.
_LEAST_ROOM = 3.0


class Canvas(Surface):
    """One figure of `width` × `height` mm.

    It knows where each text stands: `free` tells whether another has room, and `faults` what is wrong in the end.
    """

    def __init__(
        self, theme: Theme, fonts: Path, width: float, height: float, accent: str, *, fixed: bool = True
    ) -> None:
        super().__init__(theme, fonts, width, height, accent, fixed=fixed)
        self.guides: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self._lacking: list[str] = []

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
        self.texts.append(self.text_box(x, y, words, size, weight, align))
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

    def guide(
        self, start: tuple[float, float], end: tuple[float, float], *, colour: str, thick: float, dashed: bool = False
    ) -> None:
        """A line down or across, from mm to mm, that stops short of each text that is drawn already.

        Paper on both its sides keeps it apart from areas, and leaves the lines of the data whole.
        """
        (x1, y1), (x2, y2) = start, end
        down, at = x1 == x2, (x1 if x1 == x2 else y1)
        free = [(min(y1, y2), max(y1, y2)) if down else (min(x1, x2), max(x1, x2))]
        for box in self.texts:
            near, far = (box.left, box.right) if down else (box.top, box.bottom)
            begin, stop = (box.top, box.bottom) if down else (box.left, box.right)
            if box.words.strip() and near - CLEAR < at < far + CLEAR:
                free = [
                    piece
                    for a, b in free
                    for piece in ((a, min(b, begin - CLEAR)), (max(a, stop + CLEAR), b))
                    if piece[0] < piece[1]
                ]
        self.guides += [((at, a), (at, b)) if down else ((a, at), (b, at)) for a, b in free]
        for a, b in free:
            ends = (at, a, at, b) if down else (a, at, b, at)
            self.line(*ends, colour=colour, thick=thick, dashed=dashed, cased=True)

    def leading(self, size: str) -> float:
        """From baseline to baseline of a block, in mm."""
        return self.points(size) * 1.3 * MM_PER_PT

    def free(
        self, x: float, y: float, words: str, size: str = "text", *, weight: int = 400, align: Align = "left"
    ) -> bool:
        """Whether a line of text would stand inside the figure, and meet no other that is drawn already."""
        box = self.text_box(x, y, words, size, weight, align)
        return self.inside(box) and not any(map(box.meets, self.texts)) and not any(map(box.covers, self.boxes))

    def blank(self, x: float, y: float, words: str, size: str, *, weight: int = 400, align: Align = "left") -> bool:
        """Whether it would be `free`, and cross no line of the data either."""
        box = self.text_box(x, y, words, size, weight, align)
        crossed = any(box.left < a < box.right and box.top - 0.5 < b < box.bottom + 0.5 for a, b in self._crossed)
        return not crossed and self.free(x, y, words, size, weight=weight, align=align)

    def clear(self, x: float, y: float, words: str, size: str, *, weight: int, up: bool) -> float:
        """The baseline nearest to `y`, `up` or down from there, at which a line centred on `x` covers no box."""
        box = self.text_box(x, y, words, size, weight, "center")
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
        if self.strays():
            yield "what stands on its axes does not fit into it: make them smaller"
        drawn = [box for box in self.texts if box.words.strip()]
        for at, box in enumerate(drawn):
            if not self.inside(box):
                yield f'"{box.words}" does not fit into the figure'
            for other in drawn[:at]:
                if box.meets(other):
                    yield f'"{other.words}" and "{box.words}" cover each other'

    def text_box(self, x: float, y: float, words: str, size: str, weight: int, align: Align) -> TextBox:
        """Where a line of text stands, whose baseline is at `y`."""
        width = self.text_width(words, size, weight)
        left = {"left": x, "center": x - width / 2, "right": x - width}[align]
        above, below = _reach(words)
        em = self.points(size) * MM_PER_PT
        return TextBox(words, left, y - self.cap(size) - above * em, left + width, y + below * em)

    def inside(self, box: TextBox) -> bool:
        """Whether a text would stand in the figure."""
        across = box.left >= -SLACK and box.right <= self.width + SLACK
        return across and box.top >= -SLACK and box.bottom <= self.height + SLACK

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

    def head(self, words: str, size: str = "small") -> float:
        """Words above all that is drawn, such as the unit; returns where the rest may begin, in mm."""
        if not words:
            return 0.0
        below = self.block(0, self.cap(size) + 0.6, words, self.width, size, colour="quiet")
        return below - self.cap(size) + 1.2


@lru_cache(maxsize=4096)
def _reach(words: str) -> tuple[float, float]:
    """How far words stand above the height of figures and below the baseline, in em."""
    apart = unicodedata.normalize("NFD", words)
    marks = {unicodedata.combining(mark) for mark in apart}
    over = any(mark.isupper() and unicodedata.combining(after) == 230 for mark, after in pairwise(apart))
    below = bool(_DESCENDING.intersection(apart) or _MARKS_BELOW & marks)
    return _ACCENT * over, _DESCENT * below
