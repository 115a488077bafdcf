"""Charts of one number: slope, share, index, units, timeline; and measures side by side. One function a kind.

Each draws on a canvas and returns nothing; sizes are mm. The actual value is solid, the previous lighter (IBCS).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from builder.content import numbers
from builder.figures.canvas import Align, Canvas
from builder.model.drawing import TableCell
from builder.model.indicator import Indicator
from builder.model.report import Report


@dataclass(frozen=True, slots=True)
class Data:
    """The indicators of a figure, in its order, with what is needed to print them."""

    indicators: tuple[Indicator, ...]
    report: Report

    @property
    def one(self) -> Indicator:
        return self.indicators[0]

    def form(self, indicator: Indicator, form: str = "") -> str:
        found = numbers.in_form(indicator, form, self.report.labels, self.report.front.language)
        assert found is not None  # check has seen to it
        return found

    def spoken(self, indicator: Indicator, form: str = "") -> str:
        return numbers.spoken(indicator, form, self.report.labels, self.report.front.language)

    def cell(self, indicator: Indicator, form: str = "") -> TableCell:
        """The number, with its qualifier, as a figure's table has it."""
        before = f"{indicator.qualifier} " if indicator.qualifier and not form else ""
        printed, spoken = before + self.form(indicator, form), before + self.spoken(indicator, form)
        return TableCell(printed, spoken if spoken != printed.replace(numbers.NO_BREAK, " ") else "")

    def name(self, indicator: Indicator) -> str:
        return str(indicator.short or indicator.label)

    def words(self) -> Mapping[str, str]:
        return self.report.labels.words

    def qualified(self, indicator: Indicator) -> str:
        before = f"{indicator.qualifier} " if indicator.qualifier else ""
        return before + self.form(indicator)


# A slope's numbers at its ends and its change: sizes to try, and whether the change may break into lines.
_SLOPE_SIZES = (
    ("title", "large", False),
    ("large", "text", False),
    ("title", "large", True),
    ("large", "text", True),
    ("text", "text", True),
    ("small", "small", True),
)
# Nearer than this, in mm, its ends would show no slope.
_SLOPE_ROOM = 30.0


def slope(canvas: Canvas, data: Data) -> None:
    one = data.one
    assert one.base is not None
    assert one.end is not None
    base, last, change = data.form(one, "base"), data.form(one, "end"), data.form(one)
    left = right = beyond = 0.0
    size, change_size, lines = "title", "large", [change]
    for size, change_size, broken in _SLOPE_SIZES:
        lines = change.split() if broken else [change]
        left = max(24.0, canvas.text_width(base, size, 300) + 5)
        beyond = max(26.0, canvas.text_width(last, size, 700) + 8)
        room = max(canvas.text_width(line, change_size, 600) for line in lines)
        right = min(104.0, canvas.width - beyond - 4 - room)
        if right - left >= _SLOPE_ROOM:
            break
    top, bottom = 12.0, canvas.height - 10
    low, high = sorted((float(one.base.value), float(one.end.value)))
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return bottom - 6 - (value - low) / span * (bottom - top - 12)

    start, end = y(float(one.base.value)), y(float(one.end.value))
    for x, year in ((left, one.base.year), (right, one.end.year)):
        canvas.line(x, top - 6, x, bottom, colour="rule", thick=0.5)
        canvas.text(x, bottom + 6, str(year), "text", colour="quiet", align="center")
    x = right + beyond
    if start != end:
        canvas.line(left, start, x, start, colour="quiet", thick=0.5, dashed=True)
    canvas.path([(left, start), (right, end)], colour="accent", thick=3)
    canvas.dot(left, start, 1.7, colour="accent", hollow=True)
    canvas.dot(right, end, 2.0, colour="accent")
    canvas.text(left - 4, start + canvas.cap(size) / 2, base, size, weight=300, align="right")
    canvas.text(right + 4, end + canvas.cap(size) / 2, last, size, weight=700, colour="accent")
    if start != end:
        canvas.line(x, start, x, end, thick=0.75)
        for y_tip in (start, end):
            canvas.line(x - 1.5, y_tip, x + 1.5, y_tip, thick=0.75)
    first = (start + end) / 2 + canvas.cap(change_size) / 2 - (len(lines) - 1) * canvas.leading(change_size) / 2
    for number, line in enumerate(lines):
        canvas.text(x + 4, first + number * canvas.leading(change_size), line, change_size, weight=600)


