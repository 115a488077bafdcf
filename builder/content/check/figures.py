"""Rules on figures. No data, no chart: each kind says what it needs, and what it cannot show truly is refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.content.check.references import Names, plain_problems
from builder.content.dataset import Dataset, dataset, unit_of
from builder.content.places import features
from builder.content.schema_errors import nearest, unknown
from builder.design.theme import Theme
from builder.model.diagnostics import Diagnostic, Span
from builder.model.figure import (
    AxisChart,
    Bars,
    Bullet,
    Chart,
    Donut,
    Dumbbell,
    Events,
    Figure,
    Flow,
    Histogram,
    Index,
    Map,
    Member,
    Pictogram,
    Scatter,
    Share,
    Slope,
    Slopes,
    Stacked,
    Timeline,
    Tree,
    Units,
    Waterfall,
    over_years,
)
from builder.model.figure.charts import Area
from builder.model.figure.diagrams import moment
from builder.model.indicator import Indicator
from builder.model.manuscript import Document, Text
from builder.model.project import Project
from builder.model.report import Report

# More marks than this cannot be counted by an eye, nor drawn apart on a page.
MOST_UNITS = 1000
# More parts than this no eye compares in a ring.
_MOST_PARTS = 5
# How many columns of numbers a kind draws, where that is given.
_COLUMNS = {
    "scatter": 2,
    "dumbbell": 2,
    "slopes": 2,
    "waterfall": 1,
    "donut": 1,
    "histogram": 1,
    "pictogram": 1,
    "map": 1,
}


class _Asked:
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


def figure_problems(
    figure: Figure,
    at: tuple[str | int, ...],
    document: Document,
    report: Report,
    names: Names,
    theme: Theme,
    project: Project,
) -> Iterator[Diagnostic]:
    """All that is wrong with one figure."""
    asked = _Asked(figure, at, document)
    depth = theme.depth - 24  # title, caption and a line of text must fit beside it
    if figure.height is not None and not 15 <= float(figure.height) <= depth:
        message = f"a figure {figure.height} mm high does not fit on the page"
        hint = f"the type area leaves between 15 and {depth:.0f} mm"
        yield Diagnostic("figure-height", message, hint, asked.place("height"))
    if figure.alt is not None and not figure.alt.strip():
        hint = "write it, or leave the line out: it is then made from the data"
        yield Diagnostic("missing-alt", "the alternative text is empty", hint, figure.alt.span)
    yield from plain_problems(*_plain_texts(figure))
    own = list(_own_problems(asked, report, project))
    yield from own
    known: list[tuple[Text, Indicator]] = []
    for name in figure.uses:
        if str(name) not in names.indicators:
            yield unknown("unknown-indicator", "indicator", name, names.indicators, name.span)
        elif (one := report.indicators.get(str(name))) is not None:
            known.append((name, one))
    lacking = False
    for name, one in known:
        if need := _needs(figure, one, alone=len(figure.uses) == 1):
            lacking = True
            message = f'"{name}" cannot be drawn as {asked.kind or "a figure"}: {need}'
            hint = "add the data to the indicator, choose another kind, or leave the figure out"
            yield Diagnostic("no-data", message, hint, name.span)
    units = {unit_of(figure, one) for _, one in known}
    if isinstance(figure, Chart) and len(units) > 1:
        message = "the indicators have different units, and one axis cannot carry two"
        hint = "draw them as `measures`, or in two figures"
        yield Diagnostic("two-units", message, hint, asked.place("indicators"))
    whole = len(known) == len(figure.uses) and not lacking and not own
    if isinstance(figure, Chart) and whole and len(units) <= 1:
        yield from _drawn_problems(asked, figure, dataset(figure, report), report)


def _plain_texts(figure: Figure) -> Iterator[Text]:
    """The words that a figure prints as they are."""
    match figure:
        case Chart():
            if figure.data is not None:
                yield from (name for name in (*figure.data.columns, *figure.data.rows) if isinstance(name, Text))
            if isinstance(figure, AxisChart):
                yield from (one.label for one in figure.references)
                yield from (one.text for one in figure.annotations)
        case Events():
            yield from (one.text for one in figure.events)
        case Tree():
            yield from _member_texts(figure.root)
        case Flow():
            for link in figure.links:
                yield from (link.from_, link.to)


def _member_texts(member: Member) -> Iterator[Text]:
    yield member.name
    if member.note is not None:
        yield member.note
    for one in member.below:
        yield from _member_texts(one)


def _own_problems(asked: _Asked, report: Report, project: Project) -> Iterator[Diagnostic]:
    """What is wrong with what a figure says of itself, before any number is looked at."""
    figure = asked.figure
    if (source := figure.source) is not None and str(source) not in report.sources:
        yield unknown("unknown-source", "source", source, report.sources, source.span)
    match figure:
        case Chart():
            yield from _chart_problems(asked, figure, report)
        case Events():
            yield from _event_problems(asked, figure)
        case Flow():
            yield from _flow_problems(asked, figure, report)
    if isinstance(figure, Pictogram):
        yield from _icon_problems(figure, project)
    if isinstance(figure, Map):
        yield from _map_problems(asked, figure, project)


def _chart_problems(asked: _Asked, figure: Chart, report: Report) -> Iterator[Diagnostic]:
    data = figure.data
    if (data is None) == (not figure.indicators):
        what = "both `indicators` and `data`" if data is not None else "neither `indicators` nor `data`"
        hint = "give `indicators: [names]`, or a table of its own under `data:`"
        yield Diagnostic("missing-key", f"the figure has {what}", hint, asked.place())
        return
    if isinstance(figure, Scatter) and data is None:
        yield asked.lacks("a scatter draws two numbers of each row", "give `data` with two columns", "indicators")
    if isinstance(figure, Bullet) and data is None:
        for key, others in (("targets", figure.targets), ("previous", figure.previous)):
            if others and len(others) != len(figure.indicators):
                message = f"there are {len(figure.indicators)} indicators and {len(others)} {key}"
                yield asked.wrong(message, "give one for each, in the same order", key)
        if not figure.targets and not figure.previous:
            yield asked.lacks("nothing is there to hold the numbers against", "add `targets: [names]`")
    if data is None:
        return
    if data.unit is not None and str(data.unit) not in report.labels.units:
        yield unknown("unknown-unit", "unit", data.unit, report.labels.units, data.unit.span)
    count = len(data.columns) or 1
    for name, row in data.rows.items():
        if len(row) != count:
            message = f'the row "{name}" has {len(row)} numbers, and there are {count} columns'
            hint = "give a number for each column, and null where there is none"
            yield Diagnostic("wrong-value", message, hint, asked.row(name))
    wanted = len(figure.columns) if isinstance(figure, Bullet) else _COLUMNS.get(asked.kind, count)
    if count != wanted:
        message = f"a {asked.kind} draws {wanted} column{'s' if wanted > 1 else ''} of numbers, and there are {count}"
        yield asked.wrong(message, f"give {wanted}", "data", "columns" if data.columns else "rows")
    if not any(value is not None for row in data.rows.values() for value in row):
        yield asked.lacks("the figure has no number", "write at least two rows under `rows:`", "data")


def _event_problems(asked: _Asked, figure: Events) -> Iterator[Diagnostic]:
    for at, event in enumerate(figure.events):
        times = []
        for key, time in (("from", event.from_), ("to", event.to)):
            try:
                times += [moment(time)] if time is not None else []
            except ValueError:
                hint = "write a year (2021), or a year and a month (2021-03)"
                yield asked.wrong(f'"{time}" is not a time', hint, "events", at, key)
        if len(times) == 2 and times[1] < times[0]:
            yield asked.wrong("the event ends before it begins", "change `from` and `to`", "events", at, "to")


def _flow_problems(asked: _Asked, figure: Flow, report: Report) -> Iterator[Diagnostic]:
    if figure.unit is not None and str(figure.unit) not in report.labels.units:
        yield unknown("unknown-unit", "unit", figure.unit, report.labels.units, figure.unit.span)
    below: dict[str, set[str]] = {}
    for at, link in enumerate(figure.links):
        if link.value <= 0:
            hint = "an amount that flows is above zero; turn `from` and `to` round for one that comes back"
            yield asked.wrong(f"{link.value} cannot flow", hint, "links", at, "value")
        reached = {str(link.to)}
        while more := {end for one in reached for end in below.get(one, ())} - reached:
            reached |= more
        if str(link.from_) in reached:
            message = f'"{link.from_}" flows back into itself'
            yield asked.wrong(message, "take out the link that closes the circle", "links", at, "to")
            continue
        below.setdefault(str(link.from_), set()).add(str(link.to))


def _icon_problems(figure: Pictogram, project: Project) -> Iterator[Diagnostic]:
    from builder.content.pictograms import icon_fault

    name = str(figure.icon)
    if name.endswith(".svg"):
        there = project.inside(name, project.content, figure.icon.span)
        if isinstance(there, Diagnostic):
            yield there
            return
    else:
        known = sorted(one.stem for one in (project.layouts / "icons").glob("*.svg"))
        if name not in known:
            yield unknown("missing-file", "icon", figure.icon, known, figure.icon.span)
            return
    if fault := icon_fault(project.icon(name)):
        message, hint = f'"{name}" cannot be drawn as an icon: {fault}', "take one of filled shapes, as plain SVG"
        yield Diagnostic("bad-image", message, hint, figure.icon.span)


def _map_problems(asked: _Asked, figure: Map, project: Project) -> Iterator[Diagnostic]:
    there = project.inside(figure.map, project.content, figure.map.span)
    if isinstance(there, Diagnostic):
        yield there
        return
    try:
        places = features(there)
    except ValueError as error:
        hint = "save the map as GeoJSON in degrees (EPSG:4326), or as TopoJSON"
        yield Diagnostic("bad-map", f'"{figure.map}" cannot be read as a map: {error}', hint, figure.map.span)
        return
    properties = sorted({str(key) for one in places for key in one["properties"]})
    if str(figure.join) not in properties:
        yield unknown("unknown-property", "property of the map", figure.join, properties, figure.join.span)
        return
    known = {str(one["properties"].get(str(figure.join))) for one in places}
    for name in figure.data.rows if figure.data is not None else ():
        if str(name) not in known:
            message = f'the map has no place whose {figure.join} is "{name}"'
            where = asked.row(name)
            yield Diagnostic("unknown-place", message, nearest(str(name), known), where)


def _drawn_problems(asked: _Asked, figure: Chart, table: Dataset, report: Report) -> Iterator[Diagnostic]:
    """What cannot be shown truly of the numbers there are."""
    values = table.values
    if len(values) < 2 and not isinstance(figure, Bullet | Pictogram | Map):
        yield asked.lacks("one number is no chart", "give more numbers, or print it as a key number")
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
    if isinstance(figure, Area) and any(value is None for one in table.series for value in one.values):
        yield asked.lacks("areas have no gaps, and a number is missing", "draw `lines`, which show gaps")
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


def _sum_problems(asked: _Asked, figure: Waterfall, table: Dataset, report: Report) -> Iterator[Diagnostic]:
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


def _named_places(asked: _Asked, figure: Chart, table: Dataset, report: Report) -> Iterator[Diagnostic]:
    """Rows, series and years that a figure names must be in it."""
    called = {str(one.short or one.label): name for name, one in report.indicators.items()}
    series, points = [one.name for one in table.series if one.name], list(table.points)
    if figure.highlight is not None and str(figure.highlight) not in {*series, *points}:
        yield unknown(
            "wrong-value",
            "row, column or series",
            _text(figure.highlight),
            [*series, *points],
            asked.place("highlight"),
        )
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
    if figure.forecast is not None and (
        str(figure.forecast) not in points or not (table.years or isinstance(figure, Bars))
    ):
        yield unknown("wrong-value", "year", _text(figure.forecast), points, asked.place("forecast"))
    for at, one in enumerate(figure.references):
        if (one.at is None) == (one.indicator is None):
            yield asked.wrong("a reference is `at` a value, or an `indicator`", "give one of the two", "references", at)
        elif one.indicator is not None and report.indicators[str(one.indicator)].value is None:
            yield asked.lacks(f'"{one.indicator}" has no value', "give another", "references", at, "indicator")


def _text(name: Text | int) -> Text:
    return name if isinstance(name, Text) else Text(str(name))


def _needs(figure: Figure, one: Indicator, *, alone: bool) -> str:
    """What an indicator lacks for a kind of figure, or an empty text."""
    if one.withheld or one.value is None:
        return "its value is withheld"
    match figure:
        case Slope() | Dumbbell() | Slopes() if one.base is None or one.end is None:
            return "it has no `base` and `end`"
        case Slope() if one.base and one.end and (one.base.year is None or one.end.year is None):
            return "its `base` and `end` have no `year`"
        case Share() if one.kind != "share":
            return "it is not a share"
        case Index() if one.kind != "change-in-percent":
            return "it is not a change in per cent"
        case Index() if one.value <= -100:
            return "a fall of 100 per cent or more leaves nothing to draw"
        case Units() if one.value != int(one.value) or not 1 <= one.value <= MOST_UNITS:
            return f"only whole counts from 1 to {MOST_UNITS} can be drawn one by one"
        case Timeline() if one.kind != "year":
            return "it is not a year"
        case Bars() if alone and len(one.series) < 2:
            return "one bar is no chart, and it has no `series` by year"
        case _ if over_years(figure) and len(one.series) < 2:
            return "it has no `series` of two years or more"
    return ""
