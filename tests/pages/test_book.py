"""Books settle: whatever their sections' lengths depend on, every page number that is printed is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.content.plan import Section
from builder.model.folios import placed, within
from builder.model.fragment import Anchor, Book, Fragment, SectionJob, Stamp
from builder.model.report import Report
from builder.pages.book import BookLayout
from builder.pages.compose import Composer
from builder.runtime.progress import nobody
from tests.conftest import examples

GLYPHS = (*"0123456789", "")
# How long a section is: by its name, its side, and the digits that it supposes for each place.
Long = Callable[[str, str, Mapping[str, int]], int]


@dataclass
class Sketched:
    """A section of a book that is only told of: what it names, and on which side it begins."""

    name: str
    side: str | None = None
    names: tuple[str, ...] = ()
    lists: bool = False


@dataclass
class Engine:
    """Lays nothing out, and tells how long each section would be. What was asked last is done first."""

    long: Long
    waiting: list[SectionJob] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        return 4 - len(self.waiting)

    def ask(self, job: SectionJob) -> None:
        self.waiting.append(job)
        self.asked.append(job.name)

    def take(self) -> tuple[SectionJob, Fragment, bool]:
        job = self.waiting.pop()
        found = dict(_zeros(job.html))
        pages = 1 if job.name.startswith("blank") else self.long(job.name, job.start.side, found)
        stamps = tuple(Stamp(place, 0, digits, GLYPHS) for place, digits in found.items())
        printed = (("one", pages - 1),) if job.name.startswith("value") else ()
        anchors = (Anchor(job.name, 0, 0, 0),)
        fragment = Fragment(job.name, job.start.side.encode(), pages, anchors, (), (), printed=printed, stamps=stamps)
        return job, fragment, False


def _zeros(html: str) -> list[tuple[str, int]]:
    """The places in the HTML for the layout, with their digits."""
    found = []
    for part in html.split('data-folio="')[1:]:
        place, _, rest = part.partition('"')
        found.append((place, len(rest.partition(">")[2].partition("<")[0])))
    return found


class Told:
    """A composer of sections that are only told of."""

    def __init__(self, sections: Sequence[Sketched]) -> None:
        self._sections = {one.name: one for one in sections}

    def compose(self, section: Section, printed: Mapping[str, Sequence[tuple[str, int]]] | None = None) -> str | None:
        one = self._sections.get(section.name) or Sketched(section.name)
        named = [placed(name) for name in one.names]
        if one.lists:
            if printed is None:
                return None
            named += [placed(within(*where)) for pages in printed.values() for where in pages]
        return "".join(named)

    def shown(self, _html: str) -> dict[str, str]:
        return {}

    def waits(self, _section: Section) -> bool:
        return False


def made(sketched: Sequence[Sketched], long: Long, press: Engine | None = None) -> Book:
    sections = [
        Section(one.name, "indicators" if one.lists else "text", "", "", cast(Any, one.side), "brand", 1)
        for one in sketched
    ]
    words = SimpleNamespace(words={"notes": "Notes"})
    report = cast(Report, SimpleNamespace(labels=words, indicators={}, topics={}))
    press = press or Engine(long)
    making = BookLayout(sections, cast(Composer, Told(sketched)), press, report, None, nobody, {})
    return making.book(lambda: None)


def hold_true(book: Book, sketched: Sequence[Sketched]) -> None:
    """Every number that is printed is that of the page where its section begins, in cells that have room for it."""
    first = 1
    begins: dict[str, int] = {}
    for fragment in book.fragments:
        begins[fragment.name] = first
        assert fragment.pdf == (b"recto" if first % 2 else b"verso")
        first += fragment.pages
    assert book.pages == first - 1
    for one in sketched:
        assert one.side is None or (one.side == "recto") == bool(begins[one.name] % 2)
    for fragment in book.fragments:
        for stamp in fragment.stamps:
            name, _, page = stamp.place.partition("\ue001")
            assert int(stamp.printed) == begins[name] + int(page or 0)
            assert stamp.digits >= len(stamp.printed)


@st.composite
def books(draw: st.DrawFn) -> list[Sketched]:
    count = draw(st.integers(1, 40))
    names = [f"{'value' if draw(st.booleans()) else 'section'}{n}" for n in range(count)]
    some = st.lists(st.sampled_from(names), max_size=count, unique=True)
    return [
        Sketched(
            name,
            draw(st.sampled_from([None, None, "recto", "verso"])),
            tuple(draw(some)) if draw(st.integers(0, 3)) == 0 else (),
            draw(st.integers(0, 9)) == 0,
        )
        for name in names
    ]


@settings(max_examples=examples(300))
@given(books(), st.integers(0, 10**9), st.sampled_from([1, 3, 12]))
def test_any_book_settles_and_its_page_numbers_are_true(sketched: list[Sketched], seed: int, most: int) -> None:
    def long(name: str, side: str, digits: Mapping[str, int]) -> int:
        """Lengths without any sense, which depend on all that a layout may depend on."""
        said = f"{seed} {name} {side} {sorted(digits.items())}"
        return 1 + sha256(f"{seed} {name}".encode()).digest()[0] % most + sha256(said.encode()).digest()[0] % 2

    hold_true(made(sketched, long), sketched)


def test_a_list_that_moves_what_it_lists_to_and_fro_holds_its_digits() -> None:
    sketched = [Sketched("contents", names=("last",)), Sketched("middle"), Sketched("last")]

    def long(name: str, _side: str, digits: Mapping[str, int]) -> int:
        return {"contents": 2 if digits.get("last") == 1 else 1, "middle": 7, "last": 1}[name]

    book = made(sketched, long)
    hold_true(book, sketched)
    contents = book.fragments[0].stamps[0]
    assert (contents.printed, contents.digits) == ("9", 2), "one page of contents: 9; two: 10, for which one is enough"


def test_a_table_that_moves_what_it_lists_to_the_other_side_holds_the_sides() -> None:
    sketched = [Sketched("table", lists=True), Sketched("value")]

    def long(name: str, side: str, digits: Mapping[str, int]) -> int:
        if name == "table":  # a line more, where the number stands on the second page
            return 2 if any(place.endswith("\ue0011") for place in digits) else 1
        return 2 if side == "verso" else 1

    hold_true(made(sketched, long), sketched)


def test_long_books_are_laid_out_hardly_more_than_once() -> None:
    """The contents name every section, whose places move with each that is laid out before them."""
    names = [f"section{n}" for n in range(150)]
    sketched = [Sketched("contents", names=tuple(names)), *(Sketched(name) for name in names)]
    press = Engine(lambda name, _side, _digits: 4 if name == "contents" else 2)
    hold_true(made(sketched, press.long, press), sketched)
    asked = Counter(press.asked)
    assert asked["contents"] == 2, "once by guess, once when all pages are known"
    assert max(asked.values()) == 2, "of each section at most both sides"
