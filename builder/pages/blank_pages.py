"""The leaves between sections: blank pages that bring one to its side, and pages for notes that fill the last sheet."""

from __future__ import annotations

from builder.content.plan import Section
from builder.design.printer import COVER_PAGES, Printer


def missing(pages: int, printer: Printer | None) -> int:
    """How many pages are wanting to the printer's multiple; a cover of its own does not count."""
    if printer is None:
        return 0
    apart = COVER_PAGES if printer.cover == "own-file" else 0
    return (apart - pages) % printer.pages.multiple


def before(section: Section, page: int, printer: Printer | None, last: str, notes_title: str) -> Section | None:
    """What stands before a section that would begin on page `page`, after the section named `last`.

    Before the back cover, pages for notes that fill the last sheet, and the inside of a cover of its own, which is
    blank; elsewhere a blank page that brings the section to its side.
    """
    blank = section.blank_before()
    if last == blank.name:
        return None
    apart = printer is not None and printer.cover == "own-file"
    if section.template == "back-cover" and printer is not None and (printer.pages.multiple > 1 or apart):
        wanting = missing(page + apart, printer)
        if wanting and last != "notes":
            return section.notes(wanting, notes_title)
        return blank if apart else None
    wrong = section.side is not None and (section.side == "recto") != bool(page % 2)
    return blank if wrong else None
