"""Editions: what one content is made into. They differ in tokens and a few switches, never in text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from builder.design.printer import Printer
from builder.design.theme import Space
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError

# PDF/A conformance: part of ISO 19005 and level.
PdfA: TypeAlias = Literal["2a", "3a"]


@dataclass(frozen=True, slots=True)
class Step:
    """How good pictures on screens are: dpi, and JPEG quality (0 to 95)."""

    resolution: int
    quality: int


# From sharp on a phone to just good enough at 100 %, where a screen shows about 100 dpi.
STEPS = (Step(200, 85), Step(170, 80), Step(150, 75), Step(130, 70), Step(110, 65), Step(96, 60))


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to make the report: for screens, or for the press that `printer` describes."""

    name: str
    printer: Printer | None = None
    pdfa: PdfA = "2a"

    def __post_init__(self) -> None:
        """Raises ReportError (usage) for an edition that is none: one for the press has a printer, no other has."""
        if self.name not in EDITIONS:
            raise _no_edition(f'there is no edition "{self.name}"', f"there are: {', '.join(EDITIONS)}")
        if (self.name == "print") is not (self.printer is not None):
            raise _no_edition(f"the edition {self.name} has {'a' if self.printer else 'no'} printer", _WHOSE)
        if (self.name == "archive") is not (self.pdfa == "3a"):
            raise _no_edition(f"the edition {self.name} is not PDF/A-{self.pdfa}", "take EMAIL or ARCHIVE")

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

    @property
    def mailed(self) -> bool:
        """Whether it must be small enough to send."""
        return self.name == "email"

    @property
    def with_data(self) -> bool:
        """Whether the numbers are inside as files; mail filters distrust those, so what is mailed has none."""
        return self.pdfa == "3a" and self.printer is None


# Every edition by name, and what it is for.
EDITIONS = {
    "print": "facing pages for the press, in its inks, with bleed; one file for each printer profile",
    "email": "for screens and screen readers, small enough to send: PDF/A-2a and PDF/UA-1",
    "archive": "the same pages with the report's data inside, to keep: PDF/A-3a and PDF/UA-1",
}
_WHOSE = 'the print edition is for a printer, Edition("print", printer); those for screens have none'


def _no_edition(what: str, hint: str) -> ReportError:
    return ReportError([Diagnostic("unknown-edition", what, hint)], ExitCode.USAGE)


EMAIL = Edition("email")
ARCHIVE = Edition("archive", pdfa="3a")
