"""Stacked bars: parts on top of each other, at each year or for each row."""

from __future__ import annotations

from decimal import Decimal

from builder.content.dataset import Dataset, Series
from builder.figures.axis import (
    Plot,
    Scale,
    fills,
    grid,
    head_line,
    inside,
    key_line,
    marks,
    note_room,
    point_names,
    references,
    spread,
    tick_room,
)  # fmt: skip
from builder.figures.bars import GAP, HIGHEST, NAMES, bar, marks_below, name_column, row_name, shown_values
from builder.figures.canvas import Canvas
from builder.model.figure import Stacked
from builder.model.report import Report


def stacked(canvas: Canvas, figure: Stacked, table: Dataset, report: Report) -> None:
    table = of_hundred(table, report) if figure.percent else table
    if table.years:
        _stacked_columns(canvas, figure, table, report)
    else:
        _stacked_rows(canvas, figure, table, report)


def of_hundred(table: Dataset, report: Report) -> Dataset:
    """The parts of each point in per cent of it, with one digit where the parts are small."""
    series = []
    for one in table.series:
        parts: list[Decimal | None] = []
        for at, value in enumerate(one.values):
            whole = sum((other.values[at] or Decimal(0)) for other in table.series)
            parts.append(None if value is None or not whole else value * 100 / whole)
        series.append(Series(one.name, tuple(parts)))
    return Dataset(
        table.points, tuple(series), table.language, report.labels.units["percent"], "percent", 0, table.years
    )


def _parts(table: Dataset, at: int) -> list[tuple[int, Decimal, Decimal]]:
    """The parts of one bar: series, where it begins and its value; negative ones below zero."""
    up = down = Decimal(0)
    found = []
    for number, one in enumerate(table.series):
        value = one.values[at]
        if value is None:
            continue
        found.append((number, up if value >= 0 else down, value))
        if value >= 0:
            up += value
        else:
            down += value
    return found


def _totals(table: Dataset) -> list[Decimal]:
    return [sum((value for _, _, value in _parts(table, at)), Decimal(0)) for at in range(len(table.points))]


def _stacked_columns(canvas: Canvas, figure: Stacked, table: Dataset, report: Report) -> None:
    names, colours = (
        [one.name for one in table.series],
        [(canvas.legible(tone), edge) for tone, edge in fills(table, figure)],
    )
    top = canvas.head(head_line(figure, table, report))
    right = name_column(canvas, names, min(50.0, canvas.width * 0.34))
    line = canvas.leading("text")
    heights = [len(canvas.wrapped(name, right - 4, "text")) * line for name in names]
    canvas.grow(top + 18 + sum(heights) + len(names) * 0.5)
    canvas.grow(top + 40 + note_room(canvas, figure))
    notes, top = top, top + note_room(canvas, figure)
    values = [float(v) for v in shown_values(figure, table)] + [v for v, _ in references(figure, report)]
    bottom = canvas.height - 10
    y = Scale(min(values), max(values), bottom, top + (2 if figure.percent else 7))
    places, slots = table.slots
    step = (canvas.width - right) / slots
    wide = min(step * 0.78, 26.0)
    totals = [] if figure.percent else _totals(table)
    sums = canvas.fit([table.number(v) for v in totals] or [""], ("text", "small"), step - 1, 700)
    if any(canvas.text_width(table.number(v), sums, 700) > step - 1 for v in totals):
        totals = []  # no room above the bars: the lines across say how much it is
    left = 0.0
    if not totals and not figure.percent:
        left = tick_room(canvas, table, y)
        step = (canvas.width - right - left) / slots
        wide = min(step * 0.78, 26.0)
        grid(canvas, table, y, left, canvas.width - right)
    xs = {name: left + (place + 0.5) * step for place, name in zip(places, table.points, strict=True)}
    middles: dict[int, float] = {}
    for at, name in enumerate(table.points):
        for number, begin, value in _parts(table, at):
            low, high = sorted((y(begin), y(begin + value)))
            gap = GAP if high - low > 3 * GAP else 0.0
            _part(canvas, table, xs[name] - wide / 2, low, wide, high - low - gap, colours[number], value)
            middles[number] = (low + high) / 2
        if totals and _parts(table, at):
            tops = [begin + value for _, begin, value in _parts(table, at) if value >= 0]
            words, above = table.number(totals[at]), y(max(tops, default=Decimal(0))) - 2
            canvas.text(inside(canvas, xs[name], words, sums, 700), above, words, sums, weight=700, align="center")
    point_names(canvas, table.points, list(xs.values()), canvas.height - 2, "text" if step > 12 else "small")
    canvas.line(left, y(0), canvas.width - right, y(0), thick=0.75)
    wanted = [middles.get(number, bottom) for number in range(len(names))]
    for number, middle in enumerate(spread(wanted, heights, bottom + 1, line)):
        x = canvas.width - right + 4
        canvas.line(x - 3.2, wanted[number], x - 0.8, middle, colour="quiet", thick=0.5)
        canvas.block(x, middle + canvas.cap("text") / 2, names[number], right - 4, "text")
    marks(canvas, figure, table, report, xs, Plot(left, canvas.width - right, top, bottom, y, notes))


