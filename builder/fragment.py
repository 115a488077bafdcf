"""What paginate hands to bind: one section as a PDF, with the places of its anchors and bookmarks."""

from __future__ import annotations

from dataclasses import dataclass

from builder.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Anchor:
    """An id and where it fell: page of the fragment (from 0), and place in pt from the trim's lower left corner."""

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bookmark:
    label: str
    level: int
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Fragment:
    """One section, paginated."""

    name: str
    pdf: bytes
    pages: int
    anchors: tuple[Anchor, ...]
    bookmarks: tuple[Bookmark, ...]
    diagnostics: tuple[Diagnostic, ...]
