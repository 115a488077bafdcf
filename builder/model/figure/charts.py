"""Charts: figures that draw a table of numbers, one kind a class. The anchors are IBCS 1.2 and Cleveland's order of
what eyes judge well: position before length, length before area."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict

from builder.model.figure.base import AxisChart, Chart, Name
from builder.model.manuscript import Text
from builder.model.node import Number, word

Order: TypeAlias = Annotated[Literal["value", "written"], BeforeValidator(word)]
_ORDER = "value: the largest first; written: as they stand here, because their order means something"


class Code(Chart):
    """A figure that the project draws itself, with a function in Python."""

    kind: Annotated[Literal["code"], BeforeValidator(word)]
    file: Text = Field(description="in figures/; it has a function draw(canvas, data)")
    alt: Text = Field(description="what the figure says, in words: nobody else knows")


class Bars(AxisChart):
    """Indicators of one unit compared, or the series of one indicator by year."""

    kind: Annotated[Literal["bars"], BeforeValidator(word)]
    order: Order = Field("value", description=_ORDER)


class Grouped(AxisChart):
    """Several series side by side at each year, or for each row."""

    kind: Annotated[Literal["grouped"], BeforeValidator(word)]


class Stacked(AxisChart):
    """Parts on top of each other at each year, or for each row; of 100 with `percent`."""

    kind: Annotated[Literal["stacked"], BeforeValidator(word)]
    percent: bool = Field(False, description="true: each bar is of 100, the parts are per cent of it")


class Lines(AxisChart):
    """Series over the years, from zero."""

    kind: Annotated[Literal["lines"], BeforeValidator(word)]
    zero: bool = Field(True, description="false: the axis begins near the lowest value, and the figure says so")


class Multiples(AxisChart):
    """Each series in a small chart of its own, all with the same axes."""

    kind: Annotated[Literal["multiples"], BeforeValidator(word)]
    zero: bool = Field(True, description="false: the axis begins near the lowest value, and the figure says so")


class Area(AxisChart):
    """Series on top of each other over the years, as areas from zero."""

    kind: Annotated[Literal["area"], BeforeValidator(word)]


class Scatter(Chart):
    """Each row a point: its first number from left to right, its second upwards."""

    kind: Annotated[Literal["scatter"], BeforeValidator(word)]


class Dumbbell(Chart):
    """Two values of many rows, joined by a line: base and end of indicators, or two columns."""

    kind: Annotated[Literal["dumbbell"], BeforeValidator(word)]
    order: Order = Field("value", description=_ORDER)


class Slopes(Chart):
    """The change of many between two times: base and end of indicators, or two columns."""

    kind: Annotated[Literal["slopes"], BeforeValidator(word)]


class Waterfall(Chart):
    """From one amount by additions and deductions to another. `totals` are what it comes to in between."""

    kind: Annotated[Literal["waterfall"], BeforeValidator(word)]
    totals: tuple[Name, ...] = Field((), description="rows or indicators that are the sum of those before them")


class Donut(Chart):
    """Two to five parts of a whole."""

    kind: Annotated[Literal["donut"], BeforeValidator(word)]
    order: Order = Field("value", description=_ORDER)


class Histogram(Chart):
    """How many rows fall into each class of values."""

    kind: Annotated[Literal["histogram"], BeforeValidator(word)]
    edges: tuple[Number, ...] = Field((), description="where classes begin and the last ends; even ones if left out")


class Heat(Chart):
    """A table whose cells are the darker the larger their number."""

    kind: Annotated[Literal["heat"], BeforeValidator(word)]


class Pictogram(Chart):
    """Counts as rows of icons, each of which stands for `each`."""

    kind: Annotated[Literal["pictogram"], BeforeValidator(word)]
    icon: Text = Field(description="the name of one in layouts/icons, or an SVG file in content/")
    each: Annotated[int, Strict(), Field(ge=1)] = Field(1, description="how many an icon stands for")


class Bullet(Chart):
    """What was reached against what was aimed at, and what it was before."""

    kind: Annotated[Literal["bullet"], BeforeValidator(word)]
    targets: tuple[Text, ...] = Field((), description="for each of `indicators`, the one that is its target")
    previous: tuple[Text, ...] = Field((), description="for each of `indicators`, the one that it was before")

    @property
    def uses(self) -> tuple[Text, ...]:
        return (*self.indicators, *self.targets, *self.previous)
