"""Charts of several numbers on one axis: bars and lines. Bars start at zero; labels stand on the data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from builder.content import numbers
from builder.figures.canvas import Align, Canvas
from builder.figures.charts import Data
from builder.model.indicator import Indicator

# Lines are told apart by tone and weight, never by hue alone: they must read in greyscale.
_TONES = (("accent", 2.5), ("ink", 1.75), ("quiet", 1.75), ("brand", 1.0), ("rest", 2.5))

# A figure narrower than this, in mm, stands beside another.
_NARROW = 100.0
# So far apart are labels that step aside for each other, in mm.
_APART = 0.5


def bars(canvas: Canvas, data: Data) -> None:
    """Indicators below each other (structure), or the years of one side by side (time)."""
    if len(data.indicators) == 1:
        _columns(canvas, data)
        return
    names, printed = [data.name(i) for i in data.indicators], [data.qualified(i) for i in data.indicators]
    widest = max(canvas.text_width(word, "text") for name in names for word in name.split())
    most = max(min(60.0, canvas.width * 0.4), widest + 4)
    left = min(most, 4 + max(canvas.text_width(name, "text") for name in names))
    lines = max(len(canvas.wrapped(name, left - 3, "text")) for name in names)
    canvas.grow(len(names) * (lines * canvas.leading("text") + 1))
    room = canvas.height / len(names)
    high = min(10.0, room * 0.68)
    values = [float(i.value or 0) for i in data.indicators]
    low, top = min(0.0, *values), max(0.0, *values)
    size = canvas.fit(printed, ("large", "text", "small"), (canvas.width - left) / 3, 700)
    label = 4 + max(canvas.text_width(number, size, 700) for number in printed)
    space = canvas.width - left - label - (label if low < 0 else 0)
    canvas.needs(space, "its bars", "width")
    scale = space / ((top - low) or 1)
    zero = left - low * scale + (label if low < 0 else 0)
    for row, (name, number, value) in enumerate(zip(names, printed, values, strict=True)):
        y = row * room + (room - high) / 2
        middle = y + high / 2
        first = middle + canvas.cap("text") / 2
        first -= (len(canvas.wrapped(name, left - 3, "text")) - 1) * canvas.leading("text") / 2
        canvas.block(0, first, name, left - 3, "text")
        canvas.box(min(zero, zero + value * scale), y, abs(value) * scale, high, colour="accent")
        at = zero + value * scale + (2 if value >= 0 else -2)
        align: Align = "left" if value >= 0 else "right"
        canvas.text(at, middle + canvas.cap(size) / 2, number, size, weight=700, align=align)
    canvas.line(zero, 0, zero, canvas.height, thick=0.75)


def _value(data: Data, one: Indicator, year: int) -> str:
    return numbers.decimal(numbers.shown(one, one.series[year]), data.report.front.language)


def _columns(canvas: Canvas, data: Data) -> None:
    """Numbers and years that have no room are left out: those at the ends stand there in any case."""
    one = data.one
    years = sorted(one.series)
    values = [float(one.series[y]) for y in years]
    low, top = min(0.0, *values), max(0.0, *values)
    room = canvas.height - 20 - (6 if low < 0 else 0)
    canvas.needs(room, "its bars", "height")
    scale = room / ((top - low) or 1)
    zero = 8 + top * scale
    step = canvas.width / len(years)
    wide = min(step * 0.7, 24.0)
    sizes = ("large", "text", "small") if step > 14 else ("small",)
    size = canvas.fit([_value(data, one, year) for year in years], sizes, step - 1, 700)
    small = "text" if step > 12 else "small"
    for column, value in enumerate(values):
        x, last = column * step + step / 2, column == len(years) - 1
        canvas.box(
            x - wide / 2,
            zero - max(value, 0) * scale,
            wide,
            abs(value) * scale,
            colour="accent" if last else "rest",
            hollow=not last,
        )
    for column in (len(years) - 1, *range(len(years) - 1)):
        year, value = years[column], values[column]
        x = column * step + step / 2
        last, end = column == len(years) - 1, column in (0, len(years) - 1)
        words, weight = _value(data, one, year), 700 if last else 400
        at = _inside(canvas, x, words, size, weight) if end else x
        foot = _inside(canvas, x, str(year), small) if end else x
        above = zero - max(value, 0) * scale - 2 if value >= 0 else zero - value * scale + 5
        if end:
            above = canvas.clear(at, above, words, size, weight=weight, up=value >= 0)
        if end or canvas.free(at, above, words, size, weight=weight, align="center"):
            canvas.text(at, above, words, size, align="center", weight=weight)
        if end or canvas.free(foot, canvas.height - 2, str(year), small, align="center"):
            canvas.text(foot, canvas.height - 2, str(year), small, colour="quiet", align="center")
    canvas.line(0, zero, canvas.width, zero, thick=0.75)


def _inside(canvas: Canvas, x: float, words: str, size: str, weight: int = 400) -> float:
    """The middle of a text that is as near to `x` as the figure allows."""
    half = canvas.text_width(words, size, weight) / 2
    return min(max(x, half), canvas.width - half)


def lines(canvas: Canvas, data: Data) -> None:
    """Series over the years, each named at its end. Years that have no room are left out."""
    years = sorted({year for one in data.indicators for year in one.series})
    values = [float(v) for one in data.indicators for v in one.series.values()]
    low, high = min(values), max(values)
    torn = not data.from_zero and low > 0
    if not torn:
        low, high = min(0.0, low), max(0.0, high)
    starts = [_value(data, one, min(one.series)) for one in data.indicators]
    ends = [_ended(data, one, years[-1]) for one in data.indicators]
    widest = max(canvas.text_width(word, "text", 600) for words in ends for word in words.split())
    most = 58.0 if canvas.width > _NARROW else canvas.width * 0.34
    right = max(min(most, 16 + max(canvas.text_width(data.name(i), "text", 600) for i in data.indicators)), widest + 5)
    left = max(14.0, 3 + max(canvas.text_width(words, "text") for words in starts))
    blocks = [canvas.wrapped(words, right - 4, "text", 600) for words in ends]
    canvas.grow(12 + sum(len(block) * canvas.leading("text") + _APART for block in blocks))
    said = data.words()["axis-torn"]
    foot = canvas.leading("text") * len(canvas.wrapped(said, canvas.width, "text")) + 1 if torn else 0.0
    canvas.grow(40 + foot)
    top, bottom = 6.0, canvas.height - 10 - foot
    step = (canvas.width - left - right) / max(1, years[-1] - years[0])

    def point(year: int, value: float) -> tuple[float, float]:
        return left + (year - years[0]) * step, bottom - 4 - (value - low) / ((high - low) or 1) * (bottom - top - 4)

    for year in (years[0], years[-1], *years[1:-1]):
        x, _ = point(year, low)
        canvas.line(x, top, x, bottom, colour="rule", thick=0.5)
        if canvas.free(x, bottom + 6, str(year), align="center"):
            canvas.text(x, bottom + 6, str(year), "text", colour="quiet", align="center")
    if torn:  # a baseline with a tear, and why
        _tear(canvas, left, bottom - 1.6)
        canvas.block(0, canvas.height - foot + canvas.leading("text") - 1, said, canvas.width, "text")
    else:
        _, zero = point(years[0], 0.0)
        canvas.line(left, zero, canvas.width - right, zero, thick=0.75)
    tones = [tone if tone != "rest" else "quiet" for tone, _ in _TONES]
    firsts, lasts = [], []
    for one, (tone, thick) in zip(data.indicators, _TONES, strict=False):
        points = [point(year, float(value)) for year, value in sorted(one.series.items())]
        canvas.path(points, colour=tone, thick=thick)
        canvas.dot(*points[-1], 1.4, colour=tone)
        firsts.append(points[0])
        lasts.append(points[-1][1])
    line = canvas.leading("text")
    begin = [index for index, (x, _) in enumerate(firsts) if x <= left]
    beside = dict(zip(begin, _spread([firsts[i][1] for i in begin], [line] * len(begin), bottom, line), strict=True))
    for index, middle in beside.items():  # what begins later begins among the lines, where no number can be read
        canvas.text(left - 2, middle + canvas.cap("text") / 2, starts[index], align="right", colour=tones[index])
    for index, middle in enumerate(_spread(lasts, [len(block) * line for block in blocks], bottom + 1, line)):
        baseline = middle + canvas.cap("text") / 2
        canvas.block(
            canvas.width - right + 4, baseline, ends[index], right - 4, "text", weight=600, colour=tones[index]
        )


def _tear(canvas: Canvas, x: float, y: float) -> None:
    """Two short strokes across the foot of the axis: what is below is left out."""
    for shift in (0.0, 1.6):
        canvas.path([(x - 1.5, y + shift + 0.8), (x + 1.5, y + shift - 0.8)], colour="ink", thick=0.75)


def _ended(data: Data, one: Indicator, last: int) -> str:
    """The last value of a series, with its year where others go on, and its name."""
    end = max(one.series)
    year = f" ({end})" if end < last else ""
    return f"{_value(data, one, end)}{numbers.NO_BREAK}{year} {data.name(one)}"


def _spread(wanted: Sequence[float], heights: Sequence[float], bottom: float, line: float) -> list[float]:
    """Where labels stand that step aside for each other, in the order of `wanted`: the middle of their first lines.

    All in mm: each label is so high, of lines `line` high, and the lowest ends above `bottom`.
    """
    tops = {index: middle - line / 2 for index, middle in enumerate(wanted)}
    rows = sorted(tops, key=lambda index: tops[index])
    for above, below in pairwise(rows):
        tops[below] = max(tops[below], tops[above] + heights[above] + _APART)
    for row in reversed(rows):
        tops[row] = min(tops[row], bottom - heights[row])
        bottom = tops[row] - _APART
    return [tops[index] + line / 2 for index in range(len(wanted))]
