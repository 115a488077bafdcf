"""Charts of parts and of targets: waterfall, bullet, donut, histogram, heat table, pictogram."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from builder.content.dataset import Dataset
from builder.figures.axis import Scale, ladder, point_names, tick_words, tint, unit_line
from builder.figures.bars import name_column, row_name
from builder.figures.canvas import Align, Canvas
from builder.figures.icons import Icon
from builder.model.figure import Bullet, Donut, Heat, Histogram, Pictogram, Waterfall
from builder.model.report import Report


def waterfall(canvas: Canvas, figure: Waterfall, table: Dataset, report: Report) -> None:
    """Totals stand on zero, changes begin where the one before them ended; deductions are hollow."""
    top = canvas.head(unit_line(table.unit, report))
    totals = {0, *(at for at, name in enumerate(table.points) if name in total_names(figure, report))}
    values = [value or Decimal(0) for value in table.series[0].values]
    spans, level = [], Decimal(0)
    for at, value in enumerate(values):
        begin = Decimal(0) if at in totals else level
        level = value if at in totals else level + value
        spans.append((begin, level))
    left = name_column(canvas, table.points, min(60.0, canvas.width * 0.4))
    lines = max(len(canvas.wrapped(name, left - 3, "text", 600)) for name in table.points)
    canvas.grow(top + len(spans) * max(6.5, lines * canvas.leading("text") + 1))
    room = (canvas.height - top) / len(spans)
    high = min(7.0, room * 0.72)
    printed = [table.number(v, signed=at not in totals) for at, v in enumerate(values)]
    label = 3 + max(canvas.text_width(one, "text", 700) for one in printed)
    ends = [float(v) for span in spans for v in span]
    low = min(0.0, *ends)
    x = Scale(low, max(0.0, *ends), left + (label if low < 0 else 0), canvas.width - label)
    canvas.needs(x.end - x.start, "its bars", "width")
    for row, (begin, end) in enumerate(spans):
        y, (from_, to) = top + row * room + room / 2, sorted((x(begin), x(end)))
        row_name(canvas, table.points[row], y, left - 3, weight=600 if row in totals else 400)
        fall = row not in totals and values[row] < 0
        canvas.box(from_, y - high / 2, to - from_, high, colour="ink" if row in totals else "accent", hollow=fall)
        weight = 700 if row in totals else 400
        align: Align = "right" if end < 0 and begin <= 0 else "left"
        beside = from_ - 1.5 if align == "right" else to + 1.5
        canvas.text(beside, y + canvas.cap("text") / 2, printed[row], "text", weight=weight, align=align)
        if row + 1 < len(spans):
            canvas.line(x(end), y + high / 2, x(end), y + room - high / 2, colour="quiet", thick=0.5)
    canvas.line(x(0), top, x(0), canvas.height, thick=0.75)


def total_names(figure: Waterfall, report: Report) -> set[str]:
    """How the rows are called that are sums of those before them."""
    names = set(map(str, figure.totals))
    return names | {str(one.short or one.label) for name, one in report.indicators.items() if name in names}


def bullet(canvas: Canvas, _figure: Bullet, table: Dataset, report: Report) -> None:
    """What was reached as a bar, the target as a mark across it, what was before as a thin bar below (IBCS 1.2)."""
    words = report.labels.words
    top = canvas.head(unit_line(table.unit, report))
    roles = {one.name: one for one in table.series}
    x: float = 0
    baseline = top + canvas.cap("small") + 0.4
    for role in ("actual", "target", "previous"):
        if role in roles:
            name = str(words[role])
            wide = 6 + canvas.text_width(name, "small")
            if x and x + wide > canvas.width:
                x, baseline = 0.0, baseline + canvas.leading("small")
            _bullet_mark(canvas, role, x, x + 3.5, baseline - canvas.cap("small") / 2, 2.4)
            canvas.text(x + 5, baseline, name, "small")
            x += wide + 4
    top = baseline + 3
    left = name_column(canvas, table.points, min(60.0, canvas.width * 0.4))
    lines = max(len(canvas.wrapped(name, left - 3, "text")) for name in table.points)
    canvas.grow(top + len(table.points) * max(11.0, lines * canvas.leading("text") + 1))
    room = (canvas.height - top) / len(table.points)
    targets = [table.number(v) for v in roles["target"].values if v is not None] if "target" in roles else []
    aims = [f"{words['target']} {number}" for number in targets]
    label = 4 + max(canvas.text_width(table.number(v), "text", 700) for v in table.values)
    label = max([label, *(canvas.text_width(one, "small") + 4 for one in aims)])
    values = [0.0, *(float(v) for v in table.values)]
    scale = Scale(min(values), max(values), left + (label if min(values) < 0 else 0), canvas.width - label)
    canvas.needs(scale.end - scale.start, "its bars", "width")
    for row, name in enumerate(table.points):
        y = top + (row + 0.5) * room
        row_name(canvas, name, y, left - 3)
        ends = [scale(0)]
        for role in ("previous", "actual", "target"):
            value = roles[role].values[row] if role in roles else None
            if value is None:
                continue
            _bullet_mark(canvas, role, scale(0), scale(value), y, 5.0)
            ends.append(scale(value))
        actual = roles["actual"].values[row]
        said = "–" if actual is None else table.number(actual)
        at = max(ends) + 2
        aim = roles["target"].values[row] if "target" in roles else None
        if aim is None:
            canvas.text(at, y + canvas.cap("text") / 2, said, "text", weight=700)
            continue
        canvas.text(at, y - 0.4, said, "text", weight=700)
        canvas.text(
            at, y + canvas.cap("small") + 1.2, f"{words['target']} {table.number(aim)}", "small", colour="quiet"
        )
    canvas.line(scale(0), top, scale(0), canvas.height, thick=0.75)


def _bullet_mark(canvas: Canvas, role: str, zero: float, end: float, y: float, high: float) -> None:
    if role == "target":
        canvas.line(end, y - high * 0.75, end, y + high * 0.75, colour="ink", thick=2)
    elif role == "previous":
        canvas.box(min(zero, end), y + high * 0.5 + 0.3, abs(end - zero), high * 0.25, colour="rest")
    else:
        canvas.box(min(zero, end), y - high / 2, abs(end - zero), high, colour="accent")


def donut(canvas: Canvas, figure: Donut, table: Dataset, report: Report) -> None:
    """Parts of a ring from the top clockwise, each named beside it; the whole in the middle where it has room."""
    table = table.sorted_by_value() if figure.order == "value" else table
    values = [value or Decimal(0) for value in table.series[0].values]
    whole = sum(values, Decimal(0))
    top = canvas.head(unit_line(table.unit, report))
    radius = max(10.0, min(canvas.width * 0.22, (canvas.height - top) / 2 - 1))
    named, colours = table.points, _parts_tones(figure, table)
    words = [f"{table.number(value)} {name}" for value, name in zip(values, named, strict=True)]
    x = radius + 1
    measure = canvas.width - 2 * radius - 12
    lines = [len(canvas.wrapped(one, measure, "text")) for one in words]
    line = canvas.leading("text")
    canvas.grow(top + sum(lines) * line + 6 * len(lines))
    canvas.needs(measure - 15, "its names", "width")
    y = top + (canvas.height - top) / 2
    angle = 0.0
    for value, (colour, edge) in zip(values, colours, strict=True):
        turn = float(value / whole) * 360
        if turn:
            canvas.wedge(
                x, y, radius, radius * 0.42, angle + 0.5, angle + max(0.6, turn - 0.5), colour=colour, edge=edge
            )
        angle += turn
    total = table.number(whole)
    size = canvas.fit([total], ("title", "large", "text", "small"), radius * 1.05, 700)
    if canvas.text_width(total, size, 700) <= radius * 1.1:
        canvas.text(x, y + canvas.cap(size) / 2, total, size, weight=700, align="center")
    room = (canvas.height - top) / len(words)
    for at, one in enumerate(words):  # in the order of the ring, as a list beside it
        middle = top + (at + 0.5) * room
        first = middle + canvas.cap("text") / 2 - (lines[at] - 1) * line / 2
        colour, edge = colours[at]
        left = 2 * radius + 8
        canvas.box(left, middle - 1.5, 3, 3, colour=colour, edge=edge)
        number = table.number(values[at])
        canvas.block(left + 4.5, first, one, measure - 1, "text", weight=700 if number == one.strip() else 400)


def _parts_tones(figure: Donut, table: Dataset) -> list[tuple[str, str]]:

    if figure.highlight is not None:
        greys = iter(ladder(max(1, len(table.points) - 1)))
        named = str(figure.highlight)
        return [("accent", "") if name == named else tint("rest", next(greys)) for name in table.points]
    return [tint("accent", part) for part in ladder(len(table.points))]


def class_edges(figure: Histogram, table: Dataset) -> list[float]:
    """Where the classes begin and the last ends: as given, or round and even ones (about the root of the count)."""
    if figure.edges:
        return [float(edge) for edge in figure.edges]
    values = [float(value) for value in table.values]
    low, high = min(values), max(values)
    if low == high:
        return [low - 0.5, high + 0.5]
    most = min(12, max(3, math.ceil(math.sqrt(len(values)))))
    from matplotlib.ticker import MaxNLocator

    return [float(edge) for edge in MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]


def class_counts(edges: Sequence[float], table: Dataset) -> list[int]:
    """How many values are in each class: from its lower edge up to, but not at, its upper; the last with both."""
    counts = [0] * (len(edges) - 1)
    for value in map(float, table.values):
        inside_ = [at for at in range(len(counts)) if edges[at] <= value < edges[at + 1]]
        counts[inside_[0] if inside_ else len(counts) - 1] += 1
    return counts


def histogram(canvas: Canvas, figure: Histogram, table: Dataset, report: Report) -> None:
    """A bar for each class, as wide as its values and as high as its count; they touch, for the values go on."""
    top = canvas.head(unit_line(table.unit, report))
    edges = class_edges(figure, table)
    counts = class_counts(edges, table)
    x = Scale(edges[0], edges[-1], 4, canvas.width - 4)
    widths = [b - a for a, b in pairwise(edges)]
    heights = [count / width * min(widths) for count, width in zip(counts, widths, strict=True)]  # area is the count
    said = canvas.wrapped(report.labels.words["class-limits"], canvas.width, "small")
    foot = len(said) * canvas.leading("small") + 1
    canvas.grow(top + 36 + foot)
    bottom = canvas.height - 8 - foot
    y = Scale(0, max(heights), bottom, top + 6)
    canvas.needs(bottom - top - 6, "its bars", "height")
    for at, count in enumerate(counts):
        canvas.box(
            x(edges[at]) + 0.15,
            y(heights[at]),
            x(edges[at + 1]) - x(edges[at]) - 0.3,
            bottom - y(heights[at]),
            colour="accent",
        )
        middle = (x(edges[at]) + x(edges[at + 1])) / 2
        if canvas.free(middle, y(heights[at]) - 1.5, str(count), "small", align="center"):
            canvas.text(middle, y(heights[at]) - 1.5, str(count), "small", align="center")
    canvas.line(0, bottom, canvas.width, bottom, thick=0.75)
    point_names(canvas, tick_words(edges, table), [x(edge) for edge in edges], bottom + 6, "small")
    canvas.block(0, bottom + 8 + canvas.leading("small"), " ".join(said), canvas.width, "small", colour="quiet")


def heat(canvas: Canvas, _figure: Heat, table: Dataset, report: Report) -> None:
    """A table: rows are the points, columns the series; the larger the number, the darker its cell."""
    rows = [(name, [one.values[at] for one in table.series]) for at, name in enumerate(table.points)]
    columns = [one.name for one in table.series]
    if table.years:  # time runs from left to right
        rows, columns = [(one.name, list(one.values)) for one in table.series], list(table.points)
    top = canvas.head(unit_line(table.unit, report))
    left = name_column(canvas, [name for name, _ in rows], min(55.0, canvas.width * 0.36))
    wide = (canvas.width - left) / len(columns)
    heads = max(len(canvas.wrapped(name, wide - 1, "small")) for name in columns)
    top += heads * canvas.leading("small") + 1
    lines = max(len(canvas.wrapped(name, left - 3, "text")) for name, _ in rows)
    canvas.grow(top + len(rows) * max(6.0, lines * canvas.leading("text") + 1))
    room = (canvas.height - top) / len(rows)
    for at, name in enumerate(columns):
        first = top - 1.2 - (len(canvas.wrapped(name, wide - 1, "small")) - 1) * canvas.leading("small")
        canvas.block(left + (at + 0.5) * wide, first, name, wide - 1, "small", colour="quiet", align="center")
    most = max((abs(value) for value in table.values), default=Decimal(1)) or Decimal(1)
    for row, (name, values) in enumerate(rows):
        y = top + row * room
        row_name(canvas, name, y + room / 2, left - 3)
        for at, value in enumerate(values):
            x = left + at * wide
            if value is None:
                canvas.text(
                    x + wide / 2, y + room / 2 + canvas.cap("small") / 2, "–", "small", colour="quiet", align="center"
                )
                continue
            part = max(4, round(float(abs(value) / most) * 100))
            tone = canvas.legible(f"{'accent' if value >= 0 else 'rest'}~{part}")
            canvas.box(x + 0.15, y + 0.15, wide - 0.3, room - 0.3, colour=tone)
            baseline = y + room / 2 + canvas.cap("small") / 2
            canvas.text(x + wide / 2, baseline, table.number(value), "small", colour=canvas.over(tone), align="center")


def pictogram(canvas: Canvas, figure: Pictogram, table: Dataset, report: Report, icon: Path) -> None:
    """Icons in rows of ten or twenty, each for as many as `each` says; the last is cut where the number ends."""
    drawn, each = Icon.read(icon), figure.each
    words = report.labels.words
    note = str(words["each-unit"] if each == 1 else words["each-icon"]).format(number=table.number(Decimal(each)))
    left = name_column(canvas, table.points, min(50.0, canvas.width * 0.32))
    printed = [table.number(value or Decimal(0)) for value in table.series[0].values]
    label = 3 + max(canvas.text_width(one, "large", 700) for one in printed)
    counts = [float(value or 0) / each for value in table.series[0].values]
    room = canvas.width - left - label
    canvas.needs(room - 10, "its icons", "width")
    across = 20 if max(counts) > 10 and room / 20 > 3.2 else 10
    pitch = min(8.0, room / across)
    downs = [max(1, math.ceil(count / across)) for count in counts]
    named_lines = [len(canvas.wrapped(name, left - 3, "text")) * canvas.leading("text") for name in table.points]
    lines = [max(down * pitch, name) + 3 for down, name in zip(downs, named_lines, strict=True)]
    foot = len(canvas.wrapped(note, canvas.width, "small")) * canvas.leading("small") + 2
    canvas.grow(sum(lines) + foot)
    named = str(figure.highlight) if figure.highlight is not None else ""
    y = 0.0
    for row, name in enumerate(table.points):
        row_name(canvas, name, y + lines[row] / 2 - 1.5, left - 3)
        tone = "accent" if named in ("", name) else "rest"
        for at in range(math.ceil(counts[row])):
            part = min(1.0, counts[row] - at)
            drawn.draw(canvas, left + at % across * pitch, y + at // across * pitch, pitch * 0.88, tone, part)
        last = min(across, max(1, math.ceil(counts[row]))) if downs[row] == 1 else across
        middle = y + downs[row] * pitch / 2
        canvas.text(left + last * pitch + 2, middle + canvas.cap("large") / 2, printed[row], "large", weight=700)
        y += lines[row]
    canvas.block(0, canvas.height - foot + 2 + canvas.cap("small"), note, canvas.width, "small", colour="quiet")