def waffle(canvas: Canvas, data: Data) -> None:
    """A hundred squares, filled by columns; a fraction of a square is filled from its foot."""
    assert data.one.value is not None
    value, words = float(data.one.value), data.words()["each-square"]
    lines = _foot_lines(canvas, data.form(data.one), words)
    pitch = min(canvas.width / 20, (canvas.height - 10 - lines * canvas.leading("small")) / 5)
    side = pitch * 0.88
    for index in range(100):
        x, y = index // 5 * pitch, index % 5 * pitch
        canvas.box(x, y, side, side, colour="rest", hollow=True)
        part = min(1.0, max(0.0, value - index))
        if part:
            canvas.box(x, y + side * (1 - part), side, side * part, colour="accent")
    _foot(canvas, 5 * pitch + 4, data.form(data.one), words)


def share_bar(canvas: Canvas, data: Data) -> None:
    """One bar of a hundred parts."""
    assert data.one.value is not None
    lines = _foot_lines(canvas, data.form(data.one), "100%")
    value, high = float(data.one.value), min(16.0, canvas.height - 12 - lines * canvas.leading("small"))
    canvas.box(0, 0, canvas.width, high, colour="rest", hollow=True)
    canvas.box(0, 0, canvas.width * value / 100, high, colour="accent")
    _foot(canvas, high + 6, data.form(data.one), "100%")


def _foot_lines(canvas: Canvas, number: str, words: str) -> int:
    """How many lines more the foot of a share takes, where its words do not fit beside its number."""
    beside = canvas.text_width(number, "text", 700) + canvas.text_width(words, "small") + 4
    return 0 if beside <= canvas.width else len(canvas.wrapped(words, canvas.width, "small"))


def _foot(canvas: Canvas, y: float, number: str, words: str) -> None:
    """The number at the left, the words at the right of it or below."""
    canvas.text(0, y, number, "text", weight=700, colour="accent")
    if _foot_lines(canvas, number, words):
        canvas.block(0, y + canvas.leading("small"), words, canvas.width, "small", colour="quiet")
    else:
        canvas.text(canvas.width, y, words, "small", colour="quiet", align="right")


def index(canvas: Canvas, data: Data) -> None:
    """Base 100 above, what it became below; both bars start at zero."""
    assert data.one.value is not None
    change, words, became = float(data.one.value), data.form(data.one), index_value(data)
    size = canvas.fit([words], ("title", "large", "text"), canvas.width / 3, 700)
    beyond = canvas.text_width(words, size, 700) + 4
    if change < 0:  # what it became may have to stand there too
        beyond += canvas.text_width(became, "large", 700) + 3
    scale = (canvas.width - max(26.0, beyond)) / max(100.0, 100 + change)
    lines = canvas.wrapped(data.words()["index-note"], canvas.width, "small")
    high = min(13.0, (canvas.height - 16 - (len(lines) - 1) * canvas.leading("small")) / 2)
    canvas.needs(high, "its bars", "height")
    base, now = 100 * scale, (100 + change) * scale
    second = high + 3
    canvas.box(0, 0, base, high, colour="rest", hollow=True)
    short = base < canvas.text_width("100", "large") + 5  # then the words stand behind the line at its end
    canvas.text(base + 2.5 if short else 2.5, high / 2 + canvas.cap("large") / 2, "100", "large")
    canvas.box(0, second, now, high, colour="accent")
    wide = canvas.text_width(became, "large", 700)
    start = base + 2.5 if short and now > base else 2.5
    inside = now >= start + wide + 1.5
    at = max(base, now) + 3 + (0 if inside else wide + 3)
    canvas.text(
        start if inside else max(base, now) + 2.5,
        second + high / 2 + canvas.cap("large") / 2,
        became,
        "large",
        colour="paper" if inside else "ink",
        weight=700,
    )
    canvas.line(base, 0, base, second + high + 2, thick=0.75)
    canvas.text(at, second + high / 2 + canvas.cap(size) / 2, words, size, colour="accent", weight=700)
    canvas.block(0, second + high + 6, data.words()["index-note"], canvas.width, "small", colour="quiet")


