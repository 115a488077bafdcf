"""Charts of one number: slope, share, index, units, timeline; and measures side by side. One function a kind.

Each draws on a canvas and returns nothing; sizes are mm. The actual value is solid, the previous lighter (IBCS).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from builder import numbers
from builder.canvas import Canvas
from builder.drawing import Cell
from builder.model import Indicator, Report


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

    def cell(self, indicator: Indicator, form: str = "") -> Cell:
        """The number, with its qualifier, as a figure's table has it."""
        before = f"{indicator.qualifier} " if indicator.qualifier and not form else ""
        printed, spoken = before + self.form(indicator, form), before + self.spoken(indicator, form)
        return Cell(printed, spoken if spoken != printed.replace(numbers.NO_BREAK, " ") else "")

    def name(self, indicator: Indicator) -> str:
        return str(indicator.short or indicator.label)

    def words(self) -> Mapping[str, str]:
        return {str(k): str(v) for k, v in self.report.labels.words.items()}

    def qualified(self, indicator: Indicator) -> str:
        before = f"{indicator.qualifier} " if indicator.qualifier else ""
        return before + self.form(indicator)


def slope(canvas: Canvas, data: Data) -> None:
    one = data.one
    assert one.base is not None
    assert one.end is not None
    left, right, top, bottom = 24.0, 104.0, 12.0, canvas.height - 10
    low, high = sorted((float(one.base.value), float(one.end.value)))
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return bottom - 6 - (value - low) / span * (bottom - top - 12)

    start, end = y(float(one.base.value)), y(float(one.end.value))
    for x, year in ((left, one.base.year), (right, one.end.year)):
        canvas.line(x, top - 6, x, bottom, colour="rule", thick=0.5)
        canvas.text(x, bottom + 6, str(year), "text", colour="quiet", align="center")
    canvas.line(left, start, right + 26, start, colour="quiet", thick=0.5, dashed=True)
    canvas.path([(left, start), (right, end)], colour="accent", thick=3)
    canvas.dot(left, start, 1.7, colour="accent", hollow=True)
    canvas.dot(right, end, 2.0, colour="accent")
    canvas.text(left - 4, start + canvas.cap("title") / 2, data.form(one, "base"), "title", weight=300, align="right")
    canvas.text(right + 4, end + canvas.cap("title") / 2, data.form(one, "end"), "title", weight=700, colour="accent")
    x = right + 26
    canvas.line(x, start, x, end, thick=0.75)
    for y_tip in (start, end):
        canvas.line(x - 1.5, y_tip, x + 1.5, y_tip, thick=0.75)
    canvas.text(x + 4, (start + end) / 2 + canvas.cap("large") / 2, data.form(one), "large", weight=600)


def waffle(canvas: Canvas, data: Data) -> None:
    """A hundred squares, filled by columns; a fraction of a square is filled from its foot."""
    assert data.one.value is not None
    value = float(data.one.value)
    pitch = min(canvas.width / 20, (canvas.height - 10) / 5)
    side = pitch * 0.88
    for index in range(100):
        x, y = index // 5 * pitch, index % 5 * pitch
        canvas.box(x, y, side, side, colour="rest", hollow=True)
        part = min(1.0, max(0.0, value - index))
        if part:
            canvas.box(x, y + side * (1 - part), side, side * part, colour="accent")
    foot = 5 * pitch + 4
    canvas.text(0, foot, data.form(data.one), "text", weight=700, colour="accent")
    canvas.text(canvas.width, foot, data.words()["each-square"], "small", colour="quiet", align="right")


def share_bar(canvas: Canvas, data: Data) -> None:
    """One bar of a hundred parts."""
    assert data.one.value is not None
    value, high = float(data.one.value), min(16.0, canvas.height - 12)
    canvas.box(0, 0, canvas.width, high, colour="rest", hollow=True)
    canvas.box(0, 0, canvas.width * value / 100, high, colour="accent")
    canvas.text(0, high + 6, data.form(data.one), "text", weight=700, colour="accent")
    canvas.text(canvas.width, high + 6, "100%", "small", colour="quiet", align="right")


