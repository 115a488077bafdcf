"""What draw hands to compose: a figure as SVG, its size, and the words that stand for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure at its final size, in mm."""

    svg: str
    width: float
    height: float
    alt: str
