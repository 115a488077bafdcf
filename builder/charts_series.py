"""Charts of several numbers on one axis: bars and lines. Bars start at zero; labels stand on the data."""

from __future__ import annotations

from builder import numbers
from builder.canvas import Canvas
from builder.charts import Data
from builder.model import Indicator

# Lines are told apart by tone and weight, never by hue alone: they must read in greyscale.
_TONES = (("accent", 2.5), ("ink", 1.75), ("quiet", 1.75), ("brand", 1.0), ("rest", 2.5))


def bars(canvas: Canvas, data: Data) -> None:
    """Indicators below each other (structure), or the years of one side by side (time)."""
    if len(data.indicators) == 1:
        _columns(canvas, data)
        return
    left = min(60.0, 4 + max(canvas.text_width(data.name(i), "text") for i in data.indicators))
    room = canvas.height / len(data.indicators)
    high = min(10.0, room * 0.68)
    values = [float(i.value or 0) for i in data.indicators]
    low, top = min(0.0, *values), max(0.0, *values)
    label = 4 + max(canvas.text_width(data.form(i), "large", 700) for i in data.indicators)
    scale = (canvas.width - left - label - (label if low < 0 else 0)) / ((top - low) or 1)
    zero = left - low * scale + (label if low < 0 else 0)
    for row, (one, value) in enumerate(zip(data.indicators, values, strict=True)):
        y = row * room + (room - high) / 2
        middle = y + high / 2
        lines = canvas.wrapped(data.name(one), left - 3, "text")
        first = middle + canvas.cap("text") / 2 - (len(lines) - 1) * 2.3
        canvas.block(0, first, data.name(one), left - 3, "text")
        canvas.box(min(zero, zero + value * scale), y, abs(value) * scale, high, colour="accent")
        at, align = (zero + value * scale + 2, "left") if value >= 0 else (zero + value * scale - 2, "right")
        canvas.text(
            at,
            middle + canvas.cap("large") / 2,
            data.form(one),
            "large",
            weight=700,
            align="left" if align == "left" else "right",
        )
    canvas.line(zero, 0, zero, canvas.height, thick=0.75)


def _value(data: Data, one: Indicator, year: int) -> str:
    return numbers.decimal(one.series[year], data.report.front.language)


def _columns(canvas: Canvas, data: Data) -> None:
    one = data.one
    years = sorted(one.series)
    values = [float(one.series[y]) for y in years]
    low, top = min(0.0, *values), max(0.0, *values)
    scale = (canvas.height - 20 - (6 if low < 0 else 0)) / ((top - low) or 1)
    zero = 8 + top * scale
    step = canvas.width / len(years)
    wide = min(step * 0.7, 24.0)
    for column, (year, value) in enumerate(zip(years, values, strict=True)):
        x = column * step + step / 2
        last = column == len(years) - 1
        canvas.box(
            x - wide / 2,
            zero - max(value, 0) * scale,
            wide,
            abs(value) * scale,
            colour="accent" if last else "rest",
            hollow=not last,
        )
        above = zero - max(value, 0) * scale - 2 if value >= 0 else zero - value * scale + 5
        canvas.text(
            x,
            above,
            _value(data, one, year),
            "large" if step > 14 else "small",
            align="center",
            weight=700 if last else 400,
        )
        canvas.text(x, canvas.height - 2, str(year), "text" if step > 12 else "small", colour="quiet", align="center")
    canvas.line(0, zero, canvas.width, zero, thick=0.75)


def lines(canvas: Canvas, data: Data) -> None:
    """Series over the years, each named at its end."""
    years = sorted({year for one in data.indicators for year in one.series})
    values = [float(v) for one in data.indicators for v in one.series.values()]
    low, high = min(values), max(values)
    right = min(58.0, 16 + max(canvas.text_width(data.name(i), "text", 600) for i in data.indicators))
    left, top, bottom = 14.0, 6.0, canvas.height - 10
    step = (canvas.width - left - right) / max(1, years[-1] - years[0])

    def point(year: int, value: float) -> tuple[float, float]:
        return left + (year - years[0]) * step, bottom - 4 - (value - low) / ((high - low) or 1) * (bottom - top - 4)

    for year in years:
        x, _ = point(year, low)
        canvas.line(x, top, x, bottom, colour="rule", thick=0.5)
        canvas.text(x, bottom + 6, str(year), "text", colour="quiet", align="center")
    ends: list[tuple[float, Indicator, str]] = []
    for one, (tone, thick) in zip(data.indicators, _TONES, strict=False):
        points = [point(year, float(value)) for year, value in sorted(one.series.items())]
        canvas.path(points, colour=tone, thick=thick)
        canvas.dot(*points[-1], 1.4, colour=tone)
        first = min(one.series)
        canvas.text(
            points[0][0] - 2,
            points[0][1] + canvas.cap("text") / 2,
            _value(data, one, first),
            "text",
            align="right",
            colour=tone if tone != "rest" else "quiet",
        )
        ends.append((points[-1][1], one, tone if tone != "rest" else "quiet"))
    below = -99.0
    for y, one, tone in sorted(ends, key=lambda end: end[0]):
        below = max(y + canvas.cap("text") / 2, below + 5)
        words = f"{_value(data, one, max(one.series))}{numbers.NO_BREAK} {data.name(one)}"
        canvas.block(canvas.width - right + 4, below, words, right - 4, "text", weight=600, colour=tone)
        below += 4.6 * (len(canvas.wrapped(words, right - 4, "text", 600)) - 1)
