"""Charts whose marks are points: scatter, dumbbells, and the slopes of many. Position is what the eye judges best."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from builder.content.dataset import Dataset, Series
from builder.figures.axis import APART, Scale, spread, tear, tick_words, ticks, unit_line
from builder.figures.bars import name_column, row_name
from builder.figures.canvas import Align, Canvas
from builder.model.figure import Dumbbell, Scatter, Slopes
from builder.model.report import Report


def scatter(canvas: Canvas, figure: Scatter, table: Dataset, report: Report) -> None:
    """A point for each row, named where there is room: the highlighted one in any case."""
    across, up = table.series
    places = [at for at in across.known if up.values[at] is not None]
    xs_of = [float(across.values[at] or 0) for at in places]
    ys_of = [float(up.values[at] or 0) for at in places]
    top = canvas.head(up.name) + 1
    torn = not all(min(values) <= 0 <= max(values) for values in (xs_of, ys_of))
    said_torn = canvas.wrapped(report.labels.words["axis-torn"], canvas.width, "small") if torn else []
    named_foot = len(canvas.wrapped(across.name, canvas.width, "small")) * canvas.leading("small")
    foot = named_foot + len(said_torn) * canvas.leading("small")
    y = _padded(ys_of, canvas.height - foot - 8, top + 2)
    plain = Dataset((), (), table.language)
    marks_y = ticks(y, 6)
    left = 3 + max(canvas.text_width(one, "small") for one in tick_words(marks_y, plain))
    x = _padded(xs_of, left + 3, canvas.width - 4)
    for value, said in zip(marks_y, tick_words(marks_y, plain), strict=True):
        canvas.line(left, y(value), canvas.width, y(value), colour="rule", thick=0.5)
        if canvas.free(left - 2, y(value) + canvas.cap("small") / 2, said, "small", align="right"):
            canvas.text(left - 2, y(value) + canvas.cap("small") / 2, said, "small", colour="quiet", align="right")
    bottom = canvas.height - foot - 7
    canvas.line(left, bottom, canvas.width, bottom, thick=0.75)
    marks_x = ticks(x, max(2, int(canvas.width / 22)))
    for value, said in zip(marks_x, tick_words(marks_x, plain), strict=True):
        canvas.line(x(value), bottom, x(value), bottom + 1.2, thick=0.75)
        if canvas.free(x(value), bottom + 5, said, "small", align="center"):
            canvas.text(x(value), bottom + 5, said, "small", colour="quiet", align="center")
    lines = canvas.wrapped(across.name, canvas.width, "small")
    for number, line in enumerate(lines):
        baseline = canvas.height - foot + (number + 1) * canvas.leading("small") - 1
        canvas.text(canvas.width, baseline, line, "small", colour="quiet", align="right")
    for number, line in enumerate(said_torn):
        baseline = canvas.height - foot + named_foot + (number + 1) * canvas.leading("small") - 1
        canvas.text(0, baseline, line, "small", colour="quiet")
    radius = 1.5 if len(places) < 30 else 1.1
    named = str(figure.highlight) if figure.highlight is not None else ""
    points = sorted(zip(places, xs_of, ys_of, strict=True), key=lambda point: table.points[point[0]] == named)
    for at, one, other in points:  # the highlighted one over the others
        picked = not named or table.points[at] == named
        canvas.dot(x(one), y(other), radius, colour="accent" if picked else "rest", hollow=not picked)
        canvas.covered(x(one) - radius, y(other) - radius, x(one) + radius, y(other) + radius)
    order = sorted(range(len(places)), key=lambda n: table.points[places[n]] != named)
    for number in order:
        _name_beside(canvas, table.points[places[number]], x(xs_of[number]), y(ys_of[number]), radius, named)


def _padded(values: Sequence[float], start: float, end: float) -> Scale:
    low, high = min(values), max(values)
    pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return Scale(low - pad, high + pad, start, end)


def _name_beside(canvas: Canvas, name: str, x: float, y: float, radius: float, named: str) -> None:
    weight, middle = (600, y + canvas.cap("small") / 2) if name == named else (400, y + canvas.cap("small") / 2)
    away = radius + 0.8
    tries: tuple[tuple[float, float, Align], ...] = (
        (x + away, middle, "left"),
        (x - away, middle, "right"),
        (x, y - away - 0.3, "center"),
        (x, y + away + canvas.cap("small"), "center"),
    )
    for at, baseline, align in tries:
        if canvas.free(at, baseline, name, "small", weight=weight, align=align):
            canvas.text(at, baseline, name, "small", weight=weight, align=align)
            return
    if name == named:
        canvas.text(tries[0][0], tries[0][1], name, "small", weight=weight)


def dumbbell(canvas: Canvas, figure: Dumbbell, table: Dataset, report: Report) -> None:
    """A row for each: hollow where it began, full where it ended, their numbers outside."""
    table = table.sorted_by_value() if figure.order == "value" else table
    top = canvas.head(unit_line(table.unit, report))
    begin, end = table.series
    top = _ends_key(canvas, (begin.name, end.name), top)
    left = name_column(canvas, table.points, min(60.0, canvas.width * 0.4))
    lines = max(len(canvas.wrapped(name, left - 3, "text", 600)) for name in table.points)
    torn = min(table.values) > 0 or max(table.values) < 0
    said = report.labels.words["axis-torn"]
    foot = canvas.leading("small") * len(canvas.wrapped(said, canvas.width, "small")) + 1 if torn else 0.0
    canvas.grow(top + foot + len(table.points) * max(6.5, lines * canvas.leading("text") + 1))
    room = (canvas.height - top - foot) / len(table.points)
    if torn:
        canvas.block(0, canvas.height - foot + canvas.leading("small"), said, canvas.width, "small", colour="quiet")
    label = 4 + max((canvas.text_width(table.number(value), "text", 700) for value in table.values), default=0.0)
    values = [float(value) for value in table.values]
    x = Scale(min(values), max(values), left + label, canvas.width - label)
    canvas.needs(x.end - x.start, "its rows", "width")
    named = str(figure.highlight) if figure.highlight is not None else ""
    for row, name in enumerate(table.points):
        y = top + (row + 0.5) * room
        tone = "accent" if named in ("", name) else "rest"
        row_name(canvas, name, y, left - 3, weight=600 if named == name else 400)
        first, last = begin.values[row], end.values[row]
        if first is not None and last is not None:
            canvas.line(x(first), y, x(last), y, colour=tone, thick=2)
        for value, hollow in ((first, True), (last, False)):
            if value is not None:
                canvas.dot(x(value), y, 1.6, colour=tone, hollow=hollow)
        for value, other, weight in ((first, last, 400), (last, first, 700)):
            if value is None:
                continue
            right = other is not None and (value > other or (value == other and weight == 700))
            align: Align = "left" if right or other is None else "right"
            at = x(value) + (2.6 if align == "left" else -2.6)
            canvas.text(at, y + canvas.cap("text") / 2, table.number(value), "text", weight=weight, align=align)


def _ends_key(canvas: Canvas, names: tuple[str, str], y: float) -> float:
    """What the hollow and the full mark are; returns where the rest may begin."""
    x, baseline = 0.0, y + canvas.cap("small") + 0.4
    for name, hollow in zip(names, (True, False), strict=True):
        lines = canvas.wrapped(name, canvas.width - 5, "small")
        wide = 4.6 + max(canvas.text_width(line, "small") for line in lines)
        if x and x + wide > canvas.width:
            x, baseline = 0.0, baseline + canvas.leading("small")
        canvas.dot(x + 1.4, baseline - canvas.cap("small") / 2, 1.2, colour="quiet", hollow=hollow)
        canvas.block(x + 4, baseline, name, canvas.width - 5, "small")
        baseline += (len(lines) - 1) * canvas.leading("small")
        x += wide + 4
    return baseline + 3


def slopes(canvas: Canvas, figure: Slopes, table: Dataset, report: Report) -> None:
    """From a value at the left to one at the right, a line for each row; names at both ends step aside."""
    top = canvas.head(unit_line(table.unit, report)) + canvas.leading("text")
    begin, end = table.series
    kept = [at for at in begin.known if end.values[at] is not None]
    line = canvas.leading("text")
    left_words = [table.number(_value(begin, at)) for at in kept]
    right_words = [f"{table.number(_value(end, at))} {table.points[at]}" for at in kept]
    left = 4 + max(canvas.text_width(words, "text") for words in left_words)
    measure = max(
        canvas.width * 0.4 - 4,
        max(canvas.text_width(word, "text", 600) for words in right_words for word in words.split()),
    )
    blocks = [len(canvas.wrapped(words, measure, "text", 600)) * line for words in right_words]
    right = canvas.width - measure - 4
    canvas.needs(right - left, "its lines", "width")
    low, high = (float(of(table.values)) for of in (min, max))
    torn = low > 0 or high < 0
    said = report.labels.words["axis-torn"]
    foot = 2 + line * len(canvas.wrapped(said, canvas.width, "text")) if torn else 0.0
    canvas.grow(top + 10 + foot + sum(height + APART for height in blocks))
    bottom = canvas.height - 1 - foot
    y = Scale(low, high, bottom - 4, top + 5)
    if torn:
        canvas.block(0, canvas.height - foot + line, said, canvas.width, "text")
    for x, name in ((left, begin.name), (right, end.name)):
        canvas.line(x, top, x, bottom, colour="rule", thick=0.5)
        if torn:
            tear(canvas, x, bottom - 1.6)
        half = canvas.text_width(name, "text") / 2
        at = min(max(x, half), canvas.width - half)
        if x == left or canvas.free(at, top - 1.5, name, "text", align="center"):
            canvas.text(at, top - 1.5, name, "text", colour="quiet", align="center")
        else:
            canvas.text(canvas.width, top - 1.5, name, "text", colour="quiet", align="right")
    named = str(figure.highlight) if figure.highlight is not None else ""
    firsts = [y(_value(begin, at)) for at in kept]
    lasts = [y(_value(end, at)) for at in kept]
    tones = ["accent" if named in ("", table.points[at]) else "rest" for at in kept]
    for one, other, tone in zip(firsts, lasts, tones, strict=True):
        canvas.path([(left, one), (right, other)], colour=tone, thick=2 if tone == "accent" else 1.25)
        canvas.dot(left, one, 1.2, colour=tone)
        canvas.dot(right, other, 1.2, colour=tone)
    for number, middle in enumerate(spread(firsts, [line] * len(kept), bottom, line)):
        base = middle + canvas.cap("text") / 2
        canvas.text(left - 2.5, base, left_words[number], "text", align="right", colour=_word(tones[number], named))
    for number, middle in enumerate(spread(lasts, blocks, bottom, line)):
        base = middle + canvas.cap("text") / 2
        weight = 600 if tones[number] == "accent" else 400
        canvas.block(
            right + 3, base, right_words[number], measure, "text", weight=weight, colour=_word(tones[number], named)
        )


def _word(tone: str, named: str) -> str:
    return "quiet" if tone == "rest" else "accent" if named else "ink"


def _value(one: Series, at: int) -> Decimal:
    value = one.values[at]
    assert value is not None
    return value
