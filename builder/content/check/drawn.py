"""Rules on what a chart draws: whether the numbers there are can be shown truly, and what it names is in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.content.dataset import Dataset
from builder.content.schema_errors import unknown
from builder.model.diagnostics import Diagnostic, Span
from builder.model.figure import (
    Area,
    AxisChart,
    Bullet,
    Chart,
    Code,
    Donut,
    Dumbbell,
    Figure,
    Histogram,
    Lines,
    Map,
    Multiples,
    Pictogram,
    Scatter,
    Slopes,
    Stacked,
    Waterfall,
)  # fmt: skip
from builder.model.manuscript import Document, Text
from builder.model.report import Report

# More parts than this no eye compares in a ring.
_MOST_PARTS = 5
# So many per cent may rounding take from a hundred, or add to it.
_SHARES_OFF = 1
# A part of a ring smaller than one in so many is a hairline.
_SLIVER = 300


class Asked:
    """One figure of a topic under judgement; `at` are the keys that lead to it."""

    def __init__(self, figure: Figure, at: tuple[str | int, ...], document: Document) -> None:
        self.figure, self._at, self._document = figure, at, document
        self.kind = str(getattr(figure, "kind", ""))

    def place(self, *keys: str | int, key: bool = False) -> Span:
        return self._document.span((*self._at, *keys), key=key)

    def row(self, name: Text | int) -> Span:
        """Where a row of the figure's own data begins."""
        return self.place("data", "rows", str(name) if isinstance(name, Text) else name, key=True)

    def lacks(self, message: str, hint: str, *keys: str | int) -> Diagnostic:
        return Diagnostic("no-data", message, hint, self.place(*keys))

    def wrong(self, message: str, hint: str, *keys: str | int) -> Diagnostic:
        return Diagnostic("wrong-value", message, hint, self.place(*keys))


def drawn_problems(asked: Asked, figure: Chart, table: Dataset, report: Report) -> Iterator[Diagnostic]:
    """What cannot be shown truly of the numbers there are."""
    values = table.values
    if isinstance(figure, Code):
        return  # only its own program knows what it needs
    if len(values) < 2 and not isinstance(figure, Bullet | Pictogram | Map):
        yield asked.lacks("one number is no chart", "give more numbers, or print it as a key number")
        return
    if isinstance(figure, Scatter | Dumbbell | Slopes):
        whole = [at for at in table.series[0].known if table.series[1].values[at] is not None]
        if len(whole) < (2 if isinstance(figure, Scatter) else 1):
            yield asked.lacks("no row has both of its numbers", "write them, or leave the figure out", "data")
            return
    size = isinstance(figure, Area | Donut | Pictogram) or (isinstance(figure, Stacked) and figure.percent)
    if (size or (isinstance(figure, Map) and figure.style == "dots")) and any(value < 0 for value in values):
        message = f"a number below zero cannot be drawn as {asked.kind}"
        yield asked.wrong(message, "draw `bars` or `grouped`", "kind")
    if isinstance(figure, Donut):
        if not 2 <= len(table.points) <= _MOST_PARTS:
            message = f"a donut has two to {_MOST_PARTS} parts, and there are {len(table.points)}"
            yield asked.wrong(message, "draw `bars`: lengths can be compared, and angles hardly", "kind")
        elif not sum(values):
            yield asked.lacks("the parts are nothing together", "draw `bars`, or leave the figure out")
        elif any(0 < value * _SLIVER < sum(values, start=Decimal(0)) for value in values):
            yield asked.wrong("a part is too small to be seen in a ring", "draw `bars`, or join it to another", "kind")
    gaps = any(value is None for one in table.series for value in one.values)
    if isinstance(figure, Area) and gaps:
        yield asked.lacks("areas have no gaps, and a number is missing", "draw `lines`, which show gaps")
    if isinstance(figure, Stacked) and gaps:
        yield asked.lacks("parts have no whole where a number is missing", "draw `grouped`, which shows gaps", "data")
    yield from _hundred(asked, figure, table)
    if asked.kind in ("lines", "area", "multiples") and len(table.points) < 2:
        yield asked.lacks("a line needs two points", "give more years, or draw `bars`")
    if isinstance(figure, Pictogram):
        most = max(values) / figure.each
        if most > 400:
            message = f"{most:.0f} icons cannot be counted by an eye"
            yield asked.wrong(message, "let each stand for more: `each: …`", "each")
    if isinstance(figure, Waterfall):
        yield from _sum_problems(asked, figure, table, report)
    if isinstance(figure, Histogram) and figure.edges:
        edges = list(figure.edges)
        if len(edges) < 2 or edges != sorted(set(edges)):
            yield asked.wrong(
                "the edges of classes do not rise", "write them from the lowest to the highest, once each", "edges"
            )
        elif min(values) < edges[0] or max(values) > edges[-1]:
            message = f"numbers from {min(values)} to {max(values)} lie outside the classes"
            yield asked.wrong(message, f"let `edges` begin and end around them: {edges[0]} … {edges[-1]}", "edges")
    yield from _named_places(asked, figure, table, report)


