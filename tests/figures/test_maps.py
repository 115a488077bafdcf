"""Maps with random places and numbers: no word meets another, and areas have the tone of their numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.content.dataset import dataset
from builder.figures.canvas import Canvas
from builder.figures.draw import HEIGHTS
from builder.figures.maps import map_
from builder.model.figure import Map
from tests.conftest import examples
from tests.figures.test_charts import _FIGURE, _NAMES, _POSITIVE, _made
from tests.figures.test_figures import anci, no_text_meets


def _grid(names: list[str], across: int, size: float) -> dict[str, Any]:
    """Places beside one another, as squares of so many degrees around Milan."""
    features = []
    for at, name in enumerate(names):
        x, y = 9 + at % across * size, 45 + at // across * size
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"place": name}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maps")


@settings(max_examples=examples(25))
@given(data=st.data())
def test_no_text_of_a_map_meets_another(folder: Path, data: st.DataObject) -> None:
    names = data.draw(st.lists(_NAMES, min_size=1, max_size=60, unique=True))
    values = {name: data.draw(_POSITIVE) for name in names if data.draw(st.booleans()) or name == names[0]}
    file = folder / "places.geojson"
    places = _grid(names, data.draw(st.integers(1, 12)), data.draw(st.sampled_from([0.01, 0.2, 1.0])))
    file.write_text(json.dumps(places), encoding="utf-8")
    said = {
        "kind": "map",
        "title": "Una mappa",
        "map": "places.geojson",
        "join": "place",
        "style": data.draw(st.sampled_from(["areas", "dots"])),
        "classes": data.draw(st.integers(2, 7)),
        "data": {"rows": {name: [value] for name, value in values.items()}, "source": "esempio", "unit": "euro"},
    }
    figure = _FIGURE.validate_python(_made(said))
    assert isinstance(figure, Map)
    report, theme, project = anci()
    abreast = data.draw(st.integers(1, 2))
    canvas = Canvas(theme, project.fonts, theme.column(abreast), HEIGHTS["map"], "vermilion", fixed=False)
    map_(canvas, figure, dataset(figure, report), report, file)
    no_text_meets(canvas)
