"""The whole pipeline on one screen; the only module that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.bind import bind
from builder.check import check
from builder.compose import Composer
from builder.diagnostics import Diagnostic, ExitCode, ReportError, errors, in_order
from builder.draw import draw
from builder.edition import Edition
from builder.finish import finish, write
from builder.fragment import Fragment
from builder.load import load
from builder.paginate import Press
from builder.plan import Section, anchor_titles, plan
from builder.preflight import preflight
from builder.project import Project

# Page numbers settle in two rounds; a third is needed only where they change the length of a section.
ROUNDS = 6

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished PDF, and what should be said of it."""

    path: Path
    pages: int
    size: int
    diagnostics: tuple[Diagnostic, ...]


def build(
    project: Project,
    edition: Edition,
    output: Path | None = None,
    *,
    strict: bool = False,
    progress: Progress = lambda _stage, _done, _of: None,
) -> Built:
    """load → check → draw → compose → paginate → bind → finish → preflight.

    Raises ReportError with every problem; a PDF is written only where there is none.
    """
    progress("load", 0, 1)
    manuscript = load(project)
    progress("check", 0, 1)
    checked = check(manuscript, project)
    _stop_at_errors(checked.diagnostics, strict)
    report, theme = checked.report, checked.theme
    assert report is not None
    assert theme is not None
    figures = draw(report, theme, project, edition.space, progress)
    sections = plan(report, theme)
    composer = Composer(report, theme, project, figures, sections)
    tokens = theme.css(edition.space, project.fonts, bleed=edition.bleed)
    press = Press(project, tokens, {name: figure.svg for name, figure in figures.items()})
    fragments = paginate(sections, composer, press, progress)
    said = in_order([*checked.diagnostics, *(d for f in fragments for d in f.diagnostics)])
    _stop_at_errors(said, strict)
    progress("bind", 0, 1)
    with bind(fragments, anchor_titles(report, sections), report.front.language) as book:
        progress("finish", 0, 1)
        finish(book, report)
        progress("preflight", 0, 1)
        if found := preflight(book, theme, edition):
            raise ReportError(found, ExitCode.PREFLIGHT)
        path = (output or project.output) / f"{report.slug}-{edition.name}.pdf"
        size = write(book, path)
        return Built(path, len(book.pages), size, said)


def paginate(sections: Sequence[Section], composer: Composer, press: Press, progress: Progress) -> list[Fragment]:
    """Lay out every section; then again those whose page numbers or first page were not yet known, until all stand.

    Raises ReportError where a section's length goes on changing with the numbers in it.
    """
    folios: dict[str, int] = {}
    laid: dict[tuple[str, str, int], Fragment] = {}
    for _round in range(ROUNDS):
        book: list[Fragment] = []
        found: dict[str, int] = {}
        page = 1
        wrong: list[Diagnostic] = []
        for done, section in enumerate(sections):
            progress("paginate", done, len(sections))
            for one in _with_blank(section, page):
                try:
                    html = composer.compose(one, folios)
                except ReportError as error:  # go on: what is wrong in other templates is said with it
                    wrong += error.diagnostics
                    continue
                key = (one.name, html, page)
                if key not in laid:
                    expected = frozenset() if one.template == "blank" else frozenset({one.name})
                    laid[key] = press.paginate(one.name, html, page, expected, one.span)
                fragment = laid[key]
                wrong += [_twice(a.name, one) for a in fragment.anchors if a.name in found]
                found |= {a.name: page + a.page for a in fragment.anchors}
                book.append(fragment)
                page += fragment.pages
        if wrong:
            raise ReportError(in_order(wrong))
        if found == folios:
            return book
        folios = found
    raise ReportError(
        [
            Diagnostic(
                "unsettled-pages",
                "the page numbers do not settle",
                "a section is just as long as its page: shorten or lengthen it by a line",
            )
        ]
    )


def _twice(name: str, section: Section) -> Diagnostic:
    return Diagnostic(
        "duplicate-name",
        f'two places of the book are called "{name}"',
        "give the topic, the part or the id in the layout another name: links could not tell them apart",
        section.span,
    )


def _with_blank(section: Section, page: int) -> tuple[Section, ...]:
    wrong = section.side is not None and (section.side == "recto") != bool(page % 2)
    return (section.blank_before(), section) if wrong else (section,)


def _stop_at_errors(diagnostics: Sequence[Diagnostic], strict: bool) -> None:
    if errors(diagnostics) or (strict and diagnostics):
        fonts = all(d.code == "missing-font" for d in errors(diagnostics)) and errors(diagnostics)
        raise ReportError(diagnostics, ExitCode.MISSING_TOOL if fonts else ExitCode.CONTENT)