def index(canvas: Canvas, data: Data) -> None:
    """Base 100 above, what it became below; both bars start at zero."""
    assert data.one.value is not None
    change = float(data.one.value)
    scale = (canvas.width - 26) / max(100.0, 100 + change)
    high = min(13.0, (canvas.height - 16) / 2)
    base, now = 100 * scale, (100 + change) * scale
    second = high + 3
    canvas.box(0, 0, base, high, colour="rest", hollow=True)
    canvas.text(2.5, high / 2 + canvas.cap("large") / 2, "100", "large")
    canvas.box(0, second, now, high, colour="accent")
    canvas.text(
        2.5,
        second + high / 2 + canvas.cap("large") / 2,
        index_value(data),
        "large",
        colour="paper",
        weight=700,
    )
    canvas.line(base, 0, base, second + high + 2, thick=0.75)
    canvas.text(
        max(base, now) + 3,
        second + high / 2 + canvas.cap("title") / 2,
        data.form(data.one),
        "title",
        colour="accent",
        weight=700,
    )
    canvas.text(0, second + high + 6, data.words()["index-note"], "small", colour="quiet")


def index_value(data: Data) -> str:
    assert data.one.value is not None
    return numbers.decimal(100 + data.one.value, data.report.front.language)


def measures(canvas: Canvas, data: Data) -> None:
    """Columns of type: nothing here may be compared by length."""
    column = canvas.width / len(data.indicators)
    printed = [data.form(one) for one in data.indicators]
    sizes = ("headline", "title", "large", "text", "small")
    size = next((s for s in sizes if max(canvas.text_width(p, s, 600) for p in printed) < column - 6), "small")
    for number, one in enumerate(data.indicators):
        x = number * column + (4 if number else 0)
        if number:
            canvas.line(number * column, 0, number * column, canvas.height - 2, colour="rule")
        if one.qualifier:
            canvas.text(x, 4, str(one.qualifier), "text", colour="quiet")
        y = 8 + canvas.cap(size)
        canvas.text(x, y, data.form(one), size, colour="accent", weight=600)
        canvas.block(x, y + 7, data.name(one), column - 8, "text")


def units(canvas: Canvas, data: Data) -> None:
    """One dot each, in tens, so that they can be counted."""
    assert data.one.value is not None
    count = int(data.one.value)
    room = canvas.height - 9
    columns = 10
    while math.ceil(count / columns) * canvas.width / columns > room and columns < count:
        columns += 10
    pitch = min(canvas.width / columns, room / math.ceil(count / columns), 15.0)
    for number in range(count):
        x = number % columns * pitch + pitch * 0.4
        y = number // columns * pitch + pitch * 0.4
        canvas.dot(x, y, pitch * 0.36, colour="accent")
    foot = math.ceil(count / columns) * pitch + 3
    canvas.text(0, foot, data.words()["each-unit"], "small", colour="quiet")


def timeline(canvas: Canvas, data: Data) -> None:
    """The years of the report's period, and the one that counts."""
    assert data.one.value is not None
    year, period = int(data.one.value), data.report.front.period
    first, last = min(year, period.from_), max(year, period.last)
    y = canvas.height - 12
    step = (canvas.width - 20) / max(1, last - first)
    every = max(1, math.ceil((last - first) / 12))
    canvas.line(4, y, canvas.width - 4, y, colour="rest", thick=1.5)
    for one in range(first, last + 1):
        x = 10 + (one - first) * step
        if one == year:
            canvas.line(x, y, x, y - 14, colour="accent", thick=1.5)
            canvas.dot(x, y, 3, colour="accent")
            right = x > canvas.width / 2
            canvas.text(
                x + (-3 if right else 3),
                y - 10,
                str(one),
                "title",
                colour="accent",
                weight=700,
                align="right" if right else "left",
            )
        elif (one - first) % every == 0 or one == last:
            canvas.dot(x, y, 1.5, colour="quiet", hollow=True)
        if one in (year, last) or (one - first) % every == 0:
            canvas.text(
                x,
                y + 8,
                str(one),
                "text",
                colour="ink" if one == year else "quiet",
                weight=600 if one == year else 400,
                align="center",
            )
