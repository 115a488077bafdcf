"""Rules on figures. No data, no chart: each kind says what it needs, and what it cannot show truly is refused."""

from __future__ import annotations

from collections.abc import Iterator

from builder.content.check.diagrams import event_problems, flow_problems
from builder.content.check.drawn import Asked, drawn_problems
from builder.content.check.references import Names, plain_problems
from builder.content.dataset import dataset, unit_of
from builder.content.places import features
from builder.content.schema_errors import nearest, unknown
from builder.design.theme import Theme
from builder.model.diagnostics import Diagnostic
from builder.model.figure import (
    AxisChart,
    Bars,
    Bullet,
    Chart,
    Code,
    Dumbbell,
    Events,
    Figure,
    FigureData,
    Flow,
    Index,
    Map,
    Member,
    Pictogram,
    Scatter,
    Share,
    Slope,
    Slopes,
    TableData,
    Timeline,
    Tree,
    Units,
    over_years,
)
from builder.model.indicator import Indicator
from builder.model.manuscript import Document, Text
from builder.model.project import Project
from builder.model.report import Report

# More marks than this cannot be counted by an eye, nor drawn apart on a page.
MOST_UNITS = 1000
# What the numbers of a bullet are.
ROLES = ("previous", "actual", "target")
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
    asked = Asked(figure, at, document)
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
    named = all(unit is None or str(unit) in report.labels.units for unit in units)
    whole = len(known) == len(figure.uses) and named and not lacking and not own
    if isinstance(figure, Chart) and isinstance(figure.data, TableData):
        return
    if isinstance(figure, Chart) and whole and len(units) <= 1:
        yield from drawn_problems(asked, figure, dataset(figure, report), report)


def _plain_texts(figure: Figure) -> Iterator[Text]:
    """The words that a figure prints as they are."""
    match figure:
        case Chart():
            if figure.numbers is not None:
                yield from (name for name in (*figure.numbers.columns, *figure.numbers.rows) if isinstance(name, Text))
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


def _own_problems(asked: Asked, report: Report, project: Project) -> Iterator[Diagnostic]:
    """What is wrong with what a figure says of itself, before any number is looked at."""
    figure = asked.figure
    if (source := figure.source) is not None and str(source) not in report.sources:
        yield unknown("unknown-source", "source", source, report.sources, source.span)
    match figure:
        case Chart():
            yield from _chart_problems(asked, figure, report)
        case Events():
            yield from event_problems(asked, figure)
        case Flow():
            yield from flow_problems(asked, figure, report)
    if isinstance(figure, Pictogram):
        yield from _icon_problems(figure, project)
    if isinstance(figure, Map):
        yield from _map_problems(asked, figure, project)
    if isinstance(figure, Code):
        yield from _code_problems(figure, project)


def _chart_problems(asked: Asked, figure: Chart, report: Report) -> Iterator[Diagnostic]:
    data = figure.numbers
    if (figure.data is None) == (not figure.indicators):
        what = "both `indicators` and `data`" if figure.data is not None else "neither `indicators` nor `data`"
        hint = "give `indicators: [names]`, or a table of its own under `data:`"
        yield Diagnostic("missing-key", f"the figure has {what}", hint, asked.place())
        return
    if isinstance(figure.data, TableData):  # what is wrong with its table is said where that is read
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
    for key, names in (("columns", data.columns), ("rows", tuple(data.rows))):
        for at, name in enumerate(names):
            if str(name) in map(str, names[:at]):
                where = ("data", key, at) if key == "columns" else ("data", key)
                yield asked.wrong(f'"{name}" stands there twice', "give it once, or call one of them otherwise", *where)
    wanted = _COLUMNS.get(asked.kind, count)
    if isinstance(figure, Bullet):
        yield from _role_problems(asked, data)
    elif count != wanted:
        message = f"a {asked.kind} draws {wanted} column{'s' if wanted > 1 else ''} of numbers, and there are {count}"
        yield asked.wrong(message, f"give {wanted}", "data", "columns" if data.columns else "rows")
    if not any(value is not None for row in data.rows.values() for value in row):
        yield asked.lacks("the figure has no number", "write at least two rows under `rows:`", "data")


def _role_problems(asked: Asked, data: FigureData) -> Iterator[Diagnostic]:
    """The columns of a bullet say what their numbers are."""
    said = [str(name) for name in data.columns]
    for at, name in enumerate(data.columns):
        if str(name) not in ROLES:
            yield asked.wrong(
                f'"{name}" is no column of a bullet', f"there are: {', '.join(ROLES)}", "data", "columns", at
            )
    if not data.columns or (set(said) <= set(ROLES) and not {"actual", "target"} <= set(said)):
        hint = "write `columns: [actual, target]`, or `[previous, actual, target]`, in the order of the numbers"
        yield asked.lacks("a bullet shows what was reached and what was aimed at", hint, "data")


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


def _code_problems(figure: Code, project: Project) -> Iterator[Diagnostic]:
    there = project.inside(figure.file, project.figures, figure.file.span)
    if isinstance(there, Diagnostic):
        yield there
    elif not project.trusted:
        message = f"figures/{figure.file} is a program, and programs of a project are not run"
        hint = "read it; if you trust whoever wrote it, add --trust-code to the command"
        yield Diagnostic("untrusted-code", message, hint, figure.file.span)


def _map_problems(asked: Asked, figure: Map, project: Project) -> Iterator[Diagnostic]:
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
    if isinstance(figure.data, TableData):
        return
    if figure.numbers is None:
        message, hint = "a map draws a table of its own", "give `data` with a row for each place"
        yield asked.lacks(message, hint, "indicators")
        return
    for name in figure.numbers.rows:
        if str(name) not in known:
            message = f'the map has no place whose {figure.join} is "{name}"'
            where = asked.row(name)
            yield Diagnostic("unknown-place", message, nearest(str(name), known), where)


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
