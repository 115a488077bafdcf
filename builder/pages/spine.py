"""The back of the book, where the cover is a file of its own."""

from __future__ import annotations

from builder.content.plan import spine
from builder.design.printer import COVER_PAGES, Printer
from builder.design.theme import Theme
from builder.model.diagnostics import Diagnostic, ReportError
from builder.model.folios import settled
from builder.model.fragment import Book, Fragment, SectionJob, Start
from builder.model.project import Project
from builder.model.report import Report
from builder.model.units import MM_PER_PT
from builder.pages.book import Queue
from builder.pages.compose import Composer


def lay_out_spine(
    book: Book,
    composer: Composer,
    queue: Queue,
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
    html = composer.compose(section, {"thickness": thick, "size": size})
    assert html is not None
    queue.ask(SectionJob(section.name, html, Start("recto", 1), frozenset({section.name})))
    return settled(queue.take()[1], 1, {})
