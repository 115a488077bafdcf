"""What draw hands to compose: a figure as SVG, its size, and the words that stand for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a figure's table, and the words to say in its place where they differ."""

    text: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure at its final size, in mm, and its data as a table, whose rows begin with a heading."""

    svg: str
    width: float
    height: float
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
