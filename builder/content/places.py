"""The places of a map: GeoJSON (RFC 7946) or TopoJSON (specification 1.0), as features."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any


def features(file: Path) -> tuple[dict[str, Any], ...]:
    """Each place with its properties and polygons. Raises ValueError for what is no map."""
    return _features(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _features(file: Path, _time: int) -> tuple[dict[str, Any], ...]:
    try:
        said = json.loads(file.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {error}") from error
    kind = said.get("type") if isinstance(said, dict) else None
    try:
        found = list(_of_topology(said)) if kind == "Topology" else list(said["features"])
        found = [
            {"properties": dict(one.get("properties") or {}), "geometry": one["geometry"]}
            for one in found
            if one.get("geometry") and one["geometry"]["type"] in ("Polygon", "MultiPolygon")
        ]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ValueError("it is neither a GeoJSON collection of features nor a TopoJSON topology") from error
    if not found:
        raise ValueError("no place in it has an area (Polygon or MultiPolygon)")
    return tuple(found)


def _of_topology(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    arcs = [_arc(one, said.get("transform")) for one in said["arcs"]]
    for collection in said["objects"].values():
        for one in collection.get("geometries", [collection]):
            if one["type"] == "Polygon":
                lines: Any = [_ring(ring, arcs) for ring in one["arcs"]]
            elif one["type"] == "MultiPolygon":
                lines = [[_ring(ring, arcs) for ring in polygon] for polygon in one["arcs"]]
            else:
                continue
            yield {"properties": one.get("properties"), "geometry": {"type": one["type"], "coordinates": lines}}


def _arc(points: Sequence[Sequence[float]], change: dict[str, Any] | None) -> list[tuple[float, float]]:
    """Positions, which are steps from the one before where the topology is quantized (2.1.3)."""
    if change is None:
        return [(float(point[0]), float(point[1])) for point in points]
    x = y = 0.0
    found = []
    for point in points:
        x, y = x + point[0], y + point[1]
        found.append((x * change["scale"][0] + change["translate"][0], y * change["scale"][1] + change["translate"][1]))
    return found


def _ring(numbers: Sequence[int], arcs: Sequence[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Arcs one after the other; a negative number is one's complement, and the arc runs backwards (2.1.4)."""
    found: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        found += arc[1:] if found else arc
    return found
