"""The docket: what the stages of one run share, and what one of them leaves to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.pages.compose import Composer
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, errors
from builder.design.edition import Edition
from builder.model.fragment import Book, Fragment
from builder.pages.layouts import Layouts
from builder.model.report import Report
from builder.content.plan import Section
from builder.runtime.presses import Presses
from builder.model.project import Project
from builder.pages.setting import Setting
from builder.runtime.progress import Progress
from builder.design.theme import Theme


@dataclass(frozen=True, slots=True)
class Docket:
    """What all editions of one run share."""

    project: Project
    report: Report
    theme: Theme
    inputs: tuple[Path, ...]
    strict: bool
    progress: Progress
    presses: Presses


@dataclass(frozen=True, slots=True)
class Laid:
    """The sections of a book on their pages, and what they were made with."""

    sections: tuple[Section, ...]
    composer: Composer
    layouts: Layouts
    book: Book
    back: Fragment | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        return (*self.book.fragments, *([self.back] if self.back is not None else []))


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


def setting(project: Project, theme: Theme, edition: Edition) -> Setting:
    """What the sections of an edition are laid out with."""
    return Setting(project, theme.css(edition.space, project.fonts, bleed=edition.bleed), edition.tagged)


def stop_at_errors(diagnostics: Sequence[Diagnostic], strict: bool) -> None:
    """Raises ReportError where there are errors, or warnings and these stop the build too."""
    if errors(diagnostics) or (strict and diagnostics):
        raise content_error(diagnostics)


def content_error(diagnostics: Sequence[Diagnostic]) -> ReportError:
    """What ends a run in which the content is wrong, or only fonts are missing."""
    fonts = errors(diagnostics) and all(d.code == "missing-font" for d in errors(diagnostics))
    return ReportError(diagnostics, ExitCode.MISSING_TOOL if fonts else ExitCode.CONTENT)