def _part(
    canvas: Canvas,
    table: Dataset,
    x: float,
    y: float,
    width: float,
    height: float,
    tone: tuple[str, str],
    value: Decimal,
) -> None:
    """A part of a stacked bar, and its number where it has room in it."""
    bar(canvas, x, y, width, height, tone)
    words = table.number(value)
    if height >= canvas.cap("small") + 1.2 and canvas.text_width(words, "small") <= width - 1:
        colour = canvas.over(tone[0])
        base = y + height / 2 + canvas.cap("small") / 2
        canvas.text(x + width / 2, base, words, "small", align="center", colour=colour)


def _stacked_rows(canvas: Canvas, figure: Stacked, table: Dataset, report: Report) -> None:
    names, colours = (
        [one.name for one in table.series],
        [(canvas.legible(tone), edge) for tone, edge in fills(table, figure)],
    )
    top = key_line(canvas, names, colours, canvas.head(head_line(figure, table, report)))
    left = name_column(canvas, table.points, min(60.0, canvas.width * NAMES))
    lines = max(len(canvas.wrapped(name, left - 3, "text")) for name in table.points)
    marked = references(figure, report)
    foot = len(marked) * canvas.leading("small") + 1 if marked else 0.0
    canvas.grow(top + len(table.points) * max(lines * canvas.leading("text") + 1, 7.0) + foot)
    room = (canvas.height - top - foot) / len(table.points)
    high = min(HIGHEST, room * 0.68)
    totals = _totals(table)
    printed = [] if figure.percent else [table.number(value) for value in totals]
    label = 3 + max((canvas.text_width(one, "text", 700) for one in printed), default=0.0)
    values = [float(v) for v in shown_values(figure, table)] + [v for v, _ in marked]
    across = Scale(min(values), max(values), left, canvas.width - (label if printed else 0))
    canvas.needs(canvas.width - left - label, "its bars", "width")
    for row, name in enumerate(table.points):
        y = top + row * room + (room - high) / 2
        row_name(canvas, name, y + high / 2, left - 3)
        ends = [across(0)]
        for number, begin, value in _parts(table, row):
            low, end = sorted((across(begin), across(begin + value)))
            gap = GAP if end - low > 3 * GAP else 0.0
            _part(canvas, table, low, y, end - low - gap, high, colours[number], value)
            ends.append(end)
        if printed and _parts(table, row):
            canvas.text(max(ends) + 2, y + high / 2 + canvas.cap("text") / 2, printed[row], "text", weight=700)
    canvas.line(across(0), top, across(0), canvas.height - foot, thick=0.75)
    marks_below(canvas, figure, table, report, across, top, canvas.height - foot)
