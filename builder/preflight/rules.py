"""What a preflight rule is: from a scanned file to what breaks it, in words, with page, place, value and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pikepdf

from builder.design.printer import Printer
from builder.model.diagnostics import Diagnostic, Severity
from builder.model.units import MM_PER_PT
from builder.pdf.scan import Marks
from builder.pdf.scan.painted import Box

# Faults of one kind that are told one by one; the rest are told together.
MOST_SAID = 5
# Two lengths closer than this are the same: rounding in files, in pt.
SLACK = 0.15


@dataclass(frozen=True, slots=True)
class Inked:
    """What the separations of one page show. Places in mm from the trim's upper left corner."""

    highest: float = 0.0  # ink, in %
    where: tuple[float, float] = (0.0, 0.0)
    short: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # edge → from, to, in mm along it
    empty: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """One page: its boxes in units of `unit` pt, what it paints, and its inks where they were measured."""

    number: int
    unit: float
    media: Box
    crop: Box
    trim: Box
    bleed: Box
    rotated: int
    has_trim: bool
    meant_blank: bool
    annotations: int
    marks: Marks
    inked: Inked | None


@dataclass(frozen=True, slots=True)
class Job:
    """A file and the printer that shall take it. `spread` is the size that a cover of its own must have, in mm."""

    pdf: pikepdf.Pdf
    printer: Printer
    pages: tuple[PageView, ...]
    spread: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `place` is in mm from the trim's upper left corner of the first of `pages`."""

    message: str
    remedy: str
    pages: tuple[int, ...] = ()
    place: tuple[float, float] | None = None
    value: str = ""
    severity: Severity = Severity.ERROR
    code: str = ""
    source: str = ""

    def diagnostic(self, first_folio: int = 1) -> Diagnostic:
        """`first_folio` is printed on the first page of the file; where it is not 1, folios are said too."""
        where = f"page{'s' if len(self.pages) > 1 else ''} {ranges(self.pages)}" if self.pages else ""
        if where and first_folio != 1:
            where += f" of the file (folio {ranges(page + first_folio - 1 for page in self.pages)})"
        where += ": " if where else ""
        return Diagnostic(self.code, where + self.message, f"{self.remedy} [{self.source}]", None, self.severity)

    def as_dict(self) -> dict[str, object]:
        return {
            "rule": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "remedy": self.remedy,
            "pages": list(self.pages),
            "place_mm": None if self.place is None else [round(v, 1) for v in self.place],
            "value": self.value,
            "source": self.source,
        }


Check: TypeAlias = Callable[[Job], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`asks` says in one line what is asked; `source` is the standard and clause, or the trade's custom."""

    code: str
    asks: str
    source: str
    check: Check

    def findings(self, job: Job) -> Iterator[Finding]:
        """What breaks the rule, the same fault of several pages said once."""
        together: dict[tuple[str, Severity], Finding] = {}
        for one in self.check(job):
            key = (one.message, one.severity)
            known = together.get(key)
            together[key] = replace(known, pages=known.pages + one.pages) if known else one
        for severity in Severity:
            found = [one for one in together.values() if one.severity is severity]
            said, more = (found, []) if len(found) <= MOST_SAID + 1 else (found[:MOST_SAID], found[MOST_SAID:])
            if more:
                pages = tuple(page for one in more for page in one.pages)
                said.append(
                    replace(more[0], message=f"{len(more)} more like these; the next: {more[0].message}", pages=pages)
                )
            for one in said:
                yield replace(one, code=self.code, source=self.source, pages=tuple(sorted(set(one.pages))))


def ranges(pages: Iterable[int]) -> str:
    """1, 2, 3, 7 → `1–3, 7`."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and runs[-1][1] == page - 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def from_trim(page: PageView, x: float, y: float) -> tuple[float, float]:
    """A point of the page in mm from the trim's upper left corner."""
    return (x - page.trim.left) * MM_PER_PT, (page.trim.top - y) * MM_PER_PT


def place_words(page: PageView, box: Box) -> str:
    """Where a mark is, as one would point at it with a ruler."""
    left, top = from_trim(page, box.left, box.top)
    return f"{left:.0f} mm from the left and {top:.0f} mm from the top of the trimmed page"


class UnpaintableError(Exception):
    """Ghostscript gave up on the file; the message is its last words."""
