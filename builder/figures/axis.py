"""What charts with axes share: scales, ticks, tones of series, the places of labels, and marks across the chart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from matplotlib.ticker import MaxNLocator

from builder.content.dataset import Dataset
from builder.figures.canvas import Align, Canvas
from builder.model.figure import AxisChart, Chart, Reference
from builder.model.labels import Unit
from builder.model.report import Report

# So far apart are labels that step aside for each other, in mm.
APART = 0.5
# A figure narrower than this, in mm, stands beside another.
NARROW = 100.0
# Tints of one colour, by the number of series: lightness tells them apart in greys too.
_LADDERS = ((100,), (100, 42), (100, 62, 28), (100, 72, 46, 22), (100, 78, 56, 36, 18), (100, 82, 64, 48, 32, 16))
# A tint lighter than this has an edge: on paper it would hardly be seen.
_LIGHT = 50


@dataclass(frozen=True, slots=True)
class Scale:
    """Values → mm along one side of the figure: `low` stands at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Decimal | float) -> float:
        return self.start + (float(value) - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


def ticks(scale: Scale, most: int) -> list[float]:
    """Round values on the scale, `most` of them or fewer."""
    found = MaxNLocator(nbins=max(1, most), steps=[1, 2, 2.5, 5, 10]).tick_values(scale.low, scale.high)
    slack = (scale.high - scale.low) * 1e-9
    return [float(value) for value in found if scale.low - slack <= value <= scale.high + slack]


def tick_words(values: Sequence[float], table: Dataset) -> list[str]:
    """The numbers at ticks, with as many decimals as they need."""
    exact = [Decimal(repr(round(value, 9))).normalize() for value in values]
    digits = max((max(0, -int(value.as_tuple().exponent)) for value in exact), default=0)
    plain = Dataset((), (), table.language, table.unit, table.unit_name, digits)
    return [plain.number(value) for value in exact]


def unit_line(unit: Unit | None, report: Report) -> str:
    """The unit of all numbers, said once; nothing for a sign that is joined to each (80%)."""
    if unit is None or unit.each:
        return ""
    return str(report.labels.words["in-unit"]).format(unit=unit.alone)


def head_line(figure: Chart, table: Dataset, report: Report) -> str:
    """What stands above a chart: the unit of its numbers, and from when on they are a forecast."""
    said = [unit_line(table.unit, report)]
    if isinstance(figure, AxisChart) and figure.forecast is not None:
        last = table.points[-1]
        years = last if str(figure.forecast) == last else f"{figure.forecast}–{last}"
        said.append(f"{report.labels.words['forecast']}: {years}")
    return " · ".join(filter(None, said))


def fills(table: Dataset, figure: Chart) -> list[tuple[str, str]]:
    """Colour and edge of each series: one highlighted and the others grey, or tints of the accent."""
    names = [one.name for one in table.series]
    if figure.highlight is not None and str(figure.highlight) in names:
        greys = iter(ladder(len(names) - 1))
        return [("accent", "") if name == str(figure.highlight) else tint("rest", next(greys)) for name in names]
    return [tint("accent", part) for part in ladder(len(names))]


def ladder(count: int) -> Sequence[int]:
    """Per cent of a colour for each of so many series, dark to light."""
    if count <= len(_LADDERS):
        return _LADDERS[max(0, count - 1)]
    return [round(100 - at * 86 / (count - 1)) for at in range(count)]


def tint(token: str, part: int) -> tuple[str, str]:
    """So many per cent of a colour, and the edge that a light tint needs."""
    if part == 100:
        return token, ""
    return f"{token}~{part}", token if part < _LIGHT else ""


def references(figure: AxisChart, report: Report) -> list[tuple[float, Reference]]:
    """The lines across a chart, with their values."""
    found = []
    for one in figure.references:
        value = one.at if one.at is not None else report.indicators[str(one.indicator)].value
        assert value is not None  # check has seen to it
        found.append((float(value), one))
    return found


def spread(wanted: Sequence[float], heights: Sequence[float], bottom: float, line: float) -> list[float]:
    """Where labels stand that step aside for each other, in the order of `wanted`: the middle of their first lines.

    All in mm: each label is so high, of lines `line` high, and the lowest ends above `bottom`.
    """
    tops = {index: middle - line / 2 for index, middle in enumerate(wanted)}
    rows = sorted(tops, key=lambda index: tops[index])
    for above, below in pairwise(rows):
        tops[below] = max(tops[below], tops[above] + heights[above] + APART)
    for row in reversed(rows):
        tops[row] = min(tops[row], bottom - heights[row])
        bottom = tops[row] - APART
    return [tops[index] + line / 2 for index in range(len(wanted))]


def tear(canvas: Canvas, x: float, y: float) -> None:
    """Two short strokes across the foot of the axis: what is below is left out."""
    for shift in (0.0, 1.6):
        canvas.path([(x - 1.5, y + shift + 0.8), (x + 1.5, y + shift - 0.8)], colour="ink", thick=0.75)


def inside(canvas: Canvas, x: float, words: str, size: str, weight: int = 400, *, left: float = 0.0) -> float:
    """The middle of a text that is as near to `x` as the figure allows, from `left` on."""
    half = canvas.text_width(words, size, weight) / 2
    return min(max(x, left + half), canvas.width - half)


def point_names(canvas: Canvas, names: Sequence[str], xs: Sequence[float], y: float, size: str = "text") -> None:
    """Words below an axis: the first and last in any case, those between them where they have room."""
    for at in dict.fromkeys((0, len(names) - 1, *range(1, len(names) - 1))):
        end = at in (0, len(names) - 1)
        x = inside(canvas, xs[at], names[at], size) if end else xs[at]
        if (at == 0) or canvas.free(x, y, names[at], size, align="center"):
            canvas.text(x, y, names[at], size, colour="quiet", align="center")


def reference_words(value: float, one: Reference, table: Dataset) -> str:
    """What stands beside a line across a chart: its name and its value, unless the name has numbers of its own."""
    if re.search(r"\d", str(one.label)):
        return str(one.label)
    at = one.at if one.at is not None else Decimal(repr(value))
    plain = replace(table, digits=max(0, -int(at.normalize().as_tuple().exponent)))
    return f"{one.label} {plain.number(at)}"


def marks(canvas: Canvas, figure: AxisChart, table: Dataset, report: Report, xs: dict[str, float], plot: Plot) -> None:
    """Lines at single values, and words at single places; drawn after the data."""
    levels = references(figure, report)
    for value, one in levels:
        _beside_line(canvas, reference_words(value, one, table), plot, plot.y(value))
    begun = _note_texts(canvas, figure, xs, plot)
    for value, _ in levels:
        canvas.guide((plot.left, plot.y(value)), (plot.right, plot.y(value)), colour="ink", thick=0.75, dashed=True)
    for x, top in begun:
        canvas.guide((x, top), (x, plot.bottom), colour="quiet", thick=0.5)


def _beside_line(canvas: Canvas, words: str, plot: Plot, y: float) -> None:
    """The words of a line across the chart, above or below it: where they cross nothing, or at least no other words."""
    size = "small"
    middles = [plot.left + (plot.right - plot.left) * eighth / 8 for eighth in (4, 6, 2, 7, 5, 3, 1)]
    across: list[tuple[float, Align]] = [(plot.right - 1, "right"), (plot.left + 1, "left")]
    across += [(x, "center") for x in middles]
    tries = [(x, y + down, align) for down in (-1.4, 1.4 + canvas.cap(size)) for x, align in across]
    for room in (canvas.blank, canvas.free):
        for x, base, align in tries:
            if room(x, base, words, size, weight=600, align=align):
                canvas.text(x, base, words, size, weight=600, align=align, ground=room == canvas.blank)
                return
    canvas.text(*tries[0][:2], words, size, weight=600, align=tries[0][2])


def note_room(canvas: Canvas, figure: AxisChart) -> float:
    """The height that the words of annotations take above a chart, in mm."""
    lines = (canvas.wrapped(str(one.text), _note_measure(canvas), "small") for one in figure.annotations)
    return sum(map(len, lines)) * canvas.leading("small")


def _note_measure(canvas: Canvas) -> float:
    return canvas.width * 0.45


def _note_texts(canvas: Canvas, figure: AxisChart, xs: dict[str, float], plot: Plot) -> list[tuple[float, float]]:
    """Each on lines of its own above the chart, beside the line that leads down from it; where those lines begin."""
    y, begun = plot.notes + canvas.cap("small"), list[tuple[float, float]]()
    for note in sorted(figure.annotations, key=lambda one: xs[str(one.at)]):
        x = xs[str(note.at)]
        right = x > canvas.width / 2
        begun.append((x, y - canvas.cap("small")))
        y = canvas.block(
            x + (-1.5 if right else 1.5),
            y,
            str(note.text),
            _note_measure(canvas),
            "small",
            align="right" if right else "left",
        )
    return begun


@dataclass(frozen=True, slots=True)
class Plot:
    """The field in which data are drawn, in mm; words of annotations stand from `notes` to `top`."""

    left: float
    right: float
    top: float
    bottom: float
    y: Scale
    notes: float


def grid(canvas: Canvas, table: Dataset, scale: Scale, left: float, right: float, *, words: bool = True) -> None:
    """Light lines across, and their values at the left."""
    found = ticks(scale, max(2, int(abs(scale.end - scale.start) / 8)))
    for value, said in zip(found, tick_words(found, table), strict=True):
        y = scale(value)
        if value == 0:
            canvas.line(left, y, right, y, thick=0.75)
        else:
            canvas.line(left, y, right, y, colour="rule", thick=0.5, behind=True)
        if words and canvas.free(left - 2, y + canvas.cap("small") / 2, said, "small", align="right"):
            canvas.text(left - 2, y + canvas.cap("small") / 2, said, "small", colour="quiet", align="right")


def tick_room(canvas: Canvas, table: Dataset, scale: Scale) -> float:
    """The width that the values of a grid take, in mm."""
    words = tick_words(ticks(scale, 6), table)
    return max((canvas.text_width(one, "small") for one in words), default=0.0) + 2


def key_line(canvas: Canvas, names: Sequence[str], colours: Sequence[tuple[str, str]], y: float) -> float:
    """The names of series behind a patch of their colour, one after the other; returns where the rest may begin."""
    size, patch, x = "small", 2.4, 0.0
    baseline = y + canvas.cap(size) + 0.4
    for name, (colour, edge) in zip(names, colours, strict=True):
        lines = canvas.wrapped(name, canvas.width - patch - 1.5, size)
        wide = patch + 1.2 + max(canvas.text_width(line, size) for line in lines)
        if x and (x + wide > canvas.width or len(lines) > 1):
            x, baseline = 0.0, baseline + canvas.leading(size)
        canvas.box(x, baseline - canvas.cap(size) / 2 - patch / 2, patch, patch, colour=colour, edge=edge)
        canvas.block(x + patch + 1.2, baseline, name, canvas.width - patch - 1.2, size)
        baseline += (len(lines) - 1) * canvas.leading(size)
        x += wide + 4
    return baseline + 2.5


def key_room(canvas: Canvas, names: Sequence[str]) -> float:
    """The height that `key_line` takes, in mm: at most a line for each name."""
    lines = sum(len(canvas.wrapped(name, canvas.width - 4, "small")) for name in names)
    return lines * canvas.leading("small") + 3
