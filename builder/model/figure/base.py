"""What all figures share: title, size, and where their numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Strict, Tag, WithJsonSchema

from builder.model.manuscript import Text
from builder.model.node import Millimetres, Node, Number

# What a row, a column or a place on an axis is called: words, or a year.
Name: TypeAlias = Text | Annotated[int, Strict()]


def _several(value: Any) -> Any:
    """One number is a row of one."""
    return value if isinstance(value, list | tuple) else (value,)


_SCHEMA = {"anyOf": [{"type": ["number", "null"]}, {"type": "array", "items": {"type": ["number", "null"]}}]}
Row: TypeAlias = Annotated[tuple[Number | None, ...], BeforeValidator(_several), WithJsonSchema(_SCHEMA)]


class FigureData(Node):
    """Numbers that a figure alone draws, as a small table: a number in each cell, or `null` where nobody knows it."""

    columns: tuple[Name, ...] = Field((), description="what the columns are called; none for a table of one column")
    rows: Mapping[Name, Row] = Field(description="name: [numbers], as many as there are columns; null for none")
    unit: Text | None = Field(None, description="of all numbers: a name from `units` in layouts/labels")
    digits: Annotated[int, Strict(), Field(ge=0, le=9)] | None = Field(
        None, description="digits printed after the decimal point; as many as the longest number has, where left out"
    )
    source: Text = Field(description="a name from sources.yaml")


class TableData(Node):
    """Numbers of a table of the report, which the figure draws."""

    table: Text = Field(description="the name of a table in a body")
    rows: tuple[Name, ...] = Field((), description="their labels; all but totals where they are left out")
    columns: Literal["years"] | tuple[Name, ...] = Field(
        (), description="their heads, or years: all that are years; these, or all numbers, where they are left out"
    )


def _data_kind(value: Any) -> str:
    return "table" if isinstance(value, TableData) or (isinstance(value, dict) and "table" in value) else "own"


class Figure(Node):
    """What all figures share. `height` is in mm, drawn at that size."""

    title: Text
    alt: Text | None = Field(None, description="replaces the alternative text made from the data")
    height: Millimetres | None = None
    note: Text | None = None

    @property
    def uses(self) -> tuple[Text, ...]:
        """The indicators that the figure draws."""
        one = getattr(self, "indicator", None)
        return (one,) if one is not None else tuple(getattr(self, "indicators", ()))

    @property
    def source(self) -> Text | None:
        """The source of numbers that are no indicators."""
        return None


ChartData: TypeAlias = Annotated[
    Annotated[FigureData, Tag("own")] | Annotated[TableData, Tag("table")], Discriminator(_data_kind)
]


class Chart(Figure):
    """A figure of several numbers: those of `indicators`, or of `data` of its own."""

    indicators: tuple[Text, ...] = Field((), max_length=60, description="names of indicators")
    data: ChartData | None = Field(None, description="numbers in place of indicators: its own, or those of a table")
    highlight: Name | None = Field(None, description="what is drawn in the accent; the rest is quiet")

    @property
    def numbers(self) -> FigureData | None:
        """What it draws in place of indicators; None as well where its table could not be read."""
        return self.data if isinstance(self.data, FigureData) else None

    @property
    def source(self) -> Text | None:
        return self.numbers.source if self.numbers is not None else None


class Reference(Node):
    """A line across a chart at one value: a mean, a limit, a target."""

    at: Number | None = Field(None, description="the value")
    indicator: Text | None = Field(None, description="the indicator that is the value")
    label: Text


class Annotation(Node):
    """Words at one place of the axis: what happened that year."""

    at: Name = Field(description="a year, or the name of a row")
    text: Text


class AxisChart(Chart):
    """A chart with an axis of values, on which lines and words may be marked."""

    references: tuple[Reference, ...] = Field((), max_length=4)
    annotations: tuple[Annotation, ...] = Field((), max_length=6)
    forecast: Name | None = Field(None, description="the first year that is a forecast: drawn dashed or hollow")

    @property
    def uses(self) -> tuple[Text, ...]:
        return (*self.indicators, *(one.indicator for one in self.references if one.indicator is not None))
