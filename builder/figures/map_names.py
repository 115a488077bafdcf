"""The names on a map: in their places or below their dots, or beside the map at the end of a line that leads to them.

A reader who does not find a name there is told where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely
from shapely import Geometry

from builder.figures.axis import APART, spread
from builder.figures.canvas import CLEAR, Canvas
from builder.figures.surface import TextBox

_SIZE = "small"
# So many names may stand beside a map, and so much of its width they may take.
_MOST, _WIDEST = 40, 0.56
# A name beside the map is broken where it is wider than so much of the figure.
_COLUMN = 0.2
# The line to a name ends so far from it, and the map stands so far from the lines' bends, in mm.
_GAP, _BEND = 1.2, 4.0


@dataclass(frozen=True, slots=True)
class Named:
    """A place's words, its shape and the point that stands for it, in the map's units."""

    words: str
    x: float
    y: float
    shape: Geometry
    tone: str
    radius: float = 0.0  # of its dot, in mm


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a map stands on the canvas, from `left` to `right` and from `top` down: its units → mm."""

    west: float
    north: float
    scale: float
    left: float
    top: float
    right: float

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self.left + (x - self.west) * self.scale, self.top + (self.north - y) * self.scale

    def back(self, x: float, y: float) -> tuple[float, float]:
        """From mm to the map's units."""
        return self.west + (x - self.left) / self.scale, self.north - (y - self.top) / self.scale


