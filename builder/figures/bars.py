"""Charts of bars. All bars start at zero (IBCS 1.2, CH 1.1); time runs from left to right, rows from the top down."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from builder.content.dataset import Dataset
from builder.figures.axis import (
    Plot,
    Scale,
    fills,
    grid,
    head_line,
    inside,
    key_line,
    key_room,
    marks,
    note_room,
    point_names,
    reference_words,
    references,
    tick_room,
    tint,
)
from builder.figures.canvas import Align, Canvas
from builder.model.figure import AxisChart, Bars, Chart, Grouped, Stacked
from builder.model.report import Report

# A row's name and its bars: so much of the figure's width the names may take.
NAMES = 0.4
GAP = 0.3  # between parts that touch, in mm: paper, and no line
_BEFORE = 42  # the years before the last, in per cent of its colour
HIGHEST = 10.0  # a bar of a row, in mm


def bars(canvas: Canvas, figure: Bars, table: Dataset, report: Report) -> None:
    """Rows below each other (structure), or the years of one side by side (time)."""
    if table.years:
        columns(canvas, figure, table, report)
    else:
        rows(canvas, figure, table.sorted_by_value() if figure.order == "value" else table, report)


def grouped(canvas: Canvas, figure: Grouped, table: Dataset, report: Report) -> None:
    if table.years:
        columns(canvas, figure, table, report)
    else:
        rows(canvas, figure, table, report)


def shown_values(figure: Chart, table: Dataset) -> list[Decimal]:
    """Zero and all values; of stacked bars, their sums."""
    if not isinstance(figure, Stacked):
        return [Decimal(0), *table.values]
    found = [Decimal(0)]
    for at in range(len(table.points)):
        values = [one.values[at] or Decimal(0) for one in table.series]
        found += [sum((v for v in values if v > 0), Decimal(0)), sum((v for v in values if v < 0), Decimal(0))]
    return found


def _tones(figure: Chart, table: Dataset) -> list[list[tuple[str, str]]]:
    """Colour and edge of each bar, by series and point. Of a single series, one stands out."""
    colours = fills(table, figure)
    if len(table.series) > 1:
        return [[colour] * len(table.points) for colour in colours]
    named = str(figure.highlight) if figure.highlight is not None else ""
    if named in table.points:
        return [[("accent", "") if point == named else ("rest", "") for point in table.points]]
    if table.years:
        known = [at for at in table.series[0].known if not _is_forecast(figure, table, at)]
        last = known[-1] if known else -1  # hollow is what is not yet
        return [[("accent", "") if at == last else tint("accent", _BEFORE) for at in range(len(table.points))]]
    return [[("accent", "")] * len(table.points)]


def bar(canvas: Canvas, x: float, y: float, width: float, height: float, tone: tuple[str, str]) -> None:
    """A bar in a colour with an edge; `hollow` for an edge means nothing but one."""
    colour, edge = tone
    if edge == "hollow":
        canvas.box(x, y, width, height, colour=colour, hollow=True)
    else:
        canvas.box(x, y, width, height, colour=colour, edge=edge)


def _is_forecast(figure: Chart, table: Dataset, at: int) -> bool:
    if not isinstance(figure, AxisChart) or figure.forecast is None or str(figure.forecast) not in table.points:
        return False
    return at >= table.points.index(str(figure.forecast))


def name_column(canvas: Canvas, names: Sequence[str], most: float) -> float:
    """The width of a column of names, in mm: no word of theirs is broken."""
    widest = max(canvas.text_width(word, "text") for name in names for word in (name.split() or [""]))
    return min(max(most, widest + 4), 4 + max(canvas.text_width(name, "text") for name in names))


def row_name(canvas: Canvas, name: str, middle: float, measure: float, *, weight: int = 400) -> None:
    """A name of one line or more, its middle at `middle`."""
    lines = len(canvas.wrapped(name, measure, "text", weight))
    first = middle + canvas.cap("text") / 2 - (lines - 1) * canvas.leading("text") / 2
    canvas.block(0, first, name, measure, "text", weight=weight)


def rows(canvas: Canvas, figure: AxisChart, table: Dataset, report: Report) -> None:
    """Names at the left, a bar and its number for each series of each row."""
    unit, many = head_line(figure, table, report), len(table.series) > 1
    top = canvas.head(unit)
    colours = fills(table, figure)
    if many:
        top = key_line(canvas, [one.name for one in table.series], colours, top)
    left = name_column(canvas, table.points, min(60.0, canvas.width * NAMES))
    lines = max(len(canvas.wrapped(name, left - 3, "text")) for name in table.points)
    marked = references(figure, report)
    foot = len(marked) * canvas.leading("small") + 1 if marked else 0.0
    least = max(lines * canvas.leading("text") + 1, len(table.series) * (canvas.cap("text") + 1.3) + 2)
    canvas.grow(top + len(table.points) * least + foot)
    room = (canvas.height - top - foot) / len(table.points)
    apart = canvas.cap("text") + 1.3  # the numbers of bars that touch
    high = min(HIGHEST, max(room * 0.68 / len(table.series), apart if many else 0.0))
    printed = [[None if v is None else table.number(v) for v in one.values] for one in table.series]
    texts = [words for one in printed for words in one if words is not None] or [""]
    sizes = ("text", "small") if many else ("large", "text", "small")
    size = canvas.fit(texts, sizes, (canvas.width - left) / 3, 700)
    label = 4 + max(canvas.text_width(number, size, 700) for number in texts)
    values = [float(v) for v in (*shown_values(figure, table), *(Decimal(repr(v)) for v, _ in marked))]
    low, most = min(values), max(values)
    canvas.needs(canvas.width - left - label * (2 if low < 0 else 1), "its bars", "width")
    across = Scale(low, most, left + (label if low < 0 else 0), canvas.width - label)
    zero, tones = across(0), _tones(figure, table)
    for row, name in enumerate(table.points):
        y = top + row * room + (room - high * len(table.series)) / 2
        row_name(canvas, name, y + high * len(table.series) / 2, left - 3)
        for number, one in enumerate(table.series):
            value, words = one.values[row], printed[number][row]
            middle = y + high * (number + 0.5)
            if value is None or words is None:
                canvas.text(zero + 2, middle + canvas.cap(size) / 2, "–", size, colour="quiet")
                continue
            end = across(value)
            tone = ("accent", "hollow") if not many and _is_forecast(figure, table, row) else tones[number][row]
            bar(canvas, min(zero, end), middle - high / 2, abs(end - zero), high - (GAP if many else 0), tone)
            align: Align = "left" if value >= 0 else "right"
            weight = 700 if not many or one.name == str(figure.highlight) else 400
            at = end + (2 if value >= 0 else -2)
            canvas.text(at, middle + canvas.cap(size) / 2, words, size, weight=weight, align=align)
    canvas.line(zero, top, zero, canvas.height - foot, thick=0.75)
    marks_below(canvas, figure, table, report, across, top, canvas.height - foot)


def marks_below(
    canvas: Canvas, figure: AxisChart, table: Dataset, report: Report, across: Scale, top: float, foot: float
) -> None:
    """Lines at single values through all rows, their words below these."""
    begun = []
    for number, (level, marked) in enumerate(references(figure, report)):
        x, baseline = across(level), foot + (number + 1) * canvas.leading("small") - 0.6
        words = reference_words(level, marked, table)
        canvas.text(inside(canvas, x, words, "small", 600), baseline, words, "small", weight=600, align="center")
        begun.append((x, baseline - canvas.cap("small") - 0.6))
    for x, end in begun:
        canvas.guide((x, top), (x, end), colour="ink", thick=0.75, dashed=True)


def columns(canvas: Canvas, figure: AxisChart, table: Dataset, report: Report) -> None:
    """The years side by side. Where there is no room for all numbers, lines across carry some values."""
    many = len(table.series) > 1
    top = canvas.head(head_line(figure, table, report))
    if many:
        canvas.grow(50 + top + key_room(canvas, [one.name for one in table.series]))
        top = key_line(canvas, [one.name for one in table.series], fills(table, figure), top)
    canvas.grow(top + 40 + note_room(canvas, figure))
    notes, top = top, top + note_room(canvas, figure)
    marked = [value for value, _ in references(figure, report)]
    values = [float(v) for v in shown_values(figure, table)] + marked
    low, most = min(values), max(values)
    bottom = canvas.height - 10 - (6 if low < 0 else 0)
    y = Scale(low, most, bottom, top + 7)
    canvas.needs(bottom - top - 7, "its bars", "height")
    places, slots = table.slots
    step = canvas.width / slots
    wide = min(step * (0.82 if many else 0.7), 24.0 * len(table.series)) / len(table.series)
    texts = [table.number(value) for value in table.values]
    sizes = ("large", "text", "small") if step > 14 and not many else ("small",)
    size = canvas.fit(texts, sizes, step - 1 if not many else wide, 700)
    direct = not many or max((canvas.text_width(one, size) for one in texts), default=0.0) <= wide - 0.3
    left = 0.0
    if not direct:
        left = tick_room(canvas, table, y)
        step = (canvas.width - left) / slots
        wide = min(step * 0.82, 24.0 * len(table.series)) / len(table.series)
        grid(canvas, table, y, left, canvas.width)
    zero, tones = y(0), _tones(figure, table)
    xs = {name: left + (place + 0.5) * step for place, name in zip(places, table.points, strict=True)}
    for number, one in enumerate(table.series):
        for at in one.known:
            value = one.values[at]
            assert value is not None
            x = xs[table.points[at]] + (number - len(table.series) / 2) * wide
            tone = ("accent", "hollow") if not many and _is_forecast(figure, table, at) else tones[number][at]
            bar(canvas, x, min(zero, y(value)), wide - (GAP if many else 0), abs(y(value) - zero), tone)
    if direct:
        _numbers_at_bars(canvas, table, y, xs, wide, size)
    foot = canvas.height - 2
    point_names(canvas, table.points, list(xs.values()), foot, "text" if step > 12 else "small")
    canvas.line(left, zero, canvas.width, zero, thick=0.75)
    marks(canvas, figure, table, report, xs, Plot(left, canvas.width, top, bottom, y, notes))


def _numbers_at_bars(canvas: Canvas, table: Dataset, y: Scale, xs: dict[str, float], wide: float, size: str) -> None:
    """Above bars, below negative ones. Of a single series, numbers without room are left out but for the ends."""
    single = len(table.series) == 1
    for number, one in enumerate(table.series):
        known = one.known
        for at, point in enumerate(table.points):
            x = xs[point] + (number - len(table.series) / 2 + 0.5) * wide
            if at not in known and canvas.free(x, y(0) - 1.5, "–", "small", align="center"):
                canvas.text(x, y(0) - 1.5, "–", "small", colour="quiet", align="center")
        for at in (known[-1], *known[:-1]) if known else ():
            value = one.values[at]
            assert value is not None
            words, last = table.number(value), at == known[-1]
            weight = 700 if single and last else 400
            x = xs[table.points[at]] + (number - len(table.series) / 2 + 0.5) * wide
            end = single and at in (known[0], known[-1])
            x = inside(canvas, x, words, size, weight) if end else x
            base = y(value) - 2 if value >= 0 else y(value) + 5
            if end:
                base = canvas.clear(x, base, words, size, weight=weight, up=value >= 0)
            if end or canvas.free(x, base, words, size, weight=weight, align="center"):
                canvas.text(x, base, words, size, align="center", weight=weight)
