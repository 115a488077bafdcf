"""The plan of the book: what its sections are, in printing order, with their numbers, sides and running heads."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from builder.content import numbers, prose
from builder.content.prose import REPORT
from builder.design.theme import Side, Theme
from builder.model.body import blocks, printed_texts
from builder.model.diagnostics import Span
from builder.model.figure import FigureSpec
from builder.model.front import PageEntry, PartEntry, Topic, TopicEntry
from builder.model.manuscript import Text
from builder.model.report import Report

# So many letters fill a page, roughly.
_LETTERS = 2600
# And so many make way for a photo.
_PICTURE = 1400


@dataclass(frozen=True, slots=True)
class NumberedFigure:
    """A figure of a section: its number in the book, and its name in the report (`TopicFigure.name`)."""

    number: int
    name: str
    figure: FigureSpec


@dataclass(frozen=True, slots=True)
class Section:
    """What is paginated on its own: it begins on a new page, and on its `side` of the spread if it has one."""

    name: str
    template: str
    title: str
    short: str
    side: Side | None
    accent: str
    level: int
    number: int = 0
    count: int = 0
    part: PartEntry | None = None
    part_number: int = 0
    topic: Topic | None = None
    figures: tuple[NumberedFigure, ...] = ()
    span: Span | None = None

    @property
    def figure_number(self) -> int:
        """The number of its first figure, 0 where it has none: for templates that were made when a topic had one."""
        return self.figures[0].number if self.figures else 0

    def notes(self, count: int, title: str) -> Section:
        """`count` pages for notes, which fill the last printed sheet."""
        return Section("notes", "notes", title, title, None, self.accent, 0, count=count, span=self.span)

    @property
    def digest(self) -> bytes:
        """Of all that it says of itself: whether it is another than the last time, as far as one can tell at once."""
        return sha256(pickle.dumps(self)).digest()

    @property
    def blank(self) -> bool:
        """Whether it is a page that is meant to have nothing on it."""
        return self.template == "blank" and self.part is None

    def blank_before(self) -> Section:
        """The empty page that brings this section to its side."""
        return Section(
            f"blank-before-{self.name}",
            "blank",
            "",
            "",
            None,
            self.accent,
            0,
            part=self.part if self.template == "part" else None,
            span=self.span,
        )


def plan(report: Report, theme: Theme) -> tuple[Section, ...]:
    """The sections of the book in printing order, numbered."""
    brand = str(next(iter(reversed(list(theme.accents)))))
    sections: list[Section] = []
    parts = drawn = 0

    def words(text: Text) -> str:
        return prose.plain(text, lambda q: quoted(report, q))

    def topic_section(name: str, part: PartEntry | None, accent: str, number: int, count: int) -> Section:
        nonlocal drawn
        topic = report.topics[name]
        numbered = tuple(
            NumberedFigure(drawn + count, one.name(name), one.figure) for count, one in enumerate(topic.figures, 1)
        )
        drawn += len(numbered)
        title = words(topic.title)
        return Section(
            name,
            str(topic.page),
            title,
            shortened(words(topic.short) if topic.short else title),
            theme.starts.get(topic.page),
            accent,
            2 if part else 1,
            number,
            count,
            part,
            parts if part else 0,
            topic,
            numbered,
            topic.title.span,
        )

    for entry in report.front.order:
        match entry:
            case PageEntry():
                own = {"cover": report.front.title, "back-cover": report.front.title}
                title = words(entry.title or own.get(entry.page) or report.labels.words[entry.page])
                level = 0 if entry.page in ("cover", "back-cover", "colophon") else 1
                sections.append(
                    Section(
                        str(entry.page),
                        str(entry.page),
                        title,
                        title,
                        theme.starts.get(entry.page),
                        brand,
                        level,
                        span=entry.page.span,
                    )
                )
            case TopicEntry():
                sections.append(topic_section(entry.topic, None, brand, 0, 0))
            case PartEntry():
                parts += 1
                accent = str(entry.accent or list(theme.accents)[(parts - 1) % len(theme.accents)])
                title = words(entry.title)
                sections.append(
                    Section(
                        str(entry.part),
                        "part",
                        title,
                        title,
                        theme.starts.get(Text("part")),
                        accent,
                        1,
                        parts,
                        len(entry.topics),
                        entry,
                        parts,
                        span=entry.part.span,
                    )
                )
                results = [n for n in entry.topics if report.topics[n].key is not None]
                for name in entry.topics:
                    number = results.index(name) + 1 if name in results else 0
                    sections.append(topic_section(name, entry, accent, number, len(results)))
    return tuple(sections)


def accent_of(report: Report, theme: Theme, name: str) -> str:
    """The colour of a topic or of one of its figures, as the theme calls it: that of its part, or the last."""
    accents = list(theme.accents)
    parts = [entry for entry in report.front.order if isinstance(entry, PartEntry)]
    part = next(part for topic, part in report.in_order() if topic == name.partition("/")[0])
    return str(accents[-1] if part is None else part.accent or accents[parts.index(part) % len(accents)])


def figures(report: Report) -> tuple[str, ...]:
    """The names of the figures that are printed, in printing order."""
    return tuple(one.name(str(name)) for name, _ in report.in_order() for one in report.topics[name].figures)


def home(sections: Sequence[Section]) -> Callable[[str], str]:
    """Tells in which section an anchor is most likely to stand, before anything is laid out."""
    pages = {section.template: section.name for section in sections}
    figures = {f"figure-{one.number}": s.name for s in sections for one in s.figures}
    kinds = {"data": "data", "indicator": "indicators"}

    def of(anchor: str) -> str:
        return figures.get(anchor) or pages.get(kinds.get(anchor.partition("-")[0], ""), anchor)

    return of


def expected_pages(section: Section, report: Report) -> int:
    """How many pages a section is likely to have, before anyone knows."""
    if section.count and section.template == "notes":
        return section.count
    match section.template:
        case "numbers":
            return 2
        case "indicators" | "method":
            return 1 + len(report.indicators) // 20
        case "contents" | "figures" | "data":
            return 1 + len(report.topics) // 30
    if (topic := section.topic) is None:
        return 1
    letters = len(topic.text or "") + sum(len(getattr(one, "text", "")) for one in topic.body)
    drawn = len(topic.photos) + sum(one.number > 0 for one in topic.figures)
    return 1 + (letters + _PICTURE * drawn) // _LETTERS


def spine(report: Report, theme: Theme) -> Section:
    """The back of the book, which is printed with the cover."""
    title = f"{report.front.organisation}  {report.front.title.flat} {numbers.period(report.front.period)}"
    return Section("spine", "spine", title, title, None, str(list(theme.accents)[-1]), 0)


def job_sheet(report: Report, theme: Theme) -> Section:
    """The sheet for the print shop."""
    title = str(report.labels.job["job-sheet"])
    return Section("job-sheet", "job-sheet", title, title, None, str(list(theme.accents)[-1]), 0)


def quoting(report: Report, page: Callable[[str], str]) -> Callable[[prose.Quote], str]:
    """What stands for each quote of a text; `page` gives the page of an anchor, or a place for it."""
    return lambda quote: page(quote.target) if quote.page else quoted(report, quote)


def quoted(report: Report, quote: prose.Quote) -> str:
    """The number that a text quotes. Pages are not for this function to know: see `quoting`."""
    assert not quote.page, quote.written
    if quote.target == REPORT:
        period = report.front.period
        return {"period": numbers.period(period), "from": str(period.from_), "to": str(period.last)}[quote.form]
    found = numbers.in_form(report.indicators[quote.target], quote.form, report.labels, report.front.language)
    assert found is not None
    return found


def first_uses(sections: tuple[Section, ...]) -> dict[str, Section]:
    """The first section that prints each indicator: as its key number, in its texts or in its figure."""
    uses: dict[str, Section] = {}
    for section in sections:
        if (topic := section.topic) is None:
            continue
        texts = [t for t in (topic.title, topic.lead, topic.text) if t is not None]
        texts += [t for block, _, _ in blocks(topic.body) for _, t in printed_texts(block)]
        quoted = [q.target for t in texts for q in prose.find(t).quotes if not q.page]
        first = [topic.key] if topic.key else []
        for name in [*first, *quoted, *topic.uses]:
            uses.setdefault(str(name), section)
    return uses


def anchor_titles(report: Report, sections: tuple[Section, ...], folios: Mapping[str, int]) -> dict[str, str]:
    """What each place that links lead to is called, for those who hear a link without its surroundings.

    `folios` gives the page of each anchor.
    """
    words = report.labels.words
    titles = {section.name: section.title for section in sections}

    def told(text: Text) -> str:
        return prose.plain(text, quoting(report, lambda anchor: str(folios[anchor])))

    for section in sections:
        for one in section.figures:
            titles[f"figure-{one.number}"] = f"{words['figure']} {one.number}: {told(one.figure.title)}"
            titles[f"data-{one.number}"] = f"{words['data']}: {told(one.figure.title)}"
    for name, indicator in report.indicators.items():
        titles[f"indicator-{name}"] = f"{words['indicators']}: {indicator.label.flat}"
    return titles


def shortened(title: str, most: int = 64) -> str:
    """A title for a running head, which has one line: whole words, and an ellipsis where some are left out."""
    if len(title) <= most:
        return title
    head = title[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:") + "…"