@dataclass(frozen=True, slots=True)
class Column:
    """Names one below the other at one side of the map, as wide as the widest, in mm."""

    places: tuple[Named, ...]
    blocks: tuple[list[str], ...]
    width: float

    def high(self, canvas: Canvas) -> float:
        return sum(len(block) * canvas.leading(_SIZE) + APART for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Names:
    """How the names of a map stand: the map's frame, those in it, those at its sides, and whether some have no room."""

    frame: Frame
    inner: tuple[Named, ...]
    sides: tuple[Column, Column]
    lacking: bool


def arranged(
    canvas: Canvas, places: Sequence[Named], frame_of: Callable[[float, float], Frame], room: tuple[float, float]
) -> Names:
    """Where each name stands: `frame_of` sets the map between columns of so many mm, in the `room` from top to foot.

    Names come in the order of their weight: where two meet, the later one gives way.
    """
    beside: list[Named] = []
    middle = (min(one.x for one in places) + max(one.x for one in places)) / 2 if places else 0.0
    while True:
        left, right = (_column(canvas, [p for p in beside if (p.x < middle) == west]) for west in (True, False))
        frame = frame_of(left.width, right.width)
        lines = [*_leaders(canvas, left, frame, room, west=True), *_leaders(canvas, right, frame, room, west=False)]
        boxes: list[TextBox] = []
        more = []
        for one in places:
            if one in beside:
                continue
            box = _box(canvas, one, frame)
            if _fits(canvas, one, frame, box) and not _met(box, boxes, lines, places, frame, one):
                boxes.append(box)
            else:
                more.append(one)
        wide = left.width + right.width > canvas.width * _WIDEST
        high = max(left.high(canvas), right.high(canvas)) > room[1] - room[0]
        if len(beside) + len(more) > _MOST or wide or high:  # too many: those that have room in the map
            return _within(canvas, places, frame_of(0, 0))
        if not more:
            return Names(frame, tuple(one for one in places if one not in beside), (left, right), lacking=False)
        beside = [one for one in places if one in beside or one in more]


def _within(canvas: Canvas, places: Sequence[Named], frame: Frame) -> Names:
    boxes: list[TextBox] = []
    inner = []
    for one in places:
        box = _box(canvas, one, frame)
        if _fits(canvas, one, frame, box) and not _met(box, boxes, [], places, frame, one):
            boxes.append(box)
            inner.append(one)
    none = Column((), (), 0.0)
    return Names(frame, tuple(inner), (none, none), lacking=len(inner) < len(places))


def draw_names(canvas: Canvas, names: Names, room: tuple[float, float]) -> None:
    """All of them, and the lines to those beside the map."""
    for side, west in zip(names.sides, (True, False), strict=True):
        for (x0, y0), (x1, y1), (x2, y2) in _leaders(canvas, side, names.frame, room, west=west):
            canvas.line(x0, y0, x1, y1, colour="paper", thick=1.75)  # on dark areas too it is seen
            canvas.line(x0, y0, x1, y1, colour="ink", thick=0.5)
            canvas.line(x1, y1, x2, y2, colour="ink", thick=0.5)
            canvas.dot(x0, y0, 0.5, colour="ink", hollow=True)
        for block, middle in zip(side.blocks, _middles(canvas, side, names.frame, room), strict=True):
            x = names.frame.left - _BEND - _GAP if west else names.frame.right + _BEND + _GAP
            y = middle + canvas.cap(_SIZE) / 2
            for words in block:
                canvas.text(x, y, words, _SIZE, align="right" if west else "left")
                y += canvas.leading(_SIZE)
    for one in names.inner:
        x, y = names.frame(one.x, one.y)
        below = _baseline(canvas, one, y)
        colour = "ink" if one.radius else canvas.over(one.tone)
        canvas.text(x, below, one.words, _SIZE, align="center", colour=colour, ground=bool(one.radius))


def _column(canvas: Canvas, places: Sequence[Named]) -> Column:
    """The names at one side, from north to south."""
    ordered = tuple(sorted(places, key=lambda one: -one.y))
    blocks = tuple(canvas.wrapped(one.words, canvas.width * _COLUMN, _SIZE) for one in ordered)
    widest = max((canvas.text_width(line, _SIZE) for block in blocks for line in block), default=0.0)
    return Column(ordered, blocks, widest + _GAP + _BEND if ordered else 0.0)


def _middles(canvas: Canvas, side: Column, frame: Frame, room: tuple[float, float]) -> list[float]:
    """Where the first line of each name at a side has its middle: near its place, and off the other names."""
    line = canvas.leading(_SIZE)
    heights = [len(block) * line for block in side.blocks]
    wanted = [max(frame(one.x, one.y)[1], room[0] + line / 2) for one in side.places]
    return spread(wanted, heights, room[1], line)


def _leaders(
    canvas: Canvas, side: Column, frame: Frame, room: tuple[float, float], *, west: bool
) -> list[tuple[tuple[float, float], tuple[float, float], tuple[float, float]]]:
    """The lines to the names at a side: from the place straight to the bend, and level to the name."""
    found = []
    for one, middle in zip(side.places, _middles(canvas, side, frame, room), strict=True):
        edge, out = (frame.left, -1) if west else (frame.right, 1)
        bend, end = edge + out * _BEND / 2, edge + out * (_BEND + _GAP / 3)
        found.append((frame(one.x, one.y), (bend, middle), (end, middle)))
    return found


def _baseline(canvas: Canvas, one: Named, y: float) -> float:
    return y + one.radius + 0.8 + canvas.cap(_SIZE) if one.radius else y + canvas.cap(_SIZE) / 2


def _box(canvas: Canvas, one: Named, frame: Frame) -> TextBox:
    x, y = frame(one.x, one.y)
    return canvas.text_box(x, _baseline(canvas, one, y), one.words, _SIZE, 400, "center")


def _fits(canvas: Canvas, one: Named, frame: Frame, box: TextBox) -> bool:
    """Whether a name stands in its place on the map; those below dots may stand anywhere in the figure."""
    if one.radius or not canvas.inside(box):
        return canvas.inside(box)
    (west, north), (east, south) = frame.back(box.left, box.top), frame.back(box.right, box.bottom)
    return bool(one.shape.contains(shapely.box(west, south, east, north)))


def _met(
    box: TextBox,
    boxes: Sequence[TextBox],
    lines: Sequence[tuple[tuple[float, float], tuple[float, float], tuple[float, float]]],
    places: Sequence[Named],
    frame: Frame,
    own: Named,
) -> bool:
    """Whether a name would cover another, a dot of another place, or a line to a name."""
    if any(map(box.meets, boxes)):
        return True
    for other in places:
        if other.radius and other is not own:
            x, y = frame(other.x, other.y)
            near = box.left - other.radius < x < box.right + other.radius
            if near and box.top - other.radius < y < box.bottom + other.radius:
                return True
    return any(_crosses(box, begin, end) for begin, end, _ in lines)


def _crosses(box: TextBox, begin: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether a straight line runs through a box (Liang and Barsky's clipping)."""
    (x0, y0), (x1, y1) = begin, end
    enter, leave = 0.0, 1.0
    for at, step, low, high in (
        (x0, x1 - x0, box.left - CLEAR, box.right + CLEAR),
        (y0, y1 - y0, box.top - CLEAR, box.bottom + CLEAR),
    ):
        if step == 0:
            if not low < at < high:
                return False
            continue
        one, other = sorted(((low - at) / step, (high - at) / step))
        enter, leave = max(enter, one), min(leave, other)
    return enter < leave
