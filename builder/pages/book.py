"""The book: all sections laid out and counted, until each stands where its layout supposed it to.

A layout supposes little: on which side its section begins, and how many digits its page numbers have (`Start`). So a
section is laid out once, wherever it comes to stand; only a wrong guess of side or digits is laid out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from builder.content.plan import Section, expected_pages, home
from builder.design.printer import Printer
from builder.design.theme import Side
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.model.folios import places, settled, twice, unknown, within, within_section, zeros
from builder.model.fragment import Book, Fragment, Job, Start
from builder.model.report import Report
from builder.pages.blank_pages import before, missing
from builder.pages.compose import Composer
from builder.pages.settling import Digits, Settling, Standing
from builder.runtime.progress import Progress, Stage

# So many pages under way keep the presses busy for a while.
_BUSY = 8

# A section by its name and, for notes, by how many pages they are; what its layout supposes.
_Key = tuple[str, int, Digits, Start]


class Layouts(Protocol):
    """Where sections are laid out: `ask` for some, and `take` what is done, in any order."""

    @property
    def room(self) -> int:
        """How many more may be asked for now."""
        ...

    def ask(self, job: Job) -> None: ...

    def take(self) -> tuple[Job, Fragment, bool]:
        """One that is done, and whether it had been done before."""
        ...


@dataclass(frozen=True, slots=True)
class _Seat:
    """A section, the page on which it is to begin, and whether its side is certain."""

    section: Section
    page: int
    certain: bool


class Making:
    """A book on its way: every section is laid out, those that list page numbers last."""

    def __init__(
        self,
        sections: Sequence[Section],
        composer: Composer,
        layouts: Layouts,
        report: Report,
        printer: Printer | None,
        progress: Progress,
        last: Mapping[str, tuple[int, bytes]],
    ) -> None:
        """`last` gives the pages and digests that sections had the last time."""
        self._sections, self._composer, self._layouts = sections, composer, layouts
        self._report, self._printer, self._progress, self._last = report, printer, progress, last
        self._digests = {section.name: section.digest for section in sections}
        self._notes_title = next(str(word) for key, word in report.labels.words.items() if key == "notes")
        self._home = home(sections)
        self._composed: dict[tuple[str, int], str] = {}
        self._places: dict[str, tuple[str, ...]] = {}
        self._wrong: list[Diagnostic] = []
        self._code = ExitCode.CONTENT
        self._failed: set[str] = set()
        self._deferred: set[str] = set()  # what lists the pages of indicators, and waits for all others
        self._printed: Standing | None = None
        self._laid: dict[_Key, Fragment] = {}
        self._latest: dict[str, Fragment] = {}
        self._asked: dict[str, _Key] = {}
        self._due: set[str] = set()  # what is laid out anew in this round
        self._settling = Settling()
        self._anchors: dict[str, tuple[str, int]] = {}
        self._first: dict[str, int] = {}
        self._moved = False
        self._cached: frozenset[str] = frozenset()

    def book(self, meanwhile: Callable[[], None]) -> Book:
        """The book; `meanwhile` is called once, as soon as there is enough under way to wait for.

        Raises ReportError with all that is wrong in templates and links.
        """
        waited = False
        self._progress(Stage("paginate", 0, len(self._sections)))
        while True:
            seats = self._seats()
            wanted = self._wanted(seats)
            if self._moved:  # a layout of before serves again, and what follows moves with its length
                state = tuple(id(self._latest.get(seat.section.name)) for seat in seats)
                self._settling.moved(state, self._supposed())
                continue
            if not wanted and not self._asked:
                if self._wrong:
                    raise ReportError(in_order(self._wrong), self._code)
                if self._printed != (printed := self._standing(seats)):
                    sides = {seat.section.name: _side(seat.page) for seat in seats}
                    self._settling.counted(printed, sides, self._supposed())
                    self._printed = printed
                    self._composed = {k: v for k, v in self._composed.items() if k[0] not in self._deferred}
                    continue
                self._tell(seats, seats[-1].section.name)
                return self._bound(seats)
            for _certain, seat, start in sorted(wanted, key=self._urgency):
                if self._layouts.room < 1 or (self._asked and self._composer.waits(seat.section)):
                    break
                self._ask(seat.section, start)
            if self._asked:
                if not waited and (len(wanted) <= len(self._asked) or self._pages_asked >= _BUSY):
                    waited = True
                    meanwhile()
                job, fragment, cached = self._layouts.take()
                self._record(job, fragment)
                self._cached = self._cached | {job.name} if cached else self._cached - {job.name}
                self._tell(seats, job.name)

    @property
    def _pages_asked(self) -> int:
        return sum(self._long(section) for section in self._sections if section.name in self._asked)

    def _tell(self, seats: Sequence[_Seat], last: str) -> None:
        done = {seat.section.name for seat in seats} & self._latest.keys()
        self._progress(Stage("paginate", len(done), len(seats), len(done & self._cached), last))

    def lengths(self) -> dict[str, tuple[int, bytes]]:
        """What the next time is to know of the sections."""
        return {name: (f.pages, self._digests.get(name, b"")) for name, f in self._latest.items()}

    @property
    def _lists(self) -> frozenset[str]:
        """The tables that list all indicators would only name themselves."""
        return frozenset(s.name for s in self._sections if s.template in ("indicators", "method"))

    def _seats(self) -> list[_Seat]:
        """Every section with its page, as far as lengths are known."""
        seats: list[_Seat] = []
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
            seats.append(_Seat(one, page, certain))
            page += self._long(one)
            certain = certain and one.name in self._latest
            last = one.name
            if (
                not waiting
                and one.template not in ("back-cover", "notes")
                and (more := missing(page - 1, self._printer))
            ):
                waiting.append(one.notes(more, self._notes_title))
        return seats

    def _long(self, section: Section) -> int:
        fragment = self._latest.get(section.name)
        return (
            fragment.pages
            if fragment is not None
            else self._last.get(section.name, (0, b""))[0] or expected_pages(section, self._report)
        )

    def _wanted(self, seats: Sequence[_Seat]) -> list[tuple[bool, _Seat, Start]]:
        """What is not yet laid out as its seat wants it: whether its side is certain, and where it starts."""
        self._first = {seat.section.name: seat.page for seat in seats}
        self._moved = False
        wanted: list[tuple[bool, _Seat, Start]] = []
        again: list[tuple[bool, _Seat, Start]] = []
        lists: list[tuple[bool, _Seat, Start]] = []
        for seat in seats:
            section, start = seat.section, self._start(seat)
            if section.name in self._failed or section.name in self._asked:
                continue
            if (section.name, section.count) in self._composed:
                digits = self._digits(section.name)
                fragment = self._laid.get((section.name, section.count, digits, start))
                if fragment is not None:
                    self._settling.used(section.name, digits)
                    if (before := self._latest.get(section.name)) is not fragment:
                        self._take_up(fragment)
                        self._moved |= before is None or _shape(before) != _shape(fragment)
                    continue
            if section.name in self._deferred:
                lists.append((seat.certain, seat, start))
            elif (
                section.name in self._latest
                and section.name not in self._due
                and (self._places[section.name] or not seat.certain)
            ):
                # Only when all pages are known: until then, it would be guessed.
                again.append((seat.certain, seat, start))
            else:
                wanted.append((seat.certain, seat, start))
        if wanted or self._asked:
            return wanted
        if again:
            self._settling.new_round(self._supposed())
            self._due = {seat.section.name for _, seat, _ in again}
            return again
        return lists if self._printed is not None else []

    def _supposed(self) -> Iterator[tuple[str, Digits]]:
        """The digits that the latest layout of each section supposes."""
        for (name, _, digits, _), fragment in self._laid.items():
            if self._latest.get(name) is fragment:
                yield name, digits

    def _urgency(self, wanted: tuple[bool, _Seat, Start]) -> tuple[bool, bool, bool, int]:
        """First what has changed, whose figures are drawn, what is certain, and long."""
        certain, seat, _ = wanted
        section = seat.section
        same = self._last.get(section.name, (0, b""))[1] == self._digests.get(section.name)
        return same, self._composer.waits(section), not certain, -self._long(section)

    def _start(self, seat: _Seat) -> Start:
        """How the section begins, as far as its layout can tell."""
        digits = len(str(seat.page))
        start = Start(_side(seat.page), digits)
        room = 10**digits - seat.page
        if self._long(seat.section) > room:
            return Start(start.side, digits, room)
        return start

    def _page(self, place: str) -> int:
        """The page of a place, or a guess of it."""
        name, offset = self._anchors.get(place) or within_section(place) or (self._home(place), 0)
        return self._first.get(name, max(self._first.values())) + offset

    def _digits(self, name: str) -> Digits:
        least = self._settling.least
        return tuple((place, max(len(str(self._page(place))), least(name, place))) for place in self._places[name])

    def _ask(self, section: Section, start: Start) -> None:
        composed = section.name, section.count
        if composed not in self._composed:
            try:
                html = self._composer.compose(section, printed=self._printed)
            except ReportError as error:  # go on: what is wrong in other templates is said with it
                self._wrong += error.diagnostics
                self._code = max(self._code, error.exit_code)
                self._failed.add(section.name)
                return
            if html is None:
                self._deferred.add(section.name)
                return
            self._composed[composed] = html
            self._places[section.name] = places(html)
        html = self._composed[composed]
        digits = dict(self._digits(section.name))
        expected = frozenset() if section.template == "blank" else frozenset({section.name})
        shown = self._composer.shown(html)
        job = Job(section.name, zeros(html, digits.__getitem__), start, expected, section.span, shown)
        self._due.discard(job.name)
        self._asked[job.name] = section.name, section.count, tuple(digits.items()), start
        self._layouts.ask(job)

    def _record(self, job: Job, fragment: Fragment) -> None:
        name, count, digits, start = self._asked.pop(job.name)
        self._laid[name, count, digits, start] = fragment
        self._settling.new_layout()
        self._settling.used(name, digits)
        if start.turn and fragment.pages <= start.turn:  # it does not run so far: the folios are as in any other place
            self._laid[name, count, digits, Start(start.side, start.digits)] = fragment
        self._take_up(fragment)

    def _take_up(self, fragment: Fragment) -> None:
        self._latest[fragment.name] = fragment
        self._anchors |= {anchor.name: (fragment.name, anchor.page) for anchor in fragment.anchors}

    def _standing(self, seats: Sequence[_Seat]) -> Standing:
        """The sections, and their pages, on which each indicator stands."""
        found: dict[str, dict[tuple[str, int], None]] = {}
        for seat in seats:
            name = seat.section.name
            fragment = self._latest.get(name)
            for indicator, page in fragment.printed if fragment is not None and name not in self._lists else ():
                found.setdefault(indicator, {})[name, page] = None
        return {indicator: tuple(where) for indicator, where in found.items()}

    def _bound(self, seats: Sequence[_Seat]) -> Book:
        folios: dict[str, int] = {}
        wrong: list[Diagnostic] = []
        for seat in seats:
            fragment = self._latest[seat.section.name]
            folios[within(seat.section.name, 0)] = seat.page
            for anchor in fragment.anchors:
                if anchor.name in folios:
                    wrong.append(twice(anchor.name, seat.section.span))
                folios[anchor.name] = seat.page + anchor.page
        for seat in seats:
            wrong += unknown(self._places[seat.section.name], folios, seat.section.span)
        if wrong:
            raise ReportError(in_order(wrong))
        fragments = tuple(settled(self._latest[seat.section.name], seat.page, folios) for seat in seats)
        return Book(
            fragments,
            seats[-1].page + fragments[-1].pages - 1,
            frozenset(seat.page - 1 for seat in seats if seat.section.blank),
            sum(self._latest[seat.section.name].pages for seat in seats if seat.section.template == "notes"),
            folios,
        )


def _side(page: int) -> Side:
    return "recto" if page % 2 else "verso"


def _shape(fragment: Fragment) -> tuple[int, tuple[tuple[str, int], ...]]:
    """What other sections' page numbers depend on."""
    return fragment.pages, tuple((anchor.name, anchor.page) for anchor in fragment.anchors)
