"""check: Manuscript → Report. Every problem is found at once; nothing is printed that has one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from string import Formatter
from typing import Literal, TypeVar

from babel import Locale, UnknownLocaleError

from builder import numbers
from builder.diagnostics import Diagnostic, Span, errors, in_order, warning
from builder.fonts import INVISIBLE, readable
from builder.judge import nearest, unknown, validated
from builder.manuscript import Document, Manuscript, Text, Value
from builder.model import (
    Frontmatter,
    Indicator,
    Labels,
    PageEntry,
    PartEntry,
    Report,
    Source,
    Topic,
    TopicEntry,
)
from builder.project import Project
from builder.references import Names, figure_problems, image_problems, text_problems
from builder.theme import PALETTE, Theme

_NAME = re.compile(r"[\w][\w-]*")
M = TypeVar("M", Indicator, Source)
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Checked:
    """The judged manuscript. `report` and `theme` are there where no error was found."""

    report: Report | None
    theme: Theme | None
    diagnostics: tuple[Diagnostic, ...]


def check(manuscript: Manuscript, project: Project) -> Checked:
    """Judge every file, then every reference from one to another."""
    problems: list[Diagnostic] = []
    front = validated(Frontmatter, manuscript.report, problems)
    labels = validated(Labels, manuscript.labels, problems)
    theme = validated(Theme, manuscript.theme, problems)
    indicators = _register(Indicator, manuscript.indicators, problems)
    sources = _register(Source, manuscript.sources, problems)
    topics: dict[str, Topic] = {}
    for name, document in manuscript.topics.items():
        if (topic := validated(Topic, document, problems)) is not None:
            topics[name] = topic
    if theme is not None:
        problems += _theme_problems(theme, project)
    if front is None or labels is None or theme is None:
        return Checked(None, None, in_order(problems))
    problems += _label_problems(labels, front, manuscript.labels)
    if any(d.code == "no-language" for d in problems):
        return Checked(None, None, in_order(problems))
    report = Report.model_construct(
        front=front, indicators=indicators, sources=sources, topics=topics, labels=labels, slug=slug(front)
    )
    names = Names(
        topics=frozenset(manuscript.topics),
        indicators=frozenset(map(str, _keys(manuscript.indicators))),
        anchors=frozenset(_anchors(front)),
        pages=frozenset(p.stem for p in (project.layouts / "pages").glob("[!_]*.html")),
    )
    problems += _order_problems(front, topics, labels, theme, names, manuscript)
    problems += _indicator_problems(report, manuscript, names)
    for name, topic in topics.items():
        problems += _topic_problems(topic, manuscript.topics[name], report, theme, names, project)
    for text in _front_texts(front):
        if text is not None:
            problems += text_problems(text, report, names, project)
    if not errors(problems):
        problems += _glyph_problems(manuscript, theme, project)
    good = not errors(problems)
    return Checked(report if good else None, theme if good else None, in_order(problems))


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


def _front_texts(front: Frontmatter) -> Iterator[Text | None]:
    """Every Markdown text of report.yaml."""
    yield from (front.title, front.subtitle, front.colophon, front.method)
    for entry in front.order:
        if isinstance(entry, PartEntry):
            yield from (entry.title, entry.lead, entry.text)
        elif isinstance(entry, PageEntry):
            yield entry.title


def _topic_texts(topic: Topic) -> Iterator[Text | None]:
    """Every Markdown text of a topic."""
    yield from (topic.title, topic.lead, topic.text, topic.short, *topic.extra.values())
    if topic.figure is not None:
        yield from (topic.figure.title, topic.figure.note)
    if topic.image is not None:
        yield topic.image.caption


def _register(model: type[M], document: Document, problems: list[Diagnostic]) -> dict[str, M]:
    """A map of names to entries, as indicators.yaml and sources.yaml are."""
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
        if not isinstance(name, Text) or not _NAME.fullmatch(name):
            problems.append(
                Diagnostic(
                    "bad-name",
                    f'"{name}" cannot be a name',
                    "use letters, digits and hyphens, with no space or dot",
                    where,
                )
            )
            continue
        entry = validated(model, document, problems, (str(name),))
        if entry is not None:
            entries[str(name)] = entry
    return entries


def _theme_problems(theme: Theme, project: Project) -> Iterator[Diagnostic]:
    for family in (theme.fonts.heading, theme.fonts.body):
        for one in family.faces:
            found = project.inside(one.file, project.fonts, one.file.span)
            problem = found if isinstance(found, Diagnostic) else readable(found, one.file.span)
            if problem is not None:
                yield Diagnostic(
                    "missing-font",
                    f'the font "{one.file}" of "{family.family}": {problem.message}',
                    "put the TTF file into fonts/, or take its line out of the theme",
                    one.file.span,
                )
    for name, colour in [*theme.colours.items(), *theme.accents.items()]:
        if not _HEX.fullmatch(colour.srgb):
            yield Diagnostic(
                "wrong-value",
                f'the colour "{name}" is not written as #rrggbb',
                'six digits from 0 to f, in quotes: "#c9371c"',
                colour.srgb.span,
            )
    for wanted in sorted(PALETTE - set(map(str, theme.colours))):
        yield Diagnostic(
            "missing-key",
            f'the colour "{wanted}" is missing',
            f"add a line `{wanted}: …` to `colours`: layouts and figures are drawn with it",
            Span("layouts/theme.yaml"),
        )
    page = theme.page
    if theme.measure < 60 or theme.depth < 80 or min(page.bleed, page.margin.top, page.margin.inner) < 0:
        yield Diagnostic(
            "wrong-value",
            "the margins leave no room for text",
            "the type area must be at least 60 by 80 mm",
            Span("layouts/theme.yaml"),
        )


def _order_problems(
    front: Frontmatter,
    topics: dict[str, Topic],
    labels: Labels,
    theme: Theme,
    names: Names,
    manuscript: Manuscript,
) -> Iterator[Diagnostic]:
    seen: dict[str, Span | None] = {}

    def once(name: Text) -> Iterator[Diagnostic]:
        if str(name) in seen:
            yield Diagnostic(
                "duplicate-name",
                f'"{name}" stands twice in the order of the book',
                f"the first is at {seen[str(name)]}: keep one, or give the other its own name",
                name.span,
            )
        seen[str(name)] = name.span

    if not front.order:
        yield Diagnostic(
            "empty",
            "the order of the book is empty",
            "add at least one line such as `- page: cover`",
            manuscript.report.span(("order",)),
        )
    for entry in front.order:
        if isinstance(entry, PageEntry):
            yield from once(entry.page)
            if str(entry.page) not in names.pages:
                yield unknown("unknown-page", "page template", entry.page, names.pages, entry.page.span)
            elif entry.title is None and entry.page not in labels.words and entry.page not in ("cover", "back-cover"):
                yield Diagnostic(
                    "missing-key",
                    f'the page "{entry.page}" has no title',
                    "add `title: …` below it; bookmarks and contents need one",
                    entry.page.span,
                )
            continue
        wanted = (entry.topic,) if isinstance(entry, TopicEntry) else entry.topics
        if isinstance(entry, PartEntry):
            yield from once(entry.part)
            if not _NAME.fullmatch(entry.part):
                yield Diagnostic(
                    "bad-name",
                    f'"{entry.part}" cannot be a name',
                    "use letters, digits and hyphens",
                    entry.part.span,
                )
            if entry.accent is not None and entry.accent not in theme.accents:
                yield unknown("unknown-accent", "accent", entry.accent, theme.accents, entry.accent.span)
        for name in wanted:
            yield from once(name)
            if str(name) not in names.topics:
                yield unknown("unknown-topic", "topic", name, names.topics, name.span)
    for unused in sorted(names.topics - set(seen)):
        yield warning(
            "unused-topic",
            f'the topic "{unused}" is not in the order of the book, so it is not printed',
            f"add `- {unused}` to a part in content/report.yaml, or remove the file",
            Span(manuscript.topics[unused].file),
        )
    for own, topic in topics.items():
        if str(topic.page) not in names.pages:
            span = topic.page.span or manuscript.topics[own].span(())
            yield unknown("unknown-page", "page template", topic.page, names.pages, span)


def _indicator_problems(report: Report, manuscript: Manuscript, names: Names) -> Iterator[Diagnostic]:
    for name, one in report.indicators.items():
        where = manuscript.indicators.span((name,), key=True)
        if str(one.source) not in report.sources:
            yield unknown("unknown-source", "source", one.source, report.sources, one.source.span)
        if one.unit is not None and one.unit not in report.labels.units:
            yield unknown("unknown-unit", "unit", one.unit, report.labels.units, one.unit.span)
        if one.see is not None and str(one.see) not in names.anchors:
            yield unknown("unknown-anchor", "topic", one.see, names.anchors, one.see.span)
        if one.withheld:
            if one.reason is None:
                yield Diagnostic(
                    "missing-key",
                    f'"{name}" is withheld and does not say why',
                    "add a line `reason: …`: it is printed in the method note",
                    where,
                )
        elif one.value is None:
            yield Diagnostic(
                "missing-key",
                f'"{name}" has no value',
                "add a line `value: …`, or `status: withheld` with a `reason`",
                where,
            )
        if one.upper is not None and one.value is not None and one.upper <= one.value:
            yield Diagnostic(
                "wrong-value",
                f'the upper end of "{name}" is not above its value',
                "`value` is the lower end of the range",
                manuscript.indicators.span((name, "upper")),
            )
        if one.kind.startswith("change") and one.base and one.end and one.value is not None:
            change = one.end.value - one.base.value
            if one.kind == "change-in-percent" and one.base.value:
                change = (change / one.base.value * 100).quantize(one.value, ROUND_HALF_UP)
            if change != one.value:
                yield Diagnostic(
                    "base-end-value",
                    f'"{name}" says {one.value}, and from {one.base.value} to {one.end.value} the change is {change}',
                    "correct the one that is wrong",
                    manuscript.indicators.span((name, "value")),
                )
        if one.kind == "year" and one.value is not None and (one.value != int(one.value) or not 1 <= one.value <= 9999):
            yield Diagnostic(
                "wrong-value",
                f'"{name}" is not a year: {one.value}',
                "a year is a whole number from 1 to 9999",
                manuscript.indicators.span((name, "value")),
            )
        if one.kind == "share" and one.value is not None and not 0 <= one.value <= 100:
            yield Diagnostic(
                "wrong-value",
                f'"{name}" is a share of {one.value} per cent',
                "a share lies between 0 and 100",
                manuscript.indicators.span((name, "value")),
            )


# Words that figures print.
FIGURE_WORDS = {"each-unit", "each-square", "index-note"}
# What an alternative text may name in braces, by kind of figure.
_FIELDS = {
    "slope": {"base", "base_year", "end", "end_year"},
    "share": set(),
    "index": {"index"},
    "measures": {"items"},
    "units": set(),
    "timeline": {"first", "last"},
    "bars": {"items"},
    "lines": {"items"},
}


def _label_problems(labels: Labels, front: Frontmatter, document: Document) -> Iterator[Diagnostic]:
    """The language must be known, and the patterns of alternative texts name only what there is."""
    try:
        Locale.parse(front.language, sep="-")
    except (UnknownLocaleError, ValueError):
        yield Diagnostic(
            "no-language",
            f'"{front.language}" is not a language whose numbers can be written',
            "give its code, such as it, en or de-CH",
            front.language.span,
        )
    for word in sorted(FIGURE_WORDS - set(map(str, labels.words))):
        message = f'the word "{word}" is missing'
        yield Diagnostic("missing-key", message, f"add a line `{word}: …`", document.span(("words",)))
    patterns = {str(kind): pattern for kind, pattern in labels.alternatives.items()}
    for kind, own in _FIELDS.items():
        if kind not in patterns:
            message = f'there is no pattern for the alternative text of "{kind}"'
            yield Diagnostic("missing-key", message, f"add a line `{kind}: …`", document.span(("alternatives",)))
            continue
        try:
            named = {name for _, name, _, _ in Formatter().parse(patterns[kind]) if name is not None}
        except ValueError:
            named = {"{"}
        for name in sorted(named - own - {"value", "label"}):
            message = f'the pattern of "{kind}" names "{name}", which a figure of that kind does not have'
            yield Diagnostic("wrong-value", message, nearest(name, own | {"value", "label"}), patterns[kind].span)


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
        topic.text or topic.lead or topic.figure or topic.image or topic.extra
    ):
        yield Diagnostic(
            "empty",
            "the topic has a title and nothing else to print",
            "add `text: …`, `key: …` or `figure: …`, or take it out of the order",
            document.span(()),
        )
    for text in _topic_texts(topic):
        if text is not None:
            yield from text_problems(text, report, names, project)
    if topic.figure is not None:
        yield from figure_problems(topic.figure, document, report, names, theme)
    if topic.image is not None:
        yield from image_problems(topic.image.file, topic.image.alt, topic.image.file.span, project)


def _texts(value: Value) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _glyph_problems(manuscript: Manuscript, theme: Theme, project: Project) -> Iterator[Diagnostic]:
    """A character can be set where every face of one family has it."""
    roles: tuple[Literal["heading", "body"], ...] = ("heading", "body")
    families = [set.intersection(*(set(f.characters) for f in theme.faces(role, project.fonts))) for role in roles]
    printable = set.union(*families)
    documents = [manuscript.report, manuscript.indicators, manuscript.sources, manuscript.labels]
    for document in [*documents, *manuscript.topics.values()]:
        for text in _texts(document.data):
            for char in dict.fromkeys(text):
                if ord(char) not in printable and char not in INVISIBLE:
                    name = unicodedata.name(char, "a character without a name").lower()
                    yield Diagnostic(
                        "missing-glyph",
                        f'no bundled font has the character "{char}" ({name})',
                        "write it in another way, or add a font that has it to the theme",
                        text.locate(char),
                    )
