"""Figures: what each kind is drawn from."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from builder.model.manuscript import Text
from builder.model.node import Millimetres, Node, word


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


class Slope(Figure):
    """Two values and the difference between them."""

    kind: Annotated[Literal["slope"], BeforeValidator(word)]
    indicator: Text


class Share(Figure):
    """A part of a hundred, as a waffle of squares or as one bar."""

    kind: Annotated[Literal["share"], BeforeValidator(word)]
    indicator: Text
    style: Annotated[Literal["waffle", "bar"], BeforeValidator(word)] = "waffle"


class Index(Figure):
    """A change in per cent whose base is not known: from 100 to 100 + change."""

    kind: Annotated[Literal["index"], BeforeValidator(word)]
    indicator: Text


class Measures(Figure):
    """Several measures side by side, each on its own: no common axis."""

    kind: Annotated[Literal["measures"], BeforeValidator(word)]
    indicators: tuple[Text, ...] = Field(min_length=2, max_length=6)


class Units(Figure):
    """A count, one mark each."""

    kind: Annotated[Literal["units"], BeforeValidator(word)]
    indicator: Text


class Timeline(Figure):
    """A year on the line of the report's period."""

    kind: Annotated[Literal["timeline"], BeforeValidator(word)]
    indicator: Text


class Bars(Figure):
    """Indicators of one unit compared, or the series of one indicator by year."""

    kind: Annotated[Literal["bars"], BeforeValidator(word)]
    indicators: tuple[Text, ...] = Field(min_length=1, max_length=12)


class Lines(Figure):
    """The series of one indicator or more, over the years."""

    kind: Annotated[Literal["lines"], BeforeValidator(word)]
    indicators: tuple[Text, ...] = Field(min_length=1, max_length=5)
    zero: bool = Field(True, description="false: the axis begins near the lowest value, and the figure says so")


def over_years(figure: Figure) -> bool:
    """Whether it draws the years' series of its indicators, and not their values."""
    return isinstance(figure, Lines) or (isinstance(figure, Bars) and len(figure.indicators) == 1)


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
    | Annotated[Lines, Tag("lines")],
    Discriminator(_figure_kind),
]
