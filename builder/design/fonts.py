"""What the bundled fonts can do: which characters they have, and how wide a line of them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import uharfbuzz as hb
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTLibError
from fontTools.ttLib.sfnt import SFNTReader

from builder.model.diagnostics import Diagnostic, Span

_NO_FIGURES = dict.fromkeys(map(ord, "0123456789"))
# Set by nobody: line ends, tabs and the soft hyphen have no glyph and need none.
INVISIBLE = frozenset("\n\r\t\u00ad\u200b\u200d\ufe0f")


@dataclass(frozen=True)
class Face:
    """One TTF file: a family in one weight and style, and its measures in font units."""

    family: str
    file: Path
    weight: int
    italic: bool

    characters: Mapping[int, int]  # code points that it has, and their advance widths
    units_per_em: int
    cap_height: float  # of capitals and lining figures, in em
    figure: float  # the advance of each tabular lining figure, in em

    def width(self, text: str, size: float) -> float:
        """Advance width of one line, in the unit of `size`, without kerning; 0.6 em for what the face lacks."""
        units = 0.0
        for char in text:
            units += self.characters.get(ord(char), 0.6 * self.units_per_em)
        return units / self.units_per_em * size

    def tabular_width(self, text: str, size: float) -> float:
        """The same with tabular figures, as tables have them."""
        others = text.translate(_NO_FIGURES)
        return self.width(others, size) + (len(text) - len(others)) * self.figure * size

    def lines(self, text: str, size: float, measure: float) -> int:
        """How many lines `text` takes at `size` in a column of width `measure`, broken at spaces.

        A hundredth is kept back: kerning and rounding must not make one line more than foreseen.
        """
        measure *= 0.99
        count = 0
        for paragraph in text.split("\n"):
            count += 1
            used = 0.0
            for word in filter(None, paragraph.split(" ")):
                wide = self.width(word + " ", size)
                if used and used + wide > measure:
                    count, used = count + 1, 0.0
                used += wide
        return count

    def balanced(self, text: str, size: float, measure: float) -> float:
        """The narrowest column that needs no more lines than `measure` does: a headline with even lines."""
        lines = self.lines(text, size, measure)
        low, high = (
            max((self.width(w, size) for w in text.replace("\n", " ").split(" ")), default=0.0),
            measure,
        )
        if low >= high:
            return measure
        while high - low > size / 8:
            middle = (low + high) / 2
            low, high = (low, middle) if self.lines(text, size, middle) <= lines else (middle, high)
        return high + size / 4


@lru_cache(maxsize=64)
def face(family: str, file: Path, weight: int, italic: bool) -> Face:
    """A face and its measures, read once."""
    font = _font(file)
    advances = {char: font.get_glyph_h_advance(font.get_nominal_glyph(char) or 0) for char in font.face.unicodes}
    em = font.face.upem
    cap_height = font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT) or 0
    shaped = hb.Buffer()
    shaped.add_str("0")
    shaped.guess_segment_properties()
    hb.shape(font, shaped, {"tnum": True, "lnum": True})
    figure = sum(one.x_advance for one in shaped.glyph_positions or ())
    return Face(family, file, weight, italic, MappingProxyType(advances), em, cap_height / em, figure / em)


def readable(path: Path, span: Span | None) -> Diagnostic | None:
    """What is wrong with a font file, if anything is."""
    try:
        with path.open("rb") as file:
            tables = SFNTReader(file)
            for tag, entry in tables.tables.items():
                if len(tables[tag]) != entry.length:
                    raise TTLibError(f"the file breaks off in its table {tag}")
        if not _font(path).face.unicodes:
            raise TTLibError("it has no characters")
    except (TTLibError, OSError, KeyError, AssertionError) as error:
        return Diagnostic(
            "bad-font",
            f"{path.name} is not a font that can be used: {error}",
            "put the original TTF file back",
            span,
        )
    return None


def outline(face: Face, text: str, size: float) -> str:
    """The outlines of a line of text as PDF path operators, from 0, 0 on its baseline; for words outside the page."""
    font = _font(face.file)
    scale, at, out = size / face.units_per_em, 0.0, []
    for char in text:
        glyph = font.get_nominal_glyph(ord(char)) or 0
        pen = _Outline(scale, at)
        font.draw_glyph_with_pen(glyph, pen)
        out += pen.operators
        at += font.get_glyph_h_advance(glyph) * scale
    return " ".join(out)


def _font(file: Path) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))


class _Outline(BasePen):  # type: ignore[misc]
    """Writes a glyph as PDF path operators; quadratic curves come as cubic ones."""

    def __init__(self, scale: float, left: float) -> None:
        super().__init__(None)
        self._scale, self._left = scale, left
        self.operators: list[str] = []

    def _put(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = [f"{x * self._scale + self._left:.3f} {y * self._scale:.3f}" for x, y in points]
        self.operators += [*numbers, operator]

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - fontTools' names
        self._put("m", point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._put("l", point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._put("c", *points)

    def _closePath(self) -> None:  # noqa: N802
        self.operators.append("h")
