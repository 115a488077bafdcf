"""check: Manuscript → Report. Every problem is found at once; nothing is printed that has one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from builder.content import numbers, prose
from builder.content.approval import approvals, void
from builder.content.check.body import body_problems
from builder.content.check.contrast import contrast_problems
from builder.content.check.figures import figure_problems
from builder.content.check.formulas import derived
from builder.content.check.indicators import indicator_problems, valueless
from builder.content.check.labels import in_own_words, label_problems
from builder.content.check.order import NAME, order_problems
from builder.content.check.over import over_problems
from builder.content.check.pictures import drawing_text_problems, image_problems, tone_problems
from builder.content.check.references import (
    Names,
    heading_problems,
    note_problems,
    numbers_problems,
    plain_problems,
    text_problems,
    title_problems,
    unquoted,
)
from builder.content.check.tables import table_problems
from builder.content.check.theme import glyph_problems, theme_problems
from builder.content.markup import REPORT
from builder.content.rules import CHECKS, findings
from builder.content.rules.waivers import Waived, settle, waiver_problems
from builder.content.rules.writing import Writing, topic_writings, writings
from builder.content.schema_errors import unknown, validated
from builder.design.theme import Theme
from builder.model.body import NumbersBlock, PhotoBlock, RowBlock, TableBlock, blocks, printed_texts
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, errors, in_order
from builder.model.front import Frontmatter, PageEntry, PartEntry, Topic, TopicEntry
from builder.model.indicator import Indicator, Source, is_cell
from builder.model.labels import Labels
from builder.model.manuscript import Document, Manuscript, Text
from builder.model.project import Project
from builder.model.report import Report

M = TypeVar("M", Indicator, Source)


@dataclass(frozen=True, slots=True)
class Checked:
    """The judged manuscript. `report` and `theme` are there where no error was found."""

    report: Report | None
    theme: Theme | None
    diagnostics: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """A manuscript that can be laid out: each file is as it should be, and each name leads somewhere."""

    manuscript: Manuscript
    project: Project
    report: Report
    theme: Theme
    problems: tuple[Diagnostic, ...]
    said: tuple[Diagnostic, ...]  # what severities and waivers apply to

    def judged(self) -> Checked:
        """What the report says held against itself, its sources and good typing."""
        said = [*self.said, *findings(self.report, self.manuscript, self.project)]
        problems = [*self.problems, *glyph_problems(self.manuscript, self.theme, self.project)]
        problems += drawing_text_problems(self.report, self.theme, self.project)
        for topic in self.report.topics.values():
            for block, _, _ in blocks(topic.body):
                if isinstance(block, PhotoBlock):
                    problems += over_problems(block, self.report, self.theme, self.project)
        standing, waived = settle(said, self.report, self.manuscript, complete=True)
        problems += standing
        good = not errors(problems)
        return Checked(self.report if good else None, self.theme if good else None, in_order(problems), waived)


def check(manuscript: Manuscript, project: Project) -> Checked:
    """Judge every file, every reference from one to another, and what the report says."""
    found = sound(manuscript, project)
    return found.judged() if isinstance(found, Sound) else found


def sound(manuscript: Manuscript, project: Project) -> Sound | Checked:
    """The manuscript with what is left to judge; or all that is wrong, where it cannot be laid out."""
    problems: list[Diagnostic] = []
    front = validated(Frontmatter, manuscript.report, problems)
    labels = validated(Labels, manuscript.labels, problems)
    theme = validated(Theme, manuscript.theme, problems)
    indicators = _register(Indicator, manuscript.indicators, problems, manuscript.tables)
    sources = _register(Source, manuscript.sources, problems)
    topics: dict[str, Topic] = {}
    for name, document in manuscript.topics.items():
        if (topic := validated(Topic, document, problems)) is not None:
            topics[name] = topic
    if theme is not None:
        found = tuple(theme_problems(theme, project))
        problems += found or contrast_problems(theme)
    if front is None or labels is None or theme is None:
        return Checked(None, None, in_order(problems))
    problems += label_problems(labels, front, topics, manuscript.labels)
    if any(d.code == "no-language" for d in problems):
        return Checked(None, None, in_order(problems))
    labels = in_own_words(labels, front)
    indicators, reckoned = derived(indicators, labels, manuscript.indicators)
    problems += [one for one in reckoned if one.code not in CHECKS]
    problems += manuscript.found
    report = Report.model_construct(
        front=front,
        indicators=indicators,
        sources=sources,
        topics=topics,
        labels=labels,
        slug=slug(front),
        tables={name: table for name, table in manuscript.tables.items() if table is not None},
    )
    names = Names(
        topics=frozenset(manuscript.topics),
        indicators=frozenset(map(str, _keys(manuscript.indicators))),
        anchors=frozenset((*_anchors(front), *map(str, _given_names(front, topics)))),
        pages=frozenset(p.stem for p in (project.layouts / "pages").glob("[!_]*.html")),
        tables=frozenset(manuscript.tables),
        unread=frozenset(name for name, table in manuscript.tables.items() if table is None),
    )
    problems += order_problems(front, topics, labels, theme, names, manuscript)
    problems += indicator_problems(report, manuscript, names)
    for name, topic in topics.items():
        problems += _topic_problems(topic, manuscript.topics[name], report, theme, names, project)
    for written in writings(report):
        problems += _writing_problems(written, report, names, project)
    for one in (front.title, front.organisation, *(e.title for e in front.order if isinstance(e, PartEntry))):
        if not one.strip():
            problems.append(Diagnostic("empty", "the text is empty", "write it after the colon", one.span))
    problems += _name_problems(front, topics)
    for source in sources.values():  # words copied from elsewhere are no writing of the report's
        problems += plain_problems(source.title, source.short, source.publisher, source.date, source.page)
        problems += [*unquoted(source.url), *unquoted(source.sha256)]
    for indicator in indicators.values():
        problems += unquoted(indicator.source_page)
    problems += note_problems(front.title)
    problems += waiver_problems(report)
    said = [one for one in (*reckoned, *problems) if one.code in CHECKS]
    problems = [one for one in problems if one.code not in CHECKS]
    standing, waived = settle(said, report, manuscript, complete=False)
    if not errors([*problems, *standing]):
        problems += valueless(report, manuscript)
    if errors([*problems, *standing]):
        return Checked(None, None, in_order([*problems, *standing]), waived)
    problems += void(report, project)
    report = report.model_copy(update={"draft": not all(one.signed for one in approvals(report, project))})
    return Sound(manuscript, project, report, theme, tuple(problems), tuple(said))


def slug(front: Frontmatter) -> str:
    """The name of the files built: `bilancio-di-mandato-2014-2019`."""
    words = front.slug or f"{front.title} {numbers.period(front.period, '-')}"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "report"


def _keys(document: Document) -> list[Text | int]:
    return list(document.data) if isinstance(document.data, dict) else []


def _anchors(front: Frontmatter) -> Iterator[str]:
    """What links may lead to: all that the order prints."""
    for entry in front.order:
        match entry:
            case PageEntry():
                yield str(entry.page)
            case TopicEntry():
                yield str(entry.topic)
            case PartEntry():
                yield str(entry.part)
                yield from map(str, entry.topics)


def _given_names(front: Frontmatter, topics: Mapping[str, Topic]) -> Iterator[Text]:
    """The names that blocks have in the topics' bodies, and headings in their texts."""
    parts = [entry for entry in front.order if isinstance(entry, PartEntry)]
    texts: list[Text | None] = [text for part in parts for text in (part.text, part.lead)]
    for topic in topics.values():
        texts += [topic.lead, topic.text]
        for block in topic.body:
            inner = block.row if isinstance(block, RowBlock) else ()
            yield from (one.id for one in (block, *inner) if one.id is not None)
            texts += [text for one in (block, *inner) for _, text in printed_texts(one)]
    for text in texts:
        if text is not None and "{#" in text:
            named = (one.name for one in prose.find(text).headings if one.name)
            yield from (Text(name, text.locate(name, after="{#")) for name in named)


