"""Figures: what each kind is drawn from."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Tag

from builder.model.figure.base import (
    Annotation,
    AxisChart,
    Chart,
    Figure,
    FigureData,
    Name,
    Reference,
    TableData,
)
from builder.model.figure.charts import (
    Area,
    Bars,
    Bullet,
    Code,
    Donut,
    Dumbbell,
    Grouped,
    Heat,
    Histogram,
    Lines,
    Multiples,
    Pictogram,
    Scatter,
    Slopes,
    Stacked,
    Waterfall,
)
from builder.model.figure.diagrams import Event, Events, Flow, Link, Map, Member, Tree
from builder.model.figure.single import Index, Measures, Share, Slope, Timeline, Units

__all__ = [
    "Annotation", "Area", "AxisChart", "Bars", "Bullet", "Chart", "Code", "Donut", "Dumbbell", "Event", "Events",
    "Figure", "FigureData", "FigureSpec", "Flow", "Grouped", "Heat", "Histogram", "Index", "Lines", "Link", "Map",
    "Measures", "Member", "Multiples", "Name", "Pictogram", "Reference", "Scatter", "Share", "Slope", "Slopes",
    "Stacked", "TableData", "Timeline", "Tree", "Units", "Waterfall", "kind_of", "over_years",
]  # fmt: skip


def over_years(figure: Figure) -> bool:
    """Whether it draws the years' series of its indicators, and not their values."""
    if isinstance(figure, Bars):
        return figure.data is None and len(figure.indicators) == 1
    return isinstance(figure, Lines | Multiples | Area | Grouped | Stacked | Heat) and figure.data is None


def kind_of(figure: Figure) -> str:
    """The word for its kind in the YAML."""
    return str(getattr(figure, "kind", ""))


def _figure_kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return None if kind is None else str(kind)


FigureSpec: TypeAlias = Annotated[
    Annotated[Slope, Tag("slope")]
    | Annotated[Share, Tag("share")]
    | Annotated[Index, Tag("index")]
    | Annotated[Measures, Tag("measures")]
    | Annotated[Units, Tag("units")]
    | Annotated[Timeline, Tag("timeline")]
    | Annotated[Bars, Tag("bars")]
    | Annotated[Grouped, Tag("grouped")]
    | Annotated[Stacked, Tag("stacked")]
    | Annotated[Lines, Tag("lines")]
    | Annotated[Multiples, Tag("multiples")]
    | Annotated[Area, Tag("area")]
    | Annotated[Scatter, Tag("scatter")]
    | Annotated[Dumbbell, Tag("dumbbell")]
    | Annotated[Slopes, Tag("slopes")]
    | Annotated[Waterfall, Tag("waterfall")]
    | Annotated[Donut, Tag("donut")]
    | Annotated[Histogram, Tag("histogram")]
    | Annotated[Heat, Tag("heat")]
    | Annotated[Pictogram, Tag("pictogram")]
    | Annotated[Bullet, Tag("bullet")]
    | Annotated[Code, Tag("code")]
    | Annotated[Events, Tag("events")]
    | Annotated[Tree, Tag("tree")]
    | Annotated[Flow, Tag("flow")]
    | Annotated[Map, Tag("map")],
    Discriminator(_figure_kind),
]
