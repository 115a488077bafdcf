"""What a page paints: the marks that the scan of a PDF finds, with their places in pt from the MediaBox's origin."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Literal, TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Kind: TypeAlias = Literal["text", "fill", "stroke", "picture", "shading"]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def times(first: Matrix, then: Matrix) -> Matrix:
    """`first`, then `then` (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pt, from its lower left to its upper right corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def has(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def inset(self, by: float) -> Box:
        return Box(self.left + by, self.bottom + by, self.right - by, self.top - by)

    def meet(self, other: Box) -> Box | None:
        """What both cover, if anything."""
        box = Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )
        return box if box.width >= 0 and box.height >= 0 else None

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        return (
            other.left >= self.left - slack
            and other.bottom >= self.bottom - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def through(self, matrix: Matrix) -> Box:
        """The upright rectangle round this one after `matrix`."""
        a, b, c, d, e, f = matrix
        corners = [(x, y) for x in (self.left, self.right) for y in (self.bottom, self.top)]
        xs = [a * x + c * y + e for x, y in corners]
        ys = [b * x + d * y + f for x, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour as the file gives it: the family of its space (ISO 32000-1, 8.6), the colorants it names, its values."""

    space: str
    values: tuple[float, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def inks(self) -> tuple[float, float, float, float] | None:
        """As C, M, Y and K from 0 to 1, where the space says so itself."""
        if self.space == "DeviceCMYK" and len(self.values) == 4:
            return self.values[0], self.values[1], self.values[2], self.values[3]
        if self.space == "DeviceGray" and len(self.values) == 1:
            return 0.0, 0.0, 0.0, 1 - self.values[0]
        if self.names and set(self.names) <= {*PLATES, "None"} and len(self.names) == len(self.values):
            parts = dict(zip(self.names, self.values, strict=True))
            cyan, magenta, yellow, black = (parts.get(plate, 0.0) for plate in PLATES)
            return cyan, magenta, yellow, black
        return None

    def leaves(self, overprint: bool, mode: int) -> bool:
        """Whether inks of which it has none stay as they are under it (ISO 32000-1, 8.6.7 and 11.7.4.3)."""
        if self.space in ("Separation", "DeviceN"):
            return overprint
        return overprint and mode == 1 and self.space == "DeviceCMYK"

    @property
    def white(self) -> bool:
        inks = self.inks
        return (inks is not None and sum(inks) < 0.005) or (
            self.space == "DeviceRGB" and min(self.values, default=0) > 0.995
        )


PLATES = ("Cyan", "Magenta", "Yellow", "Black")
BLACK = Paint("DeviceGray", (0.0,))


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: its pixels, its colour space, and the object in the file (0, 0 for one in a content stream).

    `file` is the picture that it was made of, where this tool made it.
    """

    width: int
    height: int
    bits: int
    space: str
    stencil: bool
    soft_mask: bool
    object: tuple[int, int]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Painted:
    """One mark. `size` is the type size or the thickness of a line in pt, 0 where neither is meant.

    `overprint` says that it leaves other inks under it; `mask` that it is no paint but part of a soft mask.
    """

    kind: Kind
    box: Box
    paint: Paint
    overprint: bool = False
    mask: bool = False
    opacity: float = 1.0
    size: float = 0.0
    words: str = ""
    picture: Picture | None = None
    matrix: Matrix = IDENTITY

    @property
    def resolution(self) -> float:
        """Of a picture, in dpi at its placed size: the lower of both directions."""
        assert self.picture is not None
        a, b, c, d, *_ = self.matrix
        wide, high = hypot(a, b), hypot(c, d)
        return 72 * min(self.picture.width / max(wide, 1e-6), self.picture.height / max(high, 1e-6))
