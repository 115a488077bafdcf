"""Editions: what one content is made into. They differ in tokens and a few switches, never in text."""

from __future__ import annotations

from dataclasses import dataclass

from builder.theme import Space


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to print the report."""

    name: str
    space: Space
    bleed: bool
    about: str


EDITIONS = {
    edition.name: edition for edition in (Edition("print", "srgb", True, "facing pages with bleed, for the press"),)
}
