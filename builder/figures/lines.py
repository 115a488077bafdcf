"""Charts over time: lines, areas, small multiples. Series are named at their ends; a year without a value is a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from builder.content import numbers
from builder.content.dataset import Dataset, Series
from builder.figures.axis import (
    APART,
    NARROW,
    Plot,
    Scale,
    fills,
    grid,
    head_line,
    marks,
    note_room,
    point_names,
    reference_words,
    references,
    spread,
    tear,
    tick_room,
)
from builder.figures.canvas import Canvas
from builder.model.figure import Area, AxisChart, Chart, Lines, Multiples
from builder.model.report import Report

# Lines are told apart by tone and weight, never by hue alone: they must read in greyscale.
_TONES = (("accent", 2.5), ("ink", 1.75), ("rest", 1.75), ("brand", 1.0), ("quiet", 2.5))
# A name that stands further from its line than so many mm is joined to it.
_ASIDE = 1.5
# A small chart is about so wide and high, in mm.
_PANEL_WIDTH, _PANEL_HEIGHT = 50.0, 28.0


def lines(canvas: Canvas, figure: Lines, table: Dataset, report: Report) -> None:
    """Series over the years, each named at its end. Years that have no room are left out."""
    unit_foot = canvas.head(head_line(figure, table, report))
    shown = [one for one in table.series if one.known]
    low, high, torn = _span(figure, table, report, zero=figure.zero)
    starts = [table.number(_at(one, one.known[0])) for one in shown]
    ends = [_ended(table, one) for one in shown]
    widest = max(canvas.text_width(word, "text", 600) for words in ends for word in words.split())
    most = 58.0 if canvas.width > NARROW else canvas.width * 0.34
    right = max(min(most, 5 + max(canvas.text_width(words, "text", 600) for words in ends)), widest + 5)
    left = max(14.0, 3 + max(canvas.text_width(words, "text") for words in starts))
    blocks = [canvas.wrapped(words, right - 4, "text", 600) for words in ends]
    canvas.grow(unit_foot + 12 + sum(len(block) * canvas.leading("text") + APART for block in blocks))
    said = report.labels.words["axis-torn"]
    foot = canvas.leading("text") * len(canvas.wrapped(said, canvas.width, "text")) + 1 if torn else 0.0
    above = unit_foot + note_room(canvas, figure)
    canvas.grow(40 + foot + above)
    top, bottom = max(6.0, above + 3.0), canvas.height - 10 - foot
    y = Scale(low, high, bottom - (4 if torn or low < 0 else 0), top)
    xs = [left + position * (canvas.width - left - right) for position in table.positions]
    for x in xs:
        canvas.line(x, top, x, bottom, colour="rule", thick=0.5)
    point_names(canvas, table.points, xs, bottom + 6)
    if torn:  # a baseline with a tear, and why
        tear(canvas, left, bottom - 1.6)
        canvas.block(0, canvas.height - foot + canvas.leading("text") - 1, said, canvas.width, "text")
    else:
        canvas.line(left, y(0), canvas.width - right, y(0), thick=0.75)
    tones = _tones(figure, shown)
    first, last = [], []
    for one, (tone, thick) in zip(shown, tones, strict=True):
        _line(canvas, figure, table, one, xs, y, tone, thick)
        end = one.known[-1]
        canvas.dot(xs[end], y(_at(one, end)), 1.4, colour=tone)
        first.append((one.known[0], y(_at(one, one.known[0]))))
        last.append(y(_at(one, end)))
    line = canvas.leading("text")
    begin = [at for at, (place, _) in enumerate(first) if place == 0]  # what begins later begins among the lines
    beside = dict(zip(begin, spread([first[at][1] for at in begin], [line] * len(begin), bottom, line), strict=True))
    words = [_dark(tone) for tone, _ in tones]
    for at, middle in beside.items():
        canvas.text(left - 2, middle + canvas.cap("text") / 2, starts[at], align="right", colour=words[at])
    for at, middle in enumerate(spread(last, [len(block) * line for block in blocks], bottom + 1, line)):
        x = canvas.width - right + 4
        if abs(middle - last[at]) > _ASIDE:
            canvas.line(x - 2.4, last[at], x - 0.6, middle, colour="quiet", thick=0.5)
        canvas.block(x, middle + canvas.cap("text") / 2, ends[at], right - 4, "text", weight=600, colour=words[at])
    places = dict(zip(table.points, xs, strict=True))
    marks(canvas, figure, table, report, places, Plot(left, canvas.width - right, top, bottom, y, unit_foot))


def _span(figure: AxisChart, table: Dataset, report: Report, *, zero: bool) -> tuple[float, float, bool]:
    """The lowest and highest value of the axis, and whether it is torn below."""
    values = [float(value) for value in table.values] + [value for value, _ in references(figure, report)]
    low, high = min(values), max(values)
    torn = not zero and low > 0
    return (low, high, torn) if torn else (min(0.0, low), max(0.0, high), False)


def _at(one: Series, place: int) -> Decimal:
    value = one.values[place]
    assert value is not None
    return value


def _dark(tone: str) -> str:
    """Words in the colour of their line, but for what is too light to be read."""
    return "quiet" if tone.startswith("rest") else tone


def _tones(figure: Chart, shown: Sequence[Series]) -> list[tuple[str, float]]:
    """Colour and thickness of each line: one highlighted, or told apart by tone."""
    if figure.highlight is not None:
        return [("accent", 2.5) if one.name == str(figure.highlight) else ("rest", 1.25) for one in shown]
    return [_TONES[min(at, len(_TONES) - 1)] for at in range(len(shown))]


def _runs(one: Series) -> list[list[int]]:
    """The places of a series that follow each other without a gap."""
    runs: list[list[int]] = []
    for place in one.known:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _line(
    canvas: Canvas, figure: Chart, table: Dataset, one: Series, xs: Sequence[float], y: Scale, tone: str, thick: float
) -> None:
    """A line with gaps; what is a forecast is dashed, and begins where the known ends."""
    ahead = _ahead(figure, table)
    for run in _runs(one):
        points = [(xs[at], y(_at(one, at))) for at in run]
        if len(run) == 1:
            canvas.dot(*points[0], 0.9, colour=tone)
            continue
        known = [point for at, point in zip(run, points, strict=True) if at < ahead]
        later = [point for at, point in zip(run, points, strict=True) if at >= ahead]
        if len(known) > 1:
            canvas.path(known, colour=tone, thick=thick)
        if later:
            canvas.path([*known[-1:], *later], colour=tone, thick=thick, dashed=True)


def _ahead(figure: Chart, table: Dataset) -> int:
    """The first place that is a forecast; beyond the last where none is."""
    forecast = figure.forecast if isinstance(figure, AxisChart) else None
    return table.points.index(str(forecast)) if forecast is not None else len(table.points)


def _ended(table: Dataset, one: Series) -> str:
    """The last value of a series, with its year where others go on, and its name."""
    end = one.known[-1]
    year = f" ({table.points[end]})" if end < len(table.points) - 1 else ""
    return f"{table.number(_at(one, end))}{numbers.NO_BREAK}{year} {one.name}".rstrip()


def area(canvas: Canvas, figure: Area, table: Dataset, report: Report) -> None:
    """Areas on top of each other, each named at its end; the sum stands above the last year."""
    top = canvas.head(head_line(figure, table, report))
    colours = fills(table, figure)
    sums = [sum((one.values[at] or Decimal(0) for one in table.series), Decimal(0)) for at in range(len(table.points))]
    many = len(table.series) > 1
    ends = [f"{table.number(one.values[-1] or Decimal(0))} {one.name}".rstrip() for one in table.series]
    most = 58.0 if canvas.width > NARROW else canvas.width * 0.34
    widest = max(canvas.text_width(word, "text", 600) for words in ends for word in words.split())
    right = max(min(most, 5 + max(canvas.text_width(words, "text", 600) for words in ends)), widest + 5)
    line = canvas.leading("text")
    heights = [len(canvas.wrapped(words, right - 4, "text", 600)) * line for words in ends]
    canvas.grow(top + 20 + sum(heights) + APART * len(heights))
    canvas.grow(top + 40 + note_room(canvas, figure))
    notes, top = top, top + note_room(canvas, figure)
    bottom = canvas.height - 10
    marked = [value for value, _ in references(figure, report)]
    y = Scale(min([0.0, *marked]), max([float(value) for value in sums] + marked), bottom, top + 8)
    left = tick_room(canvas, table, y)
    grid(canvas, table, y, left, canvas.width - right)
    xs = [left + position * (canvas.width - left - right) for position in table.positions]
    floor = [Decimal(0)] * len(xs)
    middles = []
    for one, (colour, _) in zip(table.series, colours, strict=True):
        roof = [below + (value or Decimal(0)) for below, value in zip(floor, one.values, strict=True)]
        up = [(x, y(value)) for x, value in zip(xs, roof, strict=True)]
        down = [(x, y(value)) for x, value in zip(xs, floor, strict=True)]
        canvas.shape([*up, *reversed(down)], colour=colour)
        top_most = one is table.series[-1]  # its tone may be a light one: its edge is what the eye follows
        canvas.path(up, colour="accent" if top_most else "paper", thick=1.5 if not many else 0.75)
        middles.append((y(roof[-1]) + y(floor[-1])) / 2 if many else y(roof[-1]))
        floor = roof
    if many:
        words = table.number(sums[-1])
        canvas.text(xs[-1], y(sums[-1]) - 2, words, "text", weight=700, align="right")
    if _ahead(figure, table) < len(xs):
        x = xs[_ahead(figure, table)]
        canvas.guide((x, top + 4), (x, bottom), colour="ink", thick=0.75, dashed=True)
    canvas.line(left, y(0), canvas.width - right, y(0), thick=0.75)
    point_names(canvas, table.points, xs, bottom + 6)
    for at, middle in enumerate(spread(middles, heights, bottom + 1, line)):
        x = canvas.width - right + 4
        canvas.line(x - 3.2, middles[at], x - 0.8, middle, colour="quiet", thick=0.5)
        canvas.block(x, middle + canvas.cap("text") / 2, ends[at], right - 4, "text", weight=600)
    places = dict(zip(table.points, xs, strict=True))
    marks(canvas, figure, table, report, places, Plot(left, canvas.width - right, top, bottom, y, notes))


def multiples(canvas: Canvas, figure: Multiples, table: Dataset, report: Report) -> None:
    """A small chart for each series, with its name, first and last value; the axes are those of all."""
    top = canvas.head(head_line(figure, table, report))
    shown = [one for one in table.series if one.known]
    low, high, torn = _span(figure, table, report, zero=figure.zero)
    said = report.labels.words["axis-torn"]
    foot = canvas.leading("text") * len(canvas.wrapped(said, canvas.width, "text")) + 1 if torn else 0.0
    across = max(1, min(4, len(shown), int(canvas.width // (_PANEL_WIDTH - 10))))
    down = math.ceil(len(shown) / across)
    gap, line = 8.0, canvas.leading("text")
    wide = (canvas.width - gap * (across - 1)) / across
    names = [
        max(len(canvas.wrapped(one.name, wide, "text", 600)) for one in shown[r * across : (r + 1) * across])
        for r in range(down)
    ]
    said_below = [f"- - - {reference_words(value, one, table)}" for value, one in references(figure, report)]
    said_below += [f"{one.at}: {one.text}" for one in figure.annotations]
    lines = sum(len(canvas.wrapped(words, canvas.width, "small", 600)) for words in said_below)
    marked = lines * canvas.leading("small")
    canvas.grow(top + foot + marked + sum(_PANEL_HEIGHT + name * line + 6 for name in names))
    high_each = (canvas.height - top - foot - marked - sum(name * line + 6 for name in names)) / down
    canvas.needs(high_each - 6, "its small charts", "height")
    for at, one in enumerate(shown):
        row, column = divmod(at, across)
        x0 = column * (wide + gap)
        y0 = top + row * (high_each + 6) + sum(names[:row]) * line
        canvas.block(x0, y0 + canvas.cap("text"), one.name, wide, "text", weight=600)
        roof = y0 + names[row] * line + 5
        y = Scale(low, high, y0 + names[row] * line + high_each - 4, roof)
        xs = [x0 + 1.3 + position * (wide - 2.6) for position in table.positions]
        if not torn:
            canvas.line(x0, y(0), x0 + wide, y(0), thick=0.75)
        else:
            canvas.line(x0, y.start + 1.5, x0 + wide, y.start + 1.5, colour="rule", thick=0.5)
            tear(canvas, x0 + 1.5, y.start - 0.4)  # off the first year's name
        picked = figure.highlight is None or one.name == str(figure.highlight)
        tone, thick = ("accent", 2.0) if picked else ("rest", 1.5)
        _line(canvas, figure, table, one, xs, y, tone, thick)
        last = one.known[-1]
        canvas.dot(xs[last], y(_at(one, last)), 1.2, colour=tone)
        _panel_numbers(canvas, table, one, xs, y, (x0, x0 + wide, roof - 2.2))
        for note in figure.annotations:
            x = xs[table.points.index(str(note.at))]
            canvas.guide((x, roof), (x, y.start), colour="quiet", thick=0.5)
        for value, _ in references(figure, report):
            canvas.guide((x0, y(value)), (x0 + wide, y(value)), colour="ink", thick=0.5, dashed=True)
        baseline = y0 + names[row] * line + high_each + 0.6
        canvas.text(x0, baseline, table.points[0], "small", colour="quiet")
        if len(table.points) > 1:
            end = table.points[-1]
            beside = canvas.text_width(table.points[0], "small") + canvas.text_width(end, "small") + 2 <= wide
            if beside:
                canvas.text(x0 + wide, baseline, end, "small", colour="quiet", align="right")
    baseline = canvas.height - foot - marked + canvas.leading("small") - 1
    for words in said_below:
        baseline = canvas.block(0, baseline, words, canvas.width, "small", weight=600)
    if torn:
        canvas.block(0, canvas.height - foot + line - 1, said, canvas.width, "text")


def _panel_numbers(
    canvas: Canvas, table: Dataset, one: Series, xs: Sequence[float], y: Scale, box: tuple[float, float, float]
) -> None:
    """The last value above its point, and the first where it does not meet it."""
    left, right, roof = box
    for place in dict.fromkeys((one.known[-1], one.known[0])):
        last = place == one.known[-1]
        words, weight = table.number(_at(one, place)), 700 if last else 400
        half = canvas.text_width(words, "small", weight) / 2
        x = min(max(xs[place], left + half), right - half)
        base, below = y(_at(one, place)) - 2.2, y(_at(one, place)) + 3.2 + canvas.cap("small")
        if last:
            base = max(base, roof)
            clear = canvas.blank(x, base, words, "small", weight=weight, align="center")
            canvas.text(x, base, words, "small", weight=weight, align="center", ground=clear)
            continue
        for tried in (base, base - 1.5, below):  # off the line, or not at all: the data have it
            if tried >= roof and tried < y.start and canvas.blank(x, tried, words, "small", align="center"):
                canvas.text(x, tried, words, "small", align="center", ground=True)
                break
