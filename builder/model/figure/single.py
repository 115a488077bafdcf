"""Figures of one number, and of several that have no common axis."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from builder.model.figure.base import Figure
from builder.model.manuscript import Text
from builder.model.node import word


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
