"""The book: all sections laid out and counted, until each stands where its layout supposed it to.

A layout supposes little: on which side its section begins, and how many digits its page numbers have (`Start`). So a
section is laid out once, wherever it comes to stand; only a wrong guess of side or digits is laid out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from builder.content.plan import Section
from builder.design.printer import Printer
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.model.folios import places, settled, twice, unknown, within, zeros
from builder.model.fragment import Book, Fragment, SectionJob, Start
from builder.model.report import Report
from builder.pages.compose import Composer
from builder.pages.seats import Seat, Seats
from builder.pages.settling import Digits, Settling, Standing
from builder.runtime.progress import Progress, Stage

# So many pages under way keep the presses busy for a while.
_BUSY = 8

# A section by its name and, for notes, by how many pages they are; what its layout supposes.
_Key = tuple[str, int, Digits, Start]


class Queue(Protocol):
    """Where sections are laid out: `ask` for some, and `take` what is done, in any order."""

    @property
    def room(self) -> int:
        """How many more may be asked for now."""
        ...

    def ask(self, job: SectionJob) -> None: ...

    def take(self) -> tuple[SectionJob, Fragment, bool]:
        """One that is done, and whether it had been done before."""
        ...


class BookLayout:
    """A book on its way: every section is laid out, those that list page numbers last."""

    def __init__(
        self,
        sections: Sequence[Section],
        composer: Composer,
        queue: Queue,
        report: Report,
        printer: Printer | None,
        progress: Progress,
        last: Mapping[str, tuple[int, bytes]],
    ) -> None:
        """`last` gives the pages and digests that sections had the last time."""
        self._sections, self._composer, self._queue = sections, composer, queue
        self._progress, self._last = progress, last
        self._digests = {section.name: section.digest for section in sections}
        self._composed: dict[tuple[str, int], str] = {}
        self._places: dict[str, tuple[str, ...]] = {}
        self._wrong: list[Diagnostic] = []
        self._code = ExitCode.CONTENT
        self._failed: set[str] = set()
        self._deferred: set[str] = set()  # what lists the pages of indicators, and waits for all others
        self._printed: Standing | None = None
        self._laid: dict[_Key, Fragment] = {}
        self._asked: dict[str, _Key] = {}
        self._due: set[str] = set()  # what is laid out anew in this round
        self._settling = Settling()
        self._seats = Seats(sections, report, printer, last, self._settling)
        self._moved = False
        self._cached: frozenset[str] = frozenset()

    def book(self, meanwhile: Callable[[], None]) -> Book:
        """The book; `meanwhile` is called once, as soon as there is enough under way to wait for.

        Raises ReportError with all that is wrong in templates and links.
        """
        waited = False
        self._progress(Stage("paginate", 0, len(self._sections)))
        while True:
            self._seats.arrange()
            wanted = self._wanted()
            if self._moved:  # a layout of before serves again, and what follows moves with its length
                self._settling.moved(self._seats.state, self._supposed())
                continue
            if not wanted and not self._asked:
                if self._wrong:
                    raise ReportError(in_order(self._wrong), self._code)
                if self._printed != (printed := self._standing()):
                    sides = {seat.section.name: seat.side for seat in self._seats.all}
                    self._settling.counted(printed, sides, self._supposed())
                    self._printed = printed
                    self._composed = {k: v for k, v in self._composed.items() if k[0] not in self._deferred}
                    self._laid = {k: v for k, v in self._laid.items() if k[0] not in self._deferred}
                    continue
                self._tell(self._seats.all[-1].section.name)
                return self._settled_book()
            for _certain, seat, start in sorted(wanted, key=self._urgency):
                if self._queue.room < 1 or (self._asked and self._composer.waits(seat.section)):
                    break
                self._ask(seat.section, start)
            if self._asked:
                if not waited and (len(wanted) <= len(self._asked) or self._pages_asked >= _BUSY):
                    waited = True
                    meanwhile()
                job, fragment, cached = self._queue.take()
                self._record(job, fragment)
                self._cached = self._cached | {job.name} if cached else self._cached - {job.name}
                self._tell(job.name)

    @property
    def _pages_asked(self) -> int:
        return sum(self._seats.pages(section) for section in self._sections if section.name in self._asked)

    def _tell(self, last: str) -> None:
        seats = self._seats.all
        done = {seat.section.name for seat in seats} & self._seats.latest.keys()
        self._progress(Stage("paginate", len(done), len(seats), len(done & self._cached), last))

    def lengths(self) -> dict[str, tuple[int, bytes]]:
        """What the next time is to know of the sections."""
        return {name: (f.pages, self._digests.get(name, b"")) for name, f in self._seats.latest.items()}

    @property
    def _lists(self) -> frozenset[str]:
        """Sections that are left out where it is counted on which pages indicators stand: they list all of them."""
        return frozenset(s.name for s in self._sections if s.template in ("indicators", "method"))

    def _wanted(self) -> list[tuple[bool, Seat, Start]]:
        """What is not yet laid out as its seat wants it: whether its side is certain, and where it starts."""
        self._moved = False
        wanted: list[tuple[bool, Seat, Start]] = []
        again: list[tuple[bool, Seat, Start]] = []
        lists: list[tuple[bool, Seat, Start]] = []
        for seat in self._seats.all:
            section, start = seat.section, self._seats.start(seat)
            if section.name in self._failed or section.name in self._asked:
                continue
            if (section.name, section.count) in self._composed:
                digits = self._seats.digits(section.name, self._places[section.name])
                fragment = self._laid.get((section.name, section.count, digits, start))
                if fragment is not None:
                    self._settling.used(section.name, digits)
                    if (before := self._seats.latest.get(section.name)) is not fragment:
                        self._seats.take_up(fragment)
                        self._moved |= before is None or _shape(before) != _shape(fragment)
                    continue
            if section.name in self._deferred:
                lists.append((seat.certain, seat, start))
            elif (
                section.name in self._seats.latest
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
            if self._seats.latest.get(name) is fragment:
                yield name, digits

    def _urgency(self, wanted: tuple[bool, Seat, Start]) -> tuple[bool, bool, bool, int]:
        """First what has changed, whose figures are drawn, what is certain, and long."""
        certain, seat, _ = wanted
        section = seat.section
        same = self._last.get(section.name, (0, b""))[1] == self._digests.get(section.name)
        return same, self._composer.waits(section), not certain, -self._seats.pages(section)

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
        digits = dict(self._seats.digits(section.name, self._places[section.name]))
        expected = frozenset() if section.template == "blank" else frozenset({section.name})
        shown = self._composer.shown(html)
        job = SectionJob(section.name, zeros(html, digits.__getitem__), start, expected, section.span, shown)
        self._due.discard(job.name)
        self._asked[job.name] = section.name, section.count, tuple(digits.items()), start
        self._queue.ask(job)

    def _record(self, job: SectionJob, fragment: Fragment) -> None:
        name, count, digits, start = self._asked.pop(job.name)
        self._laid[name, count, digits, start] = fragment
        self._settling.new_layout()
        self._settling.used(name, digits)
        if start.turn and fragment.pages <= start.turn:  # it does not run so far: the folios are as in any other place
            self._laid[name, count, digits, Start(start.side, start.digits)] = fragment
        self._seats.take_up(fragment)

    def _standing(self) -> Standing:
        """The sections, and their pages, on which each indicator stands."""
        found: dict[str, dict[tuple[str, int], None]] = {}
        for seat in self._seats.all:
            name = seat.section.name
            fragment = self._seats.latest.get(name)
            for indicator, page in fragment.printed if fragment is not None and name not in self._lists else ():
                found.setdefault(indicator, {})[name, page] = None
        return {indicator: tuple(where) for indicator, where in found.items()}

    def _settled_book(self) -> Book:
        """All sections with their page numbers. Raises ReportError where a place has none, or two."""
        seats = self._seats.all
        folios: dict[str, int] = {}
        wrong: list[Diagnostic] = []
        for seat in seats:
            fragment = self._seats.latest[seat.section.name]
            folios[within(seat.section.name, 0)] = seat.page
            for anchor in fragment.anchors:
                if anchor.name in folios:
                    wrong.append(twice(anchor.name, seat.section.span))
                folios[anchor.name] = seat.page + anchor.page
        for seat in seats:
            wrong += unknown(self._places[seat.section.name], folios, seat.section.span)
        if wrong:
            raise ReportError(in_order(wrong))
        fragments = tuple(settled(self._seats.latest[seat.section.name], seat.page, folios) for seat in seats)
        return Book(
            fragments,
            seats[-1].page + fragments[-1].pages - 1,
            frozenset(seat.page - 1 for seat in seats if seat.section.blank),
            sum(self._seats.latest[seat.section.name].pages for seat in seats if seat.section.template == "notes"),
            folios,
        )


def _shape(fragment: Fragment) -> tuple[int, tuple[tuple[str, int], ...]]:
    """What other sections' page numbers depend on."""
    return fragment.pages, tuple((anchor.name, anchor.page) for anchor in fragment.anchors)
