"""The whole pipeline on one screen; the only module that knows the order of the stages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import job_sheet
from builder.bind import bind
from builder.check import check
from builder.compose import Composer
from builder.delivery import Delivery
from builder.diagnostics import Diagnostic, ExitCode, ReportError, errors, in_order
from builder.draw import draw
from builder.edition import Edition
from builder.finish import COVER_PAGES, Bound, describe, finish
from builder.fragment import Fragment
from builder.job_sheet import Delivered
from builder.load import load
from builder.model import Report
from builder.paginate import Press
from builder.plan import Section, anchor_titles, plan, spine
from builder.plan import job_sheet as plan_job_sheet
from builder.preflight import Verdict, preflight, proof
from builder.printer import Printer
from builder.project import Project
from builder.theme import MM_PER_PT, Theme

# Page numbers settle in two rounds; a third is needed only where they change the length of a section.
ROUNDS = 6

Progress = Callable[[str, int, int], None]


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


def build(
    project: Project,
    edition: Edition,
    output: Path | None = None,
    *,
    strict: bool = False,
    progress: Progress = lambda _stage, _done, _of: None,
) -> Built:
    """load → check → draw → compose → paginate → bind → finish → preflight.

    Raises ReportError with every problem; files take their names only where there is none.
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
    press = Press(project, tokens, {name: figure.svg for name, figure in figures.items()}, tagged=edition.tagged)
    book = paginate(sections, composer, press, report, edition.printer, progress)
    back = _back(book, composer, press, report, theme, project, edition.printer)
    fragments = [*book.fragments, *([back] if back is not None else [])]
    said = in_order([*checked.diagnostics, *(d for f in fragments for d in f.diagnostics)])
    _stop_at_errors(said, strict)
    progress("bind", 0, 1)
    titles, language = anchor_titles(report, sections), report.front.language
    with (
        bind(fragments, titles, language, tagged=edition.tagged) as bound,
        Delivery(output or project.output) as delivery,
    ):
        progress("finish", 0, 1)
        thick = edition.printer.spine(book.pages - COVER_PAGES) if back is not None and edition.printer else None
        finished = finish(bound, report, theme, edition, project, Bound(book.blank, thick))
        said = in_order([*said, *finished.diagnostics])
        _stop_at_errors(said, strict)
        progress("preflight", 0, 1)
        name = f"{report.slug}-{edition.file}"
        checked_files: list[Delivered] = []
        for part, pdf in finished.files.items():
            file = delivery.pdf(f"{name}{part}.pdf", pdf, finished.version)
            if found := proof(pdf, theme, edition):
                raise ReportError(found, ExitCode.PREFLIGHT)
            if edition.printer is not None:
                spread = _spread(theme, thick or 0.0) if part == "-cover" else None
                verdict = preflight(file, edition.printer, spread=spread)
                checked_files.append(Delivered(f"{name}{part}.pdf", file, verdict))
        found_wrong = [d for one in checked_files for d in one.verdict.diagnostics]
        if errors(found_wrong):
            raise ReportError(in_order(found_wrong), ExitCode.PREFLIGHT)
        if edition.printer is not None:
            lines = job_sheet.rows(report, theme, edition.printer, checked_files, book.notes)
            sheet = plan_job_sheet(report, theme)
            html = composer.compose(sheet, {}, {"rows": lines})
            screen = Press(project, theme.css("srgb", project.fonts, bleed=0), {}, tagged=True)
            with bind([screen.paginate(sheet.name, html, 1, frozenset(), None)], {}, language, tagged=True) as one_page:
                describe(one_page, report, tagged=True, part=f", {sheet.title}")
                delivery.pdf(f"{name}-job-sheet.pdf", one_page, "1.7")
            delivery.text(f"{name}-job-sheet.txt", job_sheet.as_text(sheet.title, lines))
        paths = delivery.publish()
        said = in_order([*said, *found_wrong])
        return Built(paths, book.pages, said, tuple(_remarks(book, [one.verdict for one in checked_files])))


def _spread(theme: Theme, spine: float) -> tuple[float, float]:
    """The size of back, spine and front beside each other, in mm."""
    return 2 * float(theme.page.width) + spine, float(theme.page.height)


def _remarks(book: Paginated, verdicts: Sequence[Verdict]) -> Iterator[str]:
    if book.notes:
        yield f"{book.notes} page{'s' if book.notes > 1 else ''} for notes added to fill the last sheet"
    names = ("inside: ", "cover: ") if len(verdicts) > 1 else ("",)
    yield from (name + verdict.summary for name, verdict in zip(names, verdicts, strict=False))