def _hundred(asked: Asked, figure: Chart, table: Dataset) -> Iterator[Diagnostic]:
    """Parts in per cent are parts of a hundred."""
    if table.unit_name != "percent":
        return
    wholes: list[tuple[str, list[Decimal]]] = []
    if isinstance(figure, Donut):
        wholes = [("the parts", [value for value in table.series[0].values if value is not None])]
    elif isinstance(figure, Stacked) and figure.percent:
        wholes = [
            (f'the parts of "{name}"', [value for one in table.series if (value := one.values[at]) is not None])
            for at, name in enumerate(table.points)
        ]
    for name, values in wholes:
        whole = sum(values, start=Decimal(0))
        if abs(whole - 100) > _SHARES_OFF:
            message = f"{name} are {whole} per cent together"
            yield asked.wrong(message, "correct them, add what is missing, or give another unit", "data")


def _sum_problems(asked: Asked, figure: Waterfall, table: Dataset, report: Report) -> Iterator[Diagnostic]:
    totals = set(map(str, figure.totals))
    totals |= {str(one.short or one.label) for name, one in report.indicators.items() if name in totals}
    level = Decimal(0)
    for at, (name, value) in enumerate(zip(table.points, table.series[0].values, strict=True)):
        if value is None:
            yield asked.lacks(f'"{name}" has no number', "a waterfall needs each: write it, or take the row out")
            return
        if at and name in totals and value != level:
            message = f'"{name}" is {table.number(value)}, and what stands before it comes to {table.number(level)}'
            yield asked.wrong(message, "correct the numbers, or take it out of `totals`", "totals")
        level = value if name in totals else level + value


def _named_places(asked: Asked, figure: Chart, table: Dataset, report: Report) -> Iterator[Diagnostic]:
    """Rows, series and years that a figure names must be in it."""
    called = {str(one.short or one.label): name for name, one in report.indicators.items()}
    series, points = [one.name for one in table.series if one.name], list(table.points)
    lines = isinstance(figure, Lines | Multiples | Area)
    picked = series if lines else [*series, *points]
    if figure.highlight is not None and str(figure.highlight) not in picked:
        what = "series" if lines else "row, column or series"
        yield unknown("wrong-value", what, _text(figure.highlight), picked, asked.place("highlight"))
    if isinstance(figure, Waterfall):
        for at, name in enumerate(figure.totals):
            if str(name) not in {*points, *(called.get(point, "") for point in points)}:
                yield unknown("wrong-value", "row", _text(name), points, asked.place("totals", at))
    if not isinstance(figure, AxisChart):
        return
    for at, note in enumerate(figure.annotations):
        if str(note.at) not in points:
            yield unknown(
                "wrong-value", "place on the axis", _text(note.at), points, asked.place("annotations", at, "at")
            )
        elif not table.years:
            hint = "take it out: words are marked on charts over years"
            yield asked.wrong("rows have no place for annotations", hint, "annotations", at)
    if figure.forecast is not None and (str(figure.forecast) not in points or not table.years):
        yield unknown("wrong-value", "year", _text(figure.forecast), points, asked.place("forecast"))
    for at, one in enumerate(figure.references):
        if (one.at is None) == (one.indicator is None):
            yield asked.wrong("a reference is `at` a value, or an `indicator`", "give one of the two", "references", at)
        elif one.indicator is not None and report.indicators[str(one.indicator)].value is None:
            yield asked.lacks(f'"{one.indicator}" has no value', "give another", "references", at, "indicator")


def _text(name: Text | int) -> Text:
    return name if isinstance(name, Text) else Text(str(name))
