"""Maps: a number for each place, from a map of the project's own (GeoJSON, RFC 7946; TopoJSON 1.0)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from pyproj import Transformer
from shapely import Geometry, MultiPolygon, Polygon, transform, union_all
from shapely.geometry import shape

from builder.content.dataset import Dataset
from builder.content.places import features
from builder.figures.axis import key_line, key_room, unit_line
from builder.figures.canvas import Canvas
from builder.model.figure import Map
from builder.model.report import Report

# The radius of the largest dot, in mm.
_LARGEST = 6.0
# And that of the smallest that is seen and printed.
_SMALLEST = 0.3


def map_(canvas: Canvas, figure: Map, table: Dataset, report: Report, file: Path) -> None:
    """Places in tones by classes of even size, or with dots whose area is the number; without one they are hollow."""
    top = canvas.head(unit_line(table.unit, report))
    values = {
        name: value for name, value in zip(table.points, table.series[0].values, strict=True) if value is not None
    }
    parts: dict[str, list[Geometry]] = {}
    for one in features(file):  # a place may have several: its islands
        parts.setdefault(str(one["properties"].get(str(figure.join))), []).append(shape(one["geometry"]))
    found = {name: union_all(shapes) if len(shapes) > 1 else shapes[0] for name, shapes in parts.items()}
    placed = _projected(list(found.values()))
    edges = class_limits(list(values.values()), figure.classes)
    steps = max(1, len(edges) - 2)
    tones = [canvas.legible(f"accent~{round(20 + 80 * at / steps)}") for at in range(len(edges) - 1)]
    none = str(report.labels.words["not-available"])
    lacking = any(name not in values for name in found)
    if figure.style == "areas":
        names = [f"{table.number(a)}–{table.number(b)}" for a, b in pairwise(edges)]
        colours = [(tone, "accent") for tone in tones]
        if lacking:
            names, colours = [*names, none], [*colours, ("paper", "rest")]
        canvas.grow(top + key_room(canvas, names) + 40)
        top = key_line(canvas, names, colours, top)
    room = canvas.height - top - 1
    x0, y0, x1, y1 = _bounds(placed)
    scale = min(canvas.width / (x1 - x0), room / (y1 - y0))

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - x0) * scale, top + (y1 - y) * scale

    for name, one in zip(found, placed, strict=True):
        value = values.get(name)
        tone = "paper" if value is None else tones[_class(value, edges)] if figure.style == "areas" else "paper"
        for polygon in _polygons(one):
            canvas.outline(_outline(polygon, at), colour=tone, edge="rest" if tone == "paper" else "paper")
    if figure.style == "dots":
        most = max(abs(float(value)) for value in values.values()) or 1.0
        for name, one in zip(found, placed, strict=True):
            if (value := values.get(name)) is not None:
                point = one.representative_point()
                radius = _LARGEST * math.sqrt(abs(float(value)) / most)
                radius = max(radius, _SMALLEST) if value else 0.0
                x, y = at(point.x, point.y)
                if radius:
                    canvas.dot(x, y, radius, colour="accent~75")
                words, below = table.number(value), y + radius + 0.8 + canvas.cap("small")
                if canvas.free(x, below, words, "small", align="center"):  # the data have them all
                    canvas.text(x, below, words, "small", align="center", ground=True)
    for name, one in sorted(zip(found, placed, strict=True), key=lambda pair: -pair[1].area):
        point = one.representative_point()
        x, y = at(point.x, point.y)
        tone = tones[_class(values[name], edges)] if name in values and figure.style == "areas" else "paper"
        wide = canvas.text_width(name, "small")
        reach = one.bounds
        fits = wide < (reach[2] - reach[0]) * scale * 0.8 and canvas.cap("small") < (reach[3] - reach[1]) * scale * 0.5
        if (
            fits
            and figure.style == "areas"
            and canvas.free(x, y + canvas.cap("small") / 2, name, "small", align="center")
        ):
            canvas.text(x, y + canvas.cap("small") / 2, name, "small", align="center", colour=canvas.over(tone))


def class_limits(values: Sequence[Decimal], classes: int) -> list[Decimal]:
    """Where classes of about as many places begin and end (quantiles), those that are equal counted once if need be."""
    limits, others = _quantiles(sorted(values), classes), sorted(set(values))
    if len(set(limits)) <= classes and len(others) > 2:
        limits = _quantiles(others, min(classes, len(others) - 1))
    return list(dict.fromkeys(limits)) if len(set(limits)) > 1 else [limits[0], limits[0]]


def _quantiles(ordered: Sequence[Decimal], parts: int) -> list[Decimal]:
    return [ordered[round(at * (len(ordered) - 1) / parts)] for at in range(parts + 1)]


def _class(value: Decimal, edges: Sequence[Decimal]) -> int:
    return max(0, min(len(edges) - 2, sum(1 for edge in edges[1:-1] if value >= edge)))


def _projected(shapes: Sequence[Geometry]) -> list[Geometry]:
    """Degrees as areas that can be compared (Lambert's azimuthal equal-area projection); other units as they are."""
    west, south, east, north = _bounds(shapes)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return list(shapes)
    middle = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +units=km"
    to = Transformer.from_crs("EPSG:4326", middle, always_xy=True)
    return [transform(one, lambda points: np.column_stack(to.transform(*points.T))) for one in shapes]


def _bounds(shapes: Sequence[Geometry]) -> tuple[float, float, float, float]:
    boxes = np.array([one.bounds for one in shapes])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _polygons(one: Geometry) -> list[Polygon]:
    return list(one.geoms) if isinstance(one, MultiPolygon) else [one] if isinstance(one, Polygon) else []


def _outline(polygon: Polygon, at: Any) -> Outline:
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for ring in (polygon.exterior, *polygon.interiors):
        placed = [at(x, y) for x, y, *_ in ring.coords]
        points += placed
        codes += [Outline.MOVETO, *[Outline.LINETO] * (len(placed) - 2), Outline.CLOSEPOLY]
    return Outline(points, codes)