def _name_problems(front: Frontmatter, topics: Mapping[str, Topic]) -> Iterator[Diagnostic]:
    """A name of a block or heading is one for links, and nobody else's."""
    known: dict[str, str] = dict.fromkeys(_anchors(front), "a page, part or topic of the order")
    for name in _given_names(front, topics):
        if not NAME.fullmatch(name):
            yield Diagnostic("bad-name", f'"{name}" cannot be a name', "use letters, digits and hyphens", name.span)
        elif str(name) in known:
            message = f'two places of the book are called "{name}"'
            hint = f"the other is {known[str(name)]}: call this one otherwise"
            yield Diagnostic("duplicate-name", message, hint, name.span)
        known.setdefault(str(name), f"at {name.span}")


def _writing_problems(one: Writing, report: Report, names: Names, project: Project) -> Iterator[Diagnostic]:
    """What is wrong with one text, by how it prints."""
    if one.role == "plain":
        yield from plain_problems(one.text)
        return
    yield from text_problems(one.text, report, names, project)
    if one.topic is None:
        yield from heading_problems(one.text)
    if one.role == "title" or one.indicator is not None:  # layouts repeat them where their page is not known
        yield from title_problems(one.text)


def _register(
    model: type[M], document: Document, problems: list[Diagnostic], tables: Collection[str] = ()
) -> dict[str, M]:
    """A map of names to entries, as indicators.yaml and sources.yaml are; cells of `tables` have names with dots."""
    entries: dict[str, M] = {}
    if document.data is None or document.data == {}:
        return entries
    if not isinstance(document.data, dict):
        problems.append(
            Diagnostic(
                "wrong-type",
                "the file is not a map of names to entries",
                "begin each entry with its name and a colon, and indent what belongs to it",
                document.span(()),
            )
        )
        return entries
    for name in document.data:
        where = document.span((str(name) if isinstance(name, Text) else name,), key=True)
        known = isinstance(name, Text) and is_cell(name) and name.partition(".")[0] in tables
        if not isinstance(name, Text) or not (NAME.fullmatch(name) or known) or name == REPORT:
            problems.append(
                Diagnostic(
                    "bad-name",
                    f'"{name}" cannot be a name',
                    "use letters, digits and hyphens, with no space or dot; `report` is taken",
                    where,
                )
            )
            continue
        entry = validated(model, document, problems, (str(name),))
        if entry is not None:
            entries[str(name)] = entry
    return entries


