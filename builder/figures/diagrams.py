"""Diagrams: events on the line of time, an organisation as a tree, amounts that flow from place to place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from matplotlib.path import Path as Outline

from builder.content.dataset import Dataset, event_time
from builder.figures.axis import Scale, spread, unit_line
from builder.figures.canvas import Align, Canvas
from builder.model.figure import Event, Events, Flow, Member, Tree
from builder.model.figure.diagrams import moment
from builder.model.report import Report


def events(canvas: Canvas, figure: Events, report: Report) -> None:
    """Each event on rows of its own, at its time; its words stand at the side that has more room."""
    listed = sorted(figure.events, key=lambda one: moment(one.from_))
    first = math.floor(min(moment(one.from_) for one in listed))
    last = math.ceil(max(_until(one) for one in listed) - 1e-9)
    last = max(last, first + 1)
    x = Scale(first, last, 3, canvas.width - 3)
    line, top = canvas.leading("text"), 8.0
    rows = []
    for one in listed:
        _, measure, _, below = _room(canvas, x, one, report)
        lines = len(canvas.wrapped(_said(one, report), measure, "text", _weight(one)))
        rows.append(lines * line + below + 2.5)
    canvas.grow(top + sum(rows) + 1)
    bottom = top + sum(rows)
    years = range(first, last + 1)
    for year in dict.fromkeys((first, last, *years)):
        words, size = str(year), "small"
        half = canvas.text_width(words, size) / 2
        at = min(max(x(year), half), canvas.width - half)
        if year == first or canvas.free(at, 3.5, words, size, align="center"):
            canvas.line(x(year), 5.5, x(year), bottom, colour="rule", thick=0.5, behind=True)
            canvas.text(at, 3.5, words, size, colour="quiet", align="center")
    canvas.line(x(first), 5.5, x(last), 5.5, colour="ink", thick=0.75)
    y = top
    for one, high in zip(listed, rows, strict=True):
        middle, tone = y + line / 2, "accent" if one.highlight else "rest"
        begin, end = x(moment(one.from_)), x(_until(one))
        if one.to is not None:
            canvas.box(begin, middle - 1.1, max(end - begin, 1.5), 2.2, colour=tone)
        else:
            canvas.dot(begin, middle, 1.5, colour=tone)
        at, measure, align, below = _room(canvas, x, one, report)
        canvas.block(
            at,
            middle + below + canvas.cap("text") / 2,
            _said(one, report),
            measure,
            "text",
            weight=_weight(one),
            align=align,
            ground=True,
        )
        y += high


def _until(one: Event) -> float:
    """Where an event ends: a year that is named as an end is over when it ends, and so is a month."""
    if one.to is None:
        return moment(one.from_)
    return moment(one.to) + (1 / 12 if "-" in str(one.to) else 1.0)


def _said(one: Event, report: Report) -> str:
    return f"{event_time(one, report)} {one.text}"


def _weight(one: Event) -> int:
    return 600 if one.highlight else 400


def _room(canvas: Canvas, x: Scale, one: Event, report: Report) -> tuple[float, float, Align, float]:
    """Where its words stand, how wide they may be, to which side they are set, and how far below its mark, in mm."""
    begin, end = x(moment(one.from_)) - 3, x(_until(one)) + 3
    left, right = begin, canvas.width - end
    if max(left, right) < canvas.width * 0.35:  # a long bar has them below it
        wide = canvas.text_width(_said(one, report), "text", _weight(one))
        return max(0.0, min(begin + 3, canvas.width - wide)), min(wide + 0.5, canvas.width), "left", 4.5
    return (end, right, "left", 0.0) if right >= min(left, canvas.width * 0.45) else (begin, left, "right", 0.0)


@dataclass
class _Place:
    """A member of a tree while it is laid out: its level, its lines, and where its middle is."""

    member: Member
    level: int
    below: list[_Place]
    lines: int = 0
    middle: float = 0.0


def tree(canvas: Canvas, figure: Tree) -> None:
    """From left to right, a column for each level: names may have several lines, and nothing meets."""
    root = _places(figure.root, 0)
    levels = 1 + max(one.level for one in _all(root))
    gap = 8.0
    wide = (canvas.width - gap * (levels - 1)) / levels
    line = canvas.leading("text")
    for one in _all(root):
        notes = canvas.wrapped(str(one.member.note), wide - 1, "small") if one.member.note else []
        note = len(notes) * canvas.leading("small")
        count = len(canvas.wrapped(str(one.member.name), wide - 1, "text", 600))
        one.lines = math.ceil((count * line + note + 3.5) * 100)
    high = _height(root) / 100
    canvas.grow(high + 1)
    _arrange(root, (canvas.height - high) / 2)
    for one in _all(root):
        x, half = one.level * (wide + gap), (one.lines / 100 - 3.5) / 2
        if one.below:
            stem = x + wide + gap / 2
            ends = [below.middle for below in one.below]
            canvas.line(x + wide + 0.5, one.middle, stem, one.middle, colour="quiet", thick=0.75)
            canvas.line(stem, min(*ends, one.middle), stem, max(*ends, one.middle), colour="quiet", thick=0.75)
            for end in ends:
                canvas.line(stem, end, x + wide + gap - 1.2, end, colour="quiet", thick=0.75)
        name = canvas.wrapped(str(one.member.name), wide - 1, "text", 600)
        reach = max(canvas.text_width(words, "text", 600) for words in name)
        for words in canvas.wrapped(str(one.member.note or ""), wide - 1, "small"):
            reach = max(reach, canvas.text_width(words, "small"))
        if one.below and reach + 1.5 < wide - 1:
            canvas.line(x + reach + 1.5, one.middle, x + wide + 0.5, one.middle, colour="quiet", thick=0.75)
        y = canvas.block(
            x, one.middle - half + canvas.cap("text") + 0.3, str(one.member.name), wide - 1, "text", weight=600,
            colour="accent" if one.level == 0 else "ink",
        )  # fmt: skip
        if one.member.note:
            canvas.block(
                x, y - line + canvas.leading("small") + 0.4, str(one.member.note), wide - 1, "small", colour="quiet"
            )


def _places(member: Member, level: int) -> _Place:
    return _Place(member, level, [_places(one, level + 1) for one in member.below])


def _all(root: _Place) -> list[_Place]:
    return [root, *(one for below in root.below for one in _all(below))]


def _height(place: _Place) -> int:
    return max(place.lines, sum(_height(one) for one in place.below))


def _arrange(place: _Place, top: float) -> None:
    high, inner = _height(place) / 100, sum(_height(one) for one in place.below) / 100
    y = top + (high - inner) / 2
    for one in place.below:
        _arrange(one, y)
        y += _height(one) / 100
    place.middle = top + high / 2 if not place.below else (place.below[0].middle + place.below[-1].middle) / 2


@dataclass
class _Node:
    """A place of a flow while it is laid out: its column, its amount, and how much of its sides is taken, in mm."""

    name: str
    column: int = 0
    into: Decimal = Decimal(0)
    out: Decimal = Decimal(0)
    top: float = 0.0
    taken: list[float] = field(default_factory=lambda: [0.0, 0.0])

    @property
    def amount(self) -> Decimal:
        return max(self.into, self.out)


def flow_nodes(figure: Flow) -> list[_Node]:
    """The places of a flow, in the column to which the longest way leads. Raises ValueError where it goes round."""
    nodes: dict[str, _Node] = {}
    for link in figure.links:
        nodes.setdefault(str(link.from_), _Node(str(link.from_))).out += link.value
        nodes.setdefault(str(link.to), _Node(str(link.to))).into += link.value
    for _ in range(len(nodes) + 1):
        moved = False
        for link in figure.links:
            one, other = nodes[str(link.from_)], nodes[str(link.to)]
            if other.column <= one.column:
                other.column, moved = one.column + 1, True
        if not moved:
            return list(nodes.values())
    raise ValueError("the flow goes round in a circle")


def flow(canvas: Canvas, figure: Flow, table: Dataset, report: Report) -> None:
    """Places in columns, as high as their amounts; bands between them as thick as what flows (Sankey)."""
    top = canvas.head(unit_line(table.unit, report)) + 1
    nodes = {one.name: one for one in flow_nodes(figure)}
    columns = 1 + max(one.column for one in nodes.values())
    by_column = [[one for one in nodes.values() if one.column == at] for at in range(columns)]
    bar, line = 3.0, canvas.leading("text")
    measure = min(46.0, canvas.width / (columns + 0.4) - bar - 3)
    step = (canvas.width - measure - bar - 2) / (columns - 1)
    words = {name: f"{table.number(one.amount)} {name}" for name, one in nodes.items()}
    heights = {name: len(canvas.wrapped(said, measure, "text")) * line for name, said in words.items()}
    canvas.grow(top + max(sum(heights[one.name] + 1.5 for one in column) for column in by_column) + 4)
    most = max(sum((one.amount for one in column), Decimal(0)) for column in by_column)
    gaps = max(len(column) for column in by_column) - 1
    gap = min(5.0, (canvas.height - top) * 0.4 / max(1, gaps))
    scale = (canvas.height - top - gap * gaps - 1) / float(most)
    canvas.needs(canvas.height - top - gap * gaps, "its bands", "height")
    for column in by_column:
        y = top
        for one in column:
            one.top = y
            y += float(one.amount) * scale + gap
    for link in sorted(figure.links, key=lambda one: (nodes[str(one.from_)].top, nodes[str(one.to)].top)):
        one, other = nodes[str(link.from_)], nodes[str(link.to)]
        thick = float(link.value) * scale
        x0, x1 = one.column * step + bar, other.column * step
        y0, y1 = one.top + one.taken[1], other.top + other.taken[0]
        one.taken[1] += thick
        other.taken[0] += thick
        canvas.outline(_band(x0, y0, x1, y1, thick), colour="accent~30", edge="paper")
    for at, column in enumerate(by_column):
        middles = [one.top + float(one.amount) * scale / 2 for one in column]
        places = spread(middles, [heights[one.name] for one in column], canvas.height - 0.5, line)
        for one, middle in zip(column, places, strict=True):
            high = max(0.4, float(one.amount) * scale)
            canvas.box(at * step, one.top, bar, high, colour="accent")
            canvas.block(at * step + bar + 1.5, middle + canvas.cap("text") / 2, words[one.name], measure, "text")


def _band(x0: float, y0: float, x1: float, y1: float, thick: float) -> Outline:
    middle = (x0 + x1) / 2
    points: Sequence[tuple[float, float]] = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1), (x1, y1 + thick),
        (middle, y1 + thick), (middle, y0 + thick), (x0, y0 + thick), (x0, y0),
    ]  # fmt: skip
    codes = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    return Outline(points, codes)
