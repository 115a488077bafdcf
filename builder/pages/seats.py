"""Where the sections of a book stand, as far as their lengths are known: it decides, and asks nobody.

A section that is not laid out yet is taken to be as long as the last time, or as the report lets expect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from builder.content.anchors import home
from builder.content.plan import Section, expected_pages
from builder.design.printer import Printer
from builder.design.theme import Side
from builder.model.folios import within_section
from builder.model.fragment import Fragment, Start
from builder.model.report import Report
from builder.pages.blank_pages import before, missing
from builder.pages.settling import Digits, Settling


@dataclass(frozen=True, slots=True)
class Seat:
    """A section, the page on which it is to begin, and whether its side is certain."""

    section: Section
    page: int
    certain: bool

    @property
    def side(self) -> Side:
        return "recto" if self.page % 2 else "verso"


class Seats:
    """The seats of all sections, and what is known of each: its latest layout, and what stands on its pages."""

    def __init__(
        self,
        sections: Sequence[Section],
        report: Report,
        printer: Printer | None,
        last: Mapping[str, tuple[int, bytes]],
        settling: Settling,
    ) -> None:
        """`last` gives the pages and digests that sections had the last time."""
        self._sections, self._report, self._printer = sections, report, printer
        self._last, self._settling = last, settling
        self._notes_title = str(report.labels.words["notes"])
        self._home = home(sections)
        self._anchors: dict[str, tuple[str, int]] = {}
        self._first: dict[str, int] = {}
        self.latest: dict[str, Fragment] = {}
        self.all: list[Seat] = []

    def take_up(self, fragment: Fragment) -> None:
        """A layout has become the latest of its section."""
        self.latest[fragment.name] = fragment
        self._anchors |= {anchor.name: (fragment.name, anchor.page) for anchor in fragment.anchors}

    def arrange(self) -> None:
        """Give every section its page, with the blank pages and pages for notes that this takes."""
        seats: list[Seat] = []
        page, certain, last = 1, True, ""
        waiting = list(reversed(self._sections))
        while waiting:
            one = waiting.pop()
            held = replace(one, side=self._settling.side(one.name, one.side))
            first = before(held, page, self._printer, last, self._notes_title)
            if first is not None:
                waiting += [one, first]
                continue
            certain = certain or one.side is not None
            seats.append(Seat(one, page, certain))
            page += self.pages(one)
            certain = certain and one.name in self.latest
            last = one.name
            if (
                not waiting
                and one.template not in ("back-cover", "notes")
                and (more := missing(page - 1, self._printer))
            ):
                waiting.append(one.notes(more, self._notes_title))
        self.all = seats
        self._first = {seat.section.name: seat.page for seat in seats}

    def pages(self, section: Section) -> int:
        """How long a section is, or is taken to be, in pages."""
        if (fragment := self.latest.get(section.name)) is not None:
            return fragment.pages
        return self._last.get(section.name, (0, b""))[0] or expected_pages(section, self._report)

    def start(self, seat: Seat) -> Start:
        """How the section begins, as far as its layout can tell."""
        digits = len(str(seat.page))
        start = Start(seat.side, digits)
        room = 10**digits - seat.page
        if self.pages(seat.section) > room:
            return Start(start.side, digits, room)
        return start

    def digits(self, name: str, places: Sequence[str]) -> Digits:
        """How many digits the section `name` supposes for the pages of `places`."""
        least = self._settling.least
        return tuple((place, max(len(str(self._page(place))), least(name, place))) for place in places)

    def _page(self, place: str) -> int:
        """The page of a place, or a guess of it."""
        name, offset = self._anchors.get(place) or within_section(place) or (self._home(place), 0)
        return self._first.get(name, max(self._first.values())) + offset

    @property
    def state(self) -> tuple[int, ...]:
        """The identities of the layouts that stand in the book."""
        return tuple(id(self.latest.get(seat.section.name)) for seat in self.all)