@dataclass(frozen=True, slots=True)
class Paginated:
    """All sections in printing order, laid out."""

    fragments: tuple[Fragment, ...]
    pages: int
    blank: frozenset[int]
    notes: int


def paginate(
    sections: Sequence[Section],
    composer: Composer,
    press: Press,
    report: Report,
    printer: Printer | None,
    progress: Progress,
) -> Paginated:
    """Lay out every section; then again those whose page numbers or first page were not yet known, until all stand.

    Raises ReportError where a section's length goes on changing with the numbers in it.
    """
    notes_title = next(str(word) for key, word in report.labels.words.items() if key == "notes")
    folios: dict[str, int] = {}
    laid: dict[tuple[str, str, int], Fragment] = {}
    for _round in range(ROUNDS):
        book: list[Fragment] = []
        blank: set[int] = set()
        found: dict[str, int] = {}
        page, notes = 1, 0
        wrong: list[Diagnostic] = []
        waiting = deque(sections)
        while waiting:
            one = waiting.popleft()
            progress("paginate", len(sections) - len(waiting) - 1, len(sections))
            before = _before(one, page, printer, book[-1].name if book else "", notes_title)
            if before is not None:
                waiting.extendleft((one, before))
                continue
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
            blank |= {page - 1} if one.blank else set()
            notes += fragment.pages if one.template == "notes" else 0
            page += fragment.pages
            if not waiting and one.template not in ("back-cover", "notes") and (missing := _missing(page - 1, printer)):
                waiting.append(one.notes(missing, notes_title))
        if wrong:
            raise ReportError(in_order(wrong))
        if found == folios:
            return Paginated(tuple(book), page - 1, frozenset(blank), notes)
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


def _missing(pages: int, printer: Printer | None) -> int:
    """How many pages are wanting to the printer's multiple; a cover of its own does not count."""
    if printer is None:
        return 0
    apart = COVER_PAGES if printer.cover == "own-file" else 0
    return (apart - pages) % printer.pages.multiple


def _before(section: Section, page: int, printer: Printer | None, last: str, notes_title: str) -> Section | None:
    """What stands before a section that would begin on page `page`, after the section named `last`.

    Before the back cover, pages for notes that fill the last sheet, and the inside of a cover of its own, which is
    blank; elsewhere a blank page that brings the section to its side.
    """
    blank = section.blank_before()
    if last == blank.name:
        return None
    if section.template == "back-cover" and printer is not None and printer.pages.multiple > 1:
        apart = printer.cover == "own-file"
        missing = _missing(page + apart, printer)
        if missing and last != "notes":
            return section.notes(missing, notes_title)
        return blank if apart else None
    wrong = section.side is not None and (section.side == "recto") != bool(page % 2)
    return blank if wrong else None


def _back(
    book: Paginated,
    composer: Composer,
    press: Press,
    report: Report,
    theme: Theme,
    project: Project,
    printer: Printer | None,
) -> Fragment | None:
    """The book's back, where the cover is a file of its own; its title only where it fits."""
    if printer is None or printer.cover != "own-file":
        return None
    order = [getattr(entry, "page", None) for entry in report.front.order]
    if order[0] != "cover" or order[-1] != "back-cover":
        raise ReportError(
            [
                Diagnostic(
                    "no-cover",
                    f"{printer.name} wants the cover in a file of its own, and the order has none",
                    "begin the `order` of content/report.yaml with `page: cover` and end it with `page: back-cover`",
                )
            ]
        )
    section = spine(report, theme)
    thick = printer.spine(book.pages - COVER_PAGES)
    if not thick:
        return None
    size = ""
    for name in ("title", "lead", "large", "text", "small"):
        points = float(getattr(theme.sizes, name))
        long = theme.face("heading", 600, project.fonts).width(section.title, points) * MM_PER_PT + 6
        # 1.5 mm on either side: the fold is no more exact than that.
        if not size and points * 0.75 * MM_PER_PT + 3 <= thick and long <= float(theme.page.height) - 24:
            size = name
    html = composer.compose(section, {}, {"thickness": thick, "size": size})
    return press.paginate(section.name, html, 1, frozenset({section.name}), None)


def _twice(name: str, section: Section) -> Diagnostic:
    return Diagnostic(
        "duplicate-name",
        f'two places of the book are called "{name}"',
        "give the topic, the part or the id in the layout another name: links could not tell them apart",
        section.span,
    )


def _stop_at_errors(diagnostics: Sequence[Diagnostic], strict: bool) -> None:
    if errors(diagnostics) or (strict and diagnostics):
        fonts = all(d.code == "missing-font" for d in errors(diagnostics)) and errors(diagnostics)
        raise ReportError(diagnostics, ExitCode.MISSING_TOOL if fonts else ExitCode.CONTENT)
