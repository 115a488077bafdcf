"""Figures with data of their own: what runs where, and what cannot be drawn truly is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from builder.build import check
from builder.content.dataset import Dataset, dataset
from builder.model.figure import Chart
from tests.conftest import Change
from tests.figures.test_charts import _FIGURE, _made
from tests.figures.test_figures import anci


def _drawn(kind: str, data: dict[str, Any]) -> Dataset:
    figure = _FIGURE.validate_python(_made({"kind": kind, "title": "T", "data": {**data, "source": "esempio"}}))
    assert isinstance(figure, Chart)
    return dataset(figure, anci()[0])


def test_years_run_from_left_to_right_wherever_they_stand() -> None:
    across = _drawn("lines", {"columns": [2024, 2022, 2023], "rows": {"A": [3, 1, 2], "B": [6, 4, 5]}})
    down = _drawn("lines", {"columns": ["A", "B"], "rows": {2024: [3, 6], 2022: [1, 4], "2023": [2, 5]}})
    quoted = _drawn("lines", {"columns": ["2024", "2022", "2023"], "rows": {"A": [3, 1, 2], "B": [6, 4, 5]}})
    assert across == down == quoted
    assert across.points == ("2022", "2023", "2024")
    assert across.series[1].values == tuple(map(Decimal, (4, 5, 6)))


def test_bars_of_years_as_rows_stand_in_their_order() -> None:
    drawn = _drawn("bars", {"rows": {2024: [3], 2022: [1], 2023: [2]}})
    assert drawn.points == ("2022", "2023", "2024")
    assert drawn.series[0].values == tuple(map(Decimal, (1, 2, 3)))


@pytest.mark.parametrize("kind", ["dumbbell", "slopes", "scatter", "heat"])
def test_each_row_is_a_point_where_two_numbers_are_compared(kind: str) -> None:
    drawn = _drawn(kind, {"columns": [2019, 2024], "rows": {"A": [1, 2], "B": [3, 4], "C": [5, 6]}})
    assert drawn.points == ("A", "B", "C")
    assert [one.values for one in drawn.series] == [tuple(map(Decimal, (1, 3, 5))), tuple(map(Decimal, (2, 4, 6)))]


_WRONG = {
    "a column twice": ("kind: bars", "columns: [a, a]\n        rows: {x: [1, 2]}", "stands there twice"),
    "a row twice": ("kind: bars", "rows: {2024: 1, '2024': 2}", "stands there twice"),
    "a bullet's role": ("kind: bullet", "columns: [actual, aim]\n        rows: {x: [1, 2]}", '"aim" is no column'),
    "a bullet's aim": ("kind: bullet", "columns: [previous, actual]\n        rows: {x: [1, 2]}", "what was aimed at"),
    "a part unknown": ("kind: stacked", "columns: [a, b]\n        rows: {x: [1, null], y: [1, 2]}", "no whole"),
    "parts above a hundred": (
        "kind: stacked\n      percent: true",
        "columns: [a, b]\n        unit: percent\n        rows: {x: [60, 60], y: [50, 50]}",
        "120",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _WRONG)
def test_what_cannot_be_drawn_truly_is_an_error(name: str, project: Change) -> None:
    kind, data, said = _WRONG[name]
    figure = f"  - figure:\n      {kind}\n      title: T\n      data:\n        {data}\n        source: example\n"
    place = project({"content/topics/meals.yaml": f"page: text\ntitle: Meals\nbody:\n{figure}"})
    found = [one for one in check(place) if one.code not in ("loose-number", "unused")]
    assert len(found) == 1, found
    assert said in found[0].message
    assert found[0].span is not None
    assert found[0].span.line >= 5


@pytest.mark.parametrize(("out", "errors"), [(100, 0), (Decimal("99.8"), 0), (80, 1)])
def test_what_flows_in_flows_out(out: Decimal, errors: int, project: Change) -> None:
    links = f"[{{from: a, to: b, value: 100}}, {{from: b, to: c, value: {out}}}]"
    figure = f"  - figure: {{kind: flow, title: T, source: example, links: {links}}}\n"
    found = check(project({"content/topics/meals.yaml": f"page: text\ntitle: Meals\nbody:\n{figure}"}))
    assert sum("gets 100 and gives" in one.message for one in found) == errors


def test_keys_of_a_block_at_the_left_are_said_at_their_place(project: Change) -> None:
    wrong = "  - figure: bars\n    title: T\n    indicators: [meals]\n"
    found = check(project({"content/topics/meals.yaml": f"page: text\ntitle: Meals\nbody:\n{wrong}"}))
    assert found
    assert all(one.span is not None and one.span.line >= 4 for one in found)
    assert "kind" in " ".join(f"{one.message} {one.hint}" for one in found)
