"""Icons of pictograms: SVG outlines, filled in one colour."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib import SVGPath
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from builder.figures.canvas import Canvas

_CODES = {"moveTo": Outline.MOVETO, "lineTo": Outline.LINETO, "curveTo": Outline.CURVE4, "qCurveTo": Outline.CURVE3}


@dataclass(frozen=True, slots=True)
class Icon:
    """An outline of the height 1, whose left upper corner is (0, 0)."""

    outline: Outline

    @classmethod
    def read(cls, file: Path) -> Icon:
        """The shapes of an SVG file. Raises ValueError where it has none that can be filled."""
        pen = RecordingPen()
        try:
            SVGPath(str(file)).draw(pen)
        except Exception as error:  # whatever a stranger's file makes of the parser
            raise ValueError(str(error)) from error
        points: list[Any] = []
        codes: list[Any] = []
        for name, arguments in pen.value:
            if name in ("closePath", "endPath"):
                if points:
                    points.append(points[-1])
                    codes.append(Outline.CLOSEPOLY)
                continue
            if name == "qCurveTo" and len(arguments) != 2:
                raise ValueError("it has curves that are not read here")
            points += arguments
            codes += [_CODES[name]] * len(arguments)
        if not points:
            raise ValueError("it has no shapes")
        found = Outline(points, codes)
        box = found.get_extents()
        if not box.height or not box.width:
            raise ValueError("its shapes have no size")
        side = max(box.width, box.height)
        shift = Affine2D().translate(-box.x0 + (side - box.width) / 2, -box.y0 + (side - box.height) / 2)
        return cls(found.transformed(shift.scale(1 / side)))

    def draw(self, canvas: Canvas, x: float, y: float, side: float, colour: str, part: float = 1.0) -> None:
        """In a square of `side` mm; of it only the left `part`, the rest pale."""
        placed = self.outline.transformed(Affine2D().scale(side).translate(x, y))
        if part < 1:
            canvas.outline(placed, colour=f"{colour}~25")
            canvas.outline(placed, colour=colour, right_to=x + side * part)
        else:
            canvas.outline(placed, colour=colour)
