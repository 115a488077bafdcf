"""Charts with random data: no text leaves its figure or meets another, and what is drawn is as large as its number."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from pydantic import TypeAdapter

from builder.content.check.figures import figure_problems
from builder.content.check.references import Names
from builder.content.dataset import dataset
from builder.figures.canvas import Canvas
from builder.figures.draw import CHARTS, HEIGHTS, paint
from builder.figures.words import alternative, table_of
from builder.model.figure import Chart, Figure, FigureSpec
from builder.model.manuscript import Document, Text
from tests.conftest import examples
from tests.figures.test_figures import anci, no_text_meets

_FIGURE: TypeAdapter[Figure] = TypeAdapter(FigureSpec)
_NAMES = st.text("abcdefghij lmnopqr stuvwxyz ÀÉÖÜßñç", min_size=1, max_size=80).map(str.strip).filter(bool)
_WORDS = st.lists(st.text("abcdefghilmnop", min_size=1, max_size=12), min_size=1, max_size=4).map(" ".join)
_ANY = st.integers(-(10**12), 10**12).map(Decimal) | st.decimals(-1000, 1000, places=2)
_POSITIVE = st.integers(0, 10**12).map(Decimal) | st.decimals(0, 1000, places=1)
# How many columns each kind has, and whether its columns may be years; what it cannot show is not drawn.
_SHAPES: dict[str, tuple[tuple[int, int], str]] = {
    "bars": ((1, 1), "any"), "grouped": ((1, 6), "any"), "stacked": ((1, 6), "any"), "lines": ((2, 60), "years"),
    "multiples": ((2, 60), "years"), "area": ((2, 60), "years"), "scatter": ((2, 2), "names"),
    "dumbbell": ((2, 2), "names"), "slopes": ((2, 2), "names"), "waterfall": ((1, 1), "names"),
    "donut": ((1, 1), "names"), "histogram": ((1, 1), "names"), "heat": ((1, 8), "any"), "bullet": ((2, 3), "roles"),
    "pictogram": ((1, 1), "names"),
}  # fmt: skip
_BELOW_ZERO = frozenset(_SHAPES) - {"area", "donut", "pictogram"}
_ROLES = ("actual", "target", "previous")


def _made(value: Any) -> Any:
    """Plain data as the YAML reader gives it: its texts know their places."""
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, dict):
        return {_made(key): _made(one) for key, one in value.items()}
    return [_made(one) for one in value] if isinstance(value, list | tuple) else value


@st.composite
def charts(draw: st.DrawFn, kind: str, names: st.SearchStrategy[str] = _NAMES, most: int = 20) -> Chart:
    (least, columns), heads = _SHAPES[kind]
    count = draw(st.integers(least, columns))
    years = heads == "years" or (heads == "any" and count > 1 and draw(st.booleans()))
    if kind == "pictogram":
        values: st.SearchStrategy[Decimal | None] = st.integers(0, 60).map(Decimal)
    else:
        values = _ANY if kind in _BELOW_ZERO else _POSITIVE
    if kind not in ("area", "waterfall", "pictogram", "donut"):
        values = st.none() | values
    titles: list[Any] = draw(st.lists(names, min_size=count, max_size=count, unique=True))
    if years:
        titles = sorted(draw(st.lists(st.integers(1990, 2049), min_size=count, max_size=count, unique=True)))
    rows = draw(st.lists(names, min_size=2, max_size=5 if kind in ("donut", "area", "stacked") else most, unique=True))
    if kind in ("lines", "grouped", "stacked") and years:
        rows = rows[:6]
    table = {name: draw(st.lists(values, min_size=count, max_size=count)) for name in rows}
    unit = draw(st.sampled_from([None, "euro", "percent", "million-euro"]))
    said: dict[str, Any] = {"kind": kind, "title": "Una figura", "data": {"rows": table, "source": "esempio"}}
    if unit is not None:
        said["data"]["unit"] = unit
    if kind == "bullet":
        said["data"]["columns"] = list(_ROLES[:count])
    elif count > 1 or years:
        said["data"]["columns"] = titles
    if kind == "pictogram":
        said |= {"icon": "person", "each": draw(st.integers(1, 20))}
    if kind in ("lines", "multiples"):
        said["zero"] = draw(st.booleans())
    if kind in ("bars", "grouped", "stacked", "lines") and draw(st.booleans()):
        said["references"] = [{"at": draw(_ANY if kind != "stacked" else _POSITIVE), "label": draw(_WORDS)}]
    if years and kind in ("lines", "multiples", "grouped", "area", "stacked") and draw(st.booleans()):
        said["annotations"] = [{"at": draw(st.sampled_from(titles)), "text": draw(_WORDS)}]
    if draw(st.booleans()) and kind not in ("scatter", "histogram", "heat", "bullet", "waterfall"):
        said["highlight"] = draw(st.sampled_from(rows))
    figure = _FIGURE.validate_python(_made(said))
    assert isinstance(figure, Chart)
    return figure


def judged(figure: Figure) -> list[str]:
    """What the check says of it."""
    report, theme, project = anci()
    report = report.model_copy(update={"sources": {**report.sources, "esempio": next(iter(report.sources.values()))}})
    names = Names(frozenset(), frozenset(report.indicators), frozenset(), frozenset())
    document = Document("content/topics/x.yaml", {}, {}, {})
    return [d.message for d in figure_problems(figure, ("figure",), document, report, names, theme, project)]


def painted(figure: Figure, *, abreast: int = 1, fixed: bool = False) -> Canvas:
    report, theme, project = anci()
    kind = str(getattr(figure, "kind", ""))
    canvas = Canvas(theme, project.fonts, theme.column(abreast), HEIGHTS[kind], "vermilion", fixed=fixed)
    paint(canvas, figure, report, project)
    return canvas


@pytest.mark.parametrize("kind", _SHAPES)
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_no_text_meets_another_or_leaves_the_figure(kind: str, data: st.DataObject) -> None:
    figure = data.draw(charts(kind))
    if judged(figure):
        return
    no_text_meets(painted(figure, abreast=data.draw(st.integers(1, 2)), fixed=data.draw(st.booleans())))


@pytest.mark.parametrize("kind", [kind for kind in _SHAPES if kind != "scatter"])
@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_names_of_some_words_always_fit(kind: str, data: st.DataObject) -> None:
    figure = data.draw(charts(kind, _WORDS, 8))
    crowded = kind == "heat" and figure.data is not None and len(figure.data.columns) > 4
    crowded = crowded or (kind == "bullet" and max(map(abs, dataset(figure, anci()[0]).values), default=0) > 10**7)
    if judged(figure) or crowded:  # the heads of many columns have little room, and the figure says so
        return
    assert list(painted(figure).faults()) == []


@pytest.mark.parametrize("kind", _SHAPES)
@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_the_words_and_the_table_have_every_number(kind: str, data: st.DataObject) -> None:
    """The alternative text of a short figure has each number, and the annex has those of all."""
    report = anci()[0]
    figure = data.draw(charts(kind, _WORDS, 5))
    if judged(figure) or kind in ("histogram", "stacked"):
        return
    table = dataset(figure, report)
    _, rows = table_of(figure, report)
    printed = [cell.text for row in rows for cell in row[1:]]
    assert sorted(printed) == sorted(
        "–" if value is None else table.number(value) for one in table.series for value in one.values
    )
    if len(table.points) <= 8:
        said = alternative(figure, report)
        assert all(table.number(value) in said for value in table.values)


@settings(max_examples=examples(30))
@given(values=st.lists(st.integers(0, 10**9), min_size=2, max_size=12).filter(any))
def test_lengths_of_bars_are_as_the_numbers(values: list[int]) -> None:
    rows = {f"r{at}": [Decimal(value)] for at, value in enumerate(values)}
    said = {"kind": "bars", "title": "T", "order": "written", "data": {"rows": rows, "source": "esempio"}}
    canvas = painted(_FIGURE.validate_python(_made(said)))
    bars = [one for one in canvas._axes.patches if isinstance(one, Rectangle)]
    longest = max(one.get_width() for one in bars)
    known = [value for value in values if value]
    assert len(bars) == len(known), "a zero has no bar, and its number all the same"
    for value, bar in zip(known, bars, strict=True):
        assert abs(bar.get_width() - max(value / max(values) * longest, 0.8 * 25.4 / 72)) < 0.02


def test_a_line_with_a_gap_is_two_lines() -> None:
    rows = {"a": [1, 2, None, 4, 5]}
    said = {
        "kind": "lines",
        "title": "T",
        "data": {"columns": [2019, 2020, 2021, 2022, 2023], "rows": rows, "source": "s"},
    }
    canvas = painted(_FIGURE.validate_python(_made(said)))
    lines = [one.get_xdata() for one in canvas._axes.lines if one.get_linewidth() == 2.5]
    assert [np.size(one) for one in lines] == [2, 2]


def test_every_kind_of_chart_is_drawn_with_random_data() -> None:
    assert set(CHARTS) | {"pictogram"} == set(_SHAPES)


@st.composite
def diagrams(draw: st.DrawFn, kind: str, names: st.SearchStrategy[str]) -> Figure:
    said: dict[str, Any] = {"kind": kind, "title": "Una figura"}
    if kind == "events":
        listed: list[dict[str, Any]] = []
        for _ in range(draw(st.integers(1, 12))):
            begin = draw(st.integers(1990, 2030))
            month = draw(st.none() | st.integers(1, 12))
            one: dict[str, Any] = {"from": begin if month is None else f"{begin}-{month:02}", "text": draw(names)}
            if draw(st.booleans()):
                one["to"] = begin + draw(st.integers(1, 5))
            listed.append(one)
        said["events"] = listed
    elif kind == "tree":
        leaf = st.fixed_dictionaries({"name": names}, optional={"note": names})
        middle = st.fixed_dictionaries({"name": names, "below": st.lists(leaf, max_size=4)})
        said["root"] = draw(st.fixed_dictionaries({"name": names, "below": st.lists(middle, max_size=4)}))
    else:
        layers = [draw(st.lists(names, min_size=1, max_size=4, unique=True)) for _ in range(draw(st.integers(2, 3)))]
        layers = [[f"{at}{name}" for name in layer] for at, layer in enumerate(layers)]
        links, gets = [], dict[str, int]()
        for layer, after in pairwise(layers):
            for here in layer:
                left = gets[here] if here in gets else draw(st.integers(4, 10**9))  # what goes in comes out
                ends = after[:left]
                for rest, other in zip(range(len(ends), 0, -1), ends, strict=True):
                    value = left - rest + 1 if rest == 1 else draw(st.integers(1, left - rest + 1))
                    links.append({"from": here, "to": other, "value": Decimal(value)})
                    left, gets[other] = left - value, gets.get(other, 0) + value
        said |= {"links": links, "source": "esempio", "unit": draw(st.sampled_from(["euro", "percent"]))}
    return _FIGURE.validate_python(_made(said))


@pytest.mark.parametrize("kind", ["events", "tree", "flow"])
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_text_of_a_diagram_meets_another(kind: str, data: st.DataObject) -> None:
    figure = data.draw(diagrams(kind, _NAMES))
    assert judged(figure) == []
    no_text_meets(painted(figure, abreast=data.draw(st.integers(1, 2)), fixed=data.draw(st.booleans())))
    assert list(painted(data.draw(diagrams(kind, _WORDS))).faults()) == []


def test_a_missing_year_a_target_and_a_forecast_are_said() -> None:
    def data(columns: list[Any], **rows: Any) -> Any:
        return {"columns": columns, "rows": rows, "source": "s"}

    years = {"kind": "bars", "title": "T", "forecast": 2022, "data": data([2020, 2021, 2022], a=[5, None, 7])}
    figure = _FIGURE.validate_python(_made(years))
    assert [box.words for box in painted(figure).texts].count("–") == 1
    assert [row[0].text for row in table_of(figure, anci()[0])[1]] == ["2020", "2021", "2022 (previsione)"]
    assert "2022 (previsione) 7" in alternative(figure, anci()[0])
    aims = {"kind": "bullet", "title": "T", "data": data(["actual", "target"], a=[67, 70])}
    assert "Obiettivo 70" in {box.words for box in painted(_FIGURE.validate_python(_made(aims))).texts}
    same = {"kind": "dumbbell", "title": "T", "data": data(["2019", "2024"], a=[66, 66], b=[10, 20])}
    assert [box.words for box in painted(_FIGURE.validate_python(_made(same))).texts].count("66") == 2