def _topic_problems(
    topic: Topic, document: Document, report: Report, theme: Theme, names: Names, project: Project
) -> Iterator[Diagnostic]:
    if topic.key is not None and str(topic.key) not in names.indicators:
        yield unknown("unknown-indicator", "indicator", topic.key, names.indicators, topic.key.span)
    if not topic.title.strip():
        yield Diagnostic("empty", "the title is empty", "write the title after `title:`", topic.title.span)
    if topic.page == "result" and topic.key is None:
        yield Diagnostic(
            "missing-key",
            '"key" is missing: a result page prints a key number',
            "add `key: …` with an indicator's name, or `page: text` for a page without a number",
            document.span(()),
        )
    elif (topic.key is None or topic.page == "text") and not (
        topic.text or topic.lead or topic.figure or topic.image or topic.extra or topic.body
    ):
        yield Diagnostic(
            "empty",
            "the topic has a title and nothing else to print",
            "add `text: …`, `key: …` or `figure: …`, or take it out of the order",
            document.span(()),
        )
    for one in topic.figures:
        yield from figure_problems(one.figure, one.place, document, report, names, theme, project)
    yield from body_problems(topic, document, theme)
    yield from heading_problems(*(one.text for one in topic_writings(topic) if one.role == "prose"))
    for photo in topic.photos:
        yield from image_problems(photo.file, photo.alt, photo.file.span, project, photo.page)
        yield from tone_problems(photo, theme, project)
    for block, _, _ in blocks(topic.body):
        if isinstance(block, NumbersBlock):
            yield from numbers_problems(block, report, names)
        elif isinstance(block, TableBlock):
            yield from table_problems(block, report)


def stop_at_errors(diagnostics: Sequence[Diagnostic], strict: bool) -> None:
    """Raises ReportError where there are errors, or warnings and these stop the build too."""
    if errors(diagnostics) or (strict and diagnostics):
        raise content_error(diagnostics)


def content_error(diagnostics: Sequence[Diagnostic]) -> ReportError:
    """What ends a run in which the content is wrong, or only fonts are missing."""
    fonts = errors(diagnostics) and all(d.code == "missing-font" for d in errors(diagnostics))
    return ReportError(diagnostics, ExitCode.MISSING_TOOL if fonts else ExitCode.CONTENT)
