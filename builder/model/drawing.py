"""What draw hands to compose: a figure as SVG, its size, and the words that stand for it."""

from __future__ import annotations

from dataclasses import dataclass

from builder.model.diagnostics import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a figure's table, and the words to say in its place where they differ."""

    text: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure at its final size, in mm, and its data as a table, whose rows begin with a heading.

    `faults` are texts that it has no room for, in words.
    """

    svg: str
    width: float
    height: float
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    faults: tuple[str, ...] = ()


def no_room(fault: str, span: Span | None) -> Diagnostic:
    """One of a figure's faults; `span` is that of the figure in the YAML."""
    hint = "give the indicator a `short` name or a larger unit, give the figure more `height`, or draw less in it"
    return Diagnostic("figure-text", f"in the figure, {fault}", hint, span)
