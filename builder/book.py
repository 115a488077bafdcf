"""The book: all sections laid out, again and again until the page numbers in them stand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from builder.compose import Composer
from builder.diagnostics import Diagnostic, ReportError, in_order
from builder.fragment import Fragment
from builder.model import Report
from builder.paginate import Press
from builder.plan import Section, spine
from builder.printer import COVER_PAGES, Printer
from builder.project import Project
from builder.theme import MM_PER_PT, Theme

# Page numbers settle in two rounds; a third is needed only where they change the length of a section.
ROUNDS = 6

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Book:
    """All sections in printing order, laid out."""

    fragments: tuple[Fragment, ...]
    pages: int
    blank: frozenset[int]
    notes: int
    folios: Mapping[str, int]

    @property
    def printed(self) -> dict[str, tuple[int, ...]]:
        """The pages on which each indicator stands."""
        return _printed(self.fragments, frozenset())


def paginate(
    sections: Sequence[Section],
    composer: Composer,
    press: Press,
    report: Report,
    printer: Printer | None,
    progress: Progress,
) -> Book:
    """Lay out every section; then again those whose page numbers or first page were not yet known, until all stand.

    Raises ReportError where a section's length goes on changing with the numbers in it.
    """
    notes_title = next(str(word) for key, word in report.labels.words.items() if key == "notes")
    folios: dict[str, int] = {}
    printed: dict[str, tuple[int, ...]] = {}
    # The tables that list all indicators would only name themselves.
    lists = frozenset(section.name for section in sections if section.template in ("indicators", "method"))
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
                html = composer.compose(one, folios, printed=printed)
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
        standing = _printed(book, lists)
        if (found, standing) == (folios, printed):
            return Book(tuple(book), page - 1, frozenset(blank), notes, found)
        folios, printed = found, standing
    raise ReportError(
        [
            Diagnostic(
                "unsettled-pages",
                "the page numbers do not settle",
                "a section is just as long as its page: shorten or lengthen it by a line",
            )
        ]
    )


def _printed(fragments: Sequence[Fragment], without: frozenset[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    first = 1
    for fragment in fragments:
        for name, page in fragment.printed if fragment.name not in without else ():
            found.setdefault(name, set()).add(first + page)
        first += fragment.pages
    return {name: tuple(sorted(pages)) for name, pages in found.items()}


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
    apart = printer is not None and printer.cover == "own-file"
    if section.template == "back-cover" and printer is not None and (printer.pages.multiple > 1 or apart):
        missing = _missing(page + apart, printer)
        if missing and last != "notes":
            return section.notes(missing, notes_title)
        return blank if apart else None
    wrong = section.side is not None and (section.side == "recto") != bool(page % 2)
    return blank if wrong else None


def back(
    book: Book,
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
