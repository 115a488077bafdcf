"""The run: what the stages of one run share, and what one of them leaves to the next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.content.plan import Section
from builder.design.theme import Theme
from builder.model.diagnostics import Diagnostic
from builder.model.fragment import Book, Fragment
from builder.model.project import Project
from builder.model.report import Report
from builder.pages.compose import Composer
from builder.pages.layout_queue import LayoutQueue, Programs
from builder.runtime.presses import Presses
from builder.runtime.progress import Progress


@dataclass(frozen=True, slots=True)
class Run:
    """What all editions of one run share."""

    project: Project
    report: Report
    theme: Theme
    inputs: tuple[Path, ...]
    strict: bool
    progress: Progress
    presses: Presses
    programs: Programs


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The sections of a book on their pages, and what they were made with."""

    sections: tuple[Section, ...]
    composer: Composer
    queue: LayoutQueue
    book: Book
    spine: Fragment | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        return (*self.book.fragments, *([self.spine] if self.spine is not None else []))


@dataclass(frozen=True, slots=True)
class Built:
    """A finished edition: its files, the first of them the book itself, and what should be said of them."""

    paths: tuple[Path, ...]
    pages: int
    diagnostics: tuple[Diagnostic, ...]
    remarks: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return self.paths[0]
