"""The plan of the book: what its sections are, in printing order, with their numbers, sides and running heads."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from builder.content import numbers, prose
from builder.content.markup import Heading
from builder.content.quoting import quoted, shortened
from builder.design.theme import Side, Theme
from builder.model.body import TableBlock, blocks, printed_texts
from builder.model.diagnostics import Span
from builder.model.figure import FigureSpec
from builder.model.front import PageEntry, PartEntry, Topic, TopicEntry, TopicFigure, TopicPhoto
from builder.model.manuscript import Text
from builder.model.report import Report

# So many letters fill a page, roughly.
_LETTERS = 2600
# And so many make way for a photo.
_PICTURE = 1400
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class NumberedFigure:
    """A figure of a section: its number in the book, and its name in the report (`TopicFigure.name`)."""

    number: int
    name: str
    figure: FigureSpec
    credit: Text | None = None

    @property
    def title(self) -> Text:
        return self.figure.title


@dataclass(frozen=True, slots=True)
class NumberedPhoto:
    """A photo of a section: its number among the figures (0 without a caption), and its place among all photos."""

    number: int
    place: int
    photo: TopicPhoto

    @property
    def title(self) -> Text:
        return self.photo.caption or self.photo.alt


@dataclass(frozen=True, slots=True)
class PlacedHeading:
    """A heading in the texts of a section, and the name under which links find it; of level 2 below the title."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is paginated on its own: it begins on a new page, and on its `side` of the spread if it has one.

    `sheets` are those of its last table that it has, where that is so long that it is laid out apart: from which (from
    0) to before which. One with a `table` has nothing but sheets of that table.
    """

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
    photos: tuple[NumberedPhoto, ...] = ()
    headings: tuple[PlacedHeading, ...] = ()
    span: Span | None = None
    table: TableBlock | None = None
    sheets: tuple[int, int] | None = None

    @property
    def figure_number(self) -> int:
        """The number of its first figure, 0 where it has none: for templates that were made when a topic had one."""
        return self.figures[0].number if self.figures else 0

    @property
    def listed(self) -> tuple[NumberedFigure | NumberedPhoto, ...]:
        """Its figures, and its photos with a caption, by number."""
        captioned = (one for one in self.photos if one.number)
        return tuple(sorted((*self.figures, *captioned), key=lambda one: one.number))

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
    parts = drawn = shot = 0

    def words(text: Text) -> str:
        return prose.plain(text, lambda q: quoted(report, q))

    def topic_section(name: str, part: PartEntry | None, accent: str, number: int, count: int) -> Section:
        nonlocal drawn, shot
        topic = report.topics[name]
        numbered: list[NumberedFigure] = []
        photos: list[NumberedPhoto] = []
        for one in topic.pictures:
            captioned = isinstance(one, TopicFigure) or one.caption is not None
            drawn += captioned
            if isinstance(one, TopicFigure):
                numbered.append(NumberedFigure(drawn, one.name(name), one.figure, one.credit))
            else:
                shot += 1
                photos.append(NumberedPhoto(drawn if captioned else 0, shot, one))
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
            tuple(numbered),
            tuple(photos),
            tuple(_headings(name, topic, report)),
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


def heading_anchors(section: str) -> Callable[[Heading], str]:
    """Gives the headings of a section, one after the other, the names by which links find them.

    A name that the YAML gives is kept; the others have a stop in them, which no such name has.
    """
    seen: Counter[str] = Counter()

    def anchor(heading: Heading) -> str:
        if heading.name:
            return heading.name
        name = f"{section}.{'-'.join(_WORDS.findall(heading.words.lower()))}"
        seen[name] += 1
        return name if seen[name] == 1 else f"{name}-{seen[name]}"

    return anchor


def _headings(name: str, topic: Topic, report: Report) -> Iterator[PlacedHeading]:
    texts = [text for text in (topic.lead, topic.text) if text is not None]
    texts += [text for block, _, _ in blocks(topic.body) for role, text in printed_texts(block) if role == "prose"]
    anchor = heading_anchors(name)
    for text in texts:
        for one in prose.find(text).headings:
            words = prose.plain(one.words, lambda quote: quoted(report, quote))
            yield PlacedHeading(one.level, words, anchor(one))


def accent_of(report: Report, theme: Theme, name: str) -> str:
    """The colour of a topic or of one of its figures, as the theme calls it: that of its part, or the last."""
    accents = list(theme.accents)
    parts = [entry for entry in report.front.order if isinstance(entry, PartEntry)]
    part = next(part for topic, part in report.in_order() if topic == name.partition("/")[0])
    return str(accents[-1] if part is None else part.accent or accents[parts.index(part) % len(accents)])


def figures(report: Report) -> tuple[str, ...]:
    """The names of the figures that are printed, in printing order."""
    return tuple(one.name(str(name)) for name, _ in report.in_order() for one in report.topics[name].figures)


def expected_pages(section: Section, report: Report) -> int:
    """How many pages a section is likely to have, before anyone knows."""
    if section.count and section.template == "notes":
        return section.count
    if section.sheets is not None:
        return section.sheets[1] - section.sheets[0]
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


def first_uses(sections: tuple[Section, ...]) -> dict[str, Section]:
    """The first section that prints each indicator: as its key number, in its texts or in its figure."""
    uses: dict[str, Section] = {}
    for section in sections:
        if (topic := section.topic) is None:
            continue
        texts = [t for t in (topic.title, topic.lead, topic.text) if t is not None]
        texts += [t for block, _, _ in blocks(topic.body) for _, t in printed_texts(block)]
        quoted = [q.target for t in texts for q in prose.find(t).quotes if q.what == "number"]
        first = [topic.key] if topic.key else []
        for name in [*first, *quoted, *topic.uses]:
            uses.setdefault(str(name), section)
    return uses
