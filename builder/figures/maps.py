"""Maps: a number for each place, from a map of the project's own (GeoJSON, RFC 7946; TopoJSON 1.0)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from pyproj import Transformer
from shapely import Geometry, MultiPolygon, Polygon, maximum_inscribed_circle, transform, union_all
from shapely.geometry import shape

from builder.content.dataset import Dataset
from builder.content.places import features
from builder.figures.axis import key_line, key_room, unit_line
from builder.figures.canvas import Canvas
from builder.figures.map_names import Frame, Named, arranged, draw_names
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
        names = [_range(at, list(values.values()), edges, table) for at in range(len(edges) - 1)]
        colours = [(tone, "accent") for tone in tones]
        if lacking:
            names, colours = [*names, none], [*colours, ("paper", "rest")]
        canvas.grow(top + key_room(canvas, names) + 40)
        top = key_line(canvas, names, colours, top)
    dots = figure.style == "dots"
    most = max((abs(float(value)) for value in values.values()), default=0.0) or 1.0
    tone_of = {name: "paper" if dots else tones[_class(value, edges)] for name, value in values.items()}
    named = []
    for name, one in sorted(zip(found, placed, strict=True), key=lambda pair: -pair[1].area):
        value, (x, y) = values.get(name), _middle(one)
        words = name if not dots else f"{name} {'–' if value is None else table.number(value)}"
        radius = max(_LARGEST * math.sqrt(abs(float(value)) / most), _SMALLEST) if dots and value else 0.0
        named.append(Named(words, x, y, one, tone_of.get(name, "paper"), radius))
    said = canvas.wrapped(str(report.labels.words["names-in-data"]), canvas.width, "small")
    foot = canvas.leading("small") * len(said) + 1
    x0, y0, x1, y1 = _bounds(placed)

    def between(left: float, right: float, below: float = 0.0) -> Frame:
        """The map between names at its left and right, as large as it can be."""
        wide, high = canvas.width - left - right, canvas.height - top - 1 - below
        scale = min(wide / (x1 - x0), high / (y1 - y0))
        return Frame(x0, y1, scale, left, top, left + (x1 - x0) * scale)

    room = (top, canvas.height - 1)
    names_ = arranged(canvas, named, between, room)
    if names_.lacking:
        names_ = arranged(canvas, named, lambda left, right: between(left, right, foot), room)
    frame = names_.frame
    lowest = max(frame(x0, y0)[1], *(top + side.high(canvas) for side in names_.sides))
    canvas.shrink(lowest + 1 + (foot if names_.lacking else 0.0))
    room = (top, lowest)
    for name, one in zip(found, placed, strict=True):
        tone = tone_of.get(name, "paper")
        for polygon in _polygons(one):
            canvas.outline(_outline(polygon, frame), colour=tone, edge="rest" if tone == "paper" else "paper")
    for place in named:
        if place.radius:
            canvas.dot(*frame(place.x, place.y), place.radius, colour="accent~75")
    draw_names(canvas, names_, room)
    if names_.lacking:
        canvas.block(0, canvas.height - foot + canvas.leading("small"), " ".join(said), canvas.width, "small")


def class_limits(values: Sequence[Decimal], classes: int) -> list[Decimal]:
    """Where classes of about as many places begin and end (quantiles), those that are equal counted once if need be."""
    limits, others = _quantiles(sorted(values), classes), sorted(set(values))
    if len(set(limits)) <= classes and len(others) > 2:
        limits = _quantiles(others, min(classes, len(others) - 1))
    return list(dict.fromkeys(limits)) if len(set(limits)) > 1 else [limits[0], limits[0]]


def _quantiles(ordered: Sequence[Decimal], parts: int) -> list[Decimal]:
    return [ordered[round(at * (len(ordered) - 1) / parts)] for at in range(parts + 1)]


def _range(at: int, values: Sequence[Decimal], edges: Sequence[Decimal], table: Dataset) -> str:
    """The least and the most of the numbers in a class: no number stands in two of them."""
    inside = [value for value in values if _class(value, edges) == at] or list(edges[at : at + 2])
    low, high = table.number(min(inside)), table.number(max(inside))
    return low if low == high else f"{low}–{high}"


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


def _middle(one: Geometry) -> tuple[float, float]:
    """The point of a place that is furthest from its borders; where it has islands, of its largest."""
    largest = max(_polygons(one), key=lambda polygon: polygon.area)
    x, y = maximum_inscribed_circle(largest).coords[0]
    return float(x), float(y)


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