def index_value(data: Data) -> str:
    assert data.one.value is not None
    return numbers.decimal(100 + data.one.value, data.report.front.language)


def measures(canvas: Canvas, data: Data) -> None:
    """Columns of type: nothing here may be compared by length."""
    column = canvas.width / len(data.indicators)
    printed = [data.form(one) for one in data.indicators]
    size = canvas.fit(printed, ("headline", "title", "large", "text", "small"), column - 6, 600)
    named = [word for one in data.indicators for word in data.name(one).split()]
    small = canvas.fit(named, ("text", "small"), column - 8)
    lines = max(len(canvas.wrapped(data.name(one), column - 8, small)) for one in data.indicators)
    y = 8 + canvas.cap(size)
    canvas.grow(y + 7 + lines * canvas.leading(small))
    for number, one in enumerate(data.indicators):
        x = number * column + (4 if number else 0)
        if number:
            canvas.line(number * column, 0, number * column, canvas.height - 2, colour="rule")
        if one.qualifier:
            canvas.text(x, 4, str(one.qualifier), "text", colour="quiet")
        canvas.text(x, y, data.form(one), size, colour="accent", weight=600)
        canvas.block(x, y + 7, data.name(one), column - 8, small)


def units(canvas: Canvas, data: Data) -> None:
    """One dot each, in tens, so that they can be counted."""
    assert data.one.value is not None
    count = int(data.one.value)
    words = data.words()["each-unit"]
    lines = canvas.wrapped(words, canvas.width, "small")
    room = canvas.height - 9 - (len(lines) - 1) * canvas.leading("small")
    columns = 10
    while math.ceil(count / columns) * canvas.width / columns > room and columns < count:
        columns += 10
    pitch = min(canvas.width / columns, room / math.ceil(count / columns), 15.0)
    for number in range(count):
        x = number % columns * pitch + pitch * 0.4
        y = number // columns * pitch + pitch * 0.4
        canvas.dot(x, y, pitch * 0.36, colour="accent")
    canvas.block(0, math.ceil(count / columns) * pitch + 3, words, canvas.width, "small", colour="quiet")


def timeline(canvas: Canvas, data: Data) -> None:
    """The years of the report's period, and the one that counts. Years that have no room are left out."""
    assert data.one.value is not None
    year, period = int(data.one.value), data.report.front.period
    first, last = min(year, period.from_), max(year, period.last)
    y = canvas.height - 12
    step = (canvas.width - 20) / max(1, last - first)
    every = max(1, math.ceil((last - first) / 12))
    canvas.line(4, y, canvas.width - 4, y, colour="rest", thick=1.5)
    named = [year, last, *range(first, last, every)]
    for one in dict.fromkeys(named):
        x = 10 + (one - first) * step
        if one == year:
            canvas.line(x, y, x, y - 14, colour="accent", thick=1.5)
            canvas.dot(x, y, 3, colour="accent")
            right = x > canvas.width / 2
            align: Align = "right" if right else "left"
            canvas.text(x + (-3 if right else 3), y - 10, str(one), "title", colour="accent", weight=700, align=align)
        else:
            canvas.dot(x, y, 1.5, colour="quiet", hollow=True)
        if one == year or canvas.free(x, y + 8, str(one), "text", align="center"):
            weight, colour = (600, "ink") if one == year else (400, "quiet")
            canvas.text(x, y + 8, str(one), "text", colour=colour, weight=weight, align="center")
