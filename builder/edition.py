"""Editions: what one content is made into. They differ in tokens and a few switches, never in text."""

from __future__ import annotations

from dataclasses import dataclass

from builder.printer import Printer
from builder.theme import Space

# Of pictures on screens, in dpi: sharp on a phone, small enough to send.
SCREEN_RESOLUTION = 200


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to make the report: for screens, or for the press that `printer` describes."""

    name: str
    printer: Printer | None = None

    @property
    def file(self) -> str:
        """What the edition adds to the name of its files."""
        return f"{self.name}-{self.printer.name}" if self.printer else self.name

    @property
    def space(self) -> Space:
        return "cmyk" if self.printer and self.printer.press else "srgb"

    @property
    def bleed(self) -> float:
        """In mm."""
        return float(self.printer.bleed) if self.printer else 0.0

    @property
    def tagged(self) -> bool:
        """Whether it is read on screens: with tags, links and bookmarks."""
        return self.printer is None


# Every edition by name, and what it is for.
EDITIONS = {
    "print": "facing pages for the press, in its inks, with bleed; one file for each printer profile",
    "email": "for screens and screen readers, with links and tags",
}
SCREEN = Edition("email")
