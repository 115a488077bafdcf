"""Diagrams: figures of events, of an organisation, of flows, and of places on a map."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, Strict

from builder.model.figure.base import Chart, Figure
from builder.model.manuscript import Text
from builder.model.node import Node, Number, word

# A year, or a month of one (2021-03).
Time = Text | Annotated[int, Strict(), Field(ge=1, le=9999)]


class Event(Node):
    """What happened at a time, or from one to another."""

    from_: Time = Field(alias="from", description="a year, or a month as 2021-03")
    to: Time | None = None
    text: Text
    highlight: bool = False


class Events(Figure):
    """Events on the line of time."""

    kind: Annotated[Literal["events"], BeforeValidator(word)]
    events: tuple[Event, ...] = Field(min_length=1, max_length=40)


class Member(Node):
    """One place in an organisation, and those that answer to it."""

    name: Text
    note: Text | None = None
    below: tuple[Member, ...] = ()


class Tree(Figure):
    """An organisation chart, from left to right."""

    kind: Annotated[Literal["tree"], BeforeValidator(word)]
    root: Member


class Link(Node):
    """How much goes from one place to another."""

    from_: Text = Field(alias="from")
    to: Text
    value: Number


class Flow(Figure):
    """Amounts that go from place to place (a Sankey diagram)."""

    kind: Annotated[Literal["flow"], BeforeValidator(word)]
    links: tuple[Link, ...] = Field(min_length=1, max_length=60)
    unit: Text | None = Field(None, description="of all amounts: a name from `units` in layouts/labels")
    given_source: Text = Field(alias="source", description="a name from sources.yaml")

    @property
    def source(self) -> Text | None:
        return self.given_source


class Map(Chart):
    """A number for each place: as the tone of its area, or as a dot of that size."""

    kind: Annotated[Literal["map"], BeforeValidator(word)]
    map: Text = Field(description="a GeoJSON or TopoJSON file in content/")
    join: Text = Field(description="the property of the map's places that has the names of the rows")
    style: Annotated[Literal["areas", "dots"], BeforeValidator(word)] = "areas"
    classes: Annotated[int, Strict(), Field(ge=2, le=7)] = Field(5, description="how many tones")


def moment(time: Time) -> float:
    """A year, or a month of one, as years: 2021-07 is 2021.5. Raises ValueError for what is neither."""
    year, _, month = str(time).partition("-")
    number = int(month) if month else 1
    if not 1 <= number <= 12:
        raise ValueError(time)
    return int(year) + (number - 1) / 12
